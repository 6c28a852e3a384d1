"""Reception as a network: stages, who is routed where, and the onward journey. Persons only; no place is ranked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ReceptionNetwork:
    """Reception unfolded into cells. A cell is a stage with a group of people who are routed alike from there on.

    stages, destinations  ids, sorted
    stage_capacity        (stage,) persons (nan: not known); capacity_daily True where it is persons a day, not present
    stage_stay_days       (stage,) mean nights spent there
    cell_stage, cell_name (cell,) stage position, stable name; in an order in which people move only forwards
    entry_start           (crossing x class + 1,) where the entry edges of each crossing and class begin
    edge_start            (cell + 1,) where the edges of each cell begin, in the same edge arrays, after the entry edges
    edge_to               (edge,) a cell, or cell count + source for going on
    edge_share            (edge,) share of those who leave; sums to 1 over the edges of one origin
    source_name           (source,) `source|place|group`: where the onward journey begins, and whose shares apply;
                          sources of one group stand side by side
    source_start          (source + 1,) where its onward edges begin
    onward_destination, onward_share, onward_days   (onward edge,) destination position, share, days at speed factor 1
    """

    stages: tuple[str, ...]
    destinations: tuple[str, ...]
    stage_capacity: Floats
    capacity_daily: NDArray[np.bool_]
    stage_stay_days: Floats
    cell_stage: Ints
    cell_name: tuple[str, ...]
    entry_start: Ints
    edge_start: Ints
    edge_to: Ints
    edge_share: Floats
    source_name: tuple[str, ...]
    source_start: Ints
    onward_destination: Ints
    onward_share: Floats
    onward_days: Floats
