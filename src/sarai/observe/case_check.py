"""What must agree between the parts of a case: references, shares, dates and `known`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sarai.observe.case_check_calendar import check_calendar
from sarai.observe.case_check_known import check_known, check_start
from sarai.observe.case_check_names import check_names
from sarai.observe.case_check_response import check_response
from sarai.observe.case_check_settings import check_settings
from sarai.observe.case_check_tables import check_tables
from sarai.observe.case_checker import CaseChecker
from sarai.observe.case_rows import CaseRows
from sarai.observe.case_schema import CaseFile, Item, StratumItem, TotalItem
from sarai.observe.case_text import Path
from sarai.world.errors import Fault

SHARE_TOLERANCE = 1e-6  # A16


def check_case(case: CaseFile, lines: Mapping[Path, int], rows: CaseRows) -> list[Fault]:
    """Every disagreement between the parts of a case."""
    checker = CaseChecker(case, lines, rows)
    for check in (
        _timezone,
        _ids,
        _population,
        check_calendar,
        _service,
        _reception,
        _shares,
        _items,
        check_settings,
        check_start,
        check_known,
    ):
        check(checker)
    return checker.faults + check_tables(rows) + check_response(case, rows) + check_names(case, rows)


def _timezone(c: CaseChecker) -> None:
    try:
        ZoneInfo(c.case.timezone)
    except (ValueError, OSError, LookupError):
        mend = "use the name of a city, not an abbreviation or an offset"
        c.add(("timezone",), "no such time zone", c.case.timezone, "for example Asia/Karachi", mend)


def _ids(c: CaseChecker) -> None:
    case = c.case
    seen: dict[str, Path] = {}
    for name in ("origins", "crossings", "sites", "destinations"):
        for index, place in enumerate(getattr(case, name)):
            for alias in (place.id, *place.aliases):
                if alias in seen:
                    c.add((name, index, "id"), "the id stands twice", alias, "one id for one place", "rename one")
                if alias in ("all", "onward", "none"):
                    c.add((name, index, "id"), "the id is a reserved word", alias, "another id")
                seen[alias] = (name, index)
    for name, items in (("statuses", case.statuses), ("stages", case.stages), ("holding", case.holding)):
        _unique(c, (name,), [item.id for item in items])
    _unique(c, ("calendar", "waves"), [wave.id for wave in case.calendar.waves])
    for index, status in enumerate(case.statuses):
        if status.id == "all":
            c.add(("statuses", index, "id"), "the id is a reserved word", "all", "another id")
    clash = {stage.id for stage in case.stages} & {place.id for place in case.crossings}
    for name in sorted(clash):
        c.add(("stages",), "a stage has the id of a crossing", name, "another id", "rename the stage")


def _unique(c: CaseChecker, path: Path, ids: list[str]) -> None:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            c.add((*path, index, "id"), "the id stands twice", name, "one id for one thing", "rename one")


def _population(c: CaseChecker) -> None:
    population = c.case.population
    items: list[StratumItem | TotalItem] = [*population] if isinstance(population, list) else [population]
    single = not isinstance(population, list)
    statuses = {status.id for status in c.case.statuses}
    for index, item in enumerate(items):
        path: Path = ("population",) if single else ("population", index)
        if item.high < item.low:
            c.add(path, "the range ends below its start", f"{item.low} to {item.high}", "low <= high")
        if item.high == 0 and single:
            c.add(path, "nobody is concerned", "0", "a range of persons above zero")
    if isinstance(population, list):
        for index, item in enumerate(population):
            c.refer(("population", index, "origin"), item.origin, [o.id for o in c.case.origins], "no such origin area")
            if statuses:
                c.refer(("population", index, "status"), item.status, statuses, "no such status")


def _service(c: CaseChecker) -> None:
    for index, crossing in enumerate(c.case.crossings):
        for k, item in enumerate(crossing.service):
            if item.closes_hour <= item.opens_hour:
                found = f"{item.opens_hour} to {item.closes_hour}"
                mend = "hours are local, 0 to 24; open all day is 0 to 24"
                c.add(("crossings", index, "service", k), "it closes before it opens", found, "opens < closes", mend)
    for index, stage in enumerate(c.case.stages):
        if stage.closes_hour <= stage.opens_hour:
            found = f"{stage.opens_hour} to {stage.closes_hour}"
            c.add(("stages", index), "it closes before it opens", found, "opens_hour < closes_hour")


def _reception(c: CaseChecker) -> None:
    case = c.case
    crossings, stages = [x.id for x in case.crossings], [s.id for s in case.stages]
    for index, stage in enumerate(case.stages):
        c.refer(("stages", index, "site"), stage.site, [s.id for s in case.sites], "no such site")
    for index, row in enumerate(case.routing):
        path: Path = ("routing", index)
        c.refer((*path, "from"), row.from_, [*crossings, *stages], "no such crossing or stage")
        c.refer((*path, "to"), row.to, [*stages, "onward"], "no such stage")
        if case.statuses:
            c.refer((*path, "status"), row.status, [*(s.id for s in case.statuses), "all"], "no such status")
    for name in _circle({(row.from_, row.to) for row in case.routing if row.share > 0}):
        mend = "let every path end at `onward`"
        c.add(("routing",), "people would go round in a circle", name, "stages that lead onward", mend)
    for index, centre in enumerate(case.holding):
        c.refer(("holding", index, "origin"), centre.origin, [o.id for o in case.origins], "no such origin area")


def _circle(edges: set[tuple[str, str]]) -> list[str]:
    """Stages that lie on a circle of the routing."""
    left = set(edges)
    while True:
        starts = {a for a, _ in left}
        dead = {(a, b) for a, b in left if b not in starts}
        if not dead:
            return sorted({a for a, _ in left})
        left -= dead


def _shares(c: CaseChecker) -> None:
    groups: dict[tuple[str, str, str, date | None], list[tuple[int, float]]] = {}
    for index, row in enumerate(c.case.routing):
        groups.setdefault((row.from_, row.status, row.kind, row.known), []).append((index, row.share))
    for (start, status, kind, _), members in groups.items():
        total = math.fsum(share for _, share in members)
        if abs(total - 1) > SHARE_TOLERANCE:
            what = f"the shares from {start} (status {status}, kind {kind}) do not sum to 1"
            c.add(("routing", members[0][0], "share"), what, f"{total:g}", "1", "correct the shares")
    crossings = [x.id for x in c.case.crossings]
    for index, item in enumerate(c.case.destination_shares):
        path: Path = ("destination_shares", index)
        c.refer((*path, "crossing"), item.crossing, [*crossings, "all"], "no such crossing")
        for name in item.shares:
            c.refer((*path, "shares", name), name, [d.id for d in c.case.destinations], "no such destination")
        total = math.fsum(item.shares.values())
        if abs(total - 1) > SHARE_TOLERANCE:
            c.add((*path, "shares"), "the shares do not sum to 1", f"{total:g}", "1", "correct the shares")


def _items(c: CaseChecker) -> None:
    """Every `source` of case.yaml must stand in sources.csv."""
    for path, item in walk_items(c.case, ()):
        if item.source and "sources.csv" in c.rows.rows:
            c.refer((*path, "source"), item.source, c.sources, "no such source")


def walk_items(value: object, path: Path) -> Iterable[tuple[Path, Item]]:
    """Every sourced or dated item of case.yaml with its path."""
    if isinstance(value, Item):
        yield path, value
    if isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from walk_items(inner, (*path, index))
    elif hasattr(value, "__pydantic_fields__"):
        for name, info in type(value).model_fields.items():  # type: ignore[attr-defined]
            yield from walk_items(getattr(value, name), (*path, info.alias or name))
