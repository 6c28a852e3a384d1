"""Tables of a picture: quantiles by day or by window, from joint samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sarai.reconcile.picture import KINDS, Picture
from sarai.world.civil import day_date, day_number
from sarai.world.errors import Fault, RequestError

QUANTILES: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS: tuple[str, ...] = ("date_from", "date_to", "crossing", "status", "kind", "q05", "q25", "q50", "q75", "q95")


@dataclass(frozen=True, kw_only=True)
class Window:
    """Days `start` to `end`, both inclusive, at `crossing`: an id, a set of ids joined by +, or `all`."""

    start: date
    end: date
    crossing: str = "all"


def picture_table(picture: Picture, windows: Sequence[Window] | None = None, file: str = "") -> pl.DataFrame:
    """Quantiles of persons crossing, one row a day and crossing, or one row a window; columns as COLUMNS.

    Each crossing and `all` has a row over all statuses and kinds, then one a kind and one a status. Sums over days and
    crossings are taken within each joint sample. Raises RequestError for windows outside the picture, all at once.
    """
    chosen = list(windows) if windows is not None else daily_windows(picture)
    check_windows(picture, chosen, file)
    rows = [row for block in blocks_of(chosen) for row in window_rows(picture, block)]
    schema = {"date_from": pl.Date, "date_to": pl.Date, "crossing": pl.String, "status": pl.String, "kind": pl.String}
    return pl.DataFrame(rows, schema={**schema, **dict.fromkeys(COLUMNS[5:], pl.Float64)}, orient="row")


def daily_windows(picture: Picture) -> list[Window]:
    """Each day at `all` and at each crossing."""
    names = ("all", *picture.crossings)
    days = [day_date(int(number)) for number in picture.days]
    return [Window(start=day, end=day, crossing=name) for name in names for day in days]


def blocks_of(windows: Sequence[Window], size: int = 256) -> Iterator[Sequence[Window]]:
    """Windows in pieces, so that memory stays small."""
    for first in range(0, len(windows), size):
        yield windows[first : first + size]


def window_rows(picture: Picture, windows: Sequence[Window]) -> Iterator[tuple[object, ...]]:
    """Rows of some windows: all kinds and statuses, then each kind, then each status."""
    heads: list[tuple[object, ...]] = []
    parts: list[NDArray[np.float64]] = []
    for window in windows:
        days, places = days_of(picture, window), places_of(picture, window.crossing)
        flow = picture.flow[days][:, places]
        kinds, statuses = picture.kind_share[days][:, places], picture.status_share[days][:, places]
        labels = [("all", "all"), *(("all", kind) for kind in KINDS), *((status, "all") for status in picture.statuses)]
        heads += [(window.start, window.end, window.crossing, *label) for label in labels]
        parts.append(flow.sum(axis=(0, 1)))
        parts += [(flow * kinds[:, :, index]).sum(axis=(0, 1)) for index in range(len(KINDS))]
        parts += [(flow * statuses[:, :, index]).sum(axis=(0, 1)) for index in range(len(picture.statuses))]
    ordered = np.stack(parts)
    ordered.sort(axis=1)  # a whole row is sorted in less time than seven places are selected
    levels = quantiles_of_sorted(ordered, QUANTILES)
    for head, values in zip(heads, levels.T.tolist(), strict=True):
        yield (*head, *values)


def quantiles_of_sorted(ordered: NDArray[np.float64], levels: Sequence[float]) -> NDArray[np.float64]:
    """Quantiles (level, row) of ascending rows (row, sample): the bits of `np.quantile`, without its selection.

    NumPy's default rule, linear between neighbours (Hyndman and Fan 1996, type 7), with its two forms of rounding.
    """
    place = np.asarray(levels, dtype=np.float64) * (ordered.shape[1] - 1)
    below = np.floor(place).astype(np.int64)
    part = (place - below)[:, None]
    low, high = ordered.T[below], ordered.T[np.minimum(below + 1, ordered.shape[1] - 1)]
    step = high - low
    quantiles: NDArray[np.float64] = np.where(part < 0.5, low + step * part, high - step * (1.0 - part))
    return quantiles


def window_samples(picture: Picture, window: Window) -> NDArray[np.float64]:
    """Joint samples (sample,) of persons crossing in a window, over all statuses and kinds."""
    check_windows(picture, [window])
    flow = picture.flow[days_of(picture, window)][:, places_of(picture, window.crossing)]
    return np.asarray(flow.sum(axis=(0, 1)), dtype=np.float64)


def days_of(picture: Picture, window: Window) -> slice:
    """The window's days on the axis of the picture."""
    first = day_number(window.start) - int(picture.days[0])
    return slice(first, day_number(window.end) - int(picture.days[0]) + 1)


def places_of(picture: Picture, crossing: str) -> list[int]:
    """The crossings meant by an id, a set joined by +, or `all`."""
    if crossing == "all":
        return list(range(len(picture.crossings)))
    return sorted({picture.crossings.index(name) for name in crossing.split("+")})


def check_windows(picture: Picture, windows: Iterable[Window], file: str = "") -> None:
    """Refuse windows that end before they start, leave the picture or name no crossing of the case; all at once."""
    first, last = day_date(int(picture.days[0])), day_date(int(picture.days[-1]))
    faults: list[Fault] = []
    for row, window in enumerate(windows, start=2):
        line = row if file else 0
        if window.end < window.start:
            faults.append(Fault(file=file, row=line, column="date_to", what="the window ends before it starts",
                                found=f"{window.start} to {window.end}", wanted="date_to on or after date_from",
                                mend="swap the two dates"))  # fmt: skip
        elif window.start < first or window.end > last:
            faults.append(Fault(file=file, row=line, column="date_from", what="the window leaves the reconciled period",
                                found=f"{window.start} to {window.end}", wanted=f"days from {first} to {last}",
                                mend="shorten the window, or reconcile as of a later day"))  # fmt: skip
        unknown = [name for name in window.crossing.split("+") if name != "all" and name not in picture.crossings]
        if unknown or (window.crossing != "all" and "all" in window.crossing.split("+")):
            faults.append(Fault(file=file, row=line, column="crossing", what="this is no crossing of the case",
                                found=window.crossing, wanted=f"all, or joined by +: {', '.join(picture.crossings)}",
                                mend="use the ids of case.yaml"))  # fmt: skip
    if faults:
        raise RequestError(faults)
