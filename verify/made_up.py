"""The made-up worlds of the tests, for claims and benchmarks that run outside pytest."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from makers.emergency import KINDS, Emergency, draw_emergency, make_folder
from makers.hazard_emergency import NUMBERS, draw_hazard_emergency, hazard_flow
from makers.networks import random_world
from makers.parameters import spread_parameters
from makers.releases import (
    FINEST,
    START,
    careless_days,
    drifting_estimates,
    publish_days,
    publish_estimates,
    sparse_counts,
)  # fmt: skip
from makers.worlds import close_crossing, make_place, make_world, reference_world

__all__ = [
    "FINEST",
    "KINDS",
    "NUMBERS",
    "START",
    "Emergency",
    "careless_days",
    "close_crossing",
    "draw_emergency",
    "draw_hazard_emergency",
    "drifting_estimates",
    "hazard_flow",
    "make_folder",
    "make_place",
    "make_world",
    "publish_days",
    "publish_estimates",
    "random_world",
    "reference_world",
    "sparse_counts",
    "spread_parameters",
]
