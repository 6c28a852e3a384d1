"""Make a forecast: members of the posterior run on past the last report, pooled with the baselines."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.diagnostics import misfit_notes
from sarai.calibrate.noise import keyed_normals, keyed_uniforms
from sarai.calibrate.posterior import Posterior
from sarai.forecast.baselines import BASELINES, read_history
from sarai.forecast.forecast import Forecast, Series
from sarai.forecast.reopening import reopening_groups, shut_without_end
from sarai.forecast.weights import pool_weights
from sarai.forecast.yardsticks import read_outlook
from sarai.reconcile.picture import Picture
from sarai.simulate.ensemble import Ensemble
from sarai.simulate.simulate import simulate_returns
from sarai.world.reopened import counted_open
from sarai.world.world import World

Floats = NDArray[np.float64]
Ids = NDArray[np.uint64]

BLOCK_MEMBERS = 1000
OBSERVED = ("departures", "crossed", "queue", "occupancy", "above_capacity", "arrivals")
WEEK = 7


def make_forecast(
    world: World,
    picture: Picture,
    posterior: Posterior,
    *,
    horizon_days: int,
    member_count: int,
    seed: int,
    model: Literal["pool", "law"] | str = "pool",
    first_member: int = 0,
) -> Forecast:
    """The forecast of the next `horizon_days` days for every crossing, queue, stage and province of return.

    model  `pool` (default), `law`, or the name of a baseline; baselines speak of crossings only
    Members run in blocks, so that memory grows by the samples alone; a member is the same in any block.
    """
    ids = np.arange(first_member, first_member + member_count, dtype=np.uint64)
    weights = pool_weights(world, picture) if model == "pool" else {model: 1.0}
    chosen = choose_models(weights, ids, seed)
    needs_law = model in ("pool", "law")
    parts = run_blocks(posterior, ids, seed, horizon_days) if needs_law else {}
    crossings = parts.pop("day crossings", np.zeros((horizon_days, len(posterior.model.crossings), member_count)))
    for place, name in enumerate(weights):
        rows = np.flatnonzero(chosen == place)
        if name != "law" and rows.size:
            crossings[:, :, rows] = baseline_paths(name, world, picture, posterior, ids[rows], seed, horizon_days)
    series = {"day crossings": with_total("day crossings", posterior.model.crossings, crossings)}
    series["week crossings"] = weekly(series["day crossings"])
    above, enforced = parts.pop("above_capacity", None), parts.pop("enforced", None)
    for target, (axis, total) in AXIS_OF_TARGET.items():
        if target in parts:
            names = getattr(posterior.model, axis)
            series[target] = (
                with_total(target, names, parts[target])
                if total
                else Series(target=target, locations=names, samples=parts[target])
            )
    stages, breach = first_breach(posterior, above, horizon_days)
    return Forecast(
        reference_date=world.as_of,
        horizon_days=horizon_days,
        member_count=member_count,
        series=series,
        breach_stages=stages,
        breach=breach,
        model=model,
        weights=weights,
        notes=describe_notes(world, posterior, picture, pooled=len(weights) > 1),
        enforced={}
        if enforced is None
        else dict(zip(posterior.model.waves, enforced.mean(axis=-1).tolist(), strict=True)),
    )


AXIS_OF_TARGET = {
    "day departures": ("origins", True),
    "queue at close": ("crossings", True),
    "site occupancy": ("stages", False),
    "day arrivals": ("destinations", True),
}


def choose_models(weights: dict[str, float], ids: Ids, seed: int) -> NDArray[np.int64]:
    """Index of the model of the pool from which each member comes."""
    edges = np.cumsum(list(weights.values()))
    uniforms = keyed_uniforms(seed, "pool", ids, "model")
    return np.minimum(np.searchsorted(edges, uniforms, side="right"), len(edges) - 1).astype(np.int64)


def run_block(posterior: Posterior, ids: Ids, seed: int, horizon_days: int) -> dict[str, Floats]:
    """Samples of one block of members after the as-of day, by target, (horizon, location, member)."""
    last_day = posterior.as_of_day + horizon_days
    out: dict[str, Floats] = {}
    for places, model in reopening_groups(posterior.model, ids, seed):
        parameters = posterior.draw(ids[places], seed, last_day)
        ensemble = simulate_returns(
            model, parameters, first_day=model.first_day, last_day=last_day, seed=seed, observe=OBSERVED
        )
        enforced = (parameters.enforce_multiplier > 0.0).astype(np.float64)
        put_members(out, {**read_block(ensemble, horizon_days), "enforced": enforced}, places, ids.size)
    return out


def put_members(out: dict[str, Floats], part: dict[str, Floats], places: NDArray[np.int64], count: int) -> None:
    """Write samples of some members (..., member) into their places among `count`, by target."""
    for name, samples in part.items():
        if name not in out:
            out[name] = np.empty((*samples.shape[:-1], count))
        out[name][..., places] = samples


def law_paths(posterior: Posterior, ids: Ids, seed: int, horizon_days: int) -> Floats:
    """Daily crossings (horizon, crossing, member) of the law alone; stops at the border, so it costs less."""
    last_day = posterior.as_of_day + horizon_days
    out: dict[str, Floats] = {}
    for low in range(0, ids.size, BLOCK_MEMBERS):
        block = ids[low : low + BLOCK_MEMBERS]
        for places, model in reopening_groups(posterior.model, block, seed):
            parameters = posterior.draw(block[places], seed, last_day)
            ensemble = simulate_returns(
                model, parameters, first_day=model.first_day, last_day=last_day, seed=seed,
                stages="border", observe=("crossed",),
            )  # fmt: skip
            crossed = ensemble["crossed"][-horizon_days:].sum(axis=2, dtype=np.float64)
            put_members(out, {"crossed": crossed}, low + places, ids.size)
    return out["crossed"]


def read_block(ensemble: Ensemble, horizon_days: int) -> dict[str, Floats]:
    """The forecast days of an ensemble by target."""

    def ahead(name: str) -> Floats:
        return ensemble[name][-horizon_days:].astype(np.float64)

    return {
        "day crossings": ahead("crossed").sum(axis=2),
        "day departures": ahead("departures"),
        "queue at close": ahead("queue"),
        "site occupancy": ahead("occupancy"),
        "day arrivals": ahead("arrivals"),
        "above_capacity": ahead("above_capacity"),
    }


def run_blocks(posterior: Posterior, ids: Ids, seed: int, horizon_days: int) -> dict[str, Floats]:
    """All members in blocks, each written into its place, so that memory holds the samples once."""
    out: dict[str, Floats] = {}
    for low in range(0, ids.size, BLOCK_MEMBERS):
        block = ids[low : low + BLOCK_MEMBERS]
        put_members(out, run_block(posterior, block, seed, horizon_days), low + np.arange(block.size), ids.size)
    return out


def baseline_paths(
    name: str, world: World, picture: Picture, posterior: Posterior, ids: Ids, seed: int, horizon_days: int,
    without: frozenset[str] = frozenset(),
) -> Floats:  # fmt: skip
    """Paths of a baseline for these members, crossings in the order of the model, closed crossings at zero.

    without  emergencies that the baseline may not look at, besides the case itself
    """
    history = read_history(picture, world.as_of.toordinal(), ids, read_outlook(world, without))
    days = np.arange(world.as_of.toordinal() + 1, world.as_of.toordinal() + 1 + horizon_days)
    normals = keyed_normals(seed, f"baseline {name}", ids, days, (*picture.crossings, "shared"))
    paths = BASELINES[name](history, normals)
    order = [picture.crossings.index(crossing) for crossing in posterior.model.crossings]
    return np.ascontiguousarray(paths[:, order])


def with_total(target: str, names: tuple[str, ...], samples: Floats) -> Series:
    """A series with the location `all` first: the sum over the others, member by member."""
    total = samples.sum(axis=1, keepdims=True)
    return Series(target=target, locations=("all", *names), samples=np.concatenate([total, samples], axis=1))


def weekly(daily: Series) -> Series:
    """Sums over full weeks from the day after the as-of date."""
    weeks = daily.samples.shape[0] // WEEK
    shape = (weeks, WEEK, *daily.samples.shape[1:])
    return Series(
        target="week crossings",
        locations=daily.locations,
        samples=daily.samples[: weeks * WEEK].reshape(shape).sum(axis=1),
    )


def first_breach(posterior: Posterior, above: Floats | None, horizon_days: int) -> tuple[tuple[str, ...], Floats]:
    """Stages with a known capacity, and the probability by day that they are first above it; the last entry: never."""
    known = np.flatnonzero(np.isfinite(posterior.model.reception.stage_capacity))
    stages = tuple(posterior.model.stages[place] for place in known)
    if above is None or not known.size:
        return stages, np.zeros((known.size, horizon_days + 1))
    over = above[:, known] > 0.0
    first = np.where(over.any(axis=0), over.argmax(axis=0), horizon_days)
    chance = np.stack([(first == day).mean(axis=1) for day in range(horizon_days + 1)], axis=1)
    return stages, chance.astype(np.float64)


def describe_notes(world: World, posterior: Posterior, picture: Picture, *, pooled: bool) -> tuple[str, ...]:
    """What the reader must know of this forecast. Nothing on regimes: their probabilities stay confidential."""
    notes = [] if posterior.status == "ok" else [posterior.status]
    if picture.status != "ok":
        notes.append(picture.status)
    notes.extend(misfit_notes(posterior.misfit))
    if shut := shut_without_end(posterior.model):
        notes.append(f"shut, and no day of reopening is known: {', '.join(shut)}; how long is drawn from past closures")
    if counted := counted_open(world):
        names = ", ".join(f"{name} since {day}" for name, day in sorted(counted.items()))
        notes.append(f"shut in the calendar, but people have been counted there and it is taken as open: {names}")
    if pooled:
        notes.append(
            "crossings come from the pool of law and baselines; queues, sites, departures, arrivals from the law"
        )
    if posterior.silent:
        silent = ", ".join(name.replace("_", " ") for name in posterior.silent)
        notes.append(f"the reports say nothing yet about: {silent}")
    return tuple(notes)
