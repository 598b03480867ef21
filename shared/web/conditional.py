"""Conditional requests (RFC 9110, section 13): nobody overwrites what they have not read."""

import re
from typing import Annotated

from fastapi import Depends, Header

from shared.flow.step import Refused

VERSION = re.compile(r"[0-9]{1,9}")


def etag(version: int, variant: str = "") -> str:
    """The tag of a version; `variant` tells what else the representation depends on."""
    return f'"{version}.{variant}"' if variant else f'"{version}"'


async def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise Refused("Send the ETag of what you have read as If-Match.", 428)
    version = if_match.strip().removeprefix("W/").strip('"').split(".", 1)[0]
    if not VERSION.fullmatch(version):
        raise Refused("Send the ETag as you received it.", 412)
    return int(version)


IfMatch = Annotated[int, Depends(_if_match)]
