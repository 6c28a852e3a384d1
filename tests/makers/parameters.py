"""Members spread over their priors for tests, without the random keys that the tests are about."""

from __future__ import annotations

import numpy as np

from sarai.model.parameters import Parameters
from sarai.model.returns import ReturnsModel, central_parameters


def spread_parameters(model: ReturnsModel, members: int, *, first_id: int = 0, days: int = 80) -> Parameters:
    """Members at quantiles of a golden-ratio sequence: every parameter differs, and nothing is random."""
    parameters = central_parameters(model, np.arange(first_id, first_id + members, dtype=np.uint64))
    changed = {}
    phase = 0.0
    for name, array in parameters.arrays():
        prior = model.priors[name]
        phase += 0.3819660112501051
        wobble = np.sin(phase + 2.399963 * np.arange(array[..., 0].size * members).reshape(array.shape))
        step = wobble * prior.spread[..., None]
        if prior.kind == "lognormal":
            value = array * np.exp(step)
        elif prior.kind == "logitnormal":
            value = 1.0 / (1.0 + np.exp(-(np.log(array) - np.log1p(-array) + step)))
        elif prior.kind == "series":
            shape = (days, *array.shape[1:])
            value = np.sin(phase + 2.399963 * np.arange(np.prod(shape)).reshape(shape)) * prior.spread[..., None]
        else:
            value = array + step
        changed[name] = np.clip(value, prior.low, prior.high)
    return parameters.change(**changed)
