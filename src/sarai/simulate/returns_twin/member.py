"""A member of the twin: its persons, its beliefs, and the three ways in which chance meets it."""

from __future__ import annotations

import math

import numpy as np

from sarai.simulate.draws import binomial, binomial_fast, uniform_at
from sarai.simulate.layout import Layout
from sarai.simulate.state import SLOWNESS, Beliefs, state_shapes


class Member:
    """One member: where its persons are.

    stock, held             [stratum] persons at risk who have not left; persons held before the border
    road                    [day of arrival modulo its length][crossing][class]
    earlier, today          [crossing][class] persons in the queue who came on an earlier day, who came today
    present                 [cell] persons at a reception stage; onward [day modulo its length][destination]
    usual                   [crossing] persons/day that can be processed today, before the member's factor
    """

    t: int
    word: int
    usual: list[float]
    inflow: list[float]
    hazards: list[tuple[float, float]]
    last_open: int

    def __init__(self, layout: Layout, beliefs: Beliefs, mode: str, accuracy: str, border: bool) -> None:
        self.layout = layout
        self.mean, self.exact, self.border = mode == "mean", accuracy == "exact", border
        self.member = int(beliefs.members[0])
        believed = {name: array[..., 0].tolist() for name, array in beliefs._asdict().items() if name != "members"}
        self.pool, self.beyond, self.base = believed["stratum"]
        self.wave, self.weight = believed["wave"], believed["wave_weight"]
        self.intensity, self.status = believed["origin_intensity"], believed["status"]
        self.affinity, self.capacity_factor = believed["crossing"]
        (
            self.household,
            self.distance_weight,
            self.wait_weight,
            self.slowness,
            self.divert_fraction,
            self.divert_wait,
            self.stay_factor,
            self.hold_factor,
            self.contagion,
        ) = believed["common"]
        self.log_effect, self.crossing_effect = believed["log_effect"], believed["crossing_effect"]
        shapes = state_shapes(layout, float(beliefs.common[SLOWNESS].max()), border)
        self.stock, self.held = list(self.pool), [0.0] * len(self.pool)
        self.road = np.zeros(shapes["road"]).tolist()
        self.earlier, self.today = np.zeros(shapes["waiting"]).tolist()
        self.present = [0.0] * len(layout.cell_stage)
        self.onward = np.zeros(shapes["onward"]).tolist()
        self.recent = 0.0
        self.crossings, self.classes = layout.crossing.shape[1], layout.label.shape[1]
        self.record: dict[str, list[float]] = {}

    def uniform(self, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """The uniform of one key."""
        return float(uniform_at(self.layout.streams[purpose], self.member, self.word + sub_step, cell))

    def count(self, n: float, p: float, purpose: int, cell: np.uint64, sub_step: int = 0) -> float:
        """Binomial(n, p) persons, or the expectation."""
        if self.mean:
            return n * p
        draw = binomial if self.exact else binomial_fast
        return float(draw(self.uniform(purpose, cell, sub_step), int(n), p))

    def round_by(self, expected: float, u: float) -> float:
        """Whole persons whose expectation over u is `expected`."""
        return expected if self.mean else float(math.floor(expected + u))

    def allot(self, left: list[float], total: float, drawn: float, u: float) -> list[float]:
        """Who the `drawn` of `total` persons are: every row in proportion, rounded by one uniform. `left` shrinks."""
        before = done = 0.0
        taken = []
        for k, n in enumerate(list(left)):
            before += n
            share = drawn / total if total > 0.0 else 0.0
            target = before if drawn == total else self.round_by(share * before, u)
            part = max(min(target - done, n), 0.0)
            done += part
            left[k] = n - part
            taken.append(part)
        return taken
