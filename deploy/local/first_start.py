"""What is done for a house once: its people are listed, and the sample organisation moves in."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.furnish import furnish
from deploy.local.keys import identity_in
from deploy.local.people_list import is_listed, list_people, sample_people
from deploy.local.waiting import Unfinished

_ADMINISTRATOR: Final = {
    "id": "admin",
    "name": "Administrator",
    "department": "operations",
    "roles": ["member", "administrator"],
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FirstStart:
    """What the first start on this data does, and what later starts leave alone."""

    data_dir: Path
    sample: bool

    def list_people(self) -> None:
        """Say who can sign in: the sample's people, or one administrator; a list that is there stays.

        Raises:
            OSError: the folder cannot be written to.
        """
        identity = identity_in(self.data_dir)
        if is_listed(identity):
            return
        identity.mkdir(parents=True, exist_ok=True)
        if not self.sample:
            self._done.write_text("This house was to start empty.\n", "utf-8")
        list_people(identity, self._people())

    def is_due(self) -> bool:
        """True where the sample is wanted and has not been furnished to its end."""
        return self.sample and not self._done.exists()

    async def furnish(self, base_url: str, say: Callable[[str], None]) -> None:
        """Furnish the house, or say why that did not succeed; the next start then goes on from there."""
        try:
            await furnish(base_url, say)
            self._done.write_text("The sample organisation has moved in.\n", "utf-8")
        except Unfinished as error:
            say(str(error))
        except Exception:
            log.exception("Furnishing failed.")
            say("The sample could not be furnished; the log says why, and the next start tries again.")

    @property
    def _done(self) -> Path:
        return self.data_dir / "furnished"

    def _people(self) -> bytes:
        if self.sample:
            return sample_people()
        return json.dumps([_ADMINISTRATOR], indent=2).encode()
