"""Prior: what is thought of the daily flow before any figure, and where the level may jump."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import ZERO_PERSONS
from sarai.reconcile.kinds import MEMBERS_OF_CLASS
from sarai.reconcile.observations import Observations
from sarai.reconcile.picture import KINDS
from sarai.reconcile.plan import Plan, drifts
from sarai.world.calendar import Wave
from sarai.world.civil import day_number
from sarai.world.population import usual_persons_day
from sarai.world.world import World

Floats = NDArray[np.float64]

OWN_DAY_LOG_SD = 0.08  # A59: scale of a day's own departure from the level, Student t
WEEKDAY_LOG_SD = 0.05  # A59: log effect of a weekday, shared by the crossings
DRIFT_LOG_SD = 0.05  # A67: daily step of a bias that drifts
LEVEL_LOG_SD = 2.0  # A59: log level on the first day, shared by the crossings
SPLIT_LOG_SD = 1.2  # A61: departure of a crossing's log level from it, around the size of its own figures
STEP_LOG_SD = 0.15  # A59: scale of the daily innovation of log flow, Student t
SHARED_PART = 0.64  # A59: part of the variance of these innovations that all crossings share
EVENT_LOG_SD = 0.7  # A60: the same on days on which the calendar lets expect a jump
RUSH_LOG_SD = 0.35  # A60: the same on the days around a deadline
RUSH_DAYS = 5  # A60: before a deadline and after it
CLOSURE_LOG_SD = 1.5  # A60: the same when a crossing shuts or opens again, or counts nobody
MINOR_SHARE = 0.03  # A61: part of the border's flow at all crossings together that no report names
QUIET_DAYS = 7  # A65: further than this from any window, the level is taken to move less
QUIET_FACTOR = 0.3  # A65
SILENT_DAYS = 45  # A65: further than this from any window, hardly at all: what is not known does not grow for ever
SILENT_FACTOR = 0.05  # A65
UNNAMED_FACTOR = 0.1  # A61: steps of a crossing that no report names, beside those of one that is named
DEGREES = 4.0  # A59: degrees of freedom of everything else
LEVEL_DEGREES = 4.0  # A59: degrees of freedom of the level's daily innovation
ODDS_LOG_SD = 1.5  # A62: log odds of a kind or status on the first day
KIND_STEP_SD = 0.2  # A62: daily innovation of the log odds of kinds
MAIN_ODDS_SD = 0.4  # A62: log odds of a main kind on the first day
MAIN_STEP_SD = 0.7  # A62: daily step of the log share of a main kind; much of it is scatter of counts
STATUS_STEP_SD = 0.03  # A62: the same for statuses
DEVIATION_SD = 0.7  # A62: departure of a crossing's log odds from the common ones
KIND_SHARES = (0.03, 0.05)  # A62: median shares of deported and facilitated before any figure tells
MAIN_SHARE = 0.15  # A62: a kind whose own figures make more than this part of a border's is taken at their word,
BUSY_LEVEL = 0.75  # A62: at the middling day, or at this level of days: it may have begun late
LEAST_MAIN = 1.01  # A62: times the documented share that a main kind has at least
FEWEST_FIGURES = 3  # A62: of that kind
MOST_SHARE = 0.95  # A62: up to this; the rest is left for people whom no figure counts
NOTHING_KNOWN_PERSONS_DAY = 300.0  # A63: median flow at a border where nothing has been counted


@dataclass(frozen=True, kw_only=True)
class Prior:
    """Scales (not variances) of innovations (day, cell); mean and variance of each slot before the first day.

    main         (kind,) True where deported or facilitated people are a main part of all
    as_declared  (regime,) True where a bias is as wide as declared, no wider for what is drawn of it
    """

    step_sd: Floats
    first_mean: Floats
    first_variance: Floats
    main: NDArray[np.bool_]
    as_declared: NDArray[np.bool_]


def step_degrees(plan: Plan) -> Floats:
    """Degrees of freedom of the innovation of each daily quantity (cell,)."""
    degrees = np.full(plan.layout.cell_count, DEGREES)
    degrees[: plan.layout.crossing_count] = LEVEL_DEGREES
    degrees[plan.layout.shared] = LEVEL_DEGREES
    return degrees


def make_prior(world: World, observations: Observations, plan: Plan) -> Prior:
    """Prior of the state for one case and plan."""
    layout = plan.layout
    mean = np.zeros(plan.slot_count)
    variance = np.zeros(plan.slot_count)
    mean[: layout.crossing_count] = level_means(world, observations)
    variance[: layout.crossing_count] = SPLIT_LOG_SD**2
    variance[layout.shared] = LEVEL_LOG_SD**2
    odds = slice(layout.odds_first, layout.odds_first + layout.odds_count)
    shares = kind_prior(observations)
    mean[odds] = odds_means(world, shares, layout.kind_cells, layout.status_cells)
    variance[odds] = ODDS_LOG_SD**2
    main = np.flatnonzero(main_kinds(shares))
    variance[layout.odds_first + main[: layout.kind_cells]] = MAIN_ODDS_SD**2
    variance[layout.cell_count : layout.weekday_first] = DEVIATION_SD**2
    variance[layout.weekday_first : layout.weekday_first + 7] = WEEKDAY_LOG_SD**2
    for slot, regime in zip(layout.bias_slots, observations.regimes, strict=True):
        mean[slot] = regime.bias_log_mean
        variance[slot] = regime.bias_log_sd**2
    return Prior(
        step_sd=step_scales(world, observations, plan),
        first_mean=mean,
        first_variance=variance,
        main=main_kinds(shares)[: layout.kind_cells],
        as_declared=told_by_share(observations, shares)
        | np.array([drifts(regime) for regime in observations.regimes], dtype=np.bool_),
    )


def level_means(world: World, observations: Observations) -> Floats:
    """Log of a middling daily flow at each crossing, from the figures' own sizes; unnamed crossings are minor."""
    crossing_count = len(observations.crossings)
    days = (observations.end - observations.start + 1).astype(np.float64)
    rates = observations.value / days
    per_crossing = rates / np.maximum(observations.scope.sum(axis=1), 1)
    whole = np.array([name == "all" for name in observations.classes], dtype=np.bool_)
    named = named_crossings(observations)
    usual = min(NOTHING_KNOWN_PERSONS_DAY, usual_persons_day(world.strata) or NOTHING_KNOWN_PERSONS_DAY)
    means = np.full(crossing_count, np.log(usual / max(crossing_count, 1)))
    if not observations.count:
        return means
    overall = float(np.median(np.log(rates)))
    for crossing in range(crossing_count):
        alone = observations.scope[:, crossing] & (observations.scope.sum(axis=1) == 1)
        inside = observations.scope[:, crossing] & ~observations.scope.all(axis=1)
        chosen = alone & whole if (alone & whole).any() else alone if alone.any() else inside
        whole_border = overall - float(np.log(crossing_count))  # where no figure tells crossings apart
        means[crossing] = float(np.median(np.log(per_crossing[chosen]))) if chosen.any() else whole_border
    if named.any():
        means[~named] = overall + np.log(MINOR_SHARE / max(int((~named).sum()), 1))
    return means


def odds_means(world: World, kind_shares: tuple[float, ...], kind_cells: int, status_cells: int) -> Floats:
    """Log odds of kinds and statuses before any figure; statuses follow the middle of the population ranges."""
    means: list[float] = []
    if kind_cells:
        rest = 1.0 - sum(kind_shares)
        means.extend(float(np.log(share / rest)) for share in kind_shares)
    if status_cells:
        shares = status_prior(world)
        means.extend(float(np.log(share / shares[-1])) for share in shares[:-1])
    return np.array(means, dtype=np.float64)


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


def status_prior(world: World) -> Floats:
    """Shares of statuses in the population as far as ranges are known, never below one in a hundred; else equal."""
    sizes = np.zeros(len(world.statuses))
    for index, status in enumerate(world.statuses):
        sizes[index] = sum(
            (item.low_persons + item.high_persons) / 2 for item in world.strata if item.status == status.id
        )
    if sizes.sum() <= 0.0:
        sizes[:] = 1.0
    shares = np.maximum(sizes / sizes.sum(), 0.01)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


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
