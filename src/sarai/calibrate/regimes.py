"""Regimes of a wave: enforced on time, late, or not enforced. Their probabilities are computed and stay confidential.

They serve to make forecasts that do not believe every deadline. Published, they could make families stay or harden an
authority; no default output holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product

from sarai.calibrate.unknowns import LATE, NOT_ENFORCED, ON_TIME, REGIMES
from sarai.world.calendar import Event, Wave

Weights = Mapping[str, float]

ENFORCED_LOG_ODDS = 0.2  # A120: a priori a little above one half
ON_TIME_SHARE = 0.7  # A120: of the enforced ones
ACT_LOG_ODDS = 0.4  # A121: each visible act of enforcement on a day of its own
ACT_LIMIT = 4  # A121
EXTENSION_LOG_ODDS = -0.9  # A121: each extension of the deadline
NOTHING_LOG_ODDS = -0.9  # A121: each earlier deadline of the emergency that came to nothing, as an extension
ACT_KINDS = ("enforcement", "detention_start", "deportation_start", "operations", "camp_opened")
SMALLEST_WEIGHT = 0.02  # combinations less probable than this are left out


def prior_weights(wave: Wave, events: tuple[Event, ...], as_of: date, came_to_nothing: float = 0.0) -> dict[str, float]:
    """Prior probability of each regime of a wave from what was visible by the as-of date.

    came_to_nothing  earlier deadlines of the emergency that were not enforced, each counting with its probability
    Acts are days with an event of the kinds in ACT_KINDS between the announcement and the as-of date, known by then.
    A wave that was withdrawn is not enforced.
    """
    if wave.withdrawn:
        return {ON_TIME: 0.0, LATE: 0.0, NOT_ENFORCED: 1.0}
    acts = {event.start for event in events if event.kind in ACT_KINDS and wave.announced <= event.start <= as_of}
    log_odds = ENFORCED_LOG_ODDS + ACT_LOG_ODDS * min(len(acts), ACT_LIMIT) + EXTENSION_LOG_ODDS * len(wave.extensions)
    log_odds += NOTHING_LOG_ODDS * came_to_nothing
    enforced = 1.0 / (1.0 + 2.718281828459045 ** (-log_odds))
    return {
        ON_TIME: enforced * ON_TIME_SHARE,
        LATE: enforced * (1.0 - ON_TIME_SHARE),
        NOT_ENFORCED: 1.0 - enforced,
    }


def combinations(weights: tuple[Weights, ...]) -> list[tuple[tuple[str, ...], float]]:
    """Regimes of all waves together with their probability, most probable first, rare ones left out; sums to 1."""
    found = []
    for chosen in product(REGIMES, repeat=len(weights)):
        probability = 1.0
        for regime, wave in zip(chosen, weights, strict=True):
            probability *= wave[regime]
        if probability >= SMALLEST_WEIGHT:
            found.append((chosen, probability))
    found.sort(key=lambda item: (-item[1], item[0]))
    total = sum(probability for _, probability in found)
    return [(chosen, probability / total) for chosen, probability in found]
