"""Lets users do with topics and groups what they need to, and lets nobody else write decisions."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from deploy.topics.wanted import DECISIONS, Access, Operation, Resource

_RESOURCES: Final = {Resource.TOPIC: 2, Resource.GROUP: 3}
_OPERATIONS: Final = {Operation.READ: 3, Operation.WRITE: 4}
_ANY, _LITERAL, _ALLOW = 1, 3, 3
_WRITING: Final = (2, _OPERATIONS[Operation.WRITE])
"""Kafka's numbers (KIP-11, KIP-290); 2 means every operation."""

Rule = tuple[Any, ...]
"""Resource, name, kind of name, principal, host, operation, permission: as Kafka takes and gives it."""


async def allow(client: AIOKafkaClient, wanted: Collection[Access]) -> list[str]:
    """Give the access that is missing, and take the rest away from the decisions; a sentence for each.

    On other topics, what somebody else has allowed stays. Doing it again changes nothing.

    Raises:
        KafkaError: Kafka refuses.
    """
    there = await _rules(client)
    missing = [one for one in sorted(wanted) if _rule(one) not in there]
    surplus = sorted(there - {_rule(one) for one in wanted})
    theirs = [rule for rule in surplus if _lets_write(rule, exactly=True)]
    for one in missing:
        _check((await _ask(client, CreateAclsRequest(*_rule(one)))).creation_responses)
    for rule in theirs:
        _check((await _ask(client, DeleteAclsRequest(*rule))).filter_responses)
    told = [f"{one.user} may {one.operation} {one.name}" for one in missing]
    told += [f"{rule[3]} may no longer write {DECISIONS}" for rule in theirs]
    wider = [rule for rule in surplus if _lets_write(rule) and rule not in theirs]
    return told + [
        f"{rule[3]} may write {DECISIONS} because of a rule for {rule[1]}; remove it" for rule in wider
    ]


async def _rules(client: AIOKafkaClient) -> set[Rule]:
    every = DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY)  # type: ignore[arg-type] # None means any.
    answer = await _ask(client, every)
    _check([(answer.error_code, answer.error_message)])
    return {
        (resource, name, kind, principal, host, operation, permission)
        for resource, name, kind, found in answer.resources
        for principal, host, operation, permission in found
    }


def _rule(one: Access) -> Rule:
    resource, operation = _RESOURCES[one.resource], _OPERATIONS[one.operation]
    return (resource, one.name, _LITERAL, f"User:{one.user}", "*", operation, _ALLOW)


def _lets_write(rule: Rule, *, exactly: bool = False) -> bool:
    resource, name, kind, _, _, operation, permission = rule
    if (resource, permission) != (_RESOURCES[Resource.TOPIC], _ALLOW) or operation not in _WRITING:
        return False
    wider = name == "*" or (kind != _LITERAL and DECISIONS.startswith(name))
    return bool(name == DECISIONS and kind == _LITERAL) or (wider and not exactly)


async def _ask(client: AIOKafkaClient, request: Any) -> Any:
    return await client.send(client.get_random_node(), request)


def _check(answers: Iterable[Sequence[Any]]) -> None:
    for code, why, *_ in answers:
        if code:
            raise for_code(code)(why)
