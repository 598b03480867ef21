"""One service's engine, put together: the only place that knows all its parts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from shared.flow.announcer import Announcer
from shared.flow.attention import Attention
from shared.flow.bookmarks import Bookmarks
from shared.flow.commands import Commands, Done
from shared.flow.crash import arm
from shared.flow.dead_letters import ROWS
from shared.flow.ear import Ear
from shared.flow.ending import end
from shared.flow.fetching import Fetching
from shared.flow.flow import Flow, Projection, collections_of
from shared.flow.kafka import connect as connect_kafka
from shared.flow.kafka import listen, producer
from shared.flow.kafka_access import access, ends_of
from shared.flow.keeper import Keeper
from shared.flow.lanes import Lanes
from shared.flow.rewritten import rewritten
from shared.flow.step import On
from shared.flow.voice import Voice
from shared.observability.logs import bind
from shared.observability.metrics import Measured, Metrics
from shared.observability.observer import Observer, Seen, explained
from shared.observability.traces import Traces, current
from shared.settings import Settings
from shared.storage.documents import Documents
from shared.storage.drivers import close, connect

STOPPING = 3.0
"""Seconds that the batch in hand gets to be finished, and Kafka's clients to say goodbye."""


log = logging.getLogger(__name__)


async def nothing_more(_: Any) -> Sequence[Measured]:
    """No metrics beside those of every service."""
    return ()


@dataclass(frozen=True)
class Service:
    """What an engine must know of a service.

    `storage` makes the service's storage from its documents; a step's lookups are asked of it. `projections` keep other
    stores equal to its collections; `beside` is work of the service's own that goes on as long as the engine. `measures`
    are metrics that only the service knows; `seen` is told of each job that was stored and changed something; `trouble`
    says why what the service needs beyond all that is not there, or nothing. `rest` is for how many seconds it gathers what
    comes after a message, where nobody waits for what it makes of it.
    """

    name: str
    rows: Sequence[On]
    storage: Callable[[Documents], Any]
    projections: Callable[[Any], Mapping[str, Projection]] = lambda _: {}
    beside: Callable[[Any], Coroutine[Any, Any, None]] | None = None
    measures: Callable[[Any], Awaitable[Sequence[Measured]]] = nothing_more
    seen: Seen | None = None
    trouble: Callable[[Any], str] = lambda _: ""
    rest: float = 0.0


class Engine:
    """Hears, decides, stores and announces for one service."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service = service
        self.name = service.name
        self.settings = settings
        self.rows = (*service.rows, *ROWS)
        traces = Traces(self.name, settings.otlp, settings.instance)
        self.observer = Observer(Metrics(self.name), traces, service.seen)
        self._tasks: list[asyncio.Task[None]] = []
        self._errands: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect, catch up on what an earlier life had not said, and begin to hear.

        Raises:
            Exception: a server is away; the process should end and be started again.
        """
        arm(self.settings.crash_at)
        bind(service=self.name)
        self.client = connect(self.settings.mongodb, self.settings.driver)
        self.documents = Documents(self.client[f"{self.settings.prefix}knowhow_{self.name}"])
        await self.documents.prepare(collections_of(self.rows))
        self.broker = connect_kafka(self.settings, self.name)
        producers = partial(producer, self.settings, self.name)
        self.announcer = announcer = Announcer(producers, self.name, self.settings.kafka_prefix)
        self.storage = self.service.storage(self.documents)
        self.asked, self.heard = [await self._flow(lane, announcer) for lane in ("asked", "heard")]
        self.voices = (self.asked.voice, self.heard.voice)
        self.commands = Commands(self.asked)
        there = partial(rewritten, access(self.settings))
        self.keeper = Keeper((self.asked, self.heard), there, self.observer)
        await self._listen()
        for work in (*(voice.run() for voice in self.voices), self.commands.run(), self.keeper.run()):
            self.run(work)
        if self.service.beside:
            self.run(self.service.beside(self.storage))
        log.info("started", extra={"instance": self.settings.instance})

    async def _flow(self, lane: str, announcer: Announcer) -> Flow:
        # Requests must not wait for a long batch from Kafka, so each of the two has a lane of its own.
        lanes = Lanes(self.documents, announcer, f"{self.settings.instance}.{lane}")
        await lanes.open()
        voice = Voice(self.documents, collections_of(self.rows), announcer, lanes)
        flow = Flow(self.rows, self.storage, voice, self.service.projections(self.storage))
        flow.observer = self.observer
        return flow

    async def _listen(self) -> None:
        self.ear = Ear(self.heard, self.name)
        bookmarks = Bookmarks(self.documents)
        fetching = Fetching(self.settings.kafka_idle_pause_ms, self.service.rest)
        self.subscriber = listen(self.broker, self.ear, bookmarks, self.settings, fetching)
        await self.broker.start()
        self.attention = Attention(self.ear, bookmarks, access(self.settings), self.subscriber)
        self.run(self.attention.run())
        if self.settings.kafka_idle_pause_ms:
            self.run(fetching.run())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Keep this going as long as the engine; should it fail, the service is no longer ready."""
        task = asyncio.create_task(work)
        task.add_done_callback(_tell)
        self._tasks.append(task)

    def run_once(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else; whoever began it asks how it went."""
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled():
            task.exception()

    async def stop(self) -> None:
        """Let the batch in hand be stored, said and committed, then disconnect; what takes longer is done after the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING):
                await self.broker.stop()
        async with self.asked.voice.busy, self.heard.voice.busy:
            await end((*self._tasks, *self._errands))
        await self.announcer.stop()
        await close(self.client)
        await self.observer.traces.close()
        log.info("stopped", extra={"instance": self.settings.instance})

    async def do(self, command: BaseModel, traceparent: str = "") -> Done:
        """Take a command through its step and store what comes of it (see Commands.do)."""
        done = await self.commands.do(command, traceparent or current())
        self.observer.traces.asked(done.job)
        return done

    async def measured(self) -> Sequence[Measured]:
        """What only the service itself can measure."""
        return await self.service.measures(self.storage)

    async def lag(self) -> dict[str, int]:
        """How many messages wait to be heard, by topic; none where we are not connected.

        Raises:
            Passing: the broker does not say in time.
        """
        consumer, waiting = self.subscriber.consumer, dict.fromkeys(self.ear.topics, 0)
        places = consumer.assignment() if consumer else ()
        for place, next_offset in (await ends_of(consumer, places) if places else {}).items():
            topic = place.topic.removeprefix(self.settings.kafka_prefix)
            waiting[topic] += max(0, next_offset - await consumer.position(place))
        return waiting

    @property
    def behind(self) -> bool:
        """True while stored announcements wait for Kafka."""
        return any(voice.behind for voice in self.voices)

    def trouble(self) -> str:
        """Why this service is not ready, in a sentence, or nothing."""
        dead = [task for task in self._tasks if task.done()]
        if dead:
            return f"A background task ended: {_why(dead[0])}"
        if self.ear.waiting_for:
            return f"A batch is held: {self.ear.waiting_for}"
        if self.attention.deaf:
            return "Messages wait and none is heard; the service listens anew."
        return "Announcements wait for Kafka." if self.behind else self.service.trouble(self.storage)


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a background task ended", extra={"why": explained(error)}, exc_info=error)


def _why(ended: asyncio.Task[None]) -> str:
    error = None if ended.cancelled() else ended.exception()
    return explained(error) if error else ended.get_name()
