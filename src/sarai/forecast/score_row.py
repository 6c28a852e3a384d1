"""ScoreRow: what a forecast of one target came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One model's forecast of one target from one origin with one seed. Persons, but for the log scores.

    quantile80, quantile95  what stocks would follow       level, ready, chance, peak_day  see `marks.py`; None where no
    origin was at hand to mark them
    """

    case: str
    origin: date
    phase: str
    model: str
    seed: int
    target_id: str
    series: str
    crossings: tuple[str, ...]
    start: date
    end: date
    horizon_days: int
    observed: float
    median: float
    wis: float
    wis_log: float
    dispersion: float
    under: float
    over: float
    lower50: float
    upper50: float
    lower80: float
    upper80: float
    lower90: float
    upper90: float
    lower95: float
    upper95: float
    pit: float
    loss80: float
    loss95: float
    quantile80: float
    quantile95: float
    level: float | None = None
    ready: float | None = None
    chance: float | None = None
    peak_day: date | None = None
