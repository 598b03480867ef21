"""A bug in a step, and its mend: poison is what a service cannot hear, until somebody has mended the service."""

from typing import Any, Final

RAISES: Final = "A step raises at this title"
HEADER: Final = "chaospoison"
"""Tells a dead letter whose poison it was."""


def plant(what: str) -> None:
    """Plant the `bug`, or deploy its `mend`, in this process; nothing where nothing is named."""
    if what == "bug":
        _raise_in_share()
    if what == "mend":
        _hear_poison()


def _raise_in_share() -> None:
    from services.share.steps import share_item as module  # noqa: PLC0415 - only the process that serves has bugs.

    sound = module.share_item

    def share_item(item: Any, heard: Any, moment: Any) -> Any:
        if heard.content.title == RAISES:
            raise RuntimeError("A bug.")
        return sound(item, heard, moment)

    module.share_item = share_item


def _hear_poison() -> None:
    from shared.flow.ear import Ear  # noqa: PLC0415 - as above.
    from shared.flow.hearing import headers_of  # noqa: PLC0415 - as above.

    sound = Ear._job  # noqa: SLF001 - the mend is ours.

    def skip_poison(self: Ear, record: Any) -> Any:
        hopeless = HEADER in headers_of(record) and RAISES.encode() not in (record.value or b"")
        return None if hopeless else sound(self, record)

    Ear._job = skip_poison  # type: ignore[method-assign] # noqa: SLF001 - as above.
