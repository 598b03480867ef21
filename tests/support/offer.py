"""What this machine offers `make test-real`: prints how the servers come to be, and says it in a sentence."""

import sys

from docker.client import DockerClient
from docker.errors import DockerException

from tests.support.servers import given

NOTHING = "There is nothing real here: name servers in KNOWHOW_KAFKA and KNOWHOW_OPENSEARCH, or start Docker."


def docker_answers() -> bool:
    """True where containers can be started."""
    try:
        return bool(DockerClient.from_env().ping())
    except DockerException:
        return False


def offer() -> str:
    """`given` where the environment names Kafka and OpenSearch, `containers` where Docker answers, else `nothing`."""
    if {"kafka", "opensearch"} <= given().keys():
        return "given"
    return "containers" if docker_answers() else "nothing"


SENTENCES = {
    "given": "The servers that the environment names are used, and embedded ones for the others.",
    "containers": "Servers that the environment does not name are started by testcontainers.",
    "nothing": f"{NOTHING} What needs them is skipped, and embedded servers are used for the rest.",
}


if __name__ == "__main__":
    found = offer()
    sys.stderr.write(f"{SENTENCES[found]}\n")
    print(found)  # noqa: T201 - the Makefile reads it.
