"""Where the servers are and which keys to use: the only reader of the environment."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

PREFIX = "KNOWHOW_"
SECRETS = f"{PREFIX}SECRETS"
USUAL_SECRETS = "/run/secrets"
"""Where Docker puts secrets; Kubernetes mounts them wherever `KNOWHOW_SECRETS` says."""

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


class FromEnvironment(BaseSettings):
    """Reads `KNOWHOW_…` variables, and where one is not set, the file of its name in the folder of secrets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings hands it in.
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours knows where to look.
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is handed in, then the environment, then files."""
        secrets = Path(os.environ.get(SECRETS, USUAL_SECRETS))
        files = (SecretsSettingsSource(settings_cls, secrets),) if secrets.is_dir() else ()
        return (init_settings, env_settings, *files)


class KafkaSettings(FromEnvironment):
    """How to reach Kafka, and as whom."""

    kafka: str = Field(
        default="127.0.0.1:9092", description="Kafka's bootstrap servers, separated by commas."
    )
    kafka_security: Protocol = Field(
        default="PLAINTEXT",
        description="Kafka's security protocol; with SASL, users are checked by SCRAM-SHA-512.",
    )
    kafka_user: str | None = Field(default=None, description="Who we are to Kafka; needed with SASL.")
    kafka_password: SecretStr | None = Field(default=None, description="Our password for Kafka.")
    kafka_ca: FilePath | None = Field(
        default=None,
        description="A file with the CA that signed Kafka's certificates; else the system's CAs.",
    )

    kafka_prefix: str = Field(
        default="",
        description="What the names of topics and groups begin with, where several houses share a Kafka; "
        "the topics job makes no topics with a prefix.",
    )

    @model_validator(mode="after")
    def _sasl_knows_whom(self) -> Self:
        if self.kafka_security.startswith("SASL") and not (self.kafka_user and self.kafka_password):
            raise ValueError(f"{PREFIX}KAFKA_USER and {PREFIX}KAFKA_PASSWORD are needed with SASL")
        return self


class SignInSettings(FromEnvironment):
    """Whose tokens count, and whether trials may sign in without a password."""

    issuer: str = Field(description="The issuer (`iss`) of the tokens that people sign in with.")
    audience: str = Field(
        default="knowhow", description="The audience (`aud`) that people's tokens must name."
    )
    identity_data: Path | None = Field(
        default=None,
        description="The folder of the sign-in for trials, where anyone may sign in as anyone; unset: there is none.",
    )


class Settings(KafkaSettings, SignInSettings):
    """Every setting of every service.

    Raises:
        pydantic.ValidationError: a required setting is missing or has the wrong form; the message names it.
    """

    kafka_idle_pause_ms: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="Milliseconds between looks whether there is anything to fetch, for brokers that do not hold idle fetches back.",
    )
    mongodb: str = Field(
        default="mongodb://127.0.0.1:27017",
        repr=False,
        description="MongoDB's URL, with user, password, `authSource`, `tls` and `tlsCAFile` as needed.",
    )
    opensearch: str = Field(default="http://127.0.0.1:9200", description="OpenSearch's URL; https for TLS.")
    opensearch_user: str | None = Field(default=None, description="Who we are to OpenSearch.")
    opensearch_password: SecretStr | None = Field(default=None, description="Our password for OpenSearch.")
    opensearch_ca: FilePath | None = Field(
        default=None,
        description="A file with the CA that signed OpenSearch's certificate; else the system's CAs.",
    )
    instance: str = Field(
        default="0",
        description="This instance's name among those of its service: each needs its own, the same at every start.",
    )
    author_key: SecretStr = Field(
        min_length=32,
        description="The key that hides authors; the same for all services, and never changed.",
    )
    jwks: str = Field(description="The issuer's public keys (JWKS): a URL or a file.")
    gateway_key: SecretStr = Field(
        default=SecretStr(""),
        description="The private Ed25519 JWK with which codify signs decisions for curators who are signed in; "
        "codify needs it, and no other service should have it.",
    )
    driver: Literal["motor", "pymongo"] = Field(default="motor", description="The MongoDB client.")
    prefix: str = Field(
        default="", description="What the names of databases and indexes begin with, to share servers."
    )
    requests_per_minute: int = Field(
        default=6000, ge=1, description="How many requests a person may make in a minute."
    )
    crash_at: str = Field(
        default="", description="For tests: the place at which the process is to die (shared/flow/crash.py)."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="From which level on something is logged."
    )
    otlp: str = Field(
        default="",
        pattern=r"^(https?://[^\s/]+\S*)?$",
        description="Where traces go: an OpenTelemetry collector's URL (OTLP over HTTP); empty: nowhere.",
    )

    @property
    def opensearch_login(self) -> tuple[str, str] | None:
        """OpenSearch's user and password, where it wants one."""
        if self.opensearch_user and self.opensearch_password:
            return self.opensearch_user, self.opensearch_password.get_secret_value()
        return None

    @model_validator(mode="after")
    def _a_password_belongs_to_a_user(self) -> Self:
        if bool(self.opensearch_user) != bool(self.opensearch_password):
            raise ValueError(
                f"{PREFIX}OPENSEARCH_USER and {PREFIX}OPENSEARCH_PASSWORD are needed together or not at all"
            )
        return self


def variable(name: str) -> str:
    """The environment variable, and the file of secrets, that a setting is read from."""
    return f"{PREFIX}{name.upper()}"


def correction(error: ValidationError) -> str:
    """What to correct, in a sentence that shows no value."""
    wrong = error.errors()[0]
    if not wrong["loc"]:
        return f"Correct the settings: {wrong['msg'].removeprefix('Value error, ')}."
    name = variable(str(wrong["loc"][0]))
    if wrong["type"] == "missing":
        return (
            f"Set {name} in the environment, or put it into the file {name.lower()} in the folder of secrets."
        )
    return f"Correct {name} in the environment: {wrong['msg']}."
