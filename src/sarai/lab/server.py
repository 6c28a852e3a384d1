"""The lab's server: a static page and a short JSON API behind a guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import resources
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from sarai import __version__
from sarai.lab.answer import answer, compare_all, read_changes
from sarai.lab.asked import (
    LONGEST_DAYS,
    LONGEST_VALUE,
    MOST_CHANGES,
    Comparison,
    PrepositionAddress,
    PrepositionQuestion,
    Question,
    ReadyQuestion,
    pairs,
)
from sarai.lab.desk import Desk, Work
from sarai.lab.flat import flat_csv, preposition_csv, ready_csv
from sarai.lab.guard import Guard
from sarai.lab.preposition import list_stores, make_preposition, read_address
from sarai.lab.ready import make_ready
from sarai.lab.sentences import say_fault
from sarai.lab.session import Session, describe_world
from sarai.lab.told import AnswerOut, PrepositionOut, ReadyOut, Refusal, TableOut
from sarai.whatif.scenario import Scenario, check_scenarios
from sarai.whatif.values import parse_change
from sarai.world.errors import InputError, SaraiError

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
CLIENT_LEFT = 499
MOST_PLANS = 20
"""Plans that may wait: one is made at a time, beside the sliders, so that they stay quick."""
ABOUT = """Paired what-if differences of one case as known on one day, from aggregate counts only.

Every answer compares the same possible worlds, with the same draws, as announced and with the changes.
Paths and the form of their values are in `controls` of `/api/world`. Faults are sentences, status 422.
"""
REFUSALS: dict[int | str, dict[str, Any]] = {
    422: {"model": Refusal, "description": "A path, a value or the shape of the request is refused, with sentences"},
    400: {"model": Refusal, "description": "The body is no text or no JSON"},
    413: {"model": Refusal, "description": "The request is too large"},
}
Publisher = Callable[[Sequence[Scenario]], bytes]
SetQuery = Annotated[
    list[Annotated[str, Query(max_length=2 * LONGEST_VALUE)]],
    Query(alias="set", max_length=MOST_CHANGES, description="One change, PATH=VALUE; repeat for more."),
]

DaysQuery = Annotated[int, Query(ge=1, le=LONGEST_DAYS, description="Days ahead, the first is the day after.")]


def split_query(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Changes of an address. Raises RequestError where one is not PATH=VALUE."""
    return tuple((change.path, change.value) for change in map(parse_change, texts))


def as_json(data: Any) -> bytes:
    """Compact JSON."""
    return to_json(data)


def create_app(session: Session, token: str | None = None, publish: Publisher | None = None) -> Guard:
    """The application behind its guard.

    token    every request must carry it; without one only names of this machine are answered
    publish  writes scenarios into a briefing, as packed files; without one the page does not offer it
    """
    app = FastAPI(title="sarai lab", version=__version__, description=ABOUT, docs_url=None, redoc_url=None)
    desk, planning = Desk(), Desk(MOST_PLANS)
    app.state.desk, app.state.planning = desk, planning
    more = {"briefing": publish is not None, "stores": list_stores(session)}
    described = as_json({**describe_world(session), **more})
    add_refusals(app)

    async def asked(
        key: Any, work: Work, request: Request, kind: str = "application/json", at: Desk = desk
    ) -> Response:
        found = await at.ask(key, work, request.is_disconnected)
        return Response(status_code=CLIENT_LEFT) if found is None else Response(found, media_type=kind)

    @app.get("/api/world", summary="The case, its calendar and places, what may be changed, the shipped scenarios")
    async def get_world() -> Response:
        return Response(described, media_type="application/json")

    @app.post("/api/compare", summary="The paired difference that some changes make",
              response_model=AnswerOut, responses=REFUSALS)  # fmt: skip
    async def post_compare(question: Question, request: Request) -> Response:
        changes = pairs(question.changes)
        return await asked(changes, lambda stop: as_json(answer(session, changes, stop)), request)

    @app.get("/api/compare", summary="The same, asked by an address: ?set=PATH=VALUE&set=...",
             response_model=AnswerOut, responses=REFUSALS)  # fmt: skip
    async def get_compare(request: Request, texts: SetQuery = []) -> Response:  # noqa: B006
        changes = split_query(texts)
        return await asked(changes, lambda stop: as_json(answer(session, changes, stop)), request)

    @app.get("/api/compare.csv", summary="The same as a flat table: one row a window and indicator",
             response_class=Response, responses={**REFUSALS, 200: {"content": {"text/csv": {}}}})  # fmt: skip
    async def get_csv(request: Request, texts: SetQuery = []) -> Response:  # noqa: B006
        changes = split_query(texts)
        work = lambda stop: flat_csv(answer(session, changes, stop))  # noqa: E731
        return await asked(("csv", changes), work, request, "text/csv")

    @app.post("/api/ready", summary="What to have ready at each site, what is missing, by when to order it",
              response_model=ReadyOut, responses=REFUSALS)  # fmt: skip
    async def post_ready(question: ReadyQuestion, request: Request) -> Response:
        changes, days = pairs(question.changes), question.days
        work = lambda stop: as_json(make_ready(session, changes, days, stop))  # noqa: E731
        return await asked(("ready", days, changes), work, request)

    @app.get("/api/ready.csv", summary="The same as a flat table, asked by an address: ?days=14&set=PATH=VALUE",
             response_class=Response, responses={**REFUSALS, 200: {"content": {"text/csv": {}}}})  # fmt: skip
    async def get_ready(request: Request, days: DaysQuery = 14, texts: SetQuery = []) -> Response:  # noqa: B006
        changes = split_query(texts)
        work = lambda stop: ready_csv(make_ready(session, changes, days, stop))  # noqa: E731
        return await asked(("ready csv", days, changes), work, request, "text/csv")

    @app.post("/api/preposition", summary="What to send where under a budget, and why; beside a single planning figure",
              response_model=PrepositionOut, responses=REFUSALS)  # fmt: skip
    async def post_preposition(question: PrepositionQuestion, request: Request) -> Response:
        work = lambda stop: as_json(make_preposition(session, question, stop))  # noqa: E731
        return await asked(("plan", question.model_dump_json()), work, request, at=planning)

    @app.get("/api/preposition.csv", summary="The same as a flat table: ?budget_usd=2000000&at_least=SITE:SUPPLY=UNITS",
             response_class=Response, responses={**REFUSALS, 200: {"content": {"text/csv": {}}}})  # fmt: skip
    async def get_preposition(asked_for: Annotated[PrepositionAddress, Query()], request: Request) -> Response:
        question = read_address(asked_for)
        work = lambda stop: preposition_csv(make_preposition(session, question, stop))  # noqa: E731
        return await asked(("plan csv", question.model_dump_json()), work, request, "text/csv", planning)

    @app.post("/api/table", summary="Several scenarios side by side, over all days ahead",
              response_model=TableOut, responses=REFUSALS)  # fmt: skip
    async def post_table(comparison: Comparison, request: Request) -> Response:
        key = tuple((one.name, pairs(one.changes)) for one in comparison.scenarios)
        scenarios = read_all(session, comparison)
        return await asked(("table", key), lambda stop: as_json(compare_all(session, scenarios, stop)), request)

    @app.post("/api/briefing", summary="A briefing that holds the scenarios, run again with exact draws",
              response_class=Response, responses={**REFUSALS, 200: {"content": {"application/zip": {}}}})  # fmt: skip
    async def post_briefing(comparison: Comparison, request: Request) -> Response:
        if publish is None:
            return JSONResponse({"faults": ["This lab was started without a briefing to export into."]}, 404)
        key = tuple((one.name, pairs(one.changes)) for one in comparison.scenarios)
        scenarios = read_all(session, comparison)
        return await asked(("briefing", key), lambda _: publish(scenarios), request, "application/zip")

    for name, content, kind in page_files():
        app.get(f"/{name}", include_in_schema=False)(partial(send_page, content, kind))
    return Guard(app, token)


def read_all(session: Session, comparison: Comparison) -> list[Scenario]:
    """The scenarios of a request, checked. Raises RequestError with the faults of all."""
    scenarios = [read_changes(one.name, pairs(one.changes)) for one in comparison.scenarios]
    check_scenarios(session.world, scenarios, session.last_day)
    return scenarios


def page_files() -> list[tuple[str, bytes, str]]:
    """Name, content and kind of each file of the page, read once: no name from outside ever reaches the disk."""
    folder = resources.files("sarai.lab") / "static"
    files = sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.name.split(".")[-1] in KINDS)
    return [("" if name == "index.html" else name, content, KINDS[name.split(".")[-1]]) for name, content in files]


async def send_page(content: bytes, kind: str) -> Response:
    """One of the files of the page."""
    return Response(content, media_type=kind)


def add_refusals(app: FastAPI) -> None:
    """Every fault is one or more sentences, whatever raised it."""

    def refuse(status: int, faults: list[str]) -> JSONResponse:
        return JSONResponse({"faults": faults}, status_code=status)

    @app.exception_handler(InputError)
    async def refuse_input(_: Request, error: InputError) -> JSONResponse:
        return refuse(422, [say_fault(fault) for fault in error.faults])

    @app.exception_handler(SaraiError)
    async def refuse_ours(_: Request, error: SaraiError) -> JSONResponse:
        return refuse(500, [f"The lab could not answer: {error}."])

    @app.exception_handler(RequestValidationError)
    async def refuse_shape(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [(".".join(str(part) for part in one["loc"][1:] or one["loc"]), one["msg"]) for one in error.errors()]
        return refuse(
            422, [f"{place}: {message}. The form of a request is in /openapi.json." for place, message in faults]
        )

    @app.exception_handler(HTTPException)
    async def refuse_address(_: Request, error: HTTPException) -> JSONResponse:
        if error.status_code not in (404, 405):
            return refuse(error.status_code, [error.detail])
        known = ", ".join(sorted({route.path for route in app.routes if "/api/" in getattr(route, "path", "")}))  # type: ignore[attr-defined]
        return refuse(error.status_code, [f"{error.detail}. The lab answers {known}."])
