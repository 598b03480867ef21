"""How any client reaches Kafka: which servers, over which protocol, and as whom."""

import ssl
from typing import Any

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLScram512

from shared.settings import KafkaSettings


def security(settings: KafkaSettings) -> BaseSecurity:
    """The protocol and the user that the settings name, as FastStream takes them.

    Raises:
        OSError: the file with the CA is not one.
    """
    context = ssl.create_default_context(cafile=settings.kafka_ca) if _over_tls(settings) else None
    if settings.kafka_user and settings.kafka_password and settings.kafka_security.startswith("SASL"):
        return SASLScram512(settings.kafka_user, settings.kafka_password.get_secret_value(), context)
    return BaseSecurity(context)


def access(settings: KafkaSettings) -> dict[str, Any]:
    """The same for a client of aiokafka, with the servers' addresses."""
    return {"bootstrap_servers": settings.kafka.split(","), **parse_security(security(settings))}


def _over_tls(settings: KafkaSettings) -> bool:
    return settings.kafka_security.endswith("SSL")
