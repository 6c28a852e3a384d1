"""Posterior: what is believed of one emergency after its reports, ready to be drawn member by member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import LaplaceFit
from sarai.calibrate.knots import continue_process
from sarai.calibrate.members import drawn_parameters
from sarai.calibrate.noise import keyed_normals, keyed_uniforms
from sarai.calibrate.sampler import Sampler
from sarai.calibrate.unknowns import Unknowns
from sarai.model.parameters import Parameters, concat
from sarai.model.returns import ReturnsModel
from sarai.reconcile.observations import Observations

Floats = NDArray[np.float64]

FREE_PARAMETERS = (
    "household_size", "journey_speed_factor", "wait_weight", "diversion_fraction", "diversion_wait_days", "stay_factor",
)  # fmt: skip
NO_DAY = 0


@dataclass(frozen=True, kw_only=True)
class Component:
    """One combination of regimes, its posterior probability (confidential) and its fit."""

    regimes: tuple[str, ...]
    weight: float
    sampler: Sampler

    @property
    def fit(self) -> LaplaceFit:
        """The mode of this combination and what is around it."""
        return self.sampler.fit


@dataclass(frozen=True, kw_only=True)
class SeriesMisfit:
    """How one regime of a series fits: figures, root mean square of standardised residuals, mean residual, bias."""

    series: str
    regime_start: int
    figures: int
    rms: float
    mean: float
    bias_log: float
    bias_log_sd: float


@dataclass(frozen=True, kw_only=True)
class FittedFigure:
    """One figure as reported and as fitted, persons; residual in standard deviations, weight after down-weighting."""

    report_ids: tuple[str, ...]
    series: str
    start: int
    end: int
    crossings: tuple[str, ...]
    reported: float
    fitted: float
    residual: float
    weight: float


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Prior and posterior of one unknown, in natural units: medians and 90 % intervals; `learned` in [0, 1].

    learned = 1 - posterior sd / prior sd on the fitted scale; near 0 the reports say nothing about it.
    """

    name: str
    key: str
    unit: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    learned: float


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """The posterior of the returns law as a mixture of Laplace fits, one a combination of regimes.

    components  most probable first; their regimes and weights are confidential and stand in no default output
    figures, misfit, learned   diagnostics of the most probable component
    silent      names of what the reports say nothing about
    status      `ok`, or sentences on what is degraded
    """

    name: str
    as_of_day: int
    model: ReturnsModel
    unknowns: Unknowns
    observations: Observations
    components: tuple[Component, ...]
    figures: tuple[FittedFigure, ...]
    misfit: tuple[SeriesMisfit, ...]
    learned: tuple[Learned, ...]
    silent: tuple[str, ...]
    status: str = "ok"

    def draw(self, member_ids: NDArray[np.uint64], seed: int, last_day: int) -> Parameters:
        """Parameters of these members up to `last_day`; a member is the same in whatever company it is drawn.

        Discrepancies go on after the as-of day as their AR(1) processes from where the member's own path stands.
        """
        chosen = self.choose_components(member_ids, seed)
        parts, order = [], []
        for index, component in enumerate(self.components):
            places = np.flatnonzero(chosen == index)
            if places.size:
                parts.append(self._draw_component(component, member_ids[places], seed, last_day))
                order.append(places)
        joined = parts[0] if len(parts) == 1 else concat(parts)
        return joined.take(np.argsort(np.concatenate(order), kind="stable"))

    def choose_components(self, member_ids: NDArray[np.uint64], seed: int) -> NDArray[np.int64]:
        """Index of the component that each member belongs to. Confidential, as the components are."""
        edges = np.cumsum([component.weight for component in self.components])
        uniforms = keyed_uniforms(seed, "regime", member_ids, "component")
        return np.minimum(np.searchsorted(edges, uniforms, side="right"), len(edges) - 1).astype(np.int64)

    def _draw_component(
        self, component: Component, member_ids: NDArray[np.uint64], seed: int, last_day: int
    ) -> Parameters:
        normals = keyed_normals(seed, "posterior", member_ids, [NO_DAY], self.unknowns.names)[0]
        vectors = component.sampler.draw(normals)
        base = drawn_parameters(self.model, member_ids, seed, FREE_PARAMETERS)
        parameters = self.unknowns.to_parameters(vectors, base, component.regimes, max(last_day, self.as_of_day))
        parameters = spread_population(self.model, parameters, seed, fitted=bool(self.figures))
        ahead = last_day - self.as_of_day
        return parameters if ahead <= 0 else self._go_on(parameters, vectors, member_ids, seed, ahead)

    def _go_on(
        self, parameters: Parameters, vectors: Floats, member_ids: NDArray[np.uint64], seed: int, ahead: int
    ) -> Parameters:
        unknowns = self.unknowns
        days = np.arange(self.as_of_day + 1, self.as_of_day + 1 + ahead)
        common_last, share_last = unknowns.last_discrepancy(vectors)
        normals = keyed_normals(seed, "discrepancy", member_ids, days, ("common", *unknowns.crossings))
        common = continue_process(common_last, normals[:, 0], unknowns.discrepancy_rho, unknowns.discrepancy_sd)
        shares = continue_process(share_last, normals[:, 1:], unknowns.share_rho, unknowns.share_sd)
        past = self.as_of_day - unknowns.first_day + 1
        discrepancy, crossing = parameters.discrepancy.copy(), parameters.crossing_discrepancy.copy()
        discrepancy[past:], crossing[past:] = common, shares
        return parameters.change(discrepancy=discrepancy, crossing_discrepancy=crossing)


def spread_population(model: ReturnsModel, parameters: Parameters, seed: int, *, fitted: bool) -> Parameters:
    """Draw the population of every stratum from its range.

    fitted   there are figures: the fraction at risk then moves against the population, so that the flow stays as
             fitted, because reports identify the number of people at risk times the hazard and not the population; and
             no population is smaller than the people who, by the fit, are at risk
    Without figures nothing is fitted, and the whole range of the population table bears on the forecast.
    """
    drawn = drawn_parameters(model, parameters.member_ids, seed, ("population",)).population
    if not fitted:
        return parameters.change(population=drawn)
    central = parameters.population
    drawn = np.maximum(drawn, central * parameters.at_risk_fraction.max(axis=0, initial=0.0))
    named = model.wave_names.astype(np.float64)
    before = named @ central
    after = named @ drawn
    ratio = np.divide(before, after, out=np.ones_like(before), where=after > 0.0)
    return parameters.change(population=drawn, at_risk_fraction=np.clip(parameters.at_risk_fraction * ratio, 0.0, 1.0))
