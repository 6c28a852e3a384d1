"""Archive: a forecast as it was made, kept with what it knew, so that later reports can score it.

Kept are joint samples of the daily crossings, because the windows of later reports are not known beforehand, and those
of a yardstick made from the same vintage on the same day. A kept forecast is never made again: what is scored is what
was said then.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sarai.calibrate.posterior import Posterior
from sarai.forecast.backtest import score_samples, target_samples
from sarai.forecast.forecast import Forecast
from sarai.forecast.make import baseline_paths
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.targets import Target, targets_of_origin
from sarai.forecast.weights import phase_of
from sarai.reconcile.picture import Picture
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World

Floats = NDArray[np.float64]

SCHEMA = "1"
YARDSTICK = "persistence"
SAMPLES = 400  # joint samples kept: the 90 % band of a skewed sum is then known to a few per cent, in 0.2 MB
FACTS = ("case", "reference_date", "phase", "seed", "vintage", "version", "priors")
DOCUMENTED_PRIORS = "documented"


@dataclass(frozen=True, kw_only=True)
class KeptForecast:
    """One forecast as it was made: joint samples (horizon, crossing, sample) by model, day h at reference_date + h.

    vintage   hash of the case as it was known    version   of sarai    phase   of the emergency, as pools are weighted
    priors    hash of the file of priors from other emergencies, or `documented`; older files say nothing of them
    """

    case: str
    reference_date: date
    phase: str
    seed: int
    vintage: str
    version: str
    priors: str = DOCUMENTED_PRIORS
    crossings: tuple[str, ...]
    samples: Mapping[str, Floats]


def keep_forecast(
    world: World, picture: Picture, posterior: Posterior, forecast: Forecast, *, seed: int, vintage: str, version: str,
    priors: str = DOCUMENTED_PRIORS,
) -> KeptForecast:  # fmt: skip
    """What is kept of a forecast: its first members, and the yardstick's for the same members."""
    series = forecast.series["day crossings"]
    count = min(forecast.member_count, SAMPLES)
    ids = np.arange(count, dtype=np.uint64)
    yardstick = baseline_paths(YARDSTICK, world, picture, posterior, ids, seed, forecast.horizon_days)
    return KeptForecast(
        case=world.name,
        reference_date=forecast.reference_date,
        phase=phase_of(world, picture),
        seed=seed,
        vintage=vintage,
        version=version,
        priors=priors,
        crossings=series.locations[1:],
        samples={forecast.model: series.samples[:, 1:, :count], YARDSTICK: yardstick},
    )


def kept_bytes(kept: KeptForecast) -> bytes:
    """The Parquet file of a kept forecast; persons are rounded to whole ones. Same forecast, same bytes."""
    parts = []
    for model, samples in sorted(kept.samples.items()):
        steps, places, _ = samples.shape
        whole = np.rint(samples).astype(np.int64).reshape(steps * places, -1)
        parts.append(
            pl.DataFrame(
                {
                    "model": pl.Series([model]).new_from_index(0, steps * places),
                    "horizon": np.repeat(np.arange(1, steps + 1, dtype=np.int64), places),
                    "crossing": pl.Series(list(kept.crossings) * steps, dtype=pl.String),
                    "persons": pl.Series(whole.tolist(), dtype=pl.List(pl.Int64)),
                }
            )
        )
    facts = {name: str(getattr(kept, name)) for name in FACTS} | {"schema": SCHEMA, "sensitivity": "restricted"}
    target = io.BytesIO()
    pl.concat(parts).write_parquet(target, compression="zstd", statistics=False, metadata=facts)
    return target.getvalue()


def read_kept(data: bytes, file: str) -> KeptForecast:
    """A kept forecast from its file. Raises RequestError where it is none, or has another layout."""
    try:
        facts = pl.read_parquet_metadata(io.BytesIO(data))
        table = pl.read_parquet(io.BytesIO(data))
        return _kept(facts, table)
    except (pl.exceptions.PolarsError, KeyError, ValueError, OSError) as error:
        raise RequestError(
            Fault(
                file=file,
                what="this is not a kept forecast that this version can read",
                found=type(error).__name__,
                wanted=f"a file that `sarai forecast` or `sarai brief` kept, layout {SCHEMA}",
                mend="move the file away; the other forecasts are scored without it",
            )
        ) from error


def _kept(facts: Mapping[str, Any], table: pl.DataFrame) -> KeptForecast:
    if facts["schema"] != SCHEMA:
        raise ValueError(facts["schema"])
    crossings = tuple(table["crossing"].unique(maintain_order=True))
    samples: dict[str, Floats] = {}
    for (model,), rows in table.group_by(["model"], maintain_order=True):
        counted = np.array(rows["persons"].to_list(), dtype=np.float64)
        samples[str(model)] = counted.reshape(-1, len(crossings), counted.shape[1])
    return KeptForecast(
        case=facts["case"],
        reference_date=date.fromisoformat(facts["reference_date"]),
        phase=facts["phase"],
        seed=int(facts["seed"]),
        vintage=facts["vintage"],
        version=facts["version"],
        priors=facts.get("priors", DOCUMENTED_PRIORS),
        crossings=crossings,
        samples=samples,
    )


def score_kept(archive: Iterable[KeptForecast], targets: Iterable[Target], *, by: date) -> list[ScoreRow]:
    """Scores of kept forecasts against the reports that became known after them and by a day.

    Targets that name a crossing which a forecast did not know are left out for that forecast.
    """
    due = [target for target in targets if target.known <= by]
    rows: list[ScoreRow] = []
    for kept in sorted(archive, key=lambda item: (item.reference_date, item.seed, item.vintage)):
        horizon = next(iter(kept.samples.values())).shape[0]
        for model, paths in sorted(kept.samples.items()):
            for target in targets_of_origin(due, kept.reference_date, horizon):
                if not set(target.crossings) <= set(kept.crossings):
                    continue
                sums = target_samples(paths, kept.crossings, kept.reference_date, target)
                rows.append(score_samples(kept.case, kept.reference_date, kept.phase, model, kept.seed, target, sums))
    return rows
