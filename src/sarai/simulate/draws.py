"""Keyed draws: a draw is a function of (seed, purpose, member, day, cell), not an event. The public face.

    stream = stream_key(seed, purpose_key("departure"))            # once, outside the loops
    u = uniform_at(stream, member, day_word(day), cell)            # in a kernel; cell from cell_key("depart", id)
    leaving = binomial(u, stock, fraction)                         # or binomial_fast
    binomial_row(leaving, stock, fraction, members, stream, day, cell, True)    # a row of members: 10 times faster

Every function here can be called from a `@kernel`, from a function of plain numba and from Python; nothing allocates.
Rows are vectorised when called from Python or from a `@kernel`; plain `njit` gives the same numbers, slower.
Scheme, versions and measured bounds: docs/explanation/draws.md.
"""

from __future__ import annotations

from sarai.simulate.beta import (
    beta_binomial,
    beta_binomial_fast,
    beta_quantile,
    clumped_fraction,
    clumped_fraction_fast,
)
from sarai.simulate.beta_row import clump_row
from sarai.simulate.binomial import binomial, binomial_fast
from sarai.simulate.keys import cell_key, day_word, purpose_key, stable_order
from sarai.simulate.multinomial import multinomial_into
from sarai.simulate.philox import SCHEME_VERSION, philox_block, stream_key, uniform, uniform_at
from sarai.simulate.poisson import poisson
from sarai.simulate.rows import binomial_row, uniform_row
from sarai.simulate.small_math import exp, log, log1p, normal_cdf, normal_quantile

__all__ = [
    "SCHEME_VERSION",
    "beta_binomial",
    "beta_binomial_fast",
    "beta_quantile",
    "binomial",
    "binomial_fast",
    "binomial_row",
    "cell_key",
    "clump_row",
    "clumped_fraction",
    "clumped_fraction_fast",
    "day_word",
    "exp",
    "log",
    "log1p",
    "multinomial_into",
    "normal_cdf",
    "normal_quantile",
    "philox_block",
    "poisson",
    "purpose_key",
    "stable_order",
    "stream_key",
    "uniform",
    "uniform_at",
    "uniform_row",
]
