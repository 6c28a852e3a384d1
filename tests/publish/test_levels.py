"""Levels of every door out: what needs a flag stays in without it, what has no known level goes nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from makers.briefing import CITED, make_briefing, make_picture, make_world
from sarai.forecast.forecast import Series
from sarai.forecast.hub import forecast_table
from sarai.publish.allowed import allowed_forecast, allowed_tables
from sarai.publish.briefing import Briefing
from sarai.publish.levels import INCLUDES, LEVELS, THRESHOLDS, check_includes, level_of
from sarai.publish.reconciled import protect_rows
from sarai.publish.render import render_briefing
from sarai.publish.table import Column, Table
from sarai.reconcile.table import COLUMNS, Window, picture_table
from sarai.world.errors import RequestError
from sarai.world.reception import Capacity, HoldingCentre

MARKS = {
    "enforcement": ("How likely each deadline", "deadline enforced"),
    "holding": ("hill hall", "4,321"),
    "origins": ("Departures expected",),
}


def full_briefing(include: tuple[str, ...]) -> Briefing:
    """A briefing of a case with a holding centre, odds of enforcement and departures by origin."""
    briefing = make_briefing()
    centre = HoldingCentre(id="hill_hall", origin="hill", capacity=Capacity(value=4321.0), stay_days=3.0, basis=CITED)
    forecast = briefing.forecast
    horizon, members = forecast.series["day crossings"].samples.shape[0::2]
    series = {**forecast.series, "day departures": Series(
        target="day departures", locations=("all", "hill"), samples=np.full((horizon, 2, members), 700.0))}  # fmt: skip
    wave = briefing.world.calendar.waves[0].id
    return replace(
        briefing, world=replace(briefing.world, holding=(centre,)), include=include, formats=("markdown", "data"),
        forecast=replace(forecast, series=series, enforced={wave: 0.73}),
    )  # fmt: skip


def told(files: dict[str, bytes]) -> str:
    """The text of all files that are text."""
    return "\n".join(
        data.decode() for name, data in files.items() if not name.endswith((".png", ".parquet", ".xlsx", ".pdf"))
    )


@pytest.mark.parametrize("asked", [(), *((name,) for name in INCLUDES)])
def test_each_flag_lets_out_its_own_and_nothing_else(asked: tuple[str, ...]) -> None:
    """Odds of enforcement, holding centres and departures by origin each stand in a briefing only by their own name."""
    text = told(render_briefing(full_briefing(asked)))
    for name, marks in MARKS.items():
        assert [mark in text for mark in marks] == [name in asked] * len(marks), name
    rows = [line.split(",") for line in text.splitlines() if ",day departures," in line]
    assert {row[3] for row in rows} == ({"all", "hill"} if "origins" in asked else {"all"})


def test_files_of_a_briefing_with_a_flag_are_confidential() -> None:
    """The level in the package rises for what holds forecasts and needs, and stays for what is public."""
    package = json.loads(render_briefing(full_briefing(("holding",)))["datapackage.json"])
    levels = {item["path"]: item["sarai:level"] for item in package["resources"]}
    assert levels.pop("data/crossings.hxl.csv") == levels.pop("data/places.geojson") == "public"
    assert set(levels.values()) == {"confidential"}
    assert level_of(()) == "restricted"


def test_what_has_no_known_level_goes_nowhere() -> None:
    """A table of an unknown level or without its flag, a target that nobody has put on the list, an unknown flag."""
    table = Table(id="t", title="t", columns=(Column(key="a", label="a"),), rows=(("x",),))
    for wrong in ({"level": "secret"}, {"level": "confidential"}, {"level": "confidential", "asked_by": "people"},
                  {"asked_by": "origins"}):  # fmt: skip
        with pytest.raises(ValueError, match="level"):
            allowed_tables([replace(table, **wrong)], INCLUDES)
    forecast = make_briefing().forecast
    series = replace(forecast.series["day crossings"], target="population remaining")
    with pytest.raises(ValueError, match="level"):
        allowed_forecast(replace(forecast, series={**forecast.series, "population remaining": series}), INCLUDES)
    with pytest.raises(RequestError):
        check_includes(["everything"])


def test_a_forecast_for_others_holds_no_odds() -> None:
    """What `sarai forecast` writes has them only where they were asked for."""
    forecast = full_briefing(()).forecast
    for include, wanted in (((), 0), (("origins",), 0), (("enforcement",), 2)):
        table = forecast_table(allowed_forecast(forecast, include))
        assert (table["target"] == "deadline enforced").sum() == wanted


def test_public_asks_for_more_than_restricted() -> None:
    """The more readers, the larger the least figure; every level has one."""
    least = [THRESHOLDS[level] for level in LEVELS]
    assert least == sorted(least, reverse=True) and least[0] > least[1] > least[2] == 0.0


def test_reconciled_tables_hold_small_figures_back_by_level() -> None:
    """The pass counts 4 to 8 a day: public holds all of it back, restricted what is under five, and what tells it."""
    picture = make_picture(make_world())
    rows = list(picture_table(picture).iter_rows())
    for level in ("public", "restricted"):
        shown = protect_rows(picture, rows, level)
        for row, out in zip(rows, shown, strict=True):
            assert row[:5] == tuple(out[:5])
            assert out[7] is None or row[7] >= THRESHOLDS[level]
            assert all(value is None or (float(str(value)) > 0 and float(str(value)) % 20 == 0) for value in out[5:-1])
            few = [name for name, value in zip(COLUMNS[5:], row[5:], strict=True) if value < 10]
            assert out[-1] == (
                "held back"
                if out[9] is None and out[-1] == "held back"
                else f"fewer than 10: {' '.join(few)}"
                if few
                else ""
            )
    hidden = [sum(row[7] is None for row in protect_rows(picture, rows, level)) for level in LEVELS]
    assert hidden[0] > hidden[1] > hidden[2] == 0


def test_windows_that_overlap_are_protected_together() -> None:
    """A week less six days of it is a day: with the day small, one of the others is held back or coarse enough."""
    world = make_world()
    picture = make_picture(world)
    flow = picture.flow.copy()
    flow[-1] = 2.0
    last = world.as_of
    windows = [Window(start=date.fromordinal(last.toordinal() - back), end=last) for back in (0, 1, 2)]
    rows = list(picture_table(replace(picture, flow=flow), windows).iter_rows())
    shown = protect_rows(replace(picture, flow=flow), rows, "public")
    first = next(row for row in shown if row[:5] == [last, last, "all", "all", "all"])
    assert first[7] is None


@pytest.mark.parametrize(("crossing", "level"), [("bridge+pass", "public"), ("all", "secret")])
def test_what_cannot_be_protected_is_refused(crossing: str, level: str) -> None:
    """Sums over some crossings and unknown levels end in a sentence, not in a table."""
    world = make_world()
    picture = make_picture(world)
    rows = list(picture_table(picture, [Window(start=world.as_of, end=world.as_of, crossing=crossing)]).iter_rows())
    with pytest.raises(RequestError):
        protect_rows(picture, rows, level)
