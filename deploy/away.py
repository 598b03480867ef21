"""Why a service could not start, in one sentence that names the server and the setting."""

from urllib.parse import urlsplit

from aiokafka.errors import KafkaError

from deploy.local.stopped import CannotRun, Reason
from shared.settings import Settings, variable
from shared.storage.drivers import is_away, is_refused


def cannot_start(name: str, error: Exception, settings: Settings) -> CannotRun:
    """The reason and the sentence for what a service raised when it started."""
    if isinstance(error, KafkaError):
        return _no_server("Kafka", settings.kafka, "kafka")
    if is_refused(error):
        sentence = (
            f"MongoDB refuses the user in {variable('mongodb')}; correct the name, the password or its roles."
        )
        return CannotRun(Reason.SERVER_DOWN, sentence)
    if is_away(error):
        return _no_server("MongoDB", urlsplit(settings.mongodb).netloc.rpartition("@")[2], "mongodb")
    said = (str(error) or type(error).__name__).splitlines()[0]
    return CannotRun(Reason.SERVICE_DOWN, f"{name} did not start: {said}")


def _no_server(title: str, address: str, setting: str) -> CannotRun:
    sentence = (
        f"{title} does not answer at {address}, or not to us: start it, or correct {variable(setting)}."
    )
    return CannotRun(Reason.SERVER_DOWN, sentence)
