"""Where the servers are and which keys to use: the only reader of the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of every service, read from `KNOWHOW_…` variables.

    Raises:
        pydantic.ValidationError: a required setting is missing or has the wrong form; the message names it.
    """

    model_config = SettingsConfigDict(env_prefix="KNOWHOW_", extra="ignore", hide_input_in_errors=True)

    kafka: str = "127.0.0.1:9092"
    kafka_idle_pause_ms: int = Field(default=0, ge=0, le=1000)
    mongodb: str = "mongodb://127.0.0.1:27017"
    opensearch: str = "http://127.0.0.1:9200"
    instance: str = "0"
    author_key: SecretStr = Field(min_length=32)
    issuer: str
    audience: str = "knowhow"
    jwks: str
    gateway_key: SecretStr
    driver: Literal["motor", "pymongo"] = "motor"
    prefix: str = ""
    identity_data: Path | None = None
    requests_per_minute: int = Field(default=6000, ge=1)
    crash_at: str = ""
