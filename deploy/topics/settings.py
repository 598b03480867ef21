"""What an operator decides about topics."""

from pydantic import Field, SecretStr, field_validator

from shared.settings import KafkaSettings


class TopicSettings(KafkaSettings):
    """How topics are kept; `kafka_user` must be allowed to make them."""

    topics_partitions: int = Field(
        default=6,
        ge=1,
        description="Partitions of each topic: as many instances of a service can share its work.",
    )
    topics_replication: int = Field(default=3, ge=1, description="Copies of each partition.")
    topics_min_insync: int = Field(
        default=2, ge=1, description="How many copies must have a record before it is acknowledged."
    )
    topics_retention_days: int = Field(
        default=14,
        ge=-1,
        description="Days that records are kept, longer than any service may stand still; -1: for ever. "
        "MongoDB keeps everything that was ever said, and can have it said again.",
    )
    topics_dead_retention_days: int = Field(
        default=90, ge=-1, description="Days that copies of dead letters are kept; -1: for ever."
    )
    topics_cleanup: str = Field(
        default="delete",
        pattern=r"^(delete|compact|compact,delete)$",
        description="Kafka's `cleanup.policy`; compaction would keep only the last event of each item.",
    )
    topics_curators: str = Field(
        default="",
        description="Kafka users of curators' own tools, separated by commas: they may write decisions, and nothing else.",
    )
    topics_users: SecretStr = Field(
        default=SecretStr(""),
        description="Users to make, with their passwords: `knowhow-discover=…,knowhow-share=…`; empty where somebody "
        "else makes them.",
    )

    @field_validator("topics_users")
    @classmethod
    def _users_have_passwords(cls, users: SecretStr) -> SecretStr:
        if not all(all(one.partition("=")[::2]) for one in _listed(users.get_secret_value())):
            raise ValueError("write user=password, separated by commas")
        return users

    @property
    def passwords(self) -> dict[str, str]:
        """The users to make, with their passwords."""
        pairs = (one.partition("=") for one in _listed(self.topics_users.get_secret_value()))
        return {user: password for user, _, password in pairs}

    @property
    def checks_users(self) -> bool:
        """True where Kafka knows who is who, and so must be told who may do what."""
        return self.kafka_security.startswith("SASL") or bool(self.passwords)

    @property
    def curators(self) -> frozenset[str]:
        """The users of curators' own tools."""
        return frozenset(_listed(self.topics_curators))


def _listed(text: str) -> list[str]:
    return [one for part in text.split(",") if (one := part.strip())]
