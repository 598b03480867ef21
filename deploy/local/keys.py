"""Makes the house's secrets once and puts the settings of all four services together."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from deploy.local.stopped import CannotRun, Reason
from shared.identity.issuer import ensure_issuer_key
from shared.identity.signatures import new_key
from shared.settings import Settings, correction, variable

# No address: the port may change from one start to the next, and tokens are to stay valid.
_ISSUER: Final = "knowhow-local"

# The embedded Kafka answers an idle fetch at once instead of holding it back.
_LOOK_MS: Final = 5


def identity_in(data_dir: Path) -> Path:
    """Where the people and the issuer's key are; the folder need not be there yet."""
    return data_dir / "identity"


def house_settings(data_dir: Path, servers: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    """The settings of a house on this data, the same at every start; what the environment says goes before.

    An issuer named in the environment replaces the local one.

    Raises:
        CannotRun: a key in the folder is damaged, or a setting in the environment has the wrong form.
        OSError: the folder cannot be written to.
    """
    ours: dict[str, Any] = {**servers, **_secrets(data_dir / "keys")}
    if "KNOWHOW_KAFKA" not in environment:
        ours["kafka_idle_pause_ms"] = _LOOK_MS
    try:
        if "KNOWHOW_ISSUER" not in environment:
            ours |= _local_issuer(identity_in(data_dir))
        return Settings(**{name: value for name, value in ours.items() if variable(name) not in environment})
    except ValidationError as error:
        raise CannotRun(Reason.SETTINGS_WRONG, correction(error)) from error
    except ValueError as error:
        raise CannotRun(Reason.DATA_UNUSABLE, str(error)) from error


def _secrets(keys: Path) -> dict[str, str]:
    keys.mkdir(mode=0o700, exist_ok=True)
    return {
        "author_key": _kept(keys / "author_key", secrets.token_hex(32)),
        "gateway_key": _kept(keys / "gateway.jwk", new_key(kid="codify-gateway")),
    }


def _local_issuer(identity: Path) -> dict[str, Any]:
    ensure_issuer_key(identity)
    return {"issuer": _ISSUER, "jwks": str(identity / "jwks.json"), "identity_data": identity}


def _kept(path: Path, fresh: str) -> str:
    if not path.exists():
        beside = path.with_name(f".{path.name}.new")
        beside.touch(mode=0o600)
        # A key that the disk lost after its first use could never be made again.
        with beside.open("w", encoding="utf-8") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    return path.read_text("utf-8").strip()
