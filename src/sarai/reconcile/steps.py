"""Steps: how far the daily flow may move from one day to the next, and where it may jump."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import ZERO_PERSONS
from sarai.reconcile.kind_shares import KIND_SHARES, kind_prior, main_kinds
from sarai.reconcile.kinds import MEMBERS_OF_CLASS
from sarai.reconcile.observations import Observations
from sarai.reconcile.plan import Plan
from sarai.world.calendar import Wave
from sarai.world.civil import day_number
from sarai.world.world import World

Floats = NDArray[np.float64]

OWN_DAY_LOG_SD = 0.08  # A59: scale of a day's own departure from the level, Student t
DRIFT_LOG_SD = 0.05  # A67: daily step of a bias that drifts
STEP_LOG_SD = 0.15  # A59: scale of the daily innovation of log flow, Student t
SHARED_PART = 0.64  # A59: part of the variance of these innovations that all crossings share
EVENT_LOG_SD = 0.7  # A60: the same on days on which the calendar lets expect a jump
RUSH_LOG_SD = 0.35  # A60: the same on the days around a deadline
RUSH_DAYS = 5  # A60: before a deadline and after it
CLOSURE_LOG_SD = 1.5  # A60: the same when a crossing shuts or opens again, or counts nobody
QUIET_DAYS = 7  # A65: further than this from any window, the level is taken to move less
QUIET_FACTOR = 0.3  # A65
SILENT_DAYS = 45  # A65: further than this from any window, hardly at all: what is not known does not grow for ever
SILENT_FACTOR = 0.05  # A65
UNNAMED_FACTOR = 0.1  # A61: steps of a crossing that no report names, beside those of one that is named
KIND_STEP_SD = 0.2  # A62: daily innovation of the log odds of kinds
MAIN_STEP_SD = 0.7  # A62: daily step of the log share of a main kind; much of it is scatter of counts
STATUS_STEP_SD = 0.03  # A62: daily innovation of the log odds of statuses


def step_scales(world: World, observations: Observations, plan: Plan) -> Floats:
    """Scale of each day's innovation: wider on deadlines, announcements and closures known from the calendar."""
    layout = plan.layout
    scale = np.zeros((plan.day_count, layout.cell_count))
    level = scale[:, : layout.crossing_count]
    shared, own = split_scale(layout.crossing_count, STEP_LOG_SD)
    quiet, silent = far_days(observations, plan, QUIET_DAYS), far_days(observations, plan, SILENT_DAYS)
    level[:] = np.where(silent, SILENT_FACTOR, np.where(quiet, QUIET_FACTOR, 1.0)) * own
    level *= np.where(named_crossings(observations), 1.0, UNNAMED_FACTOR)
    calm = np.where(silent.all(axis=1), SILENT_FACTOR, np.where(quiet.all(axis=1), QUIET_FACTOR, 1.0))
    scale[:, layout.shared] = calm * shared
    scale[:, layout.crossing_count : layout.shared] = OWN_DAY_LOG_SD
    scale[:, layout.odds_first : layout.odds_first + layout.kind_cells] = kind_steps(observations)[: layout.kind_cells]
    scale[:, layout.odds_first + layout.kind_cells : layout.odds_first + layout.odds_count] = STATUS_STEP_SD
    scale[:, layout.odds_first + layout.odds_count :] = drift_scales(observations, plan)
    for day, size in calendar_steps(world.calendar.waves):
        shared, own = split_scale(layout.crossing_count, size)
        widen(scale, day - plan.first_day, slice(0, layout.crossing_count), own)
        widen(scale, day - plan.first_day, slice(layout.shared, layout.odds_first), shared)
    widen_closures(scale, world, observations, plan)
    scale[0, : layout.crossing_count] = 0.0
    scale[0, layout.shared :] = 0.0
    return scale


def kind_steps(observations: Observations) -> Floats:
    """Scale (kind,) of the daily step of the log odds of deported and of facilitated people against others.

    For a main kind it is that of the log of its share (`fit.level_steps`). Beside one, odds that no figure tells do not
    wander: they would take the scatter of counts for people of another kind.
    """
    main = main_kinds(kind_prior(observations))
    if not main.any():
        return np.full(len(KIND_SHARES), KIND_STEP_SD)
    told = [{*MEMBERS_OF_CLASS[name]} for name in sorted(set(observations.classes))]
    apart = np.array(
        [any((place in members) != (len(KIND_SHARES) in members) for members in told) for place in range(len(main))]
    )
    return np.where(main, MAIN_STEP_SD, np.where(apart, KIND_STEP_SD, 0.0))


def widen_closures(scale: Floats, world: World, observations: Observations, plan: Plan) -> None:
    """Let a crossing jump where it shuts, opens or counts nobody; the whole border where that counts nobody."""
    place = {item.id: index for index, item in enumerate(world.places_of("crossing"))}
    turns: list[tuple[int, int]] = []
    for closure in world.calendar.closures:
        if closure.crossing in place:
            turns.append((place[closure.crossing], day_number(closure.start)))
        if closure.crossing in place and closure.end is not None:
            turns.append((place[closure.crossing], day_number(closure.end) + 1))
    for row, form in enumerate(observations.form):
        if form != "count" or observations.value[row] > ZERO_PERSONS:
            continue
        inside = observations.scope[row]
        for cell in [plan.layout.shared] if inside.all() else np.flatnonzero(inside).tolist():
            turns += [(cell, int(observations.start[row])), (cell, int(observations.end[row]) + 1)]
    for cell, day in turns:
        widen(scale, day - plan.first_day, slice(cell, cell + 1), CLOSURE_LOG_SD)


def drift_scales(observations: Observations, plan: Plan) -> Floats:
    """Scale (day, drift) of the step of each bias that drifts: none before its first figure, where its prior holds."""
    layout = plan.layout
    scale = np.full((plan.day_count, layout.drift_count), DRIFT_LOG_SD)
    for slot in range(layout.drift_count):
        mine = np.flatnonzero(plan.bias_slot == layout.odds_first + layout.odds_count + slot)
        scale[: plan.low[mine].min() + 1 if len(mine) else plan.day_count, slot] = 0.0
    return scale


def calendar_steps(waves: tuple[Wave, ...]) -> list[tuple[int, float]]:
    """Days (civil day numbers) on which the calendar lets expect larger steps, and their least scale."""
    steps = []
    for wave in waves:
        announced, deadline = day_number(wave.announced), day_number(wave.deadline)
        steps += [(day, EVENT_LOG_SD) for day in (announced, deadline, deadline + 1, day_number(wave.enforcement))]
        steps += [(deadline + away, RUSH_LOG_SD) for away in range(-int(RUSH_DAYS), int(RUSH_DAYS) + 1)]
    return steps


def split_scale(crossing_count: int, scale: float) -> tuple[float, float]:
    """Scales of the innovation that all crossings share and of each crossing's own; one crossing shares nothing."""
    part = SHARED_PART if crossing_count > 1 else 0.0
    return scale * part**0.5, scale * (1.0 - part) ** 0.5


def named_crossings(observations: Observations) -> NDArray[np.bool_]:
    """(crossing,) True where some figure counts the crossing without the whole border, or where it is alone."""
    crossings = len(observations.crossings)
    named = np.full(crossings, crossings == 1)
    for row in observations.scope:
        if not row.all():
            named |= row
    return named


def far_days(observations: Observations, plan: Plan, away: int) -> NDArray[np.bool_]:
    """(day, crossing) True where no window that counts the crossing lies within `away` days of the day."""
    near = np.zeros((plan.day_count + 1, plan.layout.crossing_count))
    scope = observations.scope.astype(np.float64)
    np.add.at(near, np.maximum(plan.low - away, 0), scope)
    np.subtract.at(near, np.minimum(plan.high + away + 1, plan.day_count), scope)
    return np.asarray(np.cumsum(near, axis=0)[:-1] <= 0.0)


def widen(scale: Floats, day: int, cells: slice, value: float) -> None:
    """Let the innovation of one day be at least `value` wide, if the day is in the picture."""
    if 0 < day < scale.shape[0]:
        scale[day, cells] = np.maximum(scale[day, cells], value)
