"""Crossings: where people cross and where queues form, under both scenarios, over the first days ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.lab.controls import place_name
from sarai.plan.totals import Spans
from sarai.whatif.contrast import Side, count_bands
from sarai.world.world import World

Floats = NDArray[np.float64]
Counted = Mapping[str, Floats]


def count_crossings(side: Side, lengths: tuple[int, ...]) -> Counted:
    """`queue`: persons in the longest queue at closing time; `crossed`: persons who cross. (span, crossing, member)."""
    spans = Spans(lengths)
    return {"queue": spans.most(side.daily["queue"]), "crossed": spans.total(side.daily["crossed"])}


def crossing_data(world: World, names: tuple[str, ...], base: Counted, changed: Counted) -> list[list[dict[str, Any]]]:
    """One list a span of one entry a crossing: 5 %, median, 95 % of both scenarios and of the paired difference."""
    bands = {
        (what, key): count_bands(values).round()
        for what, before in base.items()
        for key, values in (("base", before), ("changed", changed[what]), ("difference", changed[what] - before))
    }
    spans = range(len(base["queue"]))
    return [
        [
            {"place": name, "name": place_name(world, name)}
            | {
                what: {key: bands[what, key][:, span, at].tolist() for key in ("base", "changed", "difference")}
                for what in base
            }
            for at, name in enumerate(names)
        ]
        for span in spans
    ]
