"""Reconcile: rival reports into one daily picture. The room's one public act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sarai.reconcile.entry import SetAside
from sarai.reconcile.fit import Fit, fit_picture
from sarai.reconcile.keys import draw_normals
from sarai.reconcile.kind_shares import KIND_SHARES
from sarai.reconcile.kinds import MEMBERS_OF_CLASS, counted_alone
from sarai.reconcile.observations import Observations, build_observations
from sarai.reconcile.picture import KINDS, Bearing, Picture, SeriesFit
from sarai.reconcile.plan import Plan, make_plan
from sarai.reconcile.prior import DEVIATION_SD, ODDS_LOG_SD, Prior, make_prior, status_prior
from sarai.reconcile.sample import Samples, draw_samples
from sarai.reconcile.scales import figure_scale
from sarai.reconcile.steps import SILENT_DAYS
from sarai.simulate.keys import cell_key
from sarai.world.civil import day_date, day_number
from sarai.world.world import World

Floats = NDArray[np.float64]
BEFORE_DAYS = 120  # A66: the picture reaches back at most so far before the first day of the case
MOST_DAYS = 730  # A66: days that the picture reaches back where the case names no first day
OUTSIDE = "its window begins before the picture or ends after the as-of date"


@dataclass(frozen=True, kw_only=True)
class Inference:
    """A picture together with what made it, for those who predict reports or look for faults in them.

    counted  the one kind that all figures count, and the picture then stands for; else `all`
    """

    observations: Observations
    plan: Plan
    prior: Prior
    fit: Fit
    samples: Samples
    counted: str = "all"


def reconcile(world: World, sample_count: int = 1000, seed: int = 1) -> Picture:
    """The daily flow at each crossing that explains all reports known to `world`, as `sample_count` joint samples.

    Works from reports alone: a level that moves from day to day with heavy-tailed steps, one bias a regime of a series,
    heavy-tailed errors; no model of why people move. Sample i depends on seed and i alone, not on `sample_count`.
    With no usable report the picture is the prior and `status` says so. Method: docs/explanation/reconcile.md.
    """
    return picture_of(world, infer(world, sample_count, seed), sample_count, seed)


def infer(world: World, sample_count: int, seed: int, observations: Observations | None = None) -> Inference:
    """Fit and samples for the reports of `world`, or for given figures in their place.

    Where all figures count one kind of return the picture is of that kind: nothing tells how many others there were.
    """
    figures = clip_observations(world, build_observations(world) if observations is None else observations)
    counted = counted_alone(figures.classes)
    figures = replace(figures, classes=("all",) * figures.count) if counted != "all" else figures
    statuses = tuple(status.id for status in world.statuses)
    first_day = picture_start(world, figures)
    plan = make_plan(figures, statuses, first_day, max(picture_end(world, figures), first_day))
    prior = make_prior(world, figures, plan)
    fit = fit_picture(figures, plan, prior)
    prior = replace(prior, step_sd=fit.step_sd)
    samples = draw_samples(figures, statuses, prior, fit, sample_count, seed)
    return Inference(observations=figures, plan=plan, prior=prior, fit=fit, samples=samples, counted=counted)


def picture_start(world: World, observations: Observations) -> int:
    """First day of the picture: that of the first window, since nobody would sign a curve for days before any count.

    Without figures it is the first day of the case.
    """
    start = min(case_start(world), day_number(world.as_of))
    return int(observations.start.min()) if observations.count else start


def picture_end(world: World, observations: Observations) -> int:
    """Last day of the picture: the as-of date, but no further from the last window than news is still news.

    Nobody would sign a curve, or a sum, for a year of which no report tells anything.
    """
    last = day_number(world.as_of)
    return min(last, int(observations.end.max()) + SILENT_DAYS) if observations.count else last


def case_start(world: World) -> int:
    """First day of the case; where it names none, that of its first announcement or report, two years back at most."""
    if world.start > date.min:
        return day_number(world.start)
    days = [day_number(wave.announced) for wave in world.calendar.waves]
    days += [day_number(report.start) for report in world.reports]
    last = day_number(world.as_of)
    return max(min(days, default=last), last - MOST_DAYS)


def clip_observations(world: World, observations: Observations) -> Observations:
    """Figures whose windows lie between BEFORE_DAYS before the first day of the case and the as-of date."""
    earliest = case_start(world) - BEFORE_DAYS
    inside = (observations.start >= earliest) & (observations.end <= day_number(world.as_of))
    if inside.all():
        return observations
    kept = np.flatnonzero(inside)
    lost = {name for row in np.flatnonzero(~inside) for name in observations.report_ids[row]}
    lost -= {name for row in kept for name in observations.report_ids[row]}
    return take_observations(
        observations, kept, tuple(SetAside(report_id=name, reason=OUTSIDE) for name in sorted(lost))
    )


def take_observations(
    observations: Observations, rows: NDArray[np.int64], set_aside: tuple[SetAside, ...] = ()
) -> Observations:
    """Some of the figures, in the order given by `rows`, with more reports listed as set aside."""
    return replace(
        observations,
        start=observations.start[rows],
        end=observations.end[rows],
        scope=observations.scope[rows],
        statuses=tuple(observations.statuses[row] for row in rows),
        classes=tuple(observations.classes[row] for row in rows),
        value=observations.value[rows],
        log_sd=observations.log_sd[rows],
        noise_sd=observations.noise_sd[rows],
        rounding_sd=observations.rounding_sd[rows],
        regime=observations.regime[rows],
        form=tuple(observations.form[row] for row in rows),
        known=observations.known[rows],
        scored=observations.scored[rows],
        report_ids=tuple(observations.report_ids[row] for row in rows),
        set_aside=observations.set_aside + set_aside,
    )


def picture_of(world: World, inference: Inference, sample_count: int, seed: int) -> Picture:
    """The hand-over type, from what was inferred."""
    observations, plan, fit, samples = inference.observations, inference.plan, inference.fit, inference.samples
    statuses = tuple(status.id for status in world.statuses)
    kinds, marks = samples.kinds, samples.marks
    if not plan.layout.kind_cells:
        shares = np.array([*KIND_SHARES, 1.0 - sum(KIND_SHARES)])
        kinds = prior_shares(shares, "kind", observations, plan, sample_count, seed)
        kinds = keep_kinds(kinds, MEMBERS_OF_CLASS[inference.counted])
    if not plan.layout.status_cells:
        marks = prior_shares(status_prior(world), "status", observations, plan, sample_count, seed)
    return Picture(
        days=np.arange(plan.first_day, plan.first_day + plan.day_count, dtype=np.int64),
        crossings=observations.crossings,
        statuses=statuses,
        flow=samples.flow,
        kind_share=kinds,
        status_share=marks,
        completeness=completeness_of(observations, plan, fit),
        series=series_fits(observations, samples, fit),
        bearings=bearings_of(observations, fit),
        status=status_sentence(world, inference),
    )


def keep_kinds(shares: Floats, members: tuple[int, ...]) -> Floats:
    """Shares (day, crossing, kind, sample) of some kinds alone, which sum to 1; the others are nobody."""
    if len(members) == len(KINDS):
        return shares
    kept = np.zeros_like(shares)
    kept[:, :, members] = shares[:, :, members]
    return np.asarray(kept / kept.sum(axis=2, keepdims=True), dtype=np.float64)


def prior_shares(
    shares: Floats, purpose: str, observations: Observations, plan: Plan, sample_count: int, seed: int
) -> Floats:
    """Shares where no figure tells: one draw a crossing and sample, the same on all days (a view, not a copy)."""
    count = len(shares)
    cells = np.array(
        [
            cell_key(f"reconcile {purpose}", name, str(place))
            for name in observations.crossings
            for place in range(count)
        ],
        dtype=np.uint64,
    )
    deviates = draw_normals(seed, "reconcile shares", np.arange(sample_count), np.zeros(1, dtype=np.int64), cells)[0]
    spread = (ODDS_LOG_SD**2 + DEVIATION_SD**2) ** 0.5
    odds = np.log(shares)[None, :, None] + spread * deviates.reshape(len(observations.crossings), count, sample_count)
    odds[:, -1, :] = np.log(shares[-1])
    weights = np.exp(odds - odds.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.broadcast_to(weights, (plan.day_count, *weights.shape))


def indirect_variance(count_class: str, status: str) -> float:
    """Log variance added to a figure on part of the people when asked what it says of all of them (A62)."""
    part = ODDS_LOG_SD**2 if count_class in ("deported", "facilitated") else 0.0
    return part + (DEVIATION_SD**2 if status != "all" else 0.0)


def completeness_of(observations: Observations, plan: Plan, fit: Fit) -> Floats:
    """(day, crossing) information of reports on the day's log flow over that of reports and neighbouring days."""
    layout = plan.layout
    told = np.zeros((plan.day_count, layout.crossing_count))
    for figure in range(len(fit.residual)):
        days = np.arange(plan.low[figure], plan.high[figure] + 1)[:, None]
        scope = plan.scope_index[plan.scope_first[figure] : plan.scope_first[figure + 1]]
        share = fit.weights.counted[plan.class_of[figure], days, scope] / fit.weights.sums[figure]
        apart = indirect_variance(observations.classes[figure], observations.statuses[figure])
        told[days, scope] += share**2 / (fit.figure_variance[figure] + apart)
    level = fit.spread[:, : layout.crossing_count] + fit.spread[:, layout.shared : layout.odds_first]
    level += 2.0 * fit.spread[:, layout.crossing_count : layout.shared]
    level[0] = 0.0
    before = 1.0 / np.where(level > 0.0, level, np.inf)
    after = np.zeros_like(before)
    after[:-1] = before[1:]
    return np.asarray(told / np.maximum(told + before + after, 1e-12), dtype=np.float64)


def series_fits(observations: Observations, samples: Samples, fit: Fit) -> tuple[SeriesFit, ...]:
    """What was learned about each regime that has figures."""
    counts = np.bincount(observations.regime, minlength=len(observations.regimes))
    fits = []
    for index, regime in enumerate(observations.regimes):
        if not counts[index]:
            continue
        biases = samples.biases[observations.regime == index].mean(axis=0)
        fits.append(
            SeriesFit(
                series=regime.series,
                regime_start=day_number(regime.start),
                bias_log_mean=float(biases.mean()),
                bias_log_sd=float(biases.std()),
                noise_log_sd=float(regime.noise_log_sd * fit.noise_factor[index]),
                report_count=int(counts[index]),
            )
        )
    return tuple(fits)


def bearings_of(observations: Observations, fit: Fit) -> tuple[Bearing, ...]:
    """Every report with its residual and weight; those that do not enter with the reason."""
    bearings = []
    scale = figure_scale(observations, fit.noise_factor)
    for row, names in enumerate(observations.report_ids):
        scope = tuple(
            name for name, inside in zip(observations.crossings, observations.scope[row], strict=True) if inside
        )
        for name in names:
            bearings.append(
                Bearing(
                    report_id=name,
                    series=observations.regimes[observations.regime[row]].series,
                    residual=float(fit.residual[row]),
                    weight=float(fit.weight[row]),
                    start=int(observations.start[row]),
                    end=int(observations.end[row]),
                    scope=scope,
                    count_class=observations.classes[row],
                    status=observations.statuses[row],
                    form=observations.form[row],
                    persons=float(observations.value[row]),
                    log_sd=float(np.sqrt(fit.figure_variance[row])),
                    residual_log=float(fit.residual[row] * scale[row]),
                )
            )
    bearings.extend(
        Bearing(report_id=item.report_id, series="", residual=0.0, weight=0.0, reason=item.reason)
        for item in observations.set_aside
    )
    return tuple(bearings)


def status_sentence(world: World, inference: Inference) -> str:
    """`ok`, or what is degraded."""
    observations, fit = inference.observations, inference.fit
    only = "; every report counts one kind of return only" if inference.counted != "all" else ""
    return f"{_state_of(world, observations, fit)}{only}".removeprefix("ok; ")


def _state_of(world: World, observations: Observations, fit: Fit) -> str:
    if not observations.count:
        return "no usable report is known on this day: the picture is the assumption about an uncounted border"
    if not fit.settled:
        return f"the reconciled path still moved after {fit.passes} passes: treat as indicative"
    end = picture_end(world, observations)
    if end < day_number(world.as_of):
        last = day_date(int(observations.end.max()))
        return f"no report tells of days after {last}: the picture ends on {day_date(end)}, {SILENT_DAYS} days later"
    return "ok"
