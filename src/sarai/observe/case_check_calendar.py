"""What must agree in the calendar of a case: waves, their changes, closures."""

from __future__ import annotations

from sarai.observe.case_checker import CaseChecker
from sarai.observe.case_schema import ChangeItem
from sarai.observe.case_text import Path


def check_calendar(c: CaseChecker) -> None:
    """Every date that comes before its time, and every change that contradicts another."""
    calendar = c.case.calendar
    statuses = [status.id for status in c.case.statuses]
    for index, wave in enumerate(calendar.waves):
        path: Path = ("calendar", "waves", index)
        if wave.deadline < wave.announced:
            found, mend = f"{wave.announced}, {wave.deadline}", "correct one of the two dates"
            c.add(
                (*path, "deadline"), "the deadline lies before the announcement", found, "announced <= deadline", mend
            )
        if wave.enforcement is not None and wave.enforcement < wave.announced:
            c.add((*path, "enforcement"), "enforcement starts before the announcement", wave.enforcement)
        if wave.known is not None and wave.known < wave.announced:
            c.add((*path, "known"), "known before it was announced", wave.known, f"{wave.announced} or later")
        for status in wave.statuses if statuses else ():
            c.refer((*path, "statuses"), status, statuses, "no such status")
        for origin in wave.origins:
            c.refer((*path, "origins"), origin, [o.id for o in c.case.origins], "no such origin area")
    for index, change in enumerate(calendar.changes):
        path = ("calendar", "changes", index)
        c.refer((*path, "wave"), change.wave, [wave.id for wave in calendar.waves], "no such wave")
        if change.known is None and not change.source:
            c.add((*path, "known"), "the key is missing", "", "a date", "add the day on which the change was known")
        if change.deadline is None and change.enforcement is None and not change.withdrawn:
            c.add(path, "the change changes nothing", "", "deadline, enforcement or withdrawn")
        if change.withdrawn and (change.deadline or change.enforcement):
            found = f"withdrawn, with {_day_said(change)}"
            c.add(path, "the change calls the phase off and dates it", found, "one of the two", "split or delete it")
        for other in calendar.changes[:index]:
            if _known_together(other, change) and _contradict(other, change):
                c.add(
                    path, "two changes of one wave were known on the same day", f"{_said(other)} and {_said(change)}",
                    "one that holds", "give the later one the day on which it was known, or keep the one in force",
                )  # fmt: skip
    for index, closure in enumerate(calendar.closures):
        path = ("calendar", "closures", index)
        c.refer((*path, "crossing"), closure.crossing, [x.id for x in c.case.crossings], "no such crossing")
        if closure.end is not None and closure.end < closure.start:
            found = f"{closure.start} to {closure.end}"
            c.add((*path, "end"), "the closure ends before it starts", found, "start <= end")


def _known_together(first: ChangeItem, second: ChangeItem) -> bool:
    """Whether two changes are about one wave and nothing says which of them came later."""
    same = first.known == second.known and (first.known is not None or first.source == second.source)
    return first.wave == second.wave and same


def _contradict(first: ChangeItem, second: ChangeItem) -> bool:
    """Whether two changes cannot both hold."""
    pairs = ((first.deadline, second.deadline), (first.enforcement, second.enforcement))
    return first.withdrawn != second.withdrawn or any(a and b and a != b for a, b in pairs)


def _said(change: ChangeItem) -> str:
    """What a change says, for a message."""
    return "withdrawn" if change.withdrawn else _day_said(change)


def _day_said(change: ChangeItem) -> str:
    return f"deadline {change.deadline}" if change.deadline else f"enforcement {change.enforcement}"
