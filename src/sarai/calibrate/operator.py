"""What the reports would say of simulated flows: window sums by crossing, kind and status, as logs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import SMALLEST_FLOW
from sarai.model.returns import KINDS, ReturnsModel
from sarai.reconcile.kinds import MEMBERS_OF_CLASS
from sarai.reconcile.observations import Observations
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.kernel import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel(checked=True)
def sum_windows(
    flow: Floats, low: Ints, high: Ints, inside: NDArray[np.bool_], kinds: NDArray[np.bool_], out: Floats
) -> None:
    """out[obs, m] = sum of flow[low:high, crossings inside, kinds, m]."""
    _, crossings, classes, members = flow.shape
    for o in range(low.shape[0]):
        for m in range(members):
            out[o, m] = 0.0
        for d in range(low[o], high[o]):
            for c in range(crossings):
                if inside[o, c]:
                    for k in range(classes):
                        if kinds[o, k]:
                            for m in range(members):
                                out[o, m] += flow[d, c, k, m]


class ReportOperator:
    """Maps the crossings of an ensemble to the log of each figure of `Observations`, before bias.

    Figures whose window lies more than half before the first simulated day are left out (`used` is False there); a
    window that begins a little before it is scaled up to its full length.
    """

    def __init__(self, observations: Observations, model: ReturnsModel, first_day: int, last_day: int) -> None:
        self.observations = observations
        length = observations.end - observations.start + 1
        low = np.maximum(observations.start, first_day)
        high = np.minimum(observations.end, last_day) + 1
        inside_days = np.maximum(high - low, 0)
        self.used: NDArray[np.bool_] = (2 * inside_days >= length) & (observations.end <= last_day)
        rows = np.flatnonzero(self.used)
        self.rows = rows
        self.low = (low[rows] - first_day).astype(np.int64)
        self.high = (high[rows] - first_day).astype(np.int64)
        self.stretch = length[rows] / inside_days[rows] if rows.size else np.zeros(0)
        order = [model.crossings.index(name) for name in observations.crossings]
        self.scope = np.zeros((rows.size, len(model.crossings)), dtype=np.bool_)
        self.scope[:, order] = observations.scope[rows]
        self.kinds = np.zeros((rows.size, len(KINDS)), dtype=np.bool_)
        self.status = np.full(rows.size, -1, dtype=np.int64)
        for place, row in enumerate(rows):
            self.kinds[place, list(MEMBERS_OF_CLASS[observations.classes[row]])] = True
            if observations.statuses[row] != "all":
                self.status[place] = model.statuses.index(observations.statuses[row])

    @property
    def count(self) -> int:
        """Number of figures used."""
        return int(self.rows.size)

    def observe(self, ensemble: Ensemble) -> Floats:
        """Log persons (used figure, member). Figures by status take that status' share of all crossings."""
        flow = np.ascontiguousarray(ensemble["crossed"], dtype=np.float64)
        out = np.empty((self.count, flow.shape[3]))
        sum_windows(flow, self.low, self.high, self.scope, self.kinds, out)
        if (self.status >= 0).any():
            self._by_status(ensemble, flow, out)
        return np.log(out * self.stretch[:, np.newaxis] + SMALLEST_FLOW)

    def _by_status(self, ensemble: Ensemble, flow: Floats, out: Floats) -> None:
        rows = np.flatnonzero(self.status >= 0)
        by_status = np.ascontiguousarray(ensemble["crossed_status"], dtype=np.float64)
        pick = np.zeros((rows.size, by_status.shape[2]), dtype=np.bool_)
        pick[np.arange(rows.size), self.status[rows]] = True
        own, total = np.empty((rows.size, flow.shape[3])), np.empty((rows.size, flow.shape[3]))
        sum_windows(by_status, self.low[rows], self.high[rows], self.scope[rows], pick, own)
        everyone = np.ones((rows.size, flow.shape[2]), dtype=np.bool_)
        sum_windows(flow, self.low[rows], self.high[rows], self.scope[rows], everyone, total)
        out[rows] *= own / np.maximum(total, 1e-9)
