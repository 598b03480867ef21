"""Digests that tell whether two things say the same."""

import hashlib
import json

from pydantic import BaseModel

from shared.contracts.base import Content


def content_sha256(content: Content) -> str:
    """The SHA-256 of a content's canonical JSON (sorted keys, no spaces, UTF-8), in hexadecimal."""
    canonical = json.dumps(
        content.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def same_body(body: str) -> str:
    """A text that is equal for bodies which differ in white space only."""
    return " ".join(body.split())


def digest(said: BaseModel) -> str:
    """A short name that equal announcements share."""
    return hashlib.sha256(f"{type(said).__name__}{said.model_dump_json()}".encode()).hexdigest()[:40]
