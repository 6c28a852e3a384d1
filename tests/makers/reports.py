"""Worlds that hold reports and crossings and little else, for the tests of reconcile."""

from __future__ import annotations

from datetime import date, timedelta

from sarai.world.calendar import Calendar
from sarai.world.place import Place
from sarai.world.population import Status
from sarai.world.report import Report, SeriesRegime
from sarai.world.world import World

DAY_ONE = date(2030, 1, 7)  # a Monday


def day(number: int) -> date:
    """The day `number` days after the first."""
    return DAY_ONE + timedelta(days=number)


def report(
    start: int, end: int, persons: int | None, *, series: str = "police", crossing: str = "north",
    kind: str = "return_all", status: str = "all", cumulative: bool = False, families: int | None = None,
    known: int | None = None,
) -> Report:  # fmt: skip
    """A report about days start..end, counted from the first."""
    name = f"{series} {crossing} {kind} {status} {start} {end} {persons} {families} {cumulative}"
    return Report(
        id=name, start=day(start), end=day(end), crossing=crossing, status=status, kind=kind, persons=persons,
        families=families, cumulative=cumulative, as_of=None, source_id="s", note="", series=series,
        known=day(end if known is None else known), known_inferred=False,
    )  # fmt: skip


def regime(series: str = "police", **change: object) -> SeriesRegime:
    """A regime of a careful series."""
    given: dict[str, object] = {
        "series": series, "start": date.min, "end": None, "publisher": series, "scope": ("north", "south"),
        "statuses": ("all",), "unit": "persons", "origin": None, "keeping": "differences", "rounding": 1,
        "bias_log_mean": 0.0, "bias_log_sd": 0.03, "noise_log_sd": 0.05, "known": date.min, **change,
    }  # fmt: skip
    return SeriesRegime(**given)  # type: ignore[arg-type]


def world_of(
    *reports: Report, series: tuple[SeriesRegime, ...] = (), days: int = 30,
    crossings: tuple[str, ...] = ("north", "south"),
    **change: object,
) -> World:  # fmt: skip
    """A world of these reports as of day `days`."""
    given: dict[str, object] = {
        "name": "made", "title": "made", "as_of": day(days), "timezone": "UTC", "start": DAY_ONE, "country_from": "AAA",
        "country_to": "BBB", "places": {name: Place(id=name, name=name, kind="crossing") for name in crossings},
        "statuses": (Status(id="card", name="card"), Status(id="none", name="none")), "strata": (), "crossings": (),
        "routes": (), "stages": (), "routing": (), "holding": (), "destination_shares": (), "calendar": Calendar(),
        "reports": reports, "series": series or (regime(),), "sources": {}, **change,
    }  # fmt: skip
    return World(**given)  # type: ignore[arg-type]
