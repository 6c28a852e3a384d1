"""Hold: window sums of a sample put back to what its linear picture says of them.

A linear picture knows each window's log sum; the sum of exponentials of its days says otherwise, the more the days
differ. Each window moves the days of which it says more than any other, by the gap that these days have to close when
all others stay as they are, a few times over. Totals since one day then give the sums between them their own size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.fit import Fit
from sarai.reconcile.linear import Flows, find_flows, sum_flows
from sarai.reconcile.observations import Observations
from sarai.reconcile.windows_kernel import choose_windows, move_part, spread_gaps, sum_own_days

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REPEATS = 6  # times that days are moved to keep window sums
NO_OWN = 0.1  # a window with a smaller part than this says nothing about those days: they go with their neighbours
USUAL_GAP = 0.25  # log units by which own days are off at first: a window that knows them less well moves them less
FURTHEST = 3.0  # log units by which a sample may depart from the best path: a factor of twenty
LARGEST_CHANGE = 1.0  # log units by which a repeat may move a day


@dataclass(frozen=True, kw_only=True)
class Held:
    """Figures (figure,) that may hold the sums of their days, all of one status, or of everybody (mark -1).

    middle (day, crossing) persons on the best path
    """

    mark: int
    figures: NDArray[np.bool_]
    middle: Floats


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Windows that hold sums under one set of weights, and the days that each of them moves.

    figures (held,) those with days of their own; labels: their classes; best (day, crossing) the figure whose day it
    is, -1 for none; pace (held, 1) how far a gap is closed; least, most (day, crossing) persons between which days stay
    """

    mark: int
    figures: Ints
    labels: list[int]
    best: Ints
    pace: Floats
    least: Floats
    most: Floats


def keep_sums(fit: Fit, held: list[Held], variance: Floats, flows: Flows, meant: Floats) -> None:
    """Move the flows of samples, in place, until they hold their window sums.

    variance (figure,) of errors; meant (figure, member) log sums as the linear picture has them. Windows that count one
    status move the people of that status, those that count everybody the whole flow.
    """
    holders = [item for item in (choose_holders(fit, one, variance) for one in held) if len(item.figures)]
    for _ in range(REPEATS):
        for item in holders:
            growth = spread_gaps(item.best, find_gaps(fit, item, flows, meant))
            move_part(growth, item.mark, item.least, item.most, flows.flow, flows.marks)


def find_held(observations: Observations, fit: Fit) -> list[Held]:
    """Statuses one by one, then everybody, as far as some figure may hold sums of them.

    A figure on one kind holds none, nor one labelled with a status that its series does not count by definition: the
    label may be loose (A52).
    """
    plan = fit.plan
    middle = find_flows(plan, fit.path[:, :, None].copy(), fit.constants[:, None].copy())
    whole = np.array([len(members) > 1 for members, _ in plan.classes], dtype=np.bool_)
    declared = np.array(
        [status == "all" or status in observations.regimes[regime].statuses
         for status, regime in zip(observations.statuses, observations.regime, strict=True)], dtype=np.bool_,
    )  # fmt: skip
    mark_of = plan.class_mark[plan.class_of]
    found = []
    for mark in [*range(middle.marks.shape[2]), -1]:
        holds = whole[plan.class_of] & declared & (mark_of == mark)
        if holds.any():
            part = middle.flow if mark < 0 else middle.flow * middle.marks[:, :, mark]
            found.append(Held(mark=mark, figures=holds, middle=part[:, :, 0]))
    return found


def choose_holders(fit: Fit, held: Held, variance: Floats) -> Holders:
    """Which of the figures hold which days."""
    plan, weights = fit.plan, fit.weights
    best, own = choose_windows(
        weights.counted, weights.sums, variance, held.figures, plan.class_of, plan.low, plan.high,
        plan.scope_first, plan.scope_index,
    )  # fmt: skip
    figures = np.flatnonzero(own >= NO_OWN)
    mine = own[figures, None]
    return Holders(
        mark=held.mark,
        figures=figures,
        labels=np.unique(plan.class_of[figures]).tolist(),
        best=np.where((best >= 0) & (own[best] < NO_OWN), -1, best),
        pace=mine**2 / (mine**2 + (1.0 - mine) * variance[figures, None] / USUAL_GAP**2),
        least=held.middle * np.exp(-FURTHEST),
        most=held.middle * np.exp(FURTHEST),
    )


def find_gaps(fit: Fit, item: Holders, flows: Flows, meant: Floats) -> Floats:
    """Log units (figure, member) by which own days of each holding window are to move."""
    sums = sum_flows(fit.plan, flows, item.labels)[item.figures]
    mine = sum_own_days(item.best, item.mark, flows.flow, flows.marks, len(meant))[item.figures]
    wanted = 1.0 + (np.exp(meant[item.figures]) - sums) / np.maximum(mine, 1e-9)
    gaps = np.zeros_like(meant)
    gaps[item.figures] = item.pace * np.log(np.clip(wanted, np.exp(-LARGEST_CHANGE), np.exp(LARGEST_CHANGE)))
    return gaps
