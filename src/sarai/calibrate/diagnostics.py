"""What a fit has to say for itself: misfit by series, what was learned, what the reports are silent about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import SMALLEST_FLOW, Evidence, LaplaceFit
from sarai.calibrate.linear import solve_lower
from sarai.calibrate.operator import ReportOperator
from sarai.calibrate.posterior import FittedFigure, Learned, Posterior, SeriesMisfit
from sarai.calibrate.unknowns import Unknowns, from_coordinates
from sarai.model.table import parameter_table

Floats = NDArray[np.float64]

SILENT_BELOW = 0.1  # A126: an unknown whose sd fell by less than this fraction counts as not learned
BAD_RMS = 2.5  # A126: a series whose standardised residuals are larger than this is named in the notes
Z90 = 1.6448536269514722


def describe_fit(posterior: Posterior, operator: ReportOperator, evidence: Evidence) -> Posterior:
    """The same posterior with figures, misfit, what was learned and status filled in from its first component."""
    fit = posterior.components[0].fit
    sd = posterior_sd(fit)
    figures = list_figures(posterior, operator, fit, evidence)
    misfit = list_misfit(posterior, operator, fit, sd)
    learned = list_learned(posterior.unknowns, fit, sd)
    silent = tuple(sorted({entry.name for entry in learned} - {e.name for e in learned if e.learned >= SILENT_BELOW}))
    return replace(
        posterior, figures=figures, misfit=misfit, learned=learned, silent=silent,
        status=describe_status(posterior, operator.count),
    )  # fmt: skip


def posterior_sd(fit: LaplaceFit) -> Floats:
    """Marginal posterior sd of every unknown."""
    inverse = solve_lower(fit.factor, np.eye(fit.mode.size))
    out: Floats = np.sqrt(np.sum(inverse**2, axis=0))
    return out


def list_figures(
    posterior: Posterior, operator: ReportOperator, fit: LaplaceFit, evidence: Evidence
) -> tuple[FittedFigure, ...]:
    """Every figure used, as reported and as fitted."""
    seen = posterior.observations
    found = []
    for place, row in enumerate(operator.rows):
        found.append(
            FittedFigure(
                report_ids=seen.report_ids[row],
                series=seen.regimes[seen.regime[row]].series,
                start=int(seen.start[row]),
                end=int(seen.end[row]),
                crossings=tuple(np.array(seen.crossings)[seen.scope[row]].tolist()),
                reported=float(np.exp(evidence.log_value[place]) - SMALLEST_FLOW),
                fitted=float(np.exp(fit.predicted[place]) - SMALLEST_FLOW),
                residual=float(fit.residual[place]),
                weight=float(fit.weight[place]),
            )
        )
    return tuple(found)


def list_misfit(
    posterior: Posterior, operator: ReportOperator, fit: LaplaceFit, sd: Floats
) -> tuple[SeriesMisfit, ...]:
    """Misfit of each regime of a series that has figures."""
    regimes = posterior.observations.regimes
    bias = posterior.unknowns.by_name["bias"]
    owner = posterior.observations.regime[operator.rows]
    found = []
    for index, regime in enumerate(regimes):
        residual = fit.residual[owner == index] if operator.count else np.zeros(0)
        if residual.size:
            found.append(
                SeriesMisfit(
                    series=regime.series,
                    regime_start=regime.start.toordinal(),
                    figures=int(residual.size),
                    rms=float(np.sqrt(np.mean(residual**2))),
                    mean=float(np.mean(residual)),
                    bias_log=float(fit.mode[bias.start + index]),
                    bias_log_sd=float(sd[bias.start + index]),
                )
            )
    return tuple(found)


def list_learned(unknowns: Unknowns, fit: LaplaceFit, sd: Floats) -> tuple[Learned, ...]:
    """Prior against posterior for every fitted parameter of the law; discrepancies and biases are left out."""
    table = parameter_table()
    found = []
    for block in unknowns.blocks:
        name = block.name.removeprefix("shift.")
        if name not in table or name in ("discrepancy", "crossing_discrepancy"):
            continue
        shifted = block.name.startswith("shift.")
        for place, key in enumerate(block.keys):
            at = block.start + place
            found.append(
                Learned(
                    name=name,
                    key=key,
                    unit="logit shift" if shifted else table[name].unit,
                    prior=interval(block.transform, block.mean[place], block.spread[place]),
                    posterior=interval(block.transform, fit.mode[at], sd[at]),
                    learned=float(1.0 - sd[at] / max(block.spread[place], 1e-3)),
                )
            )
    return tuple(found)


def interval(transform: str, centre: float, sd: float) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % points in natural units."""
    points = from_coordinates(transform, np.array([centre - Z90 * sd, centre, centre + Z90 * sd]))
    return float(points[0]), float(points[1]), float(points[2])


def describe_status(posterior: Posterior, count: int) -> str:
    """`ok`, or what is degraded, as sentences."""
    said = []
    if count == 0 and posterior.observations.count:
        said.append("all reports are too old to fit: the forecast rests on priors alone; treat as indicative")
    elif count == 0:
        said.append("no report counts crossings yet: the forecast rests on priors alone; treat as indicative")
    elif count < 5:
        said.append(f"only {count} figures to fit: treat as indicative")
    if count:
        age = posterior.as_of_day - int(max(figure_end for figure_end in posterior.observations.end))
        if age > 21:
            said.append(f"the last figure is {age} days old")
    if posterior.components[0].fit.status != "ok":
        said.append(posterior.components[0].fit.status)
    return "; ".join(said) if said else "ok"


def misfit_notes(misfit: tuple[SeriesMisfit, ...]) -> tuple[str, ...]:
    """A sentence for each series that does not fit the others: worth a look, while the fit itself stands (A126)."""
    return tuple(
        f"series {entry.series} does not fit the others (standardised misfit {entry.rms:.1f})"
        for entry in misfit
        if entry.rms > BAD_RMS and entry.figures >= 3
    )
