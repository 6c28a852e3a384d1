"""Entries: reports put into one form, each with the regime of its series, or set aside with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sarai.reconcile.kinds import CountClass, count_class
from sarai.world.civil import day_number
from sarai.world.decision import Decision
from sarai.world.report import Keeping, Report, SeriesRegime
from sarai.world.world import World

UNDESCRIBED = "not described in series.csv"
UNKNOWN_BIAS_LOG_SD = 0.25  # A50: series that series.csv does not describe
UNKNOWN_NOISE_LOG_SD = 0.26  # A50
HOUSEHOLD_PERSONS = 6.0  # A51: families read as persons where only families are printed
HOUSEHOLD_LOG_SD = 0.2  # A51
STATUS_LABEL_LOG_SD = 0.2  # A52: a label that the series itself does not say it counts may be loose
ZERO_PERSONS = 0.5  # A53: a reported zero enters as half a person
ZERO_LOG_SD = 1.0  # A53


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A report that does not enter, and the reason, as a sentence."""

    report_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One report in one form: persons over days start..end (civil day numbers) and a scope of crossings.

    place      the crossing as printed: an id, ids joined by +, or `all`
    step       persons, the step to which the figure is rounded
    noise_sd   log sd of the error of the series; extra_log_sd: error beyond it
    cumulative a running total, since `start` if `origin_stated`
    """

    report_ids: tuple[str, ...]
    series: str
    regime: int
    start: int
    end: int
    scope: tuple[str, ...]
    place: str
    status: str
    count_class: CountClass
    persons: float
    step: float
    noise_sd: float
    extra_log_sd: float
    keeping: Keeping
    cumulative: bool
    origin_stated: bool
    known: int
    scored: bool


def read_entries(
    world: World, crossings: tuple[str, ...]
) -> tuple[list[Entry], tuple[SeriesRegime, ...], list[SetAside]]:
    """Entries of all usable reports, the regimes they point to, and what was set aside.

    Accepted findings (`world.decisions`) change how a report enters; those of the as-of date and before only.
    """
    regimes = Regimes(world.series, crossings, world.decisions)
    statuses = frozenset(status.id for status in world.statuses)
    aside: list[SetAside] = []
    entries: list[Entry] = []
    for report in sorted(world.reports, key=lambda item: item.id):
        decided, reason = apply_decisions(report, world.decisions)
        if reason:
            aside.append(SetAside(report_id=report.id, reason=reason))
            continue
        entry, reason = read_entry(decided, regimes, crossings, statuses)
        if entry is None:
            aside.append(SetAside(report_id=report.id, reason=reason))
        else:
            entries.append(entry)
    return entries, tuple(regimes.all), aside


def read_entry(
    report: Report, regimes: Regimes, crossings: tuple[str, ...], statuses: frozenset[str]
) -> tuple[Entry | None, str]:
    """One report as an entry, or None with the reason why it cannot enter."""
    meaning, per_day = count_class(report.kind)
    if meaning == "none":
        return None, f"counts something other than crossings ({report.kind})"
    if report.persons is None and report.families is None:
        return None, "gives neither persons nor families"
    if report.end < report.start:
        return None, "its window ends before it starts"
    index = regimes.find(report)
    regime = regimes.all[index]
    scope = scope_of(report, regime, crossings)
    if not scope:
        return None, f"crossing {report.crossing} is none of this case"
    persons, extra = persons_of(report)
    status = report.status
    if status == "all" and len(regime.statuses) == 1:
        status = regime.statuses[0]
    if status != "all" and meaning == "facilitated":
        status = "all"
    elif status != "all" and status not in statuses:
        return None, f"status {report.status} is none of this case"
    elif (status != "all" and status not in regime.statuses) or counts_a_part(status, regime, statuses):
        extra = (extra**2 + STATUS_LABEL_LOG_SD**2) ** 0.5
    days = day_number(report.end) - day_number(report.start) + 1
    entry = Entry(
        report_ids=(report.id,),
        series=report.series,
        regime=index,
        start=day_number(report.start),
        end=day_number(report.end),
        scope=scope,
        place=report.crossing,
        status=status,
        count_class=meaning,
        persons=persons * (days if per_day else 1),
        step=rounding_step(persons, regime.rounding) * (days if per_day else 1),
        noise_sd=regime.noise_log_sd,
        extra_log_sd=extra,
        keeping=regime.keeping,
        cumulative=report.cumulative,
        origin_stated=report.start > date.min and (regime.origin is not None or regime.note == UNDESCRIBED),
        known=day_number(report.known),
        scored=not report.known_inferred,
    )
    return entry, ""


def counts_a_part(status: str, regime: SeriesRegime, statuses: frozenset[str]) -> bool:
    """Whether a count of `all` is one of several statuses, not of everybody: it is read as everybody, less surely."""
    return status == "all" and "all" not in regime.statuses and not statuses <= set(regime.statuses)


def persons_of(report: Report) -> tuple[float, float]:
    """Persons counted and the log sd of reading families as persons (0 where persons are printed)."""
    if report.persons is not None:
        return float(report.persons), 0.0
    return float(report.families or 0) * HOUSEHOLD_PERSONS, HOUSEHOLD_LOG_SD


def scope_of(report: Report, regime: SeriesRegime, crossings: tuple[str, ...]) -> tuple[str, ...]:
    """Crossings that a report counts, in stable order: those it names, or the scope of its series for `all`."""
    named = set(regime.scope or crossings) if report.crossing == "all" else set(report.crossing.split("+"))
    if named == {"all"}:
        named = set(crossings)
    if not named <= set(crossings):
        return ()
    return tuple(name for name in crossings if name in named)


def rounding_step(persons: float, declared: int) -> float:
    """Step to which a figure looks rounded: the declared one, or the power of ten it ends in from a hundred upwards.

    Two digits are taken as meant: 24,000 is rounded to thousands, 500,000 to ten thousands.
    """
    step, value = 1.0, int(persons)
    while value > 0 and value % int(step * 10) == 0 and step * 100.0 <= value:
        step *= 10.0
    return max(float(declared), step if step >= 100.0 else 1.0)


class Regimes:
    """Finds the regime of a report; a series that nobody described gets a wide default of its own."""

    def __init__(
        self, series: tuple[SeriesRegime, ...], crossings: tuple[str, ...], decisions: tuple[Decision, ...]
    ) -> None:
        self.all: list[SeriesRegime] = []
        self.crossings = crossings
        for regime in sorted(series, key=lambda item: (item.series, item.start)):
            self.all.extend(split_regime(regime, decisions))
        self.breaks = decisions
        self.of_series: dict[str, list[int]] = {}
        for index, regime in enumerate(self.all):
            self.of_series.setdefault(regime.series, []).append(index)

    def find(self, report: Report) -> int:
        """Index of the regime in force on the report's last day; the nearest one where none is in force."""
        own = self.of_series.get(report.series, [])
        if not own:
            default = default_regime(report.series, self.crossings)
            first = len(self.all)
            self.all.extend(split_regime(default, self.breaks))
            own = self.of_series[report.series] = list(range(first, len(self.all)))
        begun = [index for index in own if self.all[index].start <= report.end]
        return max(begun, key=lambda index: self.all[index].start) if begun else own[0]


def default_regime(series: str, crossings: tuple[str, ...]) -> SeriesRegime:
    """What is assumed of a series that the case does not describe (A50)."""
    return SeriesRegime(
        series=series, start=date.min, end=None, publisher="", scope=crossings, statuses=("all",), unit="persons",
        origin=None, keeping="differences", rounding=1, bias_log_mean=0.0, bias_log_sd=UNKNOWN_BIAS_LOG_SD,
        noise_log_sd=UNKNOWN_NOISE_LOG_SD, known=date.min, note=UNDESCRIBED,
    )  # fmt: skip


def split_regime(regime: SeriesRegime, decisions: tuple[Decision, ...]) -> list[SeriesRegime]:
    """A regime cut at each accepted break of its series inside it; after a break the origin of totals is unknown."""
    cuts = sorted(
        date.fromisoformat(decision.value)
        for decision in decisions
        if decision.action == "break_series" and decision.series == regime.series
    )
    parts = [regime]
    for cut in cuts:
        last = parts[-1]
        if last.start < cut and (last.end is None or cut <= last.end):
            parts[-1] = replace(last, end=cut - timedelta(days=1))
            parts.append(replace(last, start=cut, origin=None, keeping="differences"))
    return parts


def apply_decisions(report: Report, decisions: tuple[Decision, ...]) -> tuple[Report, str]:
    """The report as accepted findings tell to read it, and the reason if they set it aside."""
    for decision in decisions:
        whole_series = not decision.reports and decision.series == report.series and decision.series != ""
        if report.id not in decision.reports and not whole_series:
            continue
        if decision.action in ("set_aside", "same_as"):
            return report, f"set aside by decision: {decision.why}"
        report = apply_decision(report, decision)
    return report, ""


def apply_decision(report: Report, decision: Decision) -> Report:
    """The report with what one decision says in place of what is printed."""
    value = decision.value
    if decision.action == "use_persons":
        return replace(report, persons=int(value))
    if decision.action == "use_kind":
        return replace(report, kind=value)
    if decision.action == "use_crossing":
        return replace(report, crossing=value)
    if decision.action == "use_status":
        return replace(report, status=value)
    if decision.action == "use_series":
        return replace(report, series=value)
    if decision.action == "use_unit" and value == "families":
        return replace(report, persons=None, families=report.persons)
    if decision.action == "use_unit" and value == "thousands":
        return replace(report, persons=None if report.persons is None else report.persons * 1000)
    if decision.action == "use_window":
        first, last = value.split("/")
        return replace(report, start=date.fromisoformat(first), end=date.fromisoformat(last))
    if decision.action == "read_period":
        return replace(report, cumulative=False)
    if decision.action == "read_cumulative":
        # the window of the count that it was read as is no origin; without one the totals are one chain
        return replace(report, cumulative=True, start=date.min)
    return report
