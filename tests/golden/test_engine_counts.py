"""Counts of a small run, frozen: they move only when the law, the draws or the case moves, and then on purpose."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sarai.model.returns import build_returns, central_parameters
from sarai.observe.case_folder import load_case
from sarai.simulate.simulate import simulate_returns

FROZEN = Path(__file__).with_name("engine_counts.json")
AS_OF = date(2023, 10, 28)
DAYS = 80
WEEK = 7


def weekly_counts() -> dict[str, Any]:
    """Weekly flows and last counts of three members of the built-in case, at the centre of its priors."""
    model = build_returns(load_case("pakistan-2023").as_of(AS_OF))
    run = simulate_returns(
        model,
        central_parameters(model, np.arange(3, dtype=np.uint64)),
        first_day=model.first_day,
        last_day=model.first_day + DAYS - 1,
        seed=1,
    )
    counts: dict[str, Any] = {}
    for name in ("departures", "crossed", "stage_arrivals", "arrivals"):
        total = run[name].reshape(DAYS, -1, 3).sum(axis=1)
        counts[name] = [total[low : low + WEEK].sum(axis=0).tolist() for low in range(0, DAYS, WEEK)]
    for name in ("queue", "occupancy", "remaining", "on_road", "held"):
        counts[name] = run[name][-1].reshape(-1, 3).sum(axis=0).tolist()
    return counts


def test_counts_are_the_frozen_ones(request: pytest.FixtureRequest) -> None:
    """Every weekly count of every member is the one on file; `make golden` writes them anew."""
    found = weekly_counts()
    if request.config.getoption("--remake-golden", default=False):
        FROZEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_frozen_counts_are_plausible() -> None:
    """A frozen fault would still be a fault: people who crossed are no more than those who left, and some did."""
    counts = json.loads(FROZEN.read_text(encoding="utf-8"))
    left, crossed = (np.array(counts[name]).sum(axis=0) for name in ("departures", "crossed"))
    assert np.all(crossed <= left)
    assert np.all(crossed > 1000)
