"""When the things of a case were known: nothing before what it names, no first day long before everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sarai.observe.case_checker import CaseChecker
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_text import Path
from sarai.world.errors import Fault

MOST_LEAD_DAYS = 1500  # A17

Known = date | None


def check_start(c: CaseChecker) -> None:
    """A first simulated day long before anything else is a slip of the pen, and would fill the memory with days."""
    days = [row["start_date"] for row in c.rows.of("observations.csv")]
    days += [wave.announced for wave in c.case.calendar.waves]
    if c.case.start is None or not days:
        return
    if (min(days) - c.case.start).days > MOST_LEAD_DAYS:
        wanted = f"a day within {MOST_LEAD_DAYS} days before {min(days)}"
        c.add(("start",), "the first simulated day lies long before anything else", c.case.start, wanted)


def check_known(c: CaseChecker) -> None:
    """A thing must not be known before the thing that it names, or deleting later rows would leave it in the air."""
    case = c.case
    places = {
        name: place.known
        for kind in ("origins", "crossings", "sites", "destinations")
        for place in getattr(case, kind)
        for name in (place.id, *place.aliases)
    }
    if not any(places.values()) and not any(stage.known for stage in case.stages) and not case.calendar.changes:
        return
    stages = {stage.id: stage.known for stage in case.stages}
    for path, mine, others in _named(case, places, stages):
        late = max((other for other in others if other is not None), default=None)
        if late is not None and (mine or date.min) < late:
            what, mend = "known before the thing that it names", "give it the later `known`"
            c.add((*path, "known"), what, mine or "always", f"{late} or later", mend)
    for file, columns in (
        ("observations.csv", ("crossing",)),
        ("series.csv", ("scope",)),
        ("routes.csv", ("from", "to")),
    ):
        for row in c.rows.of(file):
            named = [part.strip() for column in columns for part in row[column].split("+")]
            late = max((places[name] for name in named if places.get(name)), default=None)
            if late is not None and (row["known"] or date.min) < late:
                what, mend = "known before the place that it names", "give it the later `known`"
                c.faults.append(
                    Fault(
                        file=file, row=row.line, column="known", what=what, found=str(row["known"] or "always"),
                        wanted=f"{late} or later", mend=mend,
                    )
                )  # fmt: skip


def _named(
    case: CaseFile, places: Mapping[str, Known], stages: Mapping[str, Known]
) -> Iterable[tuple[Path, Known, list[Known]]]:
    """Each item of case.yaml that names others: its path, its `known`, and theirs."""
    waves = {wave.id: wave.known or wave.announced for wave in case.calendar.waves}
    population = case.population if isinstance(case.population, list) else []
    yield from ((("population", i), s.known, [places.get(s.origin)]) for i, s in enumerate(population))
    yield from ((("stages", i), s.known, [places.get(s.site)]) for i, s in enumerate(case.stages))
    both = {**places, **stages}
    for i, row in enumerate(case.routing):
        yield ("routing", i), row.known, [both.get(row.from_), both.get(row.to)]
    for i, wave in enumerate(case.calendar.waves):
        yield ("calendar", "waves", i), wave.known or wave.announced, [places.get(o) for o in wave.origins]
    for i, change in enumerate(case.calendar.changes):
        if change.known is not None:
            yield ("calendar", "changes", i), change.known, [waves.get(change.wave)]
    for i, closure in enumerate(case.calendar.closures):
        yield ("calendar", "closures", i), closure.known or closure.start, [places.get(closure.crossing)]
    for i, centre in enumerate(case.holding):
        yield ("holding", i), centre.known, [places.get(centre.origin)]
    for i, item in enumerate(case.destination_shares):
        yield ("destination_shares", i), item.known, [places.get(name) for name in (item.crossing, *item.shares)]
