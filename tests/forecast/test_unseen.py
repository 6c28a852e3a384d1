"""The bench of unseen emergencies: what is seen and what judges stay apart, and a ratio is one of emergencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from benchmarks.unseen import (
    COVER90,
    DRAWN_HELD_OUT,
    MEASURES,
    OTHER_SEED,
    REAL,
    WIS,
    WIS_LOG,
    Scored,
    coverage,
    horizon_of,
    origins_of,
    ratio,
    real_origins,
    table_text,
)

from makers.emergency import KINDS, draw_emergency, make_folder, true_flow
from makers.hazard_emergency import draw_hazard_emergency, hazard_flow
from sarai.forecast.backtest import MODELS, fit_origin, paths_of_models
from sarai.forecast.emergencies import same_emergencies
from sarai.observe.case_folder import check_folder, load_case
from sarai.world.case import Case


def scored(number: int, pool: float, others: float, origins: int = 4) -> Scored:
    """An emergency in which the pool scores `pool`, one baseline `others` and the rest twice that, at each origin."""
    values = {name: others * (1.0 if name == "persistence" else 2.0) for name in MODELS} | {"pool": pool}
    rising = np.linspace(0.5, 1.5, origins)[:, None]
    means = {name: rising * np.full((1, MEASURES), value) for name, value in values.items()}
    return Scored(name=f"made-{number}", kind=KINDS[0].name, fate=KINDS[0].regime, targets=10, means=means)


def test_a_ratio_is_the_geometric_mean_over_emergencies_of_pool_and_best_baseline() -> None:
    """Halves and doubles cancel, however large the emergency; the best baseline is that of each emergency."""
    value, (low, high) = ratio([scored(1, 1.0, 2.0), scored(2, 4000.0, 2000.0)], WIS)
    assert value == pytest.approx(1.0)
    assert low == pytest.approx(0.5) and high == pytest.approx(2.0)


def test_the_best_baseline_is_chosen_for_each_measure() -> None:
    """One that is good in persons need not be good in logs."""
    one = scored(1, 1.0, 2.0)
    one.means["theta"][:, WIS_LOG] = 0.25
    assert ratio([one], WIS)[0] == pytest.approx(0.5) and ratio([one], WIS_LOG)[0] == pytest.approx(4.0)


def test_an_interval_is_one_over_origins_where_there_is_one_emergency() -> None:
    """Origins that agree on the ratio leave none; the coverage of unlike origins has one."""
    one = scored(1, 0.5, 1.0)
    assert ratio([one], WIS)[1] == pytest.approx((0.5, 0.5))
    value, (low, high) = coverage([one], COVER90)
    assert low < value < high


def test_each_kind_is_made_anew_under_each_number() -> None:
    """No seed of one kind is that of another, so that nothing that judges was seen."""
    seeds = [kind.seed + OTHER_SEED * number for kind in KINDS for number in range(5)]
    assert len(set(seeds)) == len(seeds)


def test_a_deadline_that_comes_to_nothing_before_one_that_does_not_moves_few_and_has_no_acts() -> None:
    """The rush follows the second deadline, and so do the acts that could be seen."""
    kind = next(kind for kind in KINDS if kind.empty)
    total = true_flow(kind).sum(axis=1)
    first, second = (total[day - 14 : day + 20].max() for day in kind.deadlines)
    assert kind.empty == kind.deadlines[:1] and second > 4 * first
    acts = make_folder(kind)["events.csv"].decode().splitlines()[1:]
    assert acts and all(date.fromisoformat(act[:10]) > kind.start + timedelta(days=kind.deadlines[1]) for act in acts)


def test_the_wide_family_has_every_fate_and_what_judges_was_not_seen() -> None:
    """One in four comes to nothing, one in four is late; every draw is another, and leaves room for its horizon."""
    made = [draw_emergency(number) for number in range(DRAWN_HELD_OUT + 16)]
    fates = [kind.regime for kind in made[:16]]
    assert [fates.count(fate) for fate in ("enforced", "late", "not enforced")] == [8, 4, 4]
    assert len({(kind.seed, kind.base, kind.peak) for kind in made}) == len(made)
    assert any(kind.population is None for kind in made) and {kind.reporting for kind in made} == {
        "day",
        "week",
        "total",
    }
    for kind in made:
        assert kind.deadlines[0] > kind.notice
        assert origins_of(kind)[-1] + timedelta(days=horizon_of(kind)) <= kind.start + timedelta(days=kind.days)
    assert draw_emergency(3) == made[3]


def test_emergencies_drawn_from_hazards_follow_their_fate(tmp_path: Path) -> None:
    """A rush after an enforced deadline, days later where it is late, none where it is not; nobody leaves twice; a flow
    that is given stands in the reports; the folder has no fault.
    """
    made = [draw_hazard_emergency(number) for number in range(40)]
    flows = [hazard_flow(kind).sum(axis=1) for kind in made]
    turned = {fate: [] for fate in ("enforced", "late", "not enforced")}
    for kind, flow in zip(made, flows, strict=True):
        assert flow.sum() - kind.base * kind.days < 1.1 * (kind.population or 0)
        deadline = kind.deadlines[0]
        turned[kind.regime].append(
            flow[deadline : deadline + 3].mean() / flow[deadline - kind.notice - 20 :][:15].mean()
        )
    enforced, late, nothing = (float(np.median(turned[fate])) for fate in turned)
    assert enforced > 3 * late > 3 * nothing, (enforced, late, nothing)
    assert np.array_equal(hazard_flow(made[7]), hazard_flow(draw_hazard_emergency(7)))
    for name, content in make_folder(made[0], np.full((made[0].days, made[0].crossings), 77.0)).items():
        (tmp_path / name).write_bytes(content)
    assert check_folder(tmp_path) == []
    persons = [row.split(",")[5] for row in (tmp_path / "observations.csv").read_text().splitlines() if "gate_" in row]
    assert persons and all(40 < int(value) < 140 * 7 for value in persons)


def test_every_origin_leaves_room_for_its_horizon() -> None:
    """And each kind has eight or more, or as many as its days allow."""
    for kind in KINDS:
        origins = origins_of(kind)
        assert len(origins) >= 8 and origins == sorted(set(origins)), kind.name
        assert origins[-1] + timedelta(days=horizon_of(kind)) <= kind.start + timedelta(days=true_flow(kind).shape[0])


@pytest.mark.parametrize("folder", REAL, ids=lambda folder: folder.name)
def test_a_real_emergency_has_no_fault_and_is_none_that_its_forecast_learned_from(folder: Path) -> None:
    """Figures enough, with a page for each; what the tables know of the same border at that time is left out."""
    assert check_folder(folder) == []
    case = load_case(folder)
    world = case.as_of(case.last_known())
    assert len(world.reports) >= 8 and all(world.sources[report.source_id].url for report in world.reports)
    assert same_emergencies(world) == ({"pakistan-2023"} if folder.name == "pakistan-2025" else frozenset())


@pytest.mark.parametrize("folder", REAL, ids=lambda folder: folder.name)
def test_no_forecast_of_a_real_emergency_knows_a_later_row(folder: Path) -> None:
    """Later reports of days past and later events may be deleted or say anything: the forecast has the same bytes."""
    case = load_case(folder)
    day = max(day for day in real_origins(case) if any(r.end <= day < r.known for r in case.reports))
    late = [report for report in case.reports if report.known > day]
    kept = tuple(report for report in case.reports if report.known <= day)
    lies = tuple(replace(report, persons=1, families=None, crossing="all") for report in reversed(late))
    events = tuple(event for event in case.events if event.known <= day)

    def paths(told: Case) -> bytes:
        return paths_of_models(fit_origin(told.as_of(day)), MODELS, horizon_days=28, member_count=50, seed=1)[
            "pool"
        ].tobytes()

    assert paths(replace(case, reports=kept, events=events)) == paths(case) == paths(replace(case, reports=lies + kept))


def test_origins_of_a_real_emergency_lie_around_each_deadline_that_was_named() -> None:
    """Also around the first one, which was put off."""
    case = load_case(next(folder for folder in REAL if folder.name == "kenya-2016"))
    assert {date(2016, 11, 14), date(2017, 1, 9), date(2017, 5, 15)} <= set(real_origins(case))


def test_the_table_has_a_row_for_each_kind_and_each_shared_fate() -> None:
    """Kinds with one fate are also taken together."""
    made = [
        Scored(name=kind.name, kind=kind.name, fate=kind.regime, targets=1, means=scored(1, 1.0, 2.0).means)
        for kind in KINDS
    ]
    rows = table_text(made).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == [
        *[f"| {kind.name}" for kind in KINDS], "| **all enforced**", "| **all without a deadline**",
    ]  # fmt: skip
