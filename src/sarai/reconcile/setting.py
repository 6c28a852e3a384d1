"""Setting: the fit that reports are held against, with how far each figure lies from what all others say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sarai.reconcile.entry import Entry
from sarai.reconcile.fit import Fit, fit_picture
from sarai.reconcile.observations import Observations, build_observations
from sarai.reconcile.plan import make_plan
from sarai.reconcile.prior import Prior, make_prior
from sarai.reconcile.reconcile import clip_observations, picture_end, picture_start, take_observations
from sarai.reconcile.scan import Offsets, single_offsets
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Everything the searches look at."""

    world: World
    entries: list[Entry]
    observations: Observations
    prior: Prior
    fit: Fit
    offsets: Offsets


def settle(world: World, entries: list[Entry]) -> Setting | None:
    """The fit that reports are held against, or None where there is nothing to hold them against."""
    observations = clip_observations(world, build_observations(world))
    return settle_figures(world, entries, observations) if observations.count > 1 else None


def settle_figures(world: World, entries: list[Entry], observations: Observations) -> Setting:
    """The fit of some figures."""
    first = picture_start(world, observations)
    last = picture_end(world, observations)
    plan = make_plan(observations, tuple(item.id for item in world.statuses), first, max(last, first))
    prior = make_prior(world, observations, plan)
    fit = fit_picture(observations, plan, prior)
    prior = replace(prior, step_sd=fit.step_sd)
    offsets = single_offsets(observations, fit, prior)
    return Setting(world=world, entries=entries, observations=observations, prior=prior, fit=fit, offsets=offsets)


def setting_without(setting: Setting, taken: set[str]) -> Setting:
    """The fit without figures already found to be wrong; the same one where there are none."""
    lost = np.array([bool(taken & set(names)) for names in setting.observations.report_ids], dtype=np.bool_)
    if not lost.any() or lost.all():
        return setting
    kept = take_observations(setting.observations, np.flatnonzero(~lost).astype(np.int64))
    return settle_figures(setting.world, setting.entries, kept)
