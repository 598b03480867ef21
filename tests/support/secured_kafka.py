"""An Apache Kafka in a container with two doors: one for its administrator, one for users with passwords over TLS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from deploy.topics.settings import TopicSettings
from deploy.topics.wanted import user_of
from shared.identity.policy import SERVICES
from shared.settings import KafkaSettings
from tests.support.certificates import Certificates
from tests.support.compose import run
from tests.support.house import free_port
from tests.support.servers import images

CURATOR = "ada"
PASSWORDS = {user: f"{user} = secret" for user in (*map(user_of, SERVICES), CURATOR)}


class SecuredKafka:
    """Where its doors are, and with which settings one comes in."""

    def __init__(self, signed: Certificates) -> None:
        self.signed = signed
        self.inside, self.outside = free_port(), free_port()
        self.name = f"knowhow-kafka-{uuid4().hex[:8]}"

    def administrator(self, curators: str = CURATOR) -> TopicSettings:
        """The settings of the topics job."""
        return TopicSettings.model_validate(
            {
                "kafka": f"127.0.0.1:{self.inside}",
                "topics_partitions": 1,
                "topics_replication": 1,
                "topics_min_insync": 1,
                "topics_users": ",".join(f"{user}={password}" for user, password in PASSWORDS.items()),
                "topics_curators": curators,
            }
        )

    def user(self, name: str, password: str = "", ca: Path | None = None) -> KafkaSettings:
        """The settings of a user."""
        return KafkaSettings.model_validate(
            {
                "kafka": f"127.0.0.1:{self.outside}",
                "kafka_security": "SASL_SSL",
                "kafka_user": name,
                "kafka_password": password or PASSWORDS[name],
                "kafka_ca": ca or self.signed.ca,
            }
        )

    def environment(self) -> dict[str, str]:
        """The broker's settings, as its image takes them."""
        doors = {"ADMIN": ("PLAINTEXT", self.inside), "USERS": ("SASL_SSL", self.outside)}
        own = {"CONTROLLER": ("PLAINTEXT", 29093)}
        return {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_INTER_BROKER_LISTENER_NAME": "ADMIN",
            "KAFKA_LISTENERS": ",".join(f"{name}://:{port}" for name, (_, port) in (doors | own).items()),
            "KAFKA_ADVERTISED_LISTENERS": ",".join(
                f"{name}://127.0.0.1:{port}" for name, (_, port) in doors.items()
            ),
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": ",".join(
                f"{name}:{protocol}" for name, (protocol, _) in (doors | own).items()
            ),
            "KAFKA_SASL_ENABLED_MECHANISMS": "SCRAM-SHA-512",
            "KAFKA_LISTENER_NAME_USERS_SCRAM___SHA___512_SASL_JAAS_CONFIG": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "KAFKA_LISTENER_NAME_USERS_SSL_KEYSTORE_TYPE": "PEM",
            "KAFKA_LISTENER_NAME_USERS_SSL_KEYSTORE_LOCATION": "/certificates/both.pem",
            "KAFKA_AUTHORIZER_CLASS_NAME": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "KAFKA_SUPER_USERS": "User:ANONYMOUS",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
            "KAFKA_HEAP_OPTS": "-Xmx384m",
        }


@asynccontextmanager
async def secured_kafka(signed: Certificates) -> AsyncIterator[SecuredKafka]:
    """A broker whose container is removed at the end of the block; it may not answer yet."""
    broker = SecuredKafka(signed)
    for path in vars(signed).values():
        path.chmod(0o644)
    options = [f"--env={name}={value}" for name, value in broker.environment().items()]
    options += [f"--publish=127.0.0.1:{port}:{port}" for port in (broker.inside, broker.outside)]
    options += [f"--name={broker.name}", f"--volume={signed.ca.parent}:/certificates:ro"]
    code, said = await run("docker", "run", "--detach", "--rm", *options, images()["kafka"])
    assert code == 0, said
    try:
        yield broker
    finally:
        await run("docker", "kill", broker.name)
