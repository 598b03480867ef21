"""Settings come from the environment, and keep secrets to themselves."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deploy.local.stopped import CannotRun, Reason
from deploy.settings import read
from deploy.settings_table import DOCUMENT, document
from deploy.topics.settings import TopicSettings
from shared.settings import Settings

KEY = "0123456789abcdef" * 2
WHOLE = {"AUTHOR_KEY": KEY, "ISSUER": "https://id.example", "JWKS": "keys.json"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in [name for name in os.environ if name.startswith("KNOWHOW_")]:
        monkeypatch.delenv(name)

    def is_(**values: str) -> None:
        for name, value in (WHOLE | values).items():
            monkeypatch.setenv(f"KNOWHOW_{name}", value)

    is_()
    return is_


@pytest.mark.usefixtures("environment")
def test_what_is_not_set_is_where_servers_usually_are() -> None:
    settings = Settings()

    assert (settings.kafka, settings.opensearch) == ("127.0.0.1:9092", "http://127.0.0.1:9200")
    assert (settings.mongodb, settings.driver) == ("mongodb://127.0.0.1:27017", "motor")
    assert (settings.instance, settings.prefix, settings.identity_data) == ("0", "", None)


def test_every_setting_is_read_from_the_environment(environment: Any) -> None:
    environment(KAFKA="a:1,b:2", DRIVER="pymongo", REQUESTS_PER_MINUTE="7", IDENTITY_DATA="people")

    settings = Settings()

    assert (settings.kafka, settings.driver, settings.requests_per_minute) == ("a:1,b:2", "pymongo", 7)
    assert str(settings.identity_data) == "people"


@pytest.mark.parametrize("name", WHOLE)
def test_a_missing_setting_is_named(environment: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    environment()
    monkeypatch.delenv(f"KNOWHOW_{name}")

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTHOR_KEY", "x" * 31),
        ("DRIVER", "mongoengine"),
        ("REQUESTS_PER_MINUTE", "0"),
        ("KAFKA_IDLE_PAUSE_MS", "-1"),
        ("KAFKA_IDLE_PAUSE_MS", "soon"),
    ],
)
def test_a_setting_of_the_wrong_form_is_named(environment: Any, name: str, value: str) -> None:
    environment(**{name: value})

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.usefixtures("environment")
def test_keys_are_not_shown() -> None:
    assert KEY not in repr(Settings())


def test_a_key_of_the_wrong_form_is_not_shown_either(environment: Any) -> None:
    environment(AUTHOR_KEY="hunter2")

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "hunter2" not in str(caught.value)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Any) -> Path:
    """A folder of secrets, and an environment that does not hold the author's key."""
    environment(SECRETS=str(tmp_path))
    monkeypatch.delenv("KNOWHOW_AUTHOR_KEY")
    return tmp_path


@pytest.mark.parametrize("name", ["knowhow_author_key", "KNOWHOW_AUTHOR_KEY"])
def test_a_secret_may_be_a_file(secrets: Path, name: str) -> None:
    (secrets / name).write_text(f"{KEY}\n")

    assert Settings().author_key.get_secret_value() == KEY


def test_a_secret_may_be_a_link_as_kubernetes_makes_them(secrets: Path) -> None:
    (secrets / "..now").mkdir()
    (secrets / "..now" / "knowhow_author_key").write_text(KEY)
    (secrets / "knowhow_author_key").symlink_to("..now/knowhow_author_key")

    assert Settings().author_key.get_secret_value() == KEY


def test_what_the_environment_says_goes_before_files(secrets: Path, environment: Any) -> None:
    (secrets / "knowhow_author_key").write_text("y" * 32)
    environment()

    assert Settings().author_key.get_secret_value() == KEY


def test_what_is_empty_counts_as_not_set(environment: Any) -> None:
    environment(KAFKA_CA="", OPENSEARCH_USER="", REQUESTS_PER_MINUTE="")

    settings = Settings()

    assert (settings.kafka_ca, settings.opensearch_user, settings.requests_per_minute) == (None, None, 6000)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "AUTHOR_KEY",
            "",
            "Set KNOWHOW_AUTHOR_KEY in the environment, or put it into the file knowhow_author_key",
        ),
        (
            "KAFKA_CA",
            "/no/such/file",
            "Correct KNOWHOW_KAFKA_CA in the environment: Path does not point to a file.",
        ),
        (
            "KAFKA_SECURITY",
            "SASL",
            "Correct KNOWHOW_KAFKA_SECURITY in the environment: Input should be 'PLAINTEXT'",
        ),
        ("KAFKA_SECURITY", "SASL_SSL", "KNOWHOW_KAFKA_USER and KNOWHOW_KAFKA_PASSWORD are needed with SASL."),
        (
            "OPENSEARCH_USER",
            "us",
            "KNOWHOW_OPENSEARCH_USER and KNOWHOW_OPENSEARCH_PASSWORD are needed together",
        ),
    ],
)
def test_the_start_ends_with_one_sentence_that_names_what_to_correct(
    environment: Any, name: str, value: str, sentence: str
) -> None:
    environment(**{name: value})

    with pytest.raises(CannotRun) as refused:
        read(Settings)

    assert sentence in str(refused.value)
    assert refused.value.reason is Reason.SETTINGS_WRONG


def test_a_secret_that_cannot_be_read_is_named(secrets: Path) -> None:
    (secrets / "knowhow_author_key").write_bytes(b"\xff" * 40)

    with pytest.raises(CannotRun, match=r"read its secrets.*author_key"):
        read(Settings)


@pytest.mark.usefixtures("environment")
def test_no_address_with_a_password_is_shown(environment: Any) -> None:
    environment(MONGODB="mongodb://us:hunter2@db")

    assert "hunter2" not in repr(Settings())


def test_the_table_of_settings_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "Renew it: make settings"


@pytest.mark.parametrize("kind", [Settings, TopicSettings])
def test_every_setting_is_described(kind: type[Settings | TopicSettings]) -> None:
    assert [name for name, field in kind.model_fields.items() if not field.description] == []
