"""The made-up worlds of the tests, for claims and benchmarks that run outside pytest."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from makers.emergency import KINDS, Emergency, make_folder
from makers.networks import random_world
from makers.parameters import spread_parameters
from makers.releases import careless_days, publish_days, sparse_counts
from makers.worlds import close_crossing, make_place, make_world, reference_world

__all__ = [
    "KINDS",
    "Emergency",
    "careless_days",
    "close_crossing",
    "make_folder",
    "make_place",
    "make_world",
    "publish_days",
    "random_world",
    "reference_world",
    "sparse_counts",
    "spread_parameters",
]
