"""A day of the law from morning to night, and a run of many days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel
from sarai.simulate.ensemble import AXES
from sarai.simulate.layout import build_layout
from sarai.simulate.returns_twin.border import Border
from sarai.simulate.returns_twin.departure import Departure
from sarai.simulate.returns_twin.reception import Reception
from sarai.simulate.state import build_beliefs, take_block


class Twin(Departure, Border, Reception):
    """One member, and how a day moves its persons. Read `day` first; each line of it has a file of its own."""

    def day(self, t: int) -> dict[str, list[float]]:
        """Move everybody by one day; returns the day's observables, each as a flat list."""
        self.t, self.word = t, int(self.layout.calendar[1, t])
        rows = self.layout.row
        self.record = {name: [0.0] * int(rows[i + 1] - rows[i]) for i, name in enumerate(AXES)}
        self.usual = [self.layout.crossing[0, x] * self.layout.open_fraction[t, x] for x in range(self.crossings)]
        self.leave_home()
        crossed = [self.cross(x) for x in range(self.crossings)]
        for x in range(self.crossings):
            self.count_border(x, crossed[x])
        if not self.border:
            self.receive(crossed)
        self.count_stocks()
        return self.record

    def count_stocks(self) -> None:
        """Persons not yet left, held, and on the roads at the end of the day."""
        road = [self.road[(self.t + 1 + k) % len(self.road)] for k in range(len(self.road))]
        onward = [self.onward[(self.t + 1 + k) % len(self.onward)] for k in range(len(self.onward))]
        for name, parts in (
            ("remaining", (self.stock, self.beyond)),
            ("held", (self.held,)),
            ("on_road", [slot[x] for x in range(self.crossings) for slot in road]),
            ("onward_road", () if self.border else onward),
        ):
            for part in parts:
                for persons in part:
                    self.record[name][0] += persons


def simulate_twin(
    model: ReturnsModel,
    parameters: Parameters,
    *,
    first_day: int,
    last_day: int,
    seed: int,
    mode: str = "draws",
    accuracy: str = "exact",
    stages: str = "all",
) -> dict[str, NDArray[Any]]:
    """Every observable as (day, flat axes, member), member by member through `Twin`: slow, for reading and tests."""
    layout = build_layout(model, first_day, last_day, seed)
    beliefs = build_beliefs(model, parameters, layout, whole=mode == "draws")
    columns: dict[str, list[list[list[float]]]] = {name: [] for name in AXES}
    for member in range(parameters.member_count):
        twin = Twin(layout, take_block(beliefs, member, member + 1), mode, accuracy, stages == "border")
        days = [twin.day(t) for t in range(layout.calendar.shape[1])]
        for name in AXES:
            columns[name].append([day[name] for day in days])
    return {name: np.moveaxis(np.array(values, dtype=np.float64), 0, -1) for name, values in columns.items()}
