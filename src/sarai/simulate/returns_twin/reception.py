"""5. and 6. Reception, and the road onward to the provinces of return."""

from __future__ import annotations

import math

from sarai.simulate.layout import ONWARD, ONWARD_ORDER, ONWARD_ROAD, ROUTE, STAY
from sarai.simulate.returns_twin.member import Member


class Reception(Member):
    """Stages in the order in which people pass them, then the road."""

    def receive(self, crossed: list[list[float]]) -> None:
        """From the crossing through the stages to the road onward."""
        layout = self.layout
        cells, sources = len(layout.cell_stage), len(layout.source_start) - 1
        self.inflow = [0.0] * (cells + sources)
        for x in range(self.crossings):
            for f in range(self.classes):
                entry = x * self.classes + f
                self.route(crossed[x][f], int(layout.entry_start[entry]), int(layout.entry_start[entry + 1]))
        for c in range(cells):
            ending = self.stay(c)
            self.route(ending, int(layout.edge_start[c]), int(layout.edge_start[c + 1]))
        self.count_above()
        for group in range(len(layout.group_start) - 1):
            self.go_on(range(layout.group_start[group], layout.group_start[group + 1]), self.inflow[cells:])
        slot = self.onward[self.t % len(self.onward)]
        self.record["arrivals"], slot[:] = list(slot), [0.0] * len(slot)

    def route(self, persons: float, first: int, last: int) -> None:
        """Send persons along routing edges by their shares."""
        left = persons
        for edge in range(first, last):
            share = float(self.layout.edge_cond[edge])
            sent = left if edge == last - 1 else self.count(left, share, ROUTE, self.layout.edge_key[edge])
            self.inflow[self.layout.edge_to[edge]] += sent
            left -= sent

    def stay(self, c: int) -> float:
        """One day of a cell; returns those who leave it. A stay of d >= 1 nights ends each day with probability 1/d."""
        stage, key = int(self.layout.cell_stage[c]), self.layout.cell_key[c]
        nights = float(self.layout.stage[2, stage]) * self.stay_factor
        ending = self.count(self.present[c], 1.0 / nights if nights > 1.0 else 1.0, STAY, key)
        passing = self.count(self.inflow[c], 1.0 - nights if nights < 1.0 else 0.0, STAY, key, sub_step=1)
        ending += passing
        self.present[c] += self.inflow[c] - ending
        self.record["stage_arrivals"][stage] += self.inflow[c]
        self.record["occupancy"][stage] += self.present[c]
        return ending

    def count_above(self) -> None:
        """Persons above the capacity of each stage."""
        for s in range(self.layout.stage.shape[1]):
            limit, daily, _ = self.layout.stage[:, s]
            load = self.record["stage_arrivals" if daily else "occupancy"][s]
            self.record["above_capacity"][s] = load - math.floor(limit) if load > limit else 0.0

    def go_on(self, sources: range, going: list[float]) -> None:
        """The people of places with the same shares choose destinations together; then the road."""
        layout = self.layout
        left = [going[source] for source in sources]
        total = 0.0
        for persons in left:
            total += persons
        first, last = int(layout.source_start[sources[0]]), int(layout.source_start[sources[0] + 1])
        for edge in range(first, last):
            key, share = layout.onward_key[edge], float(layout.onward_edge[0, edge])
            taken = left
            if edge < last - 1:
                drawn = self.count(total, share, ONWARD, key)
                taken = self.allot(left, total, drawn, 0.0 if self.mean else self.uniform(ONWARD_ORDER, key))
                total -= drawn
            for source, persons in zip(sources, taken, strict=True):
                self.go_by_road(source, edge - first, persons)

    def go_by_road(self, source: int, k: int, persons: float) -> None:
        """The onward road from one place to its k-th destination; one uniform a place rounds the days."""
        edge = int(self.layout.source_start[source]) + k
        to, slots = int(self.layout.onward_to[edge]), len(self.onward)
        u = 0.0 if self.mean else self.uniform(ONWARD_ROAD, self.layout.source_key[source])
        length = float(self.layout.onward_edge[1, edge]) * self.slowness
        days = math.floor(length)
        late = self.round_by(persons * (length - days), u)
        self.onward[(self.t + days) % slots][to] += persons - late
        self.onward[(self.t + days + 1) % slots][to] += late
