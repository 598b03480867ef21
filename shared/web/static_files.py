"""Scripts, styles and pictures: ours, and those that the API documentation is shown with."""

from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from shared.web.pages import HEADERS, STATIC

_FILES = StaticFiles(directory=STATIC, packages=[("fastapi_offline", "static")])


async def static_file(path: str, request: Request) -> Response:
    """One file; browsers ask again each time, and are told when theirs is still the same.

    Raises:
        HTTPException: 404, there is no such file.
    """
    if not path.isprintable():
        raise HTTPException(404, "There is no such file.")
    answer = await _FILES.get_response(path, request.scope)
    answer.headers.update({**HEADERS, "Cache-Control": "no-cache"})
    return answer
