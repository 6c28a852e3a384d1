"""The unknowns that are fitted, as one vector of Gaussian coordinates, and the way from there to parameters.

Coordinates are logs, logits or plain values, as the prior of the parameter says. The vector holds, in this order:
the fitted parameters of the law, shifts of the shares of kinds, the lag of each wave, the discrepancy at its knots, the
discrepancy of each crossing at its knots, and the bias of each regime of a series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.alike import WAVE_CORRELATION, alike_precision
from sarai.calibrate.knots import interpolate, interpolation_weights, markov_precision
from sarai.calibrate.unenforced import unenforced_rise
from sarai.model.parameters import Parameters
from sarai.model.prior import ParameterPrior
from sarai.model.table import parameter_table
from sarai.world.report import SeriesRegime

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WAVE_PARAMETERS = (
    "at_risk_fraction", "announce_rate", "rise_rate", "rise_days", "fall_days", "enforce_rate", "enforce_days",
)  # fmt: skip
OTHER_PARAMETERS = ("base_persons_day", "distance_weight", "origin_intensity", "crossing_affinity", "capacity_factor")
SHARES = ("deported_base_fraction", "deported_enforced_fraction", "facilitated_fraction")
RESERVE_DAYS = 300.0  # A270: the longest window of a fit and a forecast after it
SMALLEST_SPREAD = 1e-3  # an unknown that a case fixes keeps this much room, so that the precision stays finite

ON_TIME, LATE, NOT_ENFORCED = "on time", "late", "not enforced"
REGIMES = (ON_TIME, LATE, NOT_ENFORCED)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A run of coordinates that belong together: one name, one transform, one entry a key."""

    name: str
    transform: str
    keys: tuple[str, ...]
    start: int
    mean: Floats
    spread: Floats

    @property
    def where(self) -> slice:
        """Where the block stands in the vector."""
        return slice(self.start, self.start + len(self.keys))


@dataclass(frozen=True, kw_only=True)
class Unknowns:
    """The layout of the vector and its prior.

    first_day, knot_days, share_knot_days   civil days; knots of the discrepancy and of the crossings' discrepancies
    discrepancy_rho, discrepancy_sd, share_rho, share_sd   their AR(1) priors
    regimes     of the series, whose biases are fitted
    """

    blocks: tuple[Block, ...]
    crossings: tuple[str, ...]
    first_day: int
    knot_days: Ints
    share_knot_days: Ints
    discrepancy_rho: float
    discrepancy_sd: float
    share_rho: float
    share_sd: float

    @cached_property
    def by_name(self) -> Mapping[str, Block]:
        """Blocks by name."""
        return {block.name: block for block in self.blocks}

    @cached_property
    def size(self) -> int:
        """Length of the vector."""
        last = self.blocks[-1]
        return last.start + len(last.keys)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A stable name of every coordinate, for random keys and for messages."""
        return tuple(f"{block.name}|{key}" for block in self.blocks for key in block.keys)

    @cached_property
    def simulated_count(self) -> int:
        """Coordinates that the simulator sees: all but the biases, which come last."""
        return self.by_name["bias"].start

    @cached_property
    def mean(self) -> Floats:
        """Prior mean (unknown,)."""
        return np.concatenate([block.mean for block in self.blocks])

    @cached_property
    def spread(self) -> Floats:
        """Prior sd (unknown,), marginal."""
        return np.concatenate([block.spread for block in self.blocks])

    @cached_property
    def precision(self) -> Floats:
        """Prior precision (unknown, unknown): diagonal but for discrepancies and for waves, which are alike."""
        out = np.diag(1.0 / np.maximum(self.spread, SMALLEST_SPREAD) ** 2)
        for block in self.blocks:
            if block.name == "discrepancy":
                part = markov_precision(self.knot_days, self.discrepancy_rho, self.discrepancy_sd)
            elif block.name.startswith("crossing_discrepancy."):
                part = markov_precision(self.share_knot_days, self.share_rho, self.share_sd)
            elif block.name in WAVE_PARAMETERS and block.spread.size:
                part = alike_precision(np.maximum(block.spread, SMALLEST_SPREAD), WAVE_CORRELATION)
            else:
                continue
            out[block.where, block.where] = part
        return out

    def biases(self, vectors: Floats) -> Floats:
        """Log biases (regime, m)."""
        return vectors[self.by_name["bias"].where]

    def last_discrepancy(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Discrepancy (m,) and crossings' discrepancies (crossing, m) on the last knot, the as-of day."""
        share = [vectors[self.by_name[f"crossing_discrepancy.{name}"].where][-1] for name in self.crossings]
        return vectors[self.by_name["discrepancy"].where][-1], np.array(share)

    def daily_discrepancy(self, vectors: Floats, last_day: int) -> tuple[Floats, Floats]:
        """Discrepancy (day, m) and crossings' discrepancies (day, crossing, m) from first_day to last_day."""
        left, weight = interpolation_weights(self.knot_days, self.first_day, last_day)
        common = interpolate(vectors[self.by_name["discrepancy"].where], left, weight)
        left, weight = interpolation_weights(self.share_knot_days, self.first_day, last_day)
        shares = [
            interpolate(vectors[self.by_name[f"crossing_discrepancy.{name}"].where], left, weight)
            for name in self.crossings
        ]
        return common, np.stack(shares, axis=1)

    def to_parameters(self, vectors: Floats, base: Parameters, regimes: Sequence[str], last_day: int) -> Parameters:
        """Parameters of m members from vectors (unknown, m), on top of `base` (m members) for all that is not fitted.

        regimes  one of REGIMES for each wave: on time, late (the lag of the vector applies), not enforced (a
                 smaller rise to the deadline and nothing after it)
        Values are kept inside the bounds of the table.
        """
        changes: dict[str, Floats] = {}
        for block in self.blocks:
            if block.name in WAVE_PARAMETERS or block.name in OTHER_PARAMETERS:
                values = from_coordinates(block.transform, vectors[block.where])
                target: Floats = getattr(base, block.name)
                changes[block.name] = values if target.ndim == 2 else values[0]
            elif block.name.startswith("shift."):
                name = block.name.removeprefix("shift.")
                changes[name] = shift_logit(getattr(base, name), vectors[block.where])
        count = vectors.shape[1]
        late = np.array([[1.0 if regime == LATE else 0.0] for regime in regimes]).reshape(-1, 1)
        acts = np.array([[0.0 if regime == NOT_ENFORCED else 1.0] for regime in regimes]).reshape(-1, 1)
        if len(regimes):
            changes["lag_days"] = late * np.exp(vectors[self.by_name["lag_days"].where])
            rise = self.by_name["rise_rate"]
            usual = from_coordinates(rise.transform, rise.mean[:, np.newaxis])
            changes["rise_multiplier"] = np.where(acts > 0.0, 1.0, unenforced_rise(changes["rise_rate"], usual))
            changes["enforce_multiplier"] = np.repeat(acts, count, axis=1)
        common, shares = self.daily_discrepancy(vectors, last_day)
        changes["discrepancy"] = common
        changes["crossing_discrepancy"] = shares
        table = parameter_table()
        kept = {
            name: np.ascontiguousarray(np.clip(array, table[name].low, table[name].high))
            for name, array in changes.items()
        }
        return with_reserve(base.change(**kept))


def with_reserve(parameters: Parameters) -> Parameters:
    """Those who leave in any case within RESERVE_DAYS belong to the people at risk besides those whom a wave moves.

    The hazards of the wave fall as the fraction rises, so that its flow stays what it is. Without it a wave that moves
    few would end the usual movement, which the engine takes from those at risk, on the day that empties them.
    """
    fraction = parameters.at_risk_fraction
    if fraction.shape[0] == 0:
        return parameters
    people = parameters.population.sum(axis=0)
    usual = parameters.base_persons_day * RESERVE_DAYS
    reserve = np.minimum(np.divide(usual, people, out=np.zeros_like(people), where=people > 0.0), 1.0)
    wider = 1.0 - (1.0 - fraction) * (1.0 - reserve)
    scale = np.divide(fraction, wider, out=np.ones_like(fraction), where=wider > 0.0)
    return parameters.change(
        at_risk_fraction=wider,
        announce_rate=parameters.announce_rate * scale,
        rise_rate=parameters.rise_rate * scale,
        enforce_rate=parameters.enforce_rate * scale,
    )


def from_coordinates(transform: str, values: Floats) -> Floats:
    """Natural values from Gaussian coordinates."""
    if transform == "log":
        return np.exp(np.clip(values, -60.0, 60.0))
    if transform == "logit":
        return 1.0 / (1.0 + np.exp(-values))
    return values.copy()


def shift_logit(fraction: Floats, shift: Floats) -> Floats:
    """Fractions moved by a shift on the logit scale."""
    safe = np.clip(fraction, 1e-6, 1.0 - 1e-6)
    return 1.0 / (1.0 + (1.0 - safe) / safe * np.exp(-shift))


def to_coordinate(prior: ParameterPrior) -> tuple[str, Floats]:
    """Transform of a prior and its centre as a coordinate."""
    centre = np.atleast_1d(prior.centre).astype(np.float64)
    if prior.kind == "lognormal":
        return "log", np.log(np.maximum(centre, 1e-12))
    if prior.kind == "logitnormal":
        return "logit", np.log(centre / (1.0 - centre))
    if prior.kind == "fixed" and prior.low >= 0.0:
        return "log", np.log(np.maximum(centre, 1e-12))
    return "linear", centre


def lay_out_unknowns(
    priors: Mapping[str, ParameterPrior],
    *,
    waves: tuple[str, ...],
    crossings: tuple[str, ...],
    regimes: Sequence[SeriesRegime],
    first_day: int,
    knot_days: Ints,
    share_knot_days: Ints,
    base_centre: float | None,
    lag_median_days: float,
    lag_log_sd: float,
    crossing_centre: Floats,
    crossing_spread: float,
    capacity_centre: Floats,
    capacity_spread: Floats,
) -> Unknowns:
    """The vector for one emergency. `base_centre`, if given, replaces the prior median of base_persons_day;
    crossing_centre and capacity_centre (crossing,) are added to the prior means of the attraction and of the log
    capacity of each crossing; their spreads are at least crossing_spread and capacity_spread (crossing,).
    """
    made: list[tuple[str, str, tuple[str, ...], Floats, Floats]] = []
    for name in (*WAVE_PARAMETERS, *OTHER_PARAMETERS):
        prior = priors[name]
        keys = prior.keys[0] if prior.keys else ("",)
        transform, mean = to_coordinate(prior)
        spread = np.broadcast_to(np.atleast_1d(prior.spread), mean.shape).astype(np.float64)
        if name == "base_persons_day" and base_centre is not None:
            mean = np.array([np.log(base_centre)])
        if name == "crossing_affinity":
            mean, spread = mean + crossing_centre, np.maximum(spread, crossing_spread)
        if name == "capacity_factor":
            mean, spread = mean + capacity_centre, np.maximum(spread, capacity_spread)
        made.append((name, transform, keys, mean, spread.copy()))
    for name in SHARES:
        spread = np.array([float(np.max(priors[name].spread, initial=0.0))])
        made.append((f"shift.{name}", "linear", ("",), np.zeros(1), spread))
    lag = np.full(len(waves), np.log(lag_median_days))
    made.append(("lag_days", "log", waves, lag, np.full(len(waves), lag_log_sd)))
    common, share = priors["discrepancy"], priors["crossing_discrepancy"]
    sd, share_sd = float(np.max(common.spread)), float(np.max(share.spread))
    days = tuple(str(int(day)) for day in knot_days)
    made.append(("discrepancy", "linear", days, np.zeros(knot_days.size), np.full(knot_days.size, sd)))
    days = tuple(str(int(day)) for day in share_knot_days)
    for crossing in crossings:
        n = share_knot_days.size
        made.append((f"crossing_discrepancy.{crossing}", "linear", days, np.zeros(n), np.full(n, share_sd)))
    names = tuple(f"{regime.series}@{regime.start.isoformat()}" for regime in regimes)
    bias = np.array([regime.bias_log_mean for regime in regimes], dtype=np.float64)
    bias_sd = np.array([regime.bias_log_sd for regime in regimes], dtype=np.float64)
    made.append(("bias", "linear", names, bias, bias_sd))
    blocks, start = [], 0
    for name, transform, keys, mean, spread in made:
        blocks.append(Block(name=name, transform=transform, keys=keys, start=start, mean=mean, spread=spread))
        start += len(keys)
    return Unknowns(
        blocks=tuple(blocks), crossings=crossings, first_day=first_day, knot_days=knot_days,
        share_knot_days=share_knot_days, discrepancy_rho=common.rho, discrepancy_sd=sd, share_rho=share.rho,
        share_sd=share_sd,
    )  # fmt: skip
