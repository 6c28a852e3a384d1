"""Tables of a flight ensemble: every place and link by day and member, camps with their spread, Flee's own out.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sarai.publish.files import write_files
from sarai.publish.flat import ENDINGS, harmless_row
from sarai.simulate.flight.ensemble import NO_RECORD, FlightEnsemble
from sarai.world.errors import Fault, RequestError

CAMP_COLUMNS = ("day", "date", "camp", "recorded", "mean", "q05", "q25", "q50", "q75", "q95")
COUNT_COLUMNS = ("day", "date", "place", "to", "member", "persons")
SPREAD = (0.05, 0.25, 0.5, 0.75, 0.95)
DECIMALS = 2


def camp_rows(ensemble: FlightEnsemble) -> Iterator[list[Any]]:
    """A row a day and camp: recorded persons, mean and quantiles over members."""
    counts = ensemble.camp_counts()
    spread = np.quantile(counts, SPREAD, axis=-1)
    mean = counts.mean(axis=-1)
    for day in range(counts.shape[0]):
        date = ensemble.case.date_of(day).isoformat()
        for j, name in enumerate(ensemble.camp_names):
            recorded = int(ensemble.recorded[day, j])
            yield [
                day, date, name, recorded if recorded != NO_RECORD else "", round(float(mean[day, j]), DECIMALS),
                *(round(float(value), DECIMALS) for value in spread[:, day, j]),
            ]  # fmt: skip


def count_columns(ensemble: FlightEnsemble) -> dict[str, Any]:
    """Columns of a row a day, place or directed link, and member; `to` is empty for places."""
    case = ensemble.case
    names = [place.name for place in case.places]
    days, _, members = ensemble.place.shape
    ends = [(names[link.first], names[link.second]) for link in case.links]
    where = [(name, "") for name in names]
    arrays = [ensemble.place]
    if ensemble.link.shape[0] == days:
        where += [pair for one, two in ends for pair in ((one, two), (two, one))]
        arrays.append(ensemble.link)
    counts = np.concatenate(arrays, axis=1)
    cells = len(where)
    day = np.repeat(np.arange(days), cells * members)
    dates = np.array([case.date_of(k).isoformat() for k in range(days)])
    return {
        "day": day,
        "date": np.repeat(dates, cells * members),
        "place": np.tile(np.repeat(np.array([one for one, _ in where]), members), days),
        "to": np.tile(np.repeat(np.array([two for _, two in where]), members), days),
        "member": np.tile(ensemble.members.astype(np.int64), days * cells),
        "persons": counts.reshape(-1),
    }


def count_bytes(ensemble: FlightEnsemble, ending: str) -> bytes:
    """All daily counts as CSV or Parquet. Raises RequestError on another ending."""
    columns = count_columns(ensemble)
    if ending not in ENDINGS:
        raise RequestError(
            Fault(column="--out", what="tables are not written in this format", found=ending or "no ending",
                  wanted=" or ".join(ENDINGS), mend="give --out a file name with one of these endings")
        )  # fmt: skip
    if ending == ".parquet":
        import polars

        target = io.BytesIO()
        polars.DataFrame({key: columns[key] for key in COUNT_COLUMNS}).write_parquet(
            target, compression="zstd", statistics=False
        )
        return target.getvalue()
    rows = zip(*(columns[key].tolist() for key in COUNT_COLUMNS), strict=True)
    return csv_bytes(COUNT_COLUMNS, rows)


def csv_bytes(columns: Sequence[str], rows: Any) -> bytes:
    """Rows as CSV, UTF-8, one line end everywhere."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(harmless_row, rows))
    return text.getvalue().encode()


def write_counts(ensemble: FlightEnsemble, out: Path) -> Path:
    """Write all daily counts to a file, whole or not at all."""
    return write_files(out.parent, {out.name: count_bytes(ensemble, out.suffix.lower())})[0]


def flee_rows(ensemble: FlightEnsemble, debt: Sequence[int], total: Sequence[int], k: int = 0) -> Iterator[list[Any]]:
    """Rows of Flee's `out.csv` for member k, header first.

    The date is that of the day and the raw count the recorded total, which Flee's own file gets wrong by a day and by
    the people of day 0. debt, total  (day,) debt of departures and recorded total, persons
    """
    counts = ensemble.camp_counts()[:, :, k]
    header = ["Day", "Date"]
    for name in ensemble.camp_names:
        header += [f"{name} sim", f"{name} data", f"{name} error"]
    yield [
        *header, "Total error", "refugees in camps (UNHCR)", "total refugees (simulation)", "raw UNHCR refugee count",
        "refugees in camps (simulation)", "refugee_debt",
    ]  # fmt: skip
    for day in range(counts.shape[0]):
        row: list[Any] = [day, ensemble.case.date_of(day).isoformat()]
        data = np.where(ensemble.has_records, ensemble.recorded[day], 0)
        for simulated, recorded in zip(counts[day].tolist(), data.tolist(), strict=True):
            row += [simulated, recorded, round(abs(simulated / recorded - 1), 4) if recorded else 0.0]
        error = float(np.abs(counts[day] - data).sum()) / total[day] if total[day] > 0 else 0.0
        yield [
            *row, error, int(data.sum()), int(ensemble.total[day, k]), int(total[day]), int(counts[day].sum()),
            int(debt[day]),
        ]  # fmt: skip


def write_flee_csv(ensemble: FlightEnsemble, debt: Sequence[int], total: Sequence[int], out: Path) -> Path:
    """Write Flee's `out.csv` for the first member."""
    rows = flee_rows(ensemble, debt, total)
    return write_files(out.parent, {out.name: csv_bytes(next(rows), rows)})[0]


def travel_rows(ensemble: FlightEnsemble) -> Iterator[list[Any]]:
    """A row a camp and number of days between leaving home and the first night there: mean and 90 % interval."""
    places, days, _ = ensemble.travel.shape
    for i in range(places):
        if not ensemble.travel[i].any():
            continue
        for day in range(days):
            people = ensemble.travel[i, day]
            if people.any():
                low, high = np.quantile(people, (SPREAD[0], SPREAD[-1]))
                yield [
                    ensemble.case.places[i].name,
                    day,
                    round(float(people.mean()), DECIMALS),
                    float(low),
                    float(high),
                ]


def write_travel(ensemble: FlightEnsemble, out: Path) -> Path:
    """Write the distribution of travel times as CSV."""
    columns = ("camp", "days", "persons_mean", "persons_q05", "persons_q95")
    return write_files(out.parent, {out.name: csv_bytes(columns, travel_rows(ensemble))})[0]
