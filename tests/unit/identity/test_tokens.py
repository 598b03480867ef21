"""Which tokens say who sent a request, and which do not."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared.identity.people import Role
from shared.identity.signatures import new_key, public_half
from shared.identity.tokens import NotSignedIn
from tests.support.identity import Issuer, encoded, signed_with_public_key, tampered, unsigned

LIST_WITH_ALG = b'["alg"]'


async def test_a_good_token_names_its_person(issuer: Issuer) -> None:
    person = await issuer.tokens().person(issuer.token())

    assert (person.id, person.name, person.department) == ("ada", "Ada", "finance")
    assert person.roles == {Role.MEMBER, Role.CURATOR}


async def test_a_token_is_good_for_as_long_as_it_says_it_lasts(issuer: Issuer) -> None:
    tokens, token = issuer.tokens(), issuer.token()

    issuer.clock.now += await tokens.lasts(token) - 1
    assert (await tokens.person(token)).id == "ada"

    issuer.clock.now += await tokens.lasts(token)
    with pytest.raises(NotSignedIn, match="expired"):
        await tokens.person(token)


async def test_the_older_name_of_the_algorithm_is_accepted_without_a_warning(issuer: Issuer) -> None:
    person = await issuer.tokens().person(issuer.token("EdDSA"))

    assert person.id == "ada"


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "other"})),
        ("RS256", RSAKey.generate_key(2048, {"kid": "other"})),
    ],
)
async def test_other_issuers_algorithms_are_accepted(issuer: Issuer, alg: str, key: ECKey | RSAKey) -> None:
    issuer.publish(key.as_dict(private=False))

    token = jwt.encode({"alg": alg, "kid": "other"}, issuer.claims(), key, algorithms=[alg])

    assert (await issuer.tokens().person(token)).id == "ada"


async def test_one_of_several_audiences_is_enough(issuer: Issuer) -> None:
    person = await issuer.tokens().person(issuer.token(aud=["else", "knowhow"]))

    assert person.id == "ada"


async def test_roles_of_other_systems_mean_nothing_here(issuer: Issuer) -> None:
    person = await issuer.tokens().person(issuer.token(roles=["offline_access", "leader", 7]))

    assert person.roles == {Role.LEADER}


async def test_a_token_without_roles_gives_none(issuer: Issuer) -> None:
    person = await issuer.tokens().person(issuer.token(roles=None))

    assert person.roles == frozenset()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"exp": 1_799_999_000}, "expired"),
        ({"nbf": 1_800_000_900}, "nbf"),
        ({"aud": "somebody-else"}, "aud"),
        ({"aud": []}, "aud"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": ["https://id.example"]}, "iss"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"exp": "never"}, "exp"),
        ({"exp": True}, "exp"),
        ({"name": 7}, "name"),
        ({"department": None}, "department"),
        ({"roles": "administrator"}, "roles"),
    ],
)
async def test_a_wrong_claim_is_refused_by_name(issuer: Issuer, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(NotSignedIn, match=told):
        await issuer.tokens().person(issuer.token(**changes))


@pytest.mark.parametrize("claim", ["exp", "iss", "aud", "sub"])
async def test_a_missing_claim_is_refused_by_name(issuer: Issuer, claim: str) -> None:
    with pytest.raises(NotSignedIn, match=f"lacks {claim}"):
        await issuer.tokens().person(issuer.token(**dict[str, Any]({claim: None})))


async def test_a_clock_half_a_minute_off_locks_nobody_out(issuer: Issuer) -> None:
    token = issuer.token(nbf=int(issuer.clock.now) + 20)

    assert (await issuer.tokens().person(token)).id == "ada"


async def test_a_token_expires_while_it_is_in_use(issuer: Issuer) -> None:
    tokens, token = issuer.tokens(), issuer.token()
    await tokens.person(token)

    issuer.clock.now += 600 + 30

    with pytest.raises(NotSignedIn, match="expired"):
        await tokens.person(token)


async def test_a_changed_claim_breaks_the_signature(issuer: Issuer) -> None:
    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(tampered(issuer.token(), roles=["administrator"]))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "Ed25519", "HS256", "", None, 7, ["none"]])
async def test_a_token_without_a_signature_is_refused(issuer: Issuer, alg: Any) -> None:
    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(unsigned("first", issuer.claims(), alg))


async def test_the_public_key_does_not_serve_as_a_shared_secret(issuer: Issuer) -> None:
    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(signed_with_public_key(public_half(issuer.key), issuer.claims()))


async def test_a_published_shared_secret_is_never_used(issuer: Issuer) -> None:
    public = public_half(issuer.key)
    issuer.publish({"kty": "oct", "k": public["x"], "kid": "first"}, public)

    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(signed_with_public_key(public, issuer.claims()))


async def test_another_key_under_the_same_name_is_refused(issuer: Issuer) -> None:
    forger = Issuer(issuer.jwks, issuer.clock, new_key("first"))

    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(forger.token())


async def test_a_key_sent_along_in_the_header_is_not_trusted(issuer: Issuer) -> None:
    own = new_key("own")
    header = {"alg": "Ed25519", "kid": "own", "jwk": public_half(own)}
    _, claims, signature = Issuer(issuer.jwks, issuer.clock, own).token().split(".")

    with pytest.raises(NotSignedIn, match="not signed"):
        await issuer.tokens().person(f"{encoded(header)}.{claims}.{signature}")


@pytest.mark.parametrize(
    "bearer",
    [
        "",
        "x",
        "..",
        "a.b.c",
        "é.é.é",
        "\ud800",
        f"{encoded(b'[]')}..",
        f"{encoded(b'7')}..",
        f"{encoded(LIST_WITH_ALG)}.{encoded({})}.",
        f"{encoded({'alg': 'Ed25519', 'crit': 7})}.{encoded({})}.",
        f"{encoded({'alg': 'Ed25519', 'kid': ['first']})}.{encoded({})}.",
        f"{encoded({'alg': 'Ed25519', 'crit': ['exp'], 'exp': 1})}.{encoded({})}.",
        f"{encoded(b'[' * 300)}.{encoded({})}.",
        "a" * 200_000,
    ],
)
async def test_what_is_no_token_is_refused_in_one_sentence(issuer: Issuer, bearer: str) -> None:
    with pytest.raises(
        NotSignedIn, match=r"^The token is not signed by the issuer trusted here; sign in again\.$"
    ):
        await issuer.tokens().person(bearer)
