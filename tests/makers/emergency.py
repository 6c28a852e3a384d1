"""Invented emergencies with a truth that is not our law: folders of reports to score forecasts on, as bytes by file.

The flow is a base that wanders, a rise to the turn in the shape of a logistic curve, and a tail that falls like a power
of time, times noise with memory and a weekly rhythm. None of these shapes is in the returns law. Reports are made from
it by publishers with a bias, an error and a delay, daily, weekly, monthly, or as rounded running totals.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Regime = Literal["enforced", "late", "not enforced", "none"]
Reporting = Literal["day", "week", "month", "total"]
REPORTING: tuple[Reporting, ...] = ("day", "day", "week", "total")  # how drawn emergencies are reported
EMPTY_PART = 0.04  # of the peak: the rise to a deadline that comes to nothing before one that does not
HEADER = (
    "start_date,end_date,crossing,status,kind,persons,families,cumulative,as_of,source_id,note,series,known,"
    "known_inferred\n"
)


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """What distinguishes an invented emergency.

    base        persons a day in ordinary times at all crossings; peak: persons a day at the top, over the base
    regime      what becomes of the deadline; `none`: nobody sets one and the flow wanders
    reporting   how the first publisher reports: day, week or month counts; total: weekly running totals
    deadlines   day numbers of the deadlines from the start; announced `notice` days before
    empty       those of them that come to nothing, where others do not
    population  named people, None where nobody says: the case then gives a range of one to ten thousand
    """

    name: str
    base: float
    peak: float
    regime: Regime
    crossings: int = 2
    reporting: Reporting = "day"
    days: int = 160
    deadlines: tuple[int, ...] = (70,)
    empty: tuple[int, ...] = ()
    notice: int = 28
    population: int | None = 400_000
    seed: int = 1

    @property
    def start(self) -> date:
        """First day of the emergency."""
        return date(2030, 1, 1)


KINDS: tuple[Emergency, ...] = (
    Emergency(name="enforced-large", base=900.0, peak=60_000.0, regime="enforced", crossings=4, population=3_000_000),
    Emergency(name="enforced-small", base=15.0, peak=900.0, regime="enforced", crossings=1, population=30_000, seed=2),
    Emergency(name="enforced-weekly", base=150.0, peak=9_000.0, regime="enforced", reporting="week", seed=3),
    Emergency(name="enforced-no-estimate", base=60.0, peak=5_000.0, regime="enforced", population=None, seed=4),
    Emergency(name="late", base=200.0, peak=8_000.0, regime="late", crossings=3, seed=5),
    Emergency(name="not-enforced", base=400.0, peak=500.0, regime="not enforced", seed=6),
    Emergency(name="not-enforced-twice", base=120.0, peak=250.0, regime="not enforced", deadlines=(60, 100), seed=7),
    Emergency(name="war-daily", base=2_500.0, peak=0.0, regime="none", crossings=5, seed=8),
    Emergency(name="war-weekly", base=1_200.0, peak=0.0, regime="none", reporting="week", days=240, seed=9),
    Emergency(name="war-monthly", base=600.0, peak=0.0, regime="none", reporting="month", days=420, seed=10),
    Emergency(
        name="enforced-second", base=120.0, peak=8_000.0, regime="enforced", deadlines=(60, 100), empty=(60,), seed=12
    ),
    Emergency(name="totals", base=300.0, peak=12_000.0, regime="enforced", reporting="total", seed=11),
)


DRAWN_SEED, FLOW_SEED = 9000, 7000
DRAWN_REGIMES: tuple[Regime, ...] = ("enforced", "enforced", "late", "not enforced")


def draw_emergency(number: int) -> Emergency:
    """An emergency drawn at random from a wide family: one in four comes to nothing, one in four takes effect late.

    Named: 30,000 to 4 million people, by nobody in one of seven. Peak: 1.2 % of them a day, log sd 0.9; the usual
    movement is 0.8 to 12 % of it. A deadline without effect has a peak of 0.3 to 2 times the usual movement.
    """
    rng = np.random.default_rng(DRAWN_SEED + number)
    population = int(np.exp(rng.uniform(np.log(3e4), np.log(4e6))))
    peak = float(population * np.exp(rng.normal(np.log(0.012), 0.9)))
    base = float(peak * np.exp(rng.uniform(np.log(0.008), np.log(0.12))))
    notice = int(rng.choice([12, 20, 28, 45, 70]))
    deadline = int(rng.integers(max(notice + 12, 55), 100))
    reporting = REPORTING[int(rng.integers(len(REPORTING)))]
    regime = DRAWN_REGIMES[number % len(DRAWN_REGIMES)]
    if regime == "not enforced":
        peak = base * float(rng.uniform(0.3, 2.0))
    return Emergency(
        name=f"drawn-{regime.replace(' ', '-')}", base=base, peak=peak, regime=regime,
        crossings=int(rng.integers(1, 6)), reporting=reporting, days=deadline + 90, deadlines=(deadline,),
        notice=notice, population=population if rng.random() < 6 / 7 else None, seed=FLOW_SEED + number,
    )  # fmt: skip


def true_flow(kind: Emergency) -> Floats:
    """Persons who cross, (day, crossing)."""
    rng = np.random.default_rng(kind.seed)
    day = np.arange(kind.days, dtype=np.float64)
    wander = (0.06 if kind.reporting == "month" else 0.12) if kind.regime == "none" else 0.02
    total = kind.base * np.exp(np.cumsum(rng.normal(0.0, wander, kind.days)))
    for deadline in kind.deadlines if kind.regime != "none" else ():
        if deadline in kind.empty:
            total = total + EMPTY_PART * kind.peak * surge(day - deadline, "not enforced", rng)
        else:
            total = total + kind.peak * surge(day - deadline, kind.regime, rng)
    noise = np.zeros(kind.days)
    for k in range(1, kind.days):
        noise[k] = 0.6 * noise[k - 1] + rng.normal(0.0, 0.16)
    rhythm = np.where(day % 7 == 4, 0.7, 1.05)
    share = np.exp(
        rng.normal(0.0, 0.9, kind.crossings) + np.cumsum(rng.normal(0, 0.03, (kind.days, kind.crossings)), 0)
    )
    share /= share.sum(axis=1, keepdims=True)
    flow: Floats = (total * rhythm * np.exp(noise))[:, np.newaxis] * share
    return np.round(flow)


def surge(tau: Floats, regime: Regime, rng: np.random.Generator) -> Floats:
    """Part of the peak by days since the deadline: a logistic rise, and a tail that falls like a power of time."""
    if regime == "late":
        tau = tau - rng.integers(6, 12)
    width = rng.uniform(1.5, 3.5)
    if regime == "not enforced":
        width *= 2.0
    rise = 1.0 / (1.0 + np.exp(-(tau + width) / width * 1.5))
    tail = (1.0 + np.maximum(tau - 1.0, 0.0) / rng.uniform(3.0, 7.0)) ** -rng.uniform(1.2, 1.8)
    out: Floats = rise * tail * (tau > -28.0)
    return out


def make_folder(kind: Emergency, flow: Floats | None = None) -> dict[str, bytes]:
    """The case folder: what a person would write of it, with the day of knowledge on everything.

    flow  (day, crossing) persons who cross; `true_flow` where nothing is given
    """
    names = [f"gate_{n}" for n in range(kind.crossings)]
    flow = true_flow(kind) if flow is None else flow
    rows = list(first_publisher(kind, flow, names)) + list(second_publisher(kind, flow))
    text = {
        "case.yaml": case_yaml(kind, names),
        "observations.csv": HEADER + "".join(rows),
        "sources.csv": "source_id,publisher,title,published,url\nministry,Ministry,Directive,2029-12-01,\n"
        "post,Border posts,Counts,,\nagency,Agency,Monthly review,,\n",
        "events.csv": events(kind),
    }
    return {name: value.encode() for name, value in text.items()}


def case_yaml(kind: Emergency, names: list[str]) -> str:
    """The case with its deadlines, crossings and, where somebody gives one, the population."""
    out = io.StringIO()
    out.write(f"schema: 1\ntimezone: Etc/UTC\nstart: {kind.start}\ncrossings:\n")
    out.writelines(f"  - id: {name}\n" for name in names)
    if kind.regime == "none":
        out.write("calendar: {}\n")
    else:
        out.write("calendar:\n  waves:\n")
        for number, deadline in enumerate(kind.deadlines):
            announced = kind.start + timedelta(days=deadline - kind.notice)
            out.write(
                f"    - {{id: phase_{number + 1}, announced: {announced}, "
                f"deadline: {kind.start + timedelta(days=deadline)}, source: ministry, known: {announced}}}\n"
            )
    if kind.population is None:
        out.write("population: {low: 1000, high: 10000000, assumption: A1}\nassumptions: {A1: Nobody gave a number.}\n")
    else:
        low, high = int(0.7 * kind.population), int(1.4 * kind.population)
        out.write(f"population: {{low: {low}, high: {high}, source: ministry, known: 2029-12-01}}\n")
    return out.getvalue()


def events(kind: Emergency) -> str:
    """Acts that could be seen: after an enforced deadline there are some."""
    lines = ["date,end_date,kind,place,description,magnitude,unit,source_id,known,known_inferred"]
    if kind.regime in ("enforced", "late"):
        for deadline in sorted(set(kind.deadlines) - set(kind.empty)):
            for after in (1, 4):
                day = kind.start + timedelta(days=deadline + after + (6 if kind.regime == "late" else 0))
                lines.append(f"{day},,operations,,Operations reported,,,ministry,{day + timedelta(days=1)},false")
    return "\n".join(lines) + "\n"


def first_publisher(kind: Emergency, flow: Floats, names: list[str]) -> Iterator[str]:
    """Counts by crossing with an error of 4 % and a bias of 3 %, or a running total rounded to 100."""
    rng = np.random.default_rng(kind.seed + 1000)
    step = {"day": 1, "week": 7, "month": 30, "total": 4}[kind.reporting]
    delay = {"day": 1, "week": 2, "month": 12, "total": 1}[kind.reporting]
    biases = np.exp(rng.normal(0.0, 0.03, len(names)))
    sums = flow.sum(axis=1).cumsum()
    for first in range(0, kind.days - step + 1, step):
        last = first + step - 1
        start, end = kind.start + timedelta(days=first), kind.start + timedelta(days=last)
        known = end + timedelta(days=delay)
        if kind.reporting == "total":
            persons = int(round(sums[last] * biases[0], -2))
            yield f"{kind.start},{end},all,all,return_all,{persons},,true,{end},post,,post_total,{known},false\n"
            continue
        for place, name in enumerate(names):
            if kind.reporting == "day" and rng.random() < 0.2:
                continue
            error = np.exp(0.04 * rng.standard_t(4)) * biases[place]
            persons = round(float(flow[first : last + 1, place].sum() * error))
            yield f"{start},{end},{name},all,return_all,{persons},,false,,post,,post_{name},{known},false\n"


def second_publisher(kind: Emergency, flow: Floats) -> Iterator[str]:
    """A rounded monthly figure for all crossings with an error of 10 %."""
    rng = np.random.default_rng(kind.seed + 2000)
    for first in range(0, kind.days - 29, 30):
        start, end = kind.start + timedelta(days=first), kind.start + timedelta(days=first + 29)
        value = float(flow[first : first + 30].sum()) * np.exp(rng.normal(0.0, 0.1))
        known = end + timedelta(days=20)
        yield f"{start},{end},all,all,return_all,{round(value, -2):.0f},,false,,agency,,agency_month,{known},false\n"
