"""Sampler: members of a posterior, each moved from the Laplace approximation to where the law itself puts it.

The law is curved: the vectors of a Laplace approximation predict the last reports too low and too widely. Each vector
is therefore the start of a fit of its own. In the linear case the whitened gradient of the log posterior at a Laplace
vector equals the standard normals that it was made from; a vector is moved until this holds with the law's own
predictions. Source: randomize-then-optimize (Bardsley, Solonen, Haario and Laine 2014, doi:10.1137/140964023), with the
derivatives frozen at the mode and without the weights by the determinant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sarai.calibrate.gauss_newton import Evidence, GaussianPrior, LaplaceFit, Predict, pull_of
from sarai.calibrate.linear import solve_lower, solve_upper

Floats = NDArray[np.float64]

LARGEST_Z = 4.0  # A122: no unknown of a member lies further than this many prior sd from its prior mean
TURNS = 4  # A122: moves of one vector at most
SETTLED = 0.5  # A122: length of the whitened gap at which a vector is left alone
BACK_OFF = 0.25  # A122: a move that does not shorten the gap is tried again at this part of its length


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """Draws vectors of unknowns of one combination of regimes.

    fit       the mode and the curvature there
    predict   vectors (unknown, m) -> predicted log reports (observation, m); not asked where nothing is reported
    evidence, prior   what the fit was held against
    spread    (unknown,) prior sd, which bounds the vectors
    """

    fit: LaplaceFit
    predict: Predict
    evidence: Evidence
    prior: GaussianPrior
    spread: Floats

    def draw(self, normals: Floats) -> Floats:
        """Vectors (unknown, member) from standard normals of that shape; a column depends on its normals alone."""
        vectors = self._bounded(self.fit.mode[:, np.newaxis] + solve_upper(self.fit.factor, normals))
        if self.evidence.log_value.size:
            self._settle(vectors, normals)
        return vectors

    def _settle(self, vectors: Floats, normals: Floats) -> None:
        """Move each column until its whitened gradient is its normals, in place.

        A column at which the law breaks down sets out from the mode.
        """
        gap = self._gap(vectors, normals)
        lost = ~np.isfinite(gap).all(axis=0)
        vectors[:, lost], gap[:, lost] = self.fit.mode[:, np.newaxis], -normals[:, lost]
        length, part = np.sqrt(np.sum(gap**2, axis=0)), np.ones(vectors.shape[1])
        for _ in range(TURNS):
            busy = np.flatnonzero(length > SETTLED)
            if not busy.size:
                return
            step = solve_upper(self.fit.factor, np.ascontiguousarray(gap[:, busy]))
            tried = self._bounded(vectors[:, busy] - part[busy] * step)
            found = self._gap(tried, normals[:, busy])
            reached = np.sqrt(np.sum(found**2, axis=0))
            better = reached < length[busy]
            kept = busy[better]
            vectors[:, kept], gap[:, kept], length[kept] = tried[:, better], found[:, better], reached[better]
            part[busy] = np.where(better, 1.0, part[busy] * BACK_OFF)

    def _gap(self, vectors: Floats, normals: Floats) -> Floats:
        """Whitened gradient less the normals (unknown, member)."""
        pull = pull_of(self.fit, self.evidence, self.prior, vectors, self.predict(vectors))
        return solve_lower(self.fit.factor, pull) - normals

    def _bounded(self, vectors: Floats) -> Floats:
        mean, room = self.prior.mean[:, np.newaxis], LARGEST_Z * self.spread[:, np.newaxis]
        return np.clip(vectors, mean - room, mean + room)
