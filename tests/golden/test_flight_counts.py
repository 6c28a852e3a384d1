"""Counts of the flight law, frozen: a key, a word or a rounding that moves in kernel and twin alike moves them.

`tests/simulate/test_flight_reference.py` holds most of them to Flee's engine; that tells a fault from a draw.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from makers.flight_laws import LAWS
from sarai.model.flight.law import FlightLaw, build_law
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight

FROZEN = Path(__file__).with_name("flight_counts.json")
ROOM = Path(__file__).parents[1] / "reference" / "flight"
MEMBERS, DAYS = (0, 5), 3  # ids, and on how many days


def last_counts(law: FlightLaw) -> list[list[list[int]]]:
    """Persons by day, place and member on days spread over a conflict, and on its last."""
    ensemble = simulate_flight(law, seed=7, members=MEMBERS)
    last = len(ensemble.total) - 1
    return [ensemble.place[last * k // DAYS].tolist() for k in range(1, DAYS + 1)]


def test_counts_are_the_frozen_ones(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Every count of every conflict is the one on file; `make golden` writes them anew."""
    found = {path.name: last_counts(build_law(read_flee_case(path))) for path in sorted(ROOM.iterdir())}
    found |= {name: last_counts(make(tmp_path / name)) for name, make in LAWS.items()}
    if request.config.getoption("--remake-golden", default=False):
        rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(counts)}" for name, counts in found.items())
        FROZEN.write_text("{\n" + rows + "\n}\n", encoding="utf-8")
    assert found == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_frozen_counts_are_plausible() -> None:
    """Nobody is less than nobody, people stand somewhere on the last day, and members differ."""
    for name, days in json.loads(FROZEN.read_text(encoding="utf-8")).items():
        totals = [[sum(column) for column in zip(*places, strict=True)] for places in days]
        assert min(min(row) for places in days for row in places) >= 0, name
        assert max(totals[-1]) > 0 and any(one != two for places in days for one, two in places), name
