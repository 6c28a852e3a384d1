"""Shares of kinds of return before any figure, and those kinds that the figures show to be a main part of all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.observations import Observations
from sarai.reconcile.picture import KINDS

KIND_SHARES = (0.03, 0.05)  # A62: median shares of deported and facilitated before any figure tells
MAIN_SHARE = 0.15  # A62: a kind whose own figures make more than this part of a border's is taken at their word,
BUSY_LEVEL = 0.75  # A62: at the middling day, or at this level of days: it may have begun late
LEAST_MAIN = 1.01  # A62: times the documented share that a main kind has at least
FEWEST_FIGURES = 3  # A62: of that kind
MOST_SHARE = 0.95  # A62: up to this; the rest is left for people whom no figure counts


def kind_prior(observations: Observations) -> tuple[float, ...]:
    """Shares of deported and facilitated: the documented ones, but for a kind that the figures show to be the main one.

    Where the figures of one kind come near those of everybody at the time, or are all that there is, people of other
    kinds are not thought up beside them.
    """
    shares = list(KIND_SHARES)
    classes = np.array(observations.classes)
    alone = not np.isin(classes, ("all", "other", "not_deported")).any()
    for place, kind in enumerate(("deported", "facilitated")):
        mine = classes == kind
        if mine.any() and alone:
            shares[place] = MOST_SHARE
        if mine.sum() < FEWEST_FIGURES or alone:
            continue
        first, last = observations.start[mine].min(), observations.end[mine].max()
        beside = (classes == "all") & (observations.start <= last) & (observations.end >= first)
        usual, busy = (
            border_persons_day(observations, mine, level) / (border_persons_day(observations, beside, level) or np.inf)
            for level in (0.5, BUSY_LEVEL)
        )
        if max(usual, busy) > MAIN_SHARE:
            shares[place] = max(usual, LEAST_MAIN * shares[place])
    most = max(sum(shares) / MOST_SHARE, 1.0)
    return tuple(share / most for share in shares)


def border_persons_day(observations: Observations, rows: NDArray[np.bool_], level: float) -> float:
    """Persons a day that some figures (obs,) tell at the crossings that they count, at a level of all their days: 0.5
    is the middling one; 0 where there are none."""
    days = (observations.end - observations.start + 1)[rows]
    rates = observations.value[rows] / days / np.maximum(observations.scope[rows].sum(axis=1), 1)
    scope = observations.scope[rows]
    return float(sum(np.quantile(rates[inside], level) for inside in scope.T if inside.any()))


def main_kinds(shares: tuple[float, ...]) -> NDArray[np.bool_]:
    """(kind,) True for deported or facilitated people where the figures show them to be a main part of all."""
    return np.array(shares) > np.array(KIND_SHARES)


def told_by_share(observations: Observations, shares: tuple[float, ...]) -> NDArray[np.bool_]:
    """(regime,) True where all figures count one kind that is a main one: its share and such a bias are one unknown."""
    main = main_kinds(shares)
    names = {kind for kind, large in zip(KINDS, main.tolist(), strict=False) if large}
    part = np.array([name in names for name in observations.classes], dtype=np.bool_)
    size = len(observations.regimes)
    return np.asarray(
        (np.bincount(observations.regime[part], minlength=size) > 0)
        & (np.bincount(observations.regime[~part], minlength=size) == 0)
    )
