"""The AsyncAPI 3 document of what the services say and hear, made from the contracts themselves."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

from pydantic.json_schema import models_json_schema

from shared.contracts.base import Said

Events: TypeAlias = Mapping[str, type[Said]]
Part: TypeAlias = dict[str, Any]

_KAFKA: Final = {"bindingVersion": "0.5.0"}
_INFO: Final = {
    "title": "Know-how circulation",
    "version": "1",
    "description": "What the four services say to each other on Kafka, and which of them hears what. "
    "Contracts only grow; what would break those who hear is a topic `.v2`. Unknown fields and types are ignored.",
    "license": {"name": "Apache-2.0"},
}

HEADERS: Final[Part] = {
    "type": "object",
    "title": "CloudEvents 1.0, Kafka protocol binding, binary mode",
    "properties": {
        "content-type": {"const": "application/json"},
        "ce_specversion": {"const": "1.0"},
        "ce_id": {
            "type": "string",
            "minLength": 1,
            "description": "Unique for ever; repeated when said again.",
        },
        "ce_type": {"type": "string", "minLength": 1},
        "ce_source": {"type": "string", "format": "uri-reference", "minLength": 1},
        "ce_subject": {"type": "string", "description": "The item that a reader would follow."},
        "ce_time": {"type": "string", "format": "date-time"},
        "correlationid": {"type": "string", "description": "The request that began the whole story."},
        "causationid": {"type": "string", "description": "The event or request before this one."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "announcedagain": {"type": "string", "description": "Set where a whole history is said once more."},
    },
    "required": ["content-type", "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time"],
}
"""The headers of every record."""


def asyncapi(events: Events, hearers: Mapping[str, Collection[str]]) -> Part:
    """The document; `hearers` has the names of the events that each service hears."""
    operations = [*_saying(events), *_hearing(events, hearers)]
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, events) for topic in _topics(events)},
        "operations": dict(sorted(operations)),
        "components": {
            "messages": {name: _message(kind) for name, kind in events.items()},
            "schemas": {"Headers": HEADERS, **_schemas(events)},
        },
    }


def _topics(events: Events) -> list[str]:
    return sorted({kind.topic for kind in events.values()})


def _on(topic: str, events: Events) -> list[str]:
    return [name for name, kind in events.items() if kind.topic == topic]


def _channel(topic: str, events: Events) -> Part:
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _on(topic, events)},
        "bindings": {"kafka": {"topic": topic, **_KAFKA}},
    }


def _saying(events: Events) -> Iterator[tuple[str, Part]]:
    for topic in _topics(events):
        service = topic.split(".")[1]
        yield f"{service}.says.{topic}", _operation("send", service, topic, _on(topic, events))


def _hearing(events: Events, hearers: Mapping[str, Collection[str]]) -> Iterator[tuple[str, Part]]:
    for service, heard in hearers.items():
        group = {"kafka": {"groupId": {"type": "string", "const": f"knowhow.{service}"}, **_KAFKA}}
        for topic in _topics(events):
            names = [name for name in _on(topic, events) if name in heard]
            if names:
                operation = _operation("receive", service, topic, names)
                yield f"{service}.hears.{topic}", operation | {"bindings": group}


def _operation(action: str, service: str, topic: str, names: list[str]) -> Part:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{name}"} for name in names],
        "tags": [{"name": service}],
    }


def _message(kind: type[Said]) -> Part:
    name = kind.__name__
    named = {"properties": {"ce_type": {"const": name}}}
    key = {"type": "string", "description": kind.key.__doc__}
    return {
        "name": name,
        "summary": kind.__doc__,
        "headers": {"type": "object", "allOf": [{"$ref": "#/components/schemas/Headers"}, named]},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "correlationId": {"location": "$message.header#/correlationid"},
        "bindings": {"kafka": {"key": key, **_KAFKA}},
    }


def _schemas(events: Events) -> Part:
    models = [(kind, "validation") for kind in events.values()]
    whole = models_json_schema(models, ref_template="#/components/schemas/{model}")[1]  # type: ignore[arg-type]
    schemas: Part = whole["$defs"]
    return schemas
