"""The fault finder: it finds what was put in, stays quiet on clean feeds, and says how to accept a finding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from makers.reports import day, regime, report, world_of
from sarai.reconcile.audit import audit
from sarai.reconcile.effect import decision_lines, effect_of, odds_words
from sarai.reconcile.finding import describe_factor
from sarai.reconcile.lone import DIGIT_ODDS, digit_odds
from sarai.reconcile.observations import build_observations
from sarai.world.decision import Decision
from sarai.world.world import World

LEVEL = [1503, 1611, 1489, 1722, 1650, 1401, 1333, 1544, 1702, 1688, 1590, 1477, 1620, 1555, 1499, 1388, 1630, 1711,
         1580, 1466, 1602, 1533, 1490, 1655, 1577, 1433, 1399, 1620, 1580, 1502]  # fmt: skip
SERIES = (
    regime(),
    regime("ministry", noise_log_sd=0.06),
    regime("joint", keeping="levels", origin=day(0), rounding=100),
)


def feed(**change: object) -> World:
    """A month of counts, a ministry's running total and a joint total, all of the same flow."""
    total, rows = 0, []
    for number, persons in enumerate(LEVEL):
        total += persons
        rows.append(report(number, number, persons + 7 * (number % 5)))
        if number % 2 == 1:
            rows.append(report(0, number, round(1.02 * total), series="ministry", cumulative=True))
        if number % 6 == 5:
            rows.append(report(0, number, round(total, -2), series="joint", cumulative=True))
    return world_of(*rows, series=SERIES, days=30, **change)


def swap(world: World, change: object) -> World:
    """The world with each report passed through a function."""
    return replace(world, reports=tuple(change(item) for item in world.reports))  # type: ignore[operator]


def test_quiet_on_a_clean_feed() -> None:
    """Three series that agree within their noise give no finding at all."""
    assert audit(feed()) == ()


@pytest.mark.parametrize("factor", [10, 0.1])
def test_lone_digit(factor: float) -> None:
    """A count with a digit too many or too few is found, alone."""
    world = swap(
        feed(), lambda r: replace(r, persons=round(r.persons * factor)) if r.end == day(12) and not r.cumulative else r
    )
    found = audit(world)
    assert [(item.kind, item.series) for item in found] == [("dropped_digit", "police")]
    assert abs(found[0].factor / factor - 1) < 0.3


def test_a_digit_is_told_from_a_wild_day() -> None:
    """An offset of ten is believed from fewer standard errors than one of four, which no slip of a digit explains."""
    digit, other = digit_odds(np.array([-np.log(10.0), -np.log(4.0)]), np.array([0.5, 0.3]))
    assert digit > DIGIT_ODDS > other
    world = swap(
        feed(), lambda r: replace(r, persons=r.persons // 4) if r.end == day(12) and r.series == "police" else r
    )
    assert "dropped_digit" not in {item.kind for item in audit(world)}


def test_misprinted_total() -> None:
    """A total between two odd steps that cancel is a misprint, and what would fit is told."""
    world = swap(
        feed(), lambda r: replace(r, persons=r.persons + 2500) if r.series == "ministry" and r.end == day(13) else r
    )
    found = audit(world)
    assert [item.kind for item in found] in (["misprint"], ["out_of_order"])
    assert found[0].start == day(13).toordinal()


def test_rebase() -> None:
    """A total that jumps by a fifth and stays there is a rebase; accepting it keeps the jump out of the picture."""
    world = swap(
        feed(), lambda r: replace(r, persons=r.persons + 6000) if r.series == "ministry" and r.end >= day(19) else r
    )
    found = audit(world)
    assert [item.kind for item in found] == ["rebase"]
    accept = Decision(
        finding="rebase",
        series="ministry",
        action=found[0].action,
        value=found[0].value,
        why="w",
        by="r",
        known=day(30),
    )
    assert build_observations(world).value[-9:].max() > 7000
    assert audit(replace(world, decisions=(accept,))) == () or all(
        item.declared for item in audit(replace(world, decisions=(accept,)))
    )


def test_families_as_persons() -> None:
    """From the day on which families are printed as persons, the stretch is found and named."""
    world = swap(
        feed(), lambda r: replace(r, persons=r.persons // 6) if r.series == "police" and r.end >= day(14) else r
    )
    found = audit(world)
    assert found[0].kind == "families_as_persons"
    assert found[0].series == "police"
    assert abs(found[0].start - day(14).toordinal()) <= 1


def test_copy_under_another_name() -> None:
    """A series printed again under another name is found as a copy of the earlier one."""
    world = feed()
    copies = tuple(
        replace(r, series="bulletin", id=f"copy {r.id}", known=r.known) for r in world.reports if r.series == "police"
    )
    found = audit(replace(world, reports=world.reports + copies, series=(*SERIES, regime("bulletin"))))
    assert [item.kind for item in found] == ["duplicate_series"]
    assert {found[0].series, found[0].value} == {"police", "bulletin"}


def test_counts_read_as_totals() -> None:
    """Counts of a period flagged as a running total keep falling, and are found."""
    world = swap(feed(), lambda r: replace(r, cumulative=True, start=day(0)) if r.series == "police" else r)
    assert "period_read_as_cumulative" in {item.kind for item in audit(world)}


def test_totals_read_as_counts() -> None:
    """A running total printed as counts of a day never falls, outgrows all others, and is found."""
    world = swap(feed(), lambda r: replace(r, cumulative=False, start=r.end) if r.series == "ministry" else r)
    assert "cumulative_read_as_period" in {item.kind for item in audit(world)}


def test_one_misprint_does_not_hide_a_total_read_as_counts() -> None:
    """All figures of a running total, one of them far too high, are told as one."""

    total, rows = 0, []
    for number, persons in enumerate(LEVEL):
        total += persons
        rows.append(report(number, number, persons))
        rows.append(report(number, number, 3 * total if number == 15 else total, series="ministry"))
    (found,) = (item for item in audit(world_of(*rows, series=SERIES, days=30))
                if item.kind == "cumulative_read_as_period")  # fmt: skip
    assert (found.series, len(found.reports)) == ("ministry", len(LEVEL))


def test_a_total_that_began_long_before_is_found_and_its_steps_enter() -> None:
    """It need not treble while it is read as counts; accepted, its totals are one chain, whatever day each was on."""
    world = swap(
        feed(),
        lambda r: (
            replace(r, cumulative=False, start=r.end, persons=r.persons + 500_000) if r.series == "ministry" else r
        ),
    )
    found = next(item for item in audit(world) if item.kind == "cumulative_read_as_period")
    accepted = Decision(
        finding=found.kind, reports=found.reports, series="", action="read_cumulative", value="", why="they rise",
        by="officer, border", known=world.as_of,
    )  # fmt: skip
    figures = build_observations(replace(world, decisions=(accepted,)))
    rows = [row for row, regime in enumerate(figures.regime) if figures.regimes[regime].series == "ministry"]
    assert {figures.form[row] for row in rows} == {"difference"}
    assert len(rows) == len(found.reports) - 1


def test_a_lone_running_total_without_an_origin_is_listed() -> None:
    """Nothing that is left out is left out silently."""
    lone = report(0, 9, 5_000, series="ministry", cumulative=True)
    figures = build_observations(world_of(lone, series=(regime("ministry", origin=None),), days=30))
    assert figures.count == 0
    assert [item.report_id for item in figures.set_aside] == [lone.id]


@pytest.mark.parametrize(("factor", "words"), [(6.24, "6.2 times"), (0.8, "80 % of"), (0.0862, "8.6 % of")])
def test_factors_are_told_in_plain_words(factor: float, words: str) -> None:
    """`One 11.6th of` is nobody's language."""
    assert describe_factor(factor) == words


def test_impossible_dates() -> None:
    """A window that ends before it starts, or after it was known, is found."""
    world = swap(feed(), lambda r: replace(r, start=day(20)) if r.end == day(3) and not r.cumulative else r)
    assert "impossible_date" in {item.kind for item in audit(world)}


def test_count_that_leaves_out_deported() -> None:
    """A count that falls short of its total's step by just the deported of that day is found, and kind is the mend."""
    rows = (
        report(0, 4, 9007, cumulative=True), report(0, 5, 11232, cumulative=True), report(5, 5, 1992),
        report(5, 5, 233, kind="deported"), report(0, 8, 17805, cumulative=True), report(0, 10, 22011, cumulative=True),
    )  # fmt: skip
    found = [item for item in audit(world_of(*rows, days=12)) if item.kind == "leaves_out_deported"]
    assert [(item.action, item.value, item.reports) for item in found] == [("use_kind", "not_deported", (rows[2].id,))]


def test_finding_says_how_to_accept_it() -> None:
    """The lines for decisions.yaml name the reports and leave why and by to a person; the effect is in persons."""
    world = swap(feed(), lambda r: replace(r, persons=r.persons * 10) if r.end == day(12) and not r.cumulative else r)
    finding = audit(world)[0]
    lines = decision_lines(finding, world.as_of)
    assert any(finding.reports[0] in line for line in lines)
    assert lines[-3:-1] == ["     why: SAY WHY", "     by: ROLE, DUTY STATION"]
    assert "as it stands" in effect_of(world, finding)
    assert odds_words(5.0) == "about 150 to 1"
    assert odds_words(20.0) == "more than a million to one"


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_hold_against(count: int) -> None:
    """Without reports, or with one, there is nothing to say and nothing breaks."""
    assert audit(world_of(*(report(1, 1, 10),) * count, days=3)) == ()
