"""Credentials stop a capture, and are not repeated."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import from_regex, one_of

from shared.web.problems import FieldsRefused
from shared.web.secrets import GUESSES, HINT, PIECE, _detectors, refuse_secrets

AT_MOST = 2.0
"""Seconds of CPU on any machine; with a detector at the whole text the slashes alone take nine."""

A, B = "a1B2c3D4e5F6g7H8i9J0", "0123456789abcdef"
SECRETS = {
    "AWS Access Key": "AKIA" + "IOSFODNN7EXAMPLE",
    "Artifactory Credentials": ' "AKC' + "a1b2c3d4e5f6" + '"',
    "Azure Storage Account access key": "AccountKey=" + (A * 5)[:86] + "==",
    "Basic Auth Credentials": "https://anna:" + "hunter2" + "@example.org/",
    "Cloudant Credentials": "cloudant_password = " + B * 4,
    "Discord Bot Token": "M" + A + "a1B2." + "a1B2c3" + "." + (A * 2)[:27],
    "GitHub Token": "ghp_" + (A * 2)[:36],
    "GitLab Token": "glpat-" + A,
    "IBM COS HMAC Credentials": "cos_hmac_secret_access_key = " + B * 3,
    "IBM Cloud IAM Key": "ibm_cloud_iam_api_key = " + (A * 3)[:44],
    "JSON Web Token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJhbm5hIn0" + ".c2lnbmF0dXJl",
    "Mailchimp Access Key": B * 2 + "-us12",
    "NPM tokens": "//registry.npmjs.org/:_authToken=" + "npm_" + A,
    "OpenAI Token": "sk-" + A + "T3BlbkFJ" + A,
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "PyPI Token": "pypi-AgEIcHlwaS5vcmc" + (A * 4)[:72],
    "SendGrid API Key": "SG." + (A * 2)[:22] + "." + (A * 3)[:43],
    "Slack Token": "xoxb-" + "123456789012-123456789012-a1b2c3d4e5f6",
    "SoftLayer Credentials": "softlayer_api_key = " + B * 4,
    "Square OAuth Secret": "sq0csp-" + (A * 3)[:43],
    "Stripe Access Key": "sk_live_" + (A * 2)[:24],
    "Telegram Bot Token": "123456789:" + (A * 2)[:35],
    "Twilio API Key": "AC" + B * 2,
}
"""One of each kind; put together here so that no scanner takes this file for a leak."""


def refused(fields: dict[str, Any]) -> FieldsRefused:
    with pytest.raises(FieldsRefused) as caught:
        refuse_secrets(fields)
    return caught.value


def test_there_is_a_sample_for_each_detector() -> None:
    assert {detector.secret_type for detector in _detectors()} == set(SECRETS)
    assert not GUESSES & set(SECRETS)


@pytest.mark.parametrize("detector", _detectors(), ids=lambda detector: detector.secret_type)
def test_whatever_a_detector_looks_for_has_the_hint_by_which_texts_are_chosen(detector: Any) -> None:
    @settings(max_examples=50, deadline=None, derandomize=True)
    @given(one_of(*map(from_regex, detector.denylist)))
    def check(text: str) -> None:
        assert HINT.search(text)

    check()


@pytest.mark.parametrize("kind", SECRETS)
def test_a_credential_stops_it_by_name(kind: str) -> None:
    error = refused({"body": f"Use this:\n{SECRETS[kind]}\nand go on."})

    assert f"This looks like a secret: {kind}." in {found.detail for found in error.errors}
    assert {found.pointer for found in error.errors} == {"/body"}
    assert error.status == 422


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("before", range(PIECE - 120, PIECE + 20, 20))
def test_a_credential_is_found_wherever_it_stands_in_a_long_text(kind: str, before: int) -> None:
    error = refused({"body": f"{'x ' * (before // 2)}\n{SECRETS[kind]}\n{'x ' * PIECE}"})

    assert f"This looks like a secret: {kind}." in {found.detail for found in error.errors}


@pytest.mark.parametrize("trigger", ["/", "sk-", "://", "eyJ", "://a:", "cl_key   ", "M" + A + "a1B2."])
def test_no_text_keeps_a_detector_busy_for_long(trigger: str) -> None:
    length = 64_000
    began = time.process_time()

    refuse_secrets({"body": (trigger * length)[:length]})

    assert time.process_time() - began < AT_MOST


@pytest.mark.parametrize("kind", SECRETS)
def test_the_credential_itself_is_not_repeated(kind: str) -> None:
    error = refused({"body": SECRETS[kind]})

    assert SECRETS[kind].strip() not in f"{error} {error.errors}"


def test_every_place_is_named_by_its_pointer() -> None:
    key = SECRETS["AWS Access Key"]

    error = refused({"title": key, "tools": ["ok", key], "variables": [{"name": "a", "default": key}]})

    assert [found.pointer for found in error.errors] == ["/title", "/tools/1", "/variables/0/default"]


@pytest.mark.parametrize(
    "body",
    [
        "Act as a security engineer. Never paste a password, an api_key or a token into a prompt.",
        'password = "${password}"\napi_key: <your key here>\nSECRET=...',
        "curl -H 'Authorization: Bearer $TOKEN' https://api.example.org/v1/items?limit=50",
        "https://user@example.org/path and postgres://localhost:5432/house",
        "git checkout 8f14e45fceea167a5a36dedd4bea2543a1b2c3d4",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id = '7c9e6679-7425-40de-944b-e07fc1f90ae7'",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "def f(x):\n    return {'key': x['key'], 'token': tokens[0], 'secret': None}",
        "SELECT password_hash FROM users WHERE id = :id;",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "Call me at 127.0.0.1:8080 or 192.168.17.4",
        "export AWS_REGION=eu-central-1 # the key comes from the vault",
        "${variable:default} {{mustache}} <|im_start|> [INST] ~~~ ```python",
    ],
)
def test_prompts_that_look_like_code_raise_no_false_alarm(body: str) -> None:
    refuse_secrets({"body": body})


def test_what_is_no_text_holds_no_secret() -> None:
    refuse_secrets({"model": None, "number": 7, "tools": (), "flag": True})
