"""What the heading of a column says when it says several things: crossing, unit, kind, status, days, running total.

Every word must be understood, or the heading is not: `Teknaf (HH)` are families at Teknaf, `Teknaf (women)` is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sarai.observe.dates import DateStyle, read_date, read_window
from sarai.observe.digits import western_digits
from sarai.observe.headers import (
    FILLERS,
    OF_WHICH,
    SINCE,
    TO_DATE,
    column_meaning,
    split_joined,
    unmarked,
    value_meaning,
)
from sarai.observe.mapping import WideColumn
from sarai.observe.personal_words import plain_words
from sarai.observe.trailing import take_trailing

LONGEST_PHRASE = 5  # words of the longest name in headers.toml
_SEAMS = re.compile(r"[()\[\]|:]|\s[-–—/]\s")
_RUNNING = {"cumulative": "persons_cumulative"}  # a word beside others in a heading; alone it is a column of yes and no
_COUNTS: Mapping[str, Mapping[str, object]] = {
    "persons": {},
    "families": {"unit": "families"},
    "persons_cumulative": {"cumulative": True},
    "families_cumulative": {"unit": "families", "cumulative": True},
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading understood.

    name      our column, where it is the heading of one and says nothing more
    wide      what the counts below it are about, where it says that
    since     first day of a running total, where it says that
    of_which  whether it is a part of what the column before it counts
    """

    name: str = ""
    wide: WideColumn | None = None
    since: date | None = None
    of_which: bool = False


def read_heading(text: str, crossings: Mapping[str, str], style: DateStyle) -> Heading | None:
    """What a heading says, or None if a word in it is not understood or two things in it contradict each other.

    crossings  id of a crossing by each of its names in plain words
    style      how the file writes dates
    """
    text = western_digits(unmarked(text))
    if "%" in text:
        return None
    return _read(text, crossings, style) or _read(split_joined(text), crossings, style)


def _read(text: str, crossings: Mapping[str, str], style: DateStyle) -> Heading | None:
    rest, since, running = _take_since(text, style)
    rest, days = _take_days(rest, style)
    said: list[tuple[str, str]] = []
    words, trailing = take_trailing(plain_words(rest).split())
    words, to_date = _take_to_date(words)
    running |= to_date
    of_which = False
    for lead in OF_WHICH:
        if " ".join(words).startswith(f"{lead} "):
            words, of_which = words[len(lead.split()) :], True
    place = 0
    while place < len(words):
        taken = _longest(words[place : place + LONGEST_PHRASE], crossings)
        if taken is None:
            return None
        place += taken[0]
        said += [taken[1]] if taken[1][0] else []
    if (running or trailing) and not any(facet == "name" and value in _COUNTS for facet, value in said):
        said.append(("name", "persons"))  # returnees since a day: people, where the heading says nothing else
    heading = _settle(said, days, since, of_which)
    heading = _as_running(heading) if heading and running else heading
    return _as_trailing(heading, trailing) if heading and trailing else heading


def _longest(words: list[str], crossings: Mapping[str, str]) -> tuple[int, tuple[str, str]] | None:
    """How many of the first words are one thing, and which: (facet, value), an empty facet for words of no weight."""
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count])
        if phrase in crossings:
            return count, ("crossing", crossings[phrase])
        if phrase in FILLERS:
            return count, ("", "")
        if (kind := value_meaning("kind", phrase)) not in ("", "return_all"):
            return count, ("kind", kind)
        if (status := value_meaning("status", phrase)) not in ("", "all"):
            return count, ("status", status)
        if name := column_meaning(phrase):
            return count, ("name", name)
    return None


def _settle(
    said: list[tuple[str, str]], days: tuple[date, date] | None, since: date | None, of_which: bool
) -> Heading | None:
    names = sorted({_RUNNING.get(value, value) for facet, value in said if facet == "name"})
    if len({value for facet, value in said if facet == "kind"}) > 1 or (
        len({value for facet, value in said if facet == "status"}) > 1
    ):
        return None
    about = {facet: value for facet, value in said if facet in ("kind", "status")}
    scope = "+".join(sorted({value for facet, value in said if facet == "crossing"}))
    named = {*about, *(("crossing",) if scope else ()), *(("date", "window") if days else ())}
    names = [name for name in names if name not in named]  # `Border crossing / Teknaf` says it twice
    if not (scope or about or days):
        return _settle_name(names, since, of_which)
    if not set(names) <= set(_COUNTS) or {"persons", "families"} <= {name.partition("_")[0] for name in names}:
        return None
    counts: dict[str, object] = {key: value for name in names for key, value in _COUNTS[name].items()}
    if days:
        counts |= {"day": days[0], "last_day": days[1] if days[1] != days[0] else None}
    wide = WideColumn.model_validate({**counts, **about, "crossing": scope})
    return Heading(wide=wide, since=since, of_which=of_which)


def _settle_name(names: list[str], since: date | None, of_which: bool) -> Heading | None:
    if len(names) == 2 and {name.partition("_")[0] for name in names} == {"persons"}:
        names = ["persons_cumulative"]
    if len(names) == 2 and "window" in names and {"start_date", "end_date"} & set(names):
        names.remove("window")  # `Week` over `Start` and `End`
    if set(names) == {"families", "persons_cumulative"}:
        names = ["families_cumulative"]
    return Heading(name=names[0], since=since, of_which=of_which) if len(names) == 1 else None


def _as_running(heading: Heading) -> Heading:
    """A heading that says since when it counts: what is below it are running totals, cumulative in words or not."""
    if heading.wide:
        return replace(heading, wide=heading.wide.model_copy(update={"cumulative": True}))
    return replace(
        heading,
        name={"persons": "persons_cumulative", "families": "families_cumulative"}.get(heading.name, heading.name),
    )


def _as_trailing(heading: Heading, days: int) -> Heading | None:
    """A heading that says how many days its counts span, or None where it also says days or a running total."""
    wide = heading.wide or WideColumn(unit="families" if heading.name == "families" else "persons")
    if heading.name not in ("", "persons", "families") or wide.day or wide.cumulative:
        return None
    return replace(heading, name="", wide=wide.model_copy(update={"days": days}))


def _take_to_date(words: list[str]) -> tuple[list[str], bool]:
    """The words without those that say to date, and whether there were any.

    Alone, or beside words of no weight that are no people (`Reporting / To date`), they are a column of last days.
    """
    for phrase in TO_DATE:
        own = phrase.split()
        for place in range(len(words) - len(own) + 1):
            left = words[:place] + words[place + len(own) :]
            people = not set(left) <= FILLERS or column_meaning(" ".join(left)) in _COUNTS
            if words[place : place + len(own)] == own and left and people:
                return left, True
    return words, False


def _take_since(text: str, style: DateStyle) -> tuple[str, date | None, bool]:
    """The heading without the words since when it counts, that day, and whether it had such words.

    The day is None where it cannot be read.
    """
    found = SINCE.search(text)
    if not found or take_trailing(plain_words(found[1]).split())[1]:
        return text, None, False
    try:
        since = read_date(found[1].strip(), style)
    except ValueError:
        since = None
    return text[: found.start()] + " " + text[found.end() :], since, True


def _take_days(text: str, style: DateStyle) -> tuple[str, tuple[date, date] | None]:
    """The heading without the days in it, and their first and last."""
    cuts = [0, *(place for found in _SEAMS.finditer(text) for place in found.span()), len(text)]
    for first, last in [(0, len(text)), *pairwise(cuts)]:
        if not any(mark.isdigit() for mark in text[first:last]):
            continue
        try:
            return text[:first] + " " + text[last:], read_window(text[first:last].strip(), style)
        except ValueError:
            continue
    return text, None


def inherit(heading: Heading, before: Heading) -> Heading:
    """A heading that is a part of the column before it, with what that one says and it does not."""
    own, whole = heading.wide or WideColumn(), before.wide or WideColumn()
    running = whole.cumulative or before.name.endswith("_cumulative")
    families = "families" in (own.unit, whole.unit) or before.name.startswith("families")
    wide = WideColumn(
        crossing=own.crossing or whole.crossing,
        status=own.status or whole.status,
        kind=own.kind or whole.kind,
        unit="families" if families else "persons",
        cumulative=own.cumulative or running,
        day=own.day or whole.day,
        last_day=own.last_day or whole.last_day,
        days=own.days or whole.days,
    )
    return replace(heading, wide=wide, since=heading.since or before.since, of_which=False)
