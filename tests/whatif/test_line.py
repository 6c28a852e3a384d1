"""The line: what sarai never decides, sizes, seeks or ranks is refused with a sentence, wherever it is asked."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from sarai.observe.case_folder import load_case
from sarai.plan.supplies import default_supplies, parse_supplies
from sarai.whatif.paths import all_paths, find_rule
from sarai.world.errors import RequestError
from sarai.world.line import REFUSED, find_refusal
from sarai.world.response import FUNDS, ITEMS
from sarai.world.world import World

FORBIDDEN = {
    "goal-seek on departures": ("goal.departures", "target.departures.per_day", "departures.punjab.rate"),
    "a clearance date": ("clearance.punjab.date", "goal.clearance_date"),
    "the remaining population": ("population.punjab.remaining", "remaining.all.persons", "minimise.remaining"),
    "ranking origin areas": ("origins.punjab.rank", "rank.origins", "origin.punjab.priority"),
    "detention": ("detention.hazro.capacity", "holding.hazro.capacity", "stages.detention.capacity"),
    "deportation transport": ("transport.deportation.buses", "deport.torkham.trucks", "removal.torkham.flights"),
    "enforcement": ("enforcement.undocumented.rate", "calendar.undocumented.enforce_rate", "police.punjab.staff",
                    "arrests.punjab.per_day", "raids.punjab.count"),
    "exit processing": ("crossings.torkham.exit_desks", "exit.torkham.desks"),
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    """The reference case."""
    return load_case("pakistan-2023").as_of(date(2023, 10, 28))


@pytest.mark.parametrize("path", [path for paths in FORBIDDEN.values() for path in paths])
def test_each_forbidden_path_is_refused_with_its_sentence(world: World, path: str) -> None:
    """Not as an unknown path but with the reason, and no nearest path is offered towards it."""
    with pytest.raises(RequestError) as caught:
        find_rule(world, path)
    fault = caught.value.faults[0]
    assert fault.what in [reason for _, reason in REFUSED]
    assert "did you mean" not in fault.mend


def test_no_lever_of_the_closed_list_touches_the_line(world: World) -> None:
    """Neither a path of the reference case nor an item of the 3W or of the supplies falls under the line."""
    areas = {(path.split(".")[0], path.split(".")[2]) for path in all_paths(world)}
    assert [pair for pair in areas if find_refusal(".".join(pair))] == []
    assert [item for item in (*ITEMS, FUNDS) if find_refusal(item)] == []
    assert [line.id for line in default_supplies() if find_refusal(f"{line.id} {line.item}")] == []


@pytest.mark.parametrize("item", ["deportation buses", "detention beds", "police vehicles", "exit desks"])
def test_the_optimiser_buys_nothing_beyond_the_line(item: str) -> None:
    """A table of supplies with such a line is refused with the sentence and the row."""
    head = "id,item,unit,setting,basis,use,persons_per_unit,cost_usd,resupply_days,severity,assumption,note\n"
    with pytest.raises(RequestError) as caught:
        parse_supplies(f"{head}x,{item},units,transit,night,held,5,10,3,1,A1,\n")
    assert (caught.value.faults[0].row, caught.value.faults[0].what) in [(2, reason) for _, reason in REFUSED]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("stages.omari_recepton.capacity", "stages.omari_reception.capacity"),
        ("registration.torkham.desks", "registration.torkham_zero_point.desks"),
        ("calendar.undocumented.dedline", "calendar.undocumented.deadline"),
        ("cash.omari.usd_day", "cash.omari_camp.usd_day"),
    ],
)
def test_an_unknown_path_gets_the_nearest_one(world: World, path: str, near: str) -> None:
    """A slip is met with the path that was meant."""
    with pytest.raises(RequestError) as caught:
        find_rule(world, path)
    assert near in caught.value.faults[0].mend


@pytest.mark.parametrize("text", ["enforcement.rate=2", "origins.punjab.rank=1", "no.such.path=1", "x"])
def test_the_terminal_says_a_sentence_and_ends_with_two(text: str) -> None:
    """No stack trace; the exit code of bad input."""
    done = subprocess.run(
        [sys.executable, "-m", "sarai", "whatif", "teaching", "--set", text],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and done.stderr.strip()
