"""Gives Kafka's users their passwords (KIP-554); aiokafka speaks Kafka's protocol but does not know this request yet."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

_SCRAM_SHA_512: Final = 2
_ITERATIONS: Final = 8192
_KEY: Final = 51


class AlterUserScramCredentialsResponse_v0(Response):  # noqa: N801 - named as aiokafka names its own.
    """What became of each user's password."""

    API_KEY = _KEY
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class AlterUserScramCredentialsRequest_v0(RequestStruct):  # noqa: N801 - as above.
    """Takes passwords away and gives others."""

    FLEXIBLE_VERSION = True
    API_KEY = _KEY
    API_VERSION = 0
    RESPONSE_TYPE = AlterUserScramCredentialsResponse_v0
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class AlterUserScramCredentialsRequest(Request[AlterUserScramCredentialsRequest_v0]):
    """Gives users the passwords; Kafka gets to know only what it can check them with."""

    API_KEY = _KEY

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._upsertions = [_upsertion(user, password) for user, password in passwords.items()]

    def build(
        self, request_struct_class: type[AlterUserScramCredentialsRequest_v0]
    ) -> AlterUserScramCredentialsRequest_v0:
        """The request of the version that the broker knows."""
        return request_struct_class([], self._upsertions, {})


async def give_passwords(client: AIOKafkaClient, passwords: Mapping[str, str]) -> None:
    """Make these users, or change their passwords to these; connections that are open stay open.

    Raises:
        KafkaError: Kafka refuses.
    """
    request = AlterUserScramCredentialsRequest(passwords)
    answer: Any = await client.send(client.get_random_node(), request)
    for user, code, why, _ in answer.results:
        if code:
            raise for_code(code)(f"{user}: {why}")


def _upsertion(user: str, password: str) -> tuple[Any, ...]:
    salt = secrets.token_bytes(24)
    # RFC 5802, section 3: SaltedPassword is Hi(password, salt, iterations), which is PBKDF2.
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return (user, _SCRAM_SHA_512, _ITERATIONS, salt, salted, {})
