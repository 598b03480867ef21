"""Makes topics as they should be, as far as that harms nobody, and tells every difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from deploy.topics.wanted import Topic

_SET_FOR_THIS_TOPIC: Final = 1
"""Kafka's number for the source of a setting that was made for one topic."""


@dataclass(frozen=True)
class Making:
    """A connected administrator at work; `grow` allows to add partitions.

    Every method raises KafkaError where Kafka refuses. Doing it again changes and tells nothing more.
    """

    admin: AIOKafkaAdminClient
    grow: bool = False

    async def make(self, wanted: Sequence[Topic]) -> list[str]:
        """Make what is missing and mend what differs; a sentence for each of these, and for what was left as it is."""
        there = {one["topic"]: one["partitions"] for one in await self.admin.describe_topics()}
        missing = [topic for topic in wanted if topic.name not in there]
        present = [topic for topic in wanted if topic.name in there]
        told = await self._create(missing)
        for topic in present:
            told += await self._partitions(topic, there[topic.name])
        return told + await self._configure(present)

    async def _create(self, missing: Sequence[Topic]) -> list[str]:
        new = [
            NewTopic(one.name, one.partitions, one.replication, topic_configs=dict(one.configs))
            for one in missing
        ]
        answer: Any = await self.admin.create_topics(new) if new else None
        for name, code, why in answer.topic_errors if answer else ():
            if code not in (0, TopicAlreadyExistsError.errno):
                raise for_code(code)(f"{name}: {why}")
        return [f"{one.name}: made" for one in missing]

    async def _partitions(self, topic: Topic, there: Sequence[Mapping[str, Any]]) -> list[str]:
        told = _copies(topic, there)
        if len(there) == topic.partitions:
            return told
        differs = f"{topic.name}: has {len(there)} partitions where {topic.partitions} are wanted"
        if len(there) > topic.partitions:
            return [*told, f"{differs}; a topic is never made smaller"]
        if not self.grow:
            return [*told, f"{differs}; add them with --grow while nothing is on its way"]
        await self.admin.create_partitions({topic.name: NewPartitions(topic.partitions)})
        return [*told, f"{topic.name}: has now {topic.partitions} partitions, before {len(there)}"]

    async def _configure(self, present: Sequence[Topic]) -> list[str]:
        told: list[str] = []
        found = await self._configs([topic.name for topic in present])
        for topic in present:
            now = found[topic.name]
            differs = {name: value for name, value in topic.configs.items() if now.get(name) != value}
            if differs:
                # Kafka forgets what of a topic's settings is not named here.
                whole = ConfigResource(ConfigResourceType.TOPIC, topic.name, now | differs)
                _check(await self.admin.alter_configs([whole]))
            told += [
                f"{topic.name}: {name} is now {value}, before {now.get(name)}"
                for name, value in differs.items()
            ]
        return told

    async def _configs(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        answers: Sequence[Any] = await self.admin.describe_configs(asked) if asked else []
        _check(answers)
        return {
            resource[3]: {entry[0]: entry[1] for entry in resource[4] if entry[3] == _SET_FOR_THIS_TOPIC}
            for answer in answers
            for resource in answer.resources
        }


def _copies(topic: Topic, there: Sequence[Mapping[str, Any]]) -> list[str]:
    fewest = min((len(partition["replicas"]) for partition in there), default=0)
    if fewest == topic.replication:
        return []
    return [
        f"{topic.name}: has {fewest} copies where {topic.replication} are wanted; reassign its partitions"
    ]


def _check(answers: Sequence[Any]) -> None:
    for answer in answers:
        for code, why, _, name, *_ in answer.resources:
            if code:
                raise for_code(code)(f"{name}: {why}")
