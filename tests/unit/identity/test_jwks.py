"""How the issuer's keys are kept at hand."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from shared.identity.jwks import IssuerAway
from shared.identity.signatures import new_key, public_half
from shared.identity.tokens import NotSignedIn
from tests.support.identity import Issuer


@dataclass
class Site:
    """Serves an issuer's keys over HTTP and counts how often they were asked for."""

    issuer: Issuer
    url: str = ""
    status: int = 200
    asked: int = 0

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        request.send_response(self.status)
        request.end_headers()
        request.wfile.write(self.issuer.jwks.read_bytes())


@pytest.fixture
def site(issuer: Issuer) -> Iterator[Site]:
    site = Site(issuer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield site
        server.shutdown()


async def test_keys_are_not_fetched_before_they_are_needed(site: Site) -> None:
    site.issuer.tokens(site.url)

    assert site.asked == 0


async def test_keys_are_fetched_once_for_many_at_the_same_time(site: Site) -> None:
    tokens = site.issuer.tokens(site.url)

    await asyncio.gather(*[tokens.person(site.issuer.token()) for _ in range(20)])

    assert site.asked == 1


async def test_keys_are_fetched_again_after_five_minutes(site: Site) -> None:
    tokens = site.issuer.tokens(site.url)
    await tokens.person(site.issuer.token())

    site.issuer.clock.now += 300
    await tokens.person(site.issuer.token())

    assert site.asked == 2


async def test_a_new_key_of_the_issuer_is_found_at_once(site: Site) -> None:
    tokens = site.issuer.tokens(site.url)
    await tokens.person(site.issuer.token())

    site.issuer.key = new_key("second")
    site.issuer.publish()
    site.issuer.clock.now += 10

    assert (await tokens.person(site.issuer.token())).id == "ada"
    assert site.asked == 2


async def test_invented_key_ids_do_not_flood_the_issuer(site: Site) -> None:
    tokens = site.issuer.tokens(site.url)
    forgers = [Issuer(site.issuer.jwks, site.issuer.clock, new_key(f"invented {n}")) for n in range(20)]

    refused = await asyncio.gather(*[tokens.person(f.token()) for f in forgers], return_exceptions=True)

    assert all(isinstance(answer, NotSignedIn) for answer in refused)
    assert site.asked == 1


async def test_an_issuer_that_is_away_is_not_the_persons_fault(site: Site) -> None:
    site.status = 503

    with pytest.raises(IssuerAway, match="cannot be read at the moment"):
        await site.issuer.tokens(site.url).person(site.issuer.token())


async def test_known_keys_serve_for_an_hour_while_the_issuer_is_away(site: Site) -> None:
    tokens, token = site.issuer.tokens(site.url), site.issuer.token(exp=1_800_100_000)
    await tokens.person(token)

    site.status = 503
    site.issuer.clock.now += 3_599

    assert (await tokens.person(token)).id == "ada"


async def test_known_keys_do_not_serve_for_longer_than_an_hour(site: Site) -> None:
    tokens, token = site.issuer.tokens(site.url), site.issuer.token(exp=1_800_100_000)
    await tokens.person(token)

    site.status = 503
    site.issuer.clock.now += 3_600

    with pytest.raises(IssuerAway):
        await tokens.person(token)


async def test_an_issuer_that_is_away_is_not_asked_by_everyone_who_waits(site: Site) -> None:
    site.status = 503
    tokens = site.issuer.tokens(site.url)

    await asyncio.gather(*[tokens.person(site.issuer.token()) for _ in range(20)], return_exceptions=True)

    assert site.asked == 1


async def test_an_issuer_that_comes_back_is_found(site: Site) -> None:
    tokens = site.issuer.tokens(site.url)
    site.status = 503
    with pytest.raises(IssuerAway):
        await tokens.person(site.issuer.token())

    site.status = 200
    site.issuer.clock.now += 1

    assert (await tokens.person(site.issuer.token())).id == "ada"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": 7}', "\x00"])
async def test_a_page_that_is_no_key_set_counts_as_away(issuer: Issuer, text: str) -> None:
    issuer.jwks.write_text(text)

    with pytest.raises(IssuerAway):
        await issuer.tokens().person(issuer.token())


async def test_a_missing_file_counts_as_away(issuer: Issuer) -> None:
    issuer.jwks.unlink()

    with pytest.raises(IssuerAway):
        await issuer.tokens().person(issuer.token())


async def test_keys_of_unknown_kinds_are_passed_over(issuer: Issuer) -> None:
    strange = [{"kty": "AKP", "kid": "future"}, {"kty": "OKP", "crv": "X999", "x": "AA"}, {"kid": "first"}]
    issuer.publish(*strange, public_half(issuer.key))

    assert (await issuer.tokens().person(issuer.token())).id == "ada"
