"""Settings come from the environment, and keep secrets to themselves."""

import os
from typing import Any

import pytest
from pydantic import ValidationError

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
