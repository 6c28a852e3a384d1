"""The lab's server: a static page and a short JSON API, bound to loopback unless a token protects it."""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import resources
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from sarai import __version__
from sarai.lab.session import Session, answer, compare_all, describe_world, read_scenario
from sarai.world.errors import InputError

PAGE_FILES = {
    "": ("index.html", "text/html"),
    "lab.css": ("lab.css", "text/css"),
    "lab.js": ("lab.js", "text/javascript"),
}
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver"}
CACHED_ANSWERS = 256
LARGEST_BODY = 100_000
LONGEST_VALUE = 200
MOST_CHANGES = 50
MOST_SCENARIOS = 12

ShortText = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]


class ChangeIn(BaseModel):
    """One change: a path of the closed list and its value."""

    model_config = ConfigDict(extra="forbid")
    path: ShortText
    value: ShortText


class Question(BaseModel):
    """What to change."""

    model_config = ConfigDict(extra="forbid")
    changes: Annotated[list[ChangeIn], Field(max_length=MOST_CHANGES)] = []


class ScenarioIn(Question):
    """A named set of changes."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class Comparison(BaseModel):
    """Scenarios to set side by side."""

    model_config = ConfigDict(extra="forbid")
    scenarios: Annotated[list[ScenarioIn], Field(min_length=1, max_length=MOST_SCENARIOS)]


class Refusal(BaseModel):
    """Why a request was refused: one sentence a fault."""

    faults: list[str]


def pairs(changes: list[ChangeIn]) -> tuple[tuple[str, str], ...]:
    """Changes as plain pairs, which can be a key of the cache."""
    return tuple((change.path, change.value) for change in changes)


class Desk:
    """Answers questions one after another off the event loop, and remembers the last ones."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.turn = asyncio.Lock()
        self.kept: OrderedDict[Any, dict[str, Any]] = OrderedDict()

    async def ask(self, key: Any, work: Callable[[], dict[str, Any]], gone: Callable[[], Awaitable[bool]]) -> Any:
        """The answer to a question; None when the client went away while it waited its turn."""
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        async with self.turn:
            if key not in self.kept:
                if await gone():
                    return None
                self.kept[key] = await asyncio.to_thread(work)
                while len(self.kept) > CACHED_ANSWERS:
                    self.kept.popitem(last=False)
            return self.kept[key]


def create_app(session: Session, token: str | None = None) -> FastAPI:
    """The application. With a token, every request must carry it; without, only names of this machine are answered."""
    app = FastAPI(title="sarai lab", version=__version__, docs_url=None, redoc_url=None)
    desk = Desk(session)
    described = describe_world(session)
    refusals: dict[int | str, dict[str, Any]] = {422: {"model": Refusal}, 400: {"model": Refusal}}

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        refused = refuse_request(request, token)
        reply = refused or await call_next(request)
        reply.headers.update(HEADERS)
        if token and request.query_params.get("token"):
            reply.set_cookie("sarai_token", token, httponly=True, samesite="strict")
        return reply

    @app.exception_handler(InputError)
    async def refuse_input(_: Request, error: InputError) -> JSONResponse:
        return JSONResponse({"faults": [str(fault) for fault in error.faults]}, status_code=422)

    @app.exception_handler(RequestValidationError)
    async def refuse_shape(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        return JSONResponse({"faults": faults}, status_code=422)

    @app.get("/api/world", summary="The case, its places, what may be changed, and the shipped scenarios")
    async def get_world() -> dict[str, Any]:
        return described

    @app.post("/api/compare", summary="The paired difference that some changes make", responses=refusals)
    async def post_compare(question: Question, request: Request) -> Any:
        key = pairs(question.changes)
        return await desk.ask(key, partial(answer, session, key), request.is_disconnected)

    @app.post("/api/table", summary="Several scenarios side by side", responses=refusals)
    async def post_table(comparison: Comparison, request: Request) -> Any:
        key = tuple((one.name, pairs(one.changes)) for one in comparison.scenarios)
        scenarios = [read_scenario(name, changes) for name, changes in key]
        return await desk.ask(("table", key), partial(compare_all, session, scenarios), request.is_disconnected)

    folder = resources.files("sarai.lab") / "static"
    for path, (name, kind) in PAGE_FILES.items():
        content = (folder / name).read_bytes()
        app.get(f"/{path}", include_in_schema=False)(partial(page, content, kind))
    return app


async def page(content: bytes, kind: str) -> Response:
    """One of the three files of the page, held in memory: no name from outside ever reaches the disk."""
    return Response(content, media_type=kind)


def refuse_request(request: Request, token: str | None) -> Response | None:
    """A refusal for a wrong host, a missing token or too large a body; None where the request may pass."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return JSONResponse({"faults": ["the request is too large"]}, status_code=400)
    if token is None:
        host = request.headers.get("host", "").rsplit(":", 1)[0]
        return (
            None if host in LOCAL_HOSTS else JSONResponse({"faults": ["not a name of this machine"]}, status_code=400)
        )
    given = request.query_params.get("token") or request.cookies.get("sarai_token") or ""
    if hmac.compare_digest(given.encode(), token.encode()):
        return None
    return JSONResponse({"faults": ["the token is missing or wrong"]}, status_code=401)
