"""Lineage: the reports behind one reconciled figure, each with its weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sarai.reconcile.picture import Bearing, Picture
from sarai.reconcile.reconcile import indirect_variance
from sarai.world.civil import day_date, day_number
from sarai.world.errors import Fault, RequestError
from sarai.world.report import Report
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Strand:
    """One report that bears on a day at a crossing.

    share    part of the reports' information on that day's flow that comes from this one, in [0, 1]
    implied  persons that day if this report alone were right and the picture's shape around it held
    bearing  its residual and weight; report: the row itself
    """

    report: Report
    bearing: Bearing
    share: float
    implied: float


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """The figure, its band, the strands from the heaviest down, and the reports of that day that do not enter."""

    day: date
    crossing: str
    q05: float
    q50: float
    q95: float
    completeness: float
    strands: tuple[Strand, ...]
    set_aside: tuple[tuple[Report, str], ...]


def trace_figure(world: World, picture: Picture, day: date, crossing: str) -> Lineage:
    """Reports that bear on one day at one crossing (or `all`), with their weights.

    A report's information on the day is the square of the day's part in its sum over the variance of its log error.
    Raises RequestError for a day or crossing that the picture does not have.
    """
    check_place(picture, day, crossing)
    here = day_number(day)
    index = here - int(picture.days[0])
    places = list(range(len(picture.crossings))) if crossing == "all" else [picture.crossings.index(crossing)]
    flow = picture.flow[index, places].sum(axis=0)
    medians = np.median(picture.flow, axis=2)
    reports = {report.id: report for report in world.reports}
    strands = []
    for bearing in picture.bearings:
        if bearing.reason or not bearing.start <= here <= bearing.end or bearing.report_id not in reports:
            continue
        common = [place for place in places if picture.crossings[place] in bearing.scope]
        if not common:
            continue
        part = day_part(picture, medians, bearing, index, common)
        implied = float(np.median(flow)) * float(np.exp(bearing.residual_log)) if bearing.log_sd > 0 else 0.0
        information = part**2 / (bearing.log_sd**2 + indirect_variance(bearing.count_class, bearing.status) + 1e-12)
        strands.append(
            (information, Strand(report=reports[bearing.report_id], bearing=bearing, share=0.0, implied=implied))
        )
    total = sum(information for information, _ in strands) or 1.0
    ordered = sorted(strands, key=lambda item: (-item[0], item[1].report.id))
    levels = np.quantile(flow, (0.05, 0.5, 0.95))
    return Lineage(
        day=day,
        crossing=crossing,
        q05=float(levels[0]),
        q50=float(levels[1]),
        q95=float(levels[2]),
        completeness=float(picture.completeness[index, places].mean()),
        strands=tuple(
            Strand(report=strand.report, bearing=strand.bearing, share=information / total, implied=strand.implied)
            for information, strand in ordered
        ),
        set_aside=tuple(
            (reports[bearing.report_id], bearing.reason)
            for bearing in picture.bearings
            if bearing.reason and bearing.report_id in reports and touches(reports[bearing.report_id], day, crossing)
        ),
    )


def day_part(
    picture: Picture,
    medians: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    bearing: Bearing,
    index: int,
    common: list[int],
) -> float:
    """The day's part in the sum that a report counts."""
    first = max(bearing.start - int(picture.days[0]), 0)
    last = min(bearing.end - int(picture.days[0]), len(picture.days) - 1)
    scope = [picture.crossings.index(name) for name in bearing.scope]
    whole = float(medians[first : last + 1][:, scope].sum())
    return float(medians[index, common].sum()) / max(whole, 1e-9)


def touches(report: Report, day: date, crossing: str) -> bool:
    """Whether a report ends on, or counts only days about, the day at the crossing."""
    place = crossing == "all" or report.crossing == "all" or crossing in report.crossing.split("+")
    return place and (report.end == day if report.cumulative else report.start <= day <= report.end)


def check_place(picture: Picture, day: date, crossing: str) -> None:
    """Refuse a day or crossing that the picture does not have, both at once."""
    faults = []
    first, last = day_date(int(picture.days[0])), day_date(int(picture.days[-1]))
    if not first <= day <= last:
        faults.append(Fault(column="--date", what="the day lies outside the reconciled period", found=str(day),
                            wanted=f"a day from {first} to {last}", mend="choose a day inside it"))  # fmt: skip
    if crossing != "all" and crossing not in picture.crossings:
        faults.append(Fault(column="--crossing", what="this is no crossing of the case", found=crossing,
                            wanted=", ".join(("all", *picture.crossings)), mend="use ids of case.yaml"))  # fmt: skip
    if faults:
        raise RequestError(faults)
