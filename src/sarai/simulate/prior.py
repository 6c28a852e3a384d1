"""Members drawn from the priors of a model: what the law says before any report is used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.model.parameters import Parameters
from sarai.model.prior import ParameterPrior
from sarai.model.returns import ReturnsModel
from sarai.simulate.draws import cell_key, day_word, exp, normal_quantile, purpose_key, stream_key, uniform_at
from sarai.simulate.kernel import kernel
from sarai.simulate.request import check_room

Floats = NDArray[np.float64]

LOGNORMAL, LOGITNORMAL, NORMAL = 0, 1, 2
SERIES_COPIES = 2  # a series and the one kept inside its bounds stand side by side for a moment
SCALES = {"lognormal": LOGNORMAL, "logitnormal": LOGITNORMAL}


@kernel(nogil=True)
def fill_prior(
    out: Floats, centre: Floats, spread: Floats, scale: int, members: NDArray[np.int64], stream: np.uint64,
    word: int, cells: NDArray[np.uint64],
) -> None:  # fmt: skip
    """out (entry, member) = values of a prior, one keyed normal each. centre, spread (entry,)."""
    for k in range(out.shape[0]):
        for m in range(out.shape[1]):
            step = spread[k] * normal_quantile(uniform_at(stream, members[m], word, cells[k]))
            if scale == LOGNORMAL:
                out[k, m] = centre[k] * exp(step)
            elif scale == LOGITNORMAL:
                out[k, m] = centre[k] * exp(step) / (1.0 - centre[k] + centre[k] * exp(step))
            else:
                out[k, m] = centre[k] + step


def draw_prior(
    model: ReturnsModel, member_ids: NDArray[np.uint64], *, first_day: int, last_day: int, seed: int
) -> Parameters:
    """Members drawn from the priors, with discrepancy series from first_day to last_day (civil days, inclusive).

    Every value has its own key, made of the parameter, the ids of its axes and the member, so that adding an origin or
    a member changes no other value. Deadlines are taken on time; regimes are given by `Parameters.change`.
    Raises RequestError before the first draw where the members do not fit into memory.
    """
    ids = np.asarray(member_ids, dtype=np.uint64)
    check_parameters_fit(model, ids.size, last_day - first_day + 1)
    values = {}
    for name, prior in model.priors.items():
        if "day" in prior.axes:
            values[name] = draw_series(prior, ids, first_day, last_day, seed)
        else:
            values[name] = draw_entries(prior, ids, seed, 0).reshape(*prior.centre.shape, ids.size)
    return Parameters(member_ids=ids, first_day=first_day, **values)


def check_parameters_fit(model: ReturnsModel, members: int, days: int) -> None:
    """Raise RequestError where the parameters of so many members need more memory than there is."""
    entries = [
        prior.centre.size if "day" not in prior.axes else SERIES_COPIES * days * max(prior.centre.size, 1)
        for prior in model.priors.values()
    ]
    what = f"what {members:,} members believe on {days} days"
    check_room("the set of members", what, members, 8 * sum(entries), 0, "run fewer members, or fewer days")


def draw_entries(prior: ParameterPrior, member_ids: NDArray[np.uint64], seed: int, day: int) -> Floats:
    """(entry, member) values of a prior, kept inside the bounds of the table; `day` 0 for what has no day."""
    centre, spread = prior.centre.reshape(-1), prior.spread.reshape(-1)
    out = np.empty((centre.size, member_ids.size))
    cells = np.array([cell_key("prior", prior.name, *key) for key in entry_keys(prior)], dtype=np.uint64)
    scale = SCALES.get(prior.kind, NORMAL)
    stream = np.uint64(stream_key(seed, purpose_key("prior")))
    fill_prior(out, centre, spread, scale, member_ids.astype(np.int64), stream, day_word(day), cells)
    clipped: Floats = np.clip(out, prior.low, prior.high)
    return clipped


def draw_series(
    prior: ParameterPrior, member_ids: NDArray[np.uint64], first_day: int, last_day: int, seed: int
) -> Floats:
    """(day, axes, member) values of a stationary AR(1) series; each day's step is keyed by its civil day."""
    days = range(first_day, last_day + 1)
    out = np.empty((len(days), max(prior.centre.size, 1), member_ids.size))
    keep, new = prior.rho, (1.0 - prior.rho * prior.rho) ** 0.5
    for row, day in enumerate(days):
        step = draw_entries(prior, member_ids, seed, day)
        out[row] = step if row == 0 else keep * out[row - 1] + new * step
    clipped: Floats = np.clip(out, prior.low, prior.high).reshape(len(days), *prior.centre.shape, member_ids.size)
    return clipped


def entry_keys(prior: ParameterPrior) -> list[tuple[str, ...]]:
    """The ids of every entry of a prior, in the order of its flattened axes."""
    keys: list[tuple[str, ...]] = [()]
    for axis in prior.keys:
        keys = [(*before, key) for before in keys for key in axis]
    return keys
