"""Departures worked out on paper: waves, seasons and holidays, and whom each wave names."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from makers.plain_law import DAYS, LAW, believe, expect, near, plain_world
from makers.worlds import START, make_wave, make_world
from sarai.model.returns import build_returns, central_parameters, names_stratum
from sarai.model.table import parameter_table
from sarai.simulate.simulate import simulate_returns
from sarai.simulate.state import day_effects
from sarai.world.calendar import Calendar
from sarai.world.world import Setting


def paper_hazard(day: int, announced: int, deadline: int, enforcement: int) -> tuple[float, float]:
    """Hazard of a wave on a day of the run, all of it and what is enforced; the manual's formula with LAW's values."""
    if day < announced:
        return 0.0, 0.0
    tau, t2 = day - deadline - LAW["lag_days"], max(day - enforcement + 1 - LAW["lag_days"], 0.0)
    before, after = min(tau, 0.0), max(tau, 0.0)
    announce = LAW["announce_rate"] * math.exp(-after / LAW["enforce_days"])
    rise = LAW["rise_rate"] * LAW["rise_multiplier"]
    rise *= math.exp(before / LAW["rise_days"]) * math.exp(-after / LAW["fall_days"])
    enforced = LAW["enforce_rate"] * LAW["enforce_multiplier"]
    enforced *= (1.0 - math.exp(-t2 / LAW["enforce_onset_days"])) * math.exp(-t2 / LAW["enforce_days"])
    return announce + rise + enforced, enforced


def paper_departures(log_effect: list[float], people: float = 10_000.0) -> NDArray[np.float64]:
    """(day, 2) persons who leave on each day, and those of them who are deported."""
    left_at_risk = LAW["at_risk_fraction"] * people
    scale = LAW["origin_intensity"] * LAW["status_intensity"]
    rows = []
    for day, effect in enumerate(log_effect):
        hazard, enforced = (part * scale * math.exp(effect) for part in paper_hazard(day, 18, 46, 47))
        steady = LAW["base_persons_day"] / left_at_risk
        leaving = left_at_risk * (1.0 - math.exp(-(hazard + steady)))
        share = enforced / (hazard + steady)
        deported = share * LAW["deported_enforced_fraction"] + (1.0 - share) * LAW["deported_base_fraction"]
        rows.append((leaving, leaving * deported))
        left_at_risk -= leaving
    return np.array(rows)


@pytest.mark.parametrize("people", [10_000.0, 9_000.3])
def test_departures_of_each_day_are_those_of_the_formula(people: float) -> None:
    """Announcement, rise, fall, enforcement, lag, multipliers, intensities, base flow, discrepancy and depletion.

    An expected population need not be whole, and is not rounded.
    """
    model = build_returns(plain_world())
    wobble = [0.3 * math.sin(0.7 * day) for day in range(DAYS)]
    parameters = believe(model, people).change(discrepancy=np.array(wobble)[:, None])
    seen = expect(model, parameters)
    expected = paper_departures(wobble, people)
    np.testing.assert_allclose(seen["departures"][:, 0, 0], expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(seen["crossed"][:, 0, 0, 0], expected[:, 1], rtol=1e-9)


def test_weekdays_and_holidays_fall_on_their_own_days() -> None:
    """Fridays and two holidays damp the hazards of that very day."""
    holidays = [START + timedelta(days=number) for number in (47, 50)]
    settings = {"weekday_effect.fri": Setting(value=-0.6), "holiday_effect": Setting(value=-0.4)}
    world = plain_world(settings=settings)
    world = replace(world, calendar=replace(world.calendar, holidays=tuple((day, "feast") for day in holidays)))
    model = build_returns(world)
    days = [START + timedelta(days=day) for day in range(DAYS)]
    effect = [-0.6 * (day.weekday() == 4) - 0.4 * (day in holidays) for day in days]
    assert date(2023, 9, 15) == START and START.weekday() == 4, "a Friday by the calendar on the wall"
    seen = expect(model, believe(model))["departures"][:, 0, 0]
    np.testing.assert_allclose(seen, paper_departures(effect)[:, 0], rtol=1e-9)


@pytest.mark.parametrize("stated", [300.0, None])
def test_the_season_has_its_peak_on_its_day(stated: float | None) -> None:
    """A cosine over the year, to the two thousandths of its rational form; its day may be left to the table."""
    settings = {"season_amplitude": Setting(value=0.5)}
    peak = parameter_table()["season_peak_day"].off if stated is None else stated
    if stated is not None:
        settings["season_peak_day"] = Setting(value=stated)
    model = build_returns(plain_world(settings=settings))
    days = [(START + timedelta(days=day)).timetuple().tm_yday for day in range(DAYS)]
    effect = [0.5 * math.cos(2.0 * math.pi * (day - peak) / 365.25) for day in days]
    seen = expect(model, believe(model))["departures"][:, 0, 0]
    np.testing.assert_allclose(seen, paper_departures(effect)[:, 0], rtol=2e-3)


@pytest.mark.parametrize(("waves", "leave"), [(1, 5_000.0), (2, 7_500.0), (3, 8_750.0), (4, 9_375.0)])
def test_waves_put_at_risk_whom_any_of_them_names(waves: int, leave: float) -> None:
    """Half, and half of the rest, and so on; under a hazard that nobody withstands all of those leave."""
    world = plain_world()
    wave = make_wave(0, ("acc",))
    several = tuple(replace(wave, id=f"wave-{number}") for number in range(waves))
    model = build_returns(replace(world, calendar=Calendar(waves=several)))
    seen = expect(model, believe(model, enforce_rate=5.0, enforce_days=100.0))
    assert seen["departures"].sum() == pytest.approx(leave, rel=1e-6)


@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_each_of_four_waves_moves_people(which: int) -> None:
    """Of four waves only one is enforced: all whom it names leave, whichever it is."""
    world = plain_world()
    several = tuple(replace(make_wave(0, ("acc",)), id=f"wave-{number}") for number in range(4))
    model = build_returns(replace(world, calendar=Calendar(waves=several)))
    quiet = believe(model, announce_rate=0.0, rise_rate=0.0, base_persons_day=0.0, enforce_days=200.0, lag_days=0.0)
    rates = np.zeros((4, 1))
    rates[which] = 0.1
    seen = expect(model, quiet.change(enforce_rate=rates))["departures"][:, 0, 0]
    at_risk, left = 10_000.0 * (1.0 - 0.5**4), []
    for day in range(DAYS):
        t2 = max(day - 46, 0)
        share = 0.5 / (1.0 - 0.5**4)
        rate = (
            0.1 * LAW["enforce_multiplier"] * (1.0 - math.exp(-t2 / LAW["enforce_onset_days"])) * math.exp(-t2 / 200.0)
        )
        left.append(at_risk * (1.0 - math.exp(-share * rate * LAW["origin_intensity"] * LAW["status_intensity"])))
        at_risk -= left[-1]
    np.testing.assert_allclose(seen, left, rtol=1e-9)


def test_a_wave_moves_only_those_whom_it_names() -> None:
    """By status and by origin; the base flow is split as people are."""
    world = near(make_world(origins=2, statuses=("acc", "por"), crossings=1, sites=0, holding=False, desks=50_000.0))
    wave = replace(make_wave(0, ("acc",)), statuses=("acc",), origins=("o001",))
    model = build_returns(replace(world, calendar=Calendar(waves=(wave,))))
    parameters = believe(model, base_persons_day=0.0)
    seen = expect(model, parameters)
    assert seen["departures"][:, 0].sum() == 0.0 and seen["departures"][:, 1].sum() > 100.0
    assert seen["departures_status"][:, 1].sum() == 0.0
    uneven = believe(model, base_persons_day=40.0, announce_rate=0.0, rise_rate=0.0, enforce_rate=0.0)
    uneven = uneven.change(population=np.array([[6e6], [1e6], [2e6], [1e6]]))
    first = expect(model, uneven, 1)["departures"][0, :, 0]
    np.testing.assert_allclose(first, [28.0, 12.0], rtol=1e-3)


def test_whom_a_wave_names() -> None:
    """No status or `all` is every status, no origin is everywhere; both hold together."""
    wave = make_wave(0, ("acc",))
    for statuses, origins, named in (
        ((), (), "a1 a2 b1 b2"), (("all",), (), "a1 a2 b1 b2"), (("all",), ("2",), "a2 b2"), ((), ("1",), "a1 b1"),
        (("b",), (), "b1 b2"), (("b",), ("1",), "b1"), (("c", "all"), ("1",), "a1 b1"),
    ):  # fmt: skip
        chosen = replace(wave, statuses=statuses, origins=origins)
        assert " ".join(s + o for s in "ab" for o in "12" if names_stratum(chosen, o, s)) == named


def test_enforcement_starts_on_its_own_day() -> None:
    """Not with the deadline: with nothing else in the law nobody leaves until a week after it."""
    world = plain_world()
    wave = replace(world.calendar.waves[0], enforcement=START + timedelta(days=53))
    model = build_returns(replace(world, calendar=Calendar(waves=(wave,))))
    quiet = believe(model, announce_rate=0.0, rise_rate=0.0, base_persons_day=0.0, lag_days=0.0)
    seen = expect(model, quiet)["departures"][:, 0, 0]
    assert seen[:53].sum() == 0.0 and seen[53] > 0.0


@pytest.mark.parametrize(("people", "whole"), [(11.2, 11), (11.7, 12)])
def test_whole_persons_are_rounded_to_the_nearest(people: float, whole: int) -> None:
    """A population of 11.2 is eleven, one of 11.7 twelve; half of either at risk is six."""
    model = build_returns(plain_world())
    parameters = believe(model, people, base_persons_day=0.0, enforce_rate=5.0, enforce_days=100.0, household_size=1.0)
    last = model.first_day + DAYS - 1
    seen = simulate_returns(model, parameters, first_day=model.first_day, last_day=last, seed=1)
    assert seen["departures"].sum() == 6 and seen["remaining"][0, 0] == whole


def test_series_begin_on_their_own_day_and_may_differ_in_length() -> None:
    """Before its first day and after its last a series is 0; that of the crossings has days of its own."""
    model = build_returns(plain_world(crossings=2))
    parameters = central_parameters(model, np.zeros(1, dtype=np.uint64))
    parameters = replace(
        parameters.change(discrepancy=np.array([[0.1], [0.2]]), crossing_discrepancy=np.full((4, 2, 1), 0.5)),
        first_day=model.first_day + 3,
    )
    days = model.first_day + np.arange(10)
    total, crossing = day_effects(model, parameters, days)
    np.testing.assert_array_equal(total[:, 0], [0, 0, 0, 0.1, 0.2, 0, 0, 0, 0, 0])
    np.testing.assert_array_equal(crossing[:, 1, 0], [0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0, 0])
