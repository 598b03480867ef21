"""What an operator decides about topics."""

from pydantic import Field

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

    @property
    def curators(self) -> frozenset[str]:
        """The users of curators' own tools."""
        return frozenset(user for one in self.topics_curators.split(",") if (user := one.strip()))
