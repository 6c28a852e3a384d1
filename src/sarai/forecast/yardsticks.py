"""Yardsticks that know the calendar: how earlier deadlines went, and the figure that agencies would plan with.

They stand beside the statistical baselines and see no more than those and the calendar: the announced deadline, and how
many people the directive names.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from sarai.forecast.emergencies import same_emergencies
from sarai.world.calendar import Wave
from sarai.world.case_defaults import NO_ESTIMATE
from sarai.world.world import World

Floats = NDArray[np.float64]

LEVEL_DAYS = 7  # A112: days whose mean is the level
LARGEST_FACTOR = 100.0  # A260: a day of an earlier emergency counts at most this many times its level, or one such part
PLANNING_LOG_SD = 0.5  # A261
PLANNING_DAYS = 90  # A261: days over which those named are taken to leave where no deadline lies ahead


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What the calendar says on the as-of day.

    tau      days since the latest deadline that stands, negative before it; None where there is none
    planned  persons a day over all crossings that the planning figure means; None where nobody is named
    without  emergencies that no yardstick may look at: the one at hand first of all
    """

    without: frozenset[str] = frozenset()
    tau: int | None = None
    planned: float | None = None


def read_outlook(world: World, without: frozenset[str] = frozenset()) -> Outlook:
    """The outlook of a world, changes known by then applied; no look at the emergency itself, nor at `without`."""
    waves = [wave for wave in world.calendar.waves if not wave.withdrawn]
    latest = max(waves, key=lambda wave: (wave.deadline, wave.id), default=None)
    tau = None if latest is None else (world.as_of - latest.deadline).days
    planned = None if latest is None else planned_rate(world, latest)
    return Outlook(tau=tau, planned=planned, without=without | same_emergencies(world))


def planned_rate(world: World, wave: Wave) -> float | None:
    """The middle of the range of those named, spread evenly from the announcement to the deadline; None if nobody is.

    After the deadline the same people are spread over PLANNING_DAYS, as an appeal would. A range that is taken because
    no estimate is known (A7) is nobody's plan.
    """
    named = [
        (item.low_persons + item.high_persons) / 2
        for item in world.strata
        if item.basis.assumption != NO_ESTIMATE
        and item.status in wave.statuses
        and (not wave.origins or item.origin in wave.origins)
    ]
    if not named:
        return None
    notice = (wave.deadline - wave.announced).days
    days = notice if world.as_of < wave.deadline and notice > 0 else PLANNING_DAYS
    return float(sum(named) / days)


@cache
def past_deadlines() -> dict[tuple[str, str], Floats]:
    """Daily flow (tau,) at the border around each deadline of the built-in emergencies, by case and wave.

    The middle of each array is the day of the deadline as first announced. Made by benchmarks/past_deadlines.py.
    """
    text = (resources.files("sarai.forecast") / "past_deadlines.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], list[float]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault((row["case"], row["wave"]), []).append(float(row["persons_day"]))
    return {key: np.array(flow) for key, flow in found.items()}


def climatology_factor(outlook: Outlook, horizon_days: int, pick: Floats) -> Floats:
    """(horizon, member) flow relative to the present level, as it went around the deadline of another emergency.

    pick  (member,) uniforms that choose the emergency; those of the case itself are left out. Ones where none is left.
    """
    others = [flow for (case, _), flow in sorted(past_deadlines().items()) if case not in outlook.without]
    if outlook.tau is None or not others:
        return np.ones((horizon_days, pick.size))
    factors = np.stack([_factor(flow, outlook.tau, horizon_days) for flow in others], axis=1)
    chosen = np.minimum((pick * len(others)).astype(np.int64), len(others) - 1)
    out: Floats = factors[:, chosen]
    return out


def _factor(flow: Floats, tau: int, horizon_days: int) -> Floats:
    centre = flow.size // 2
    last = flow.size - 1
    past = np.clip(np.arange(tau - LEVEL_DAYS + 1, tau + 1) + centre, 0, last)
    ahead = np.clip(np.arange(tau + 1, tau + 1 + horizon_days) + centre, 0, last)
    ratio = (flow[ahead] + 1.0) / (flow[past].mean() + 1.0)
    return np.asarray(np.clip(ratio, 1.0 / LARGEST_FACTOR, LARGEST_FACTOR), dtype=np.float64)


def planned_paths(planned: float, level: Floats, z: Floats) -> Floats:
    """(horizon, crossing, member) the planning figure, split as the present level (crossing, member) is.

    z  (horizon, crossing, member) standard normals; that of the first day holds on all days: a figure that is too high
       stays too high.
    """
    total = level.sum(axis=0, keepdims=True)
    even = 1.0 / level.shape[0]
    share = np.where(total > 0.0, level / np.where(total > 0.0, total, 1.0), even)
    paths: Floats = planned * share[np.newaxis] * np.exp(PLANNING_LOG_SD * z[:1])
    return np.ascontiguousarray(np.broadcast_to(paths, z.shape))
