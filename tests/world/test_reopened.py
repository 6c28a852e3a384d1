"""A crossing that the calendar calls shut, with no end known, is open where people were counted since."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from makers.folder import OBSERVATIONS, SMALLEST_YAML, smallest_case
from sarai.calibrate.calibrate import calibrate
from sarai.forecast.make import law_paths
from sarai.forecast.reopening import shut_without_end
from sarai.observe.case_folder import case_from_files
from sarai.world.completeness import list_gaps
from sarai.world.reopened import counted_open, told_closures
from sarai.world.world import World

SHUT = date(2030, 3, 10)
HEADER = OBSERVATIONS.splitlines()[0]


def make_world(
    counts: dict[int, int], *, kind: str = "return_all", part: str = "", total: str = "false", as_of: int = 30
) -> World:
    """The smallest case with its northern gate shut on 10 March, and these counts there by day of March."""
    closure = f"  closures:\n    - {{crossing: north_gate, start: {SHUT}{part}, known: {SHUT}}}\npopulation:"
    rows = [
        f"2030-03-{day:02d},2030-03-{day:02d},north_gate,all,{kind},{persons},,{total},,post,,post_daily,"
        f"{date(2030, 3, day) + timedelta(days=1)},false"
        for day, persons in sorted(counts.items())
    ]
    files = smallest_case(
        case=SMALLEST_YAML.replace("population:", closure), observations="\n".join([HEADER, *rows, ""])
    )
    return case_from_files("small", files).as_of(date(2030, 3, 1) + timedelta(days=as_of - 1))


@pytest.mark.parametrize(
    ("counts", "since"),
    [
        (dict.fromkeys(range(1, 11), 200), None),
        ({9: 200, 12: 0, 13: 9}, None),
        ({9: 200, 12: 0, 14: 80, 15: 90, 17: 10}, 14),
        ({9: 200, 12: 300, 13: 0, 20: 40}, 20),
        ({9: 200, 12: 300, 13: 0}, None),
    ],
    ids=["before and on the day", "nobody and a few", "since the first of a run", "the last run", "shut again"],
)
def test_the_last_run_of_counts_tells_since_when(counts: dict[int, int], since: int | None) -> None:
    """Counts of ten and more, begun after it was shut, that reach to the last count there."""
    world = make_world(counts)
    assert dict(counted_open(world)) == ({} if since is None else {"north_gate": date(2030, 3, since)})
    (closure,) = told_closures(world)
    assert closure.end == (None if since is None else date(2030, 3, since - 1))


def test_counts_of_some_totals_and_partial_closures_say_nothing() -> None:
    """A crossing may be shut to all but those whom authorities send, or half open."""
    counts = dict.fromkeys(range(12, 20), 80)
    assert counted_open(make_world(counts))
    assert not counted_open(make_world(counts, kind="deported"))
    assert not counted_open(make_world(counts, total="true"))
    assert not counted_open(make_world(counts, part=", fraction_closed: 0.5"))


def test_a_count_that_is_known_later_is_not_felt() -> None:
    """The count of 14 March was known on the 15th."""
    counts = {12: 0, 14: 80}
    assert not counted_open(make_world(counts, as_of=14)) and counted_open(make_world(counts, as_of=15))


def test_a_forecast_goes_on_where_the_end_of_a_closure_was_forgotten() -> None:
    """It said that nobody comes, beside a fortnight of counts; `check` asks for the end."""
    world = make_world({day: 150 if day < 11 or day > 14 else 0 for day in range(1, 30)})
    posterior = calibrate(world)
    assert shut_without_end(posterior.model) == ()
    place = posterior.model.crossings.index("north_gate")
    paths = law_paths(posterior, np.arange(100, dtype=np.uint64), 1, 3)[:, place]
    assert 50.0 < float(np.median(paths)) < 1500.0
    (gap,) = [gap for gap in list_gaps(world) if "shut" in gap.what]
    assert gap.what == "until when north_gate was shut" and "north_gate since 2030-03-15" in gap.until
