"""Real servers in containers, from the images that docker-compose.yml names."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy, LogMessageWaitStrategy

from tests.support.house import free_port
from tests.support.servers import images


@contextmanager
def containers(names: set[str]) -> Iterator[dict[str, str]]:
    """These servers, each in a container, until the block ends; their addresses."""
    makers = {"kafka": _kafka, "mongodb": _mongodb, "opensearch": _opensearch}
    with ExitStack() as stack:
        yield {name: stack.enter_context(makers[name](images())) for name in sorted(names)}


@contextmanager
def _kafka(images: Mapping[str, str]) -> Iterator[str]:
    # The broker tells its clients where it is, so its port must be known before it starts.
    port = free_port()
    container = DockerContainer(images["kafka"]).with_bind_ports(9092, port)
    for name, value in _broker(port).items():
        container.with_env(f"KAFKA_{name}", value)
    with container.waiting_for(LogMessageWaitStrategy("Kafka Server started")):
        yield f"127.0.0.1:{port}"


def _broker(port: int) -> dict[str, str]:
    return {
        "NODE_ID": "1",
        "PROCESS_ROLES": "broker,controller",
        "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "GROUP_MIN_SESSION_TIMEOUT_MS": "500",
    }


@contextmanager
def _mongodb(images: Mapping[str, str]) -> Iterator[str]:
    container = DockerContainer(images["mongodb"]).with_exposed_ports(27017)
    with container.waiting_for(LogMessageWaitStrategy("Waiting for connections")) as started:
        yield f"mongodb://127.0.0.1:{started.get_exposed_port(27017)}"


@contextmanager
def _opensearch(images: Mapping[str, str]) -> Iterator[str]:
    container = DockerContainer(images["opensearch"]).with_exposed_ports(9200)
    container.with_env("discovery.type", "single-node").with_env("DISABLE_SECURITY_PLUGIN", "true")
    container.with_env("OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx512m")
    with container.waiting_for(HttpWaitStrategy(9200)) as started:
        yield f"http://127.0.0.1:{started.get_exposed_port(9200)}"
