"""Parameters of many members drawn from the priors, by key: what no report speaks of keeps its prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.noise import keyed_normals
from sarai.model.parameters import Parameters
from sarai.model.prior import ParameterPrior
from sarai.model.returns import ReturnsModel, central_parameters

Floats = NDArray[np.float64]


def drawn_parameters(
    model: ReturnsModel, member_ids: NDArray[np.uint64], seed: int, names: tuple[str, ...]
) -> Parameters:
    """Members at the centre of their priors, but for the named parameters, which are drawn member by member."""
    base = central_parameters(model, member_ids)
    drawn = {}
    for name in names:
        prior = model.priors[name]
        normals = keyed_normals(seed, "prior", member_ids, [0], [f"{name}|{key}" for key in entry_keys(prior)])[0]
        drawn[name] = prior_values(prior, normals.reshape(*prior.centre.shape, member_ids.size))
    return base.change(**drawn)


def prior_values(prior: ParameterPrior, normals: Floats) -> Floats:
    """Values of a prior from standard normals (axes ..., member), kept inside the bounds of the table."""
    centre, spread = prior.centre[..., np.newaxis], prior.spread[..., np.newaxis]
    if prior.kind == "lognormal":
        values = centre * np.exp(spread * normals)
    elif prior.kind == "logitnormal":
        logit = np.log(centre / (1.0 - centre)) + spread * normals
        values = 1.0 / (1.0 + np.exp(-logit))
    else:
        values = centre + spread * normals
    out: Floats = np.clip(values, prior.low, prior.high)
    return out


def entry_keys(prior: ParameterPrior) -> list[str]:
    """One key for each entry of a prior, in the order of its flattened axes."""
    keys = [""]
    for axis in prior.keys:
        keys = [f"{before}|{key}" if before else key for before in keys for key in axis]
    return keys
