"""Read a filled-in spreadsheet into the draft of a case: every fault at once, each with sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sarai.observe.case_draft import (
    Draft,
    DraftClosure,
    DraftCount,
    DraftPlace,
    DraftRange,
    DraftService,
    DraftSource,
    DraftStage,
    distinct,
    with_distinct_ids,
)  # fmt: skip
from sarai.observe.case_tables import assumed_known
from sarai.observe.draft_places import (
    AREA_KINDS,
    CROSSING_KINDS,
    Countries,
    areas_of_return,
    close_countries,
    guess_timezone,
    look_up,
    read_countries,
    unknown_place,
    whole_country,
)  # fmt: skip
from sarai.observe.gazetteer import slug
from sarai.observe.holiday_list import public_holidays
from sarai.observe.personal_words import plain_words
from sarai.observe.read_file import check_personal, read_file
from sarai.observe.template_names import read_names
from sarai.observe.template_rows import Reading, Row, read_rows
from sarai.observe.template_sheets import START_SHEET
from sarai.world.errors import Fault, InputError

Say = Callable[[str], None]
MEND_POINT = "give latitude and longitude on the sheet, or later in case.yaml"


def read_template(path: Path, say: Say, today: date = date.max) -> Draft:
    """The draft of a filled-in spreadsheet; `say` is told what each place was taken for.

    today   the day on which it is read: a count in it is known by then, whatever the usual delay of its kind (A15)
    Raises InputError with all faults, PersonalDataError where the file looks like data on individuals.
    """
    tables = read_file(path)
    check_personal(tables)
    reading = read_rows(path.name, tables)
    cells = list(reading.faults)
    draft = _draft(reading, say, today)
    # a cell that could not be read counts as empty, so its line may seem to lack it: that is no second fault
    unread = {(fault.sheet, fault.row) for fault in cells}
    faults = cells + [fault for fault in reading.faults[len(cells) :] if (fault.sheet, fault.row) not in unread]
    if faults:
        raise InputError(faults)
    return draft


def _draft(reading: Reading, say: Say, today: date) -> Draft:
    start = reading.rows[START_SHEET][0]
    countries = _countries(start, say)
    crossings = _crossings(reading, countries, say)
    _check_calendar(reading, start)
    source = DraftSource(
        publisher=start.text("publisher"), title=start.text("source_title"), published=start.day("published")
    )
    origins = _areas(reading, "People", countries.start_codes, say) or whole_country(countries.start)
    ranges = _ranges(reading, origins)
    names = {plain_words(text): p.id for p in crossings for text in (p.id, p.name, *p.aliases)}
    draft = Draft(
        title=start.text("title"), timezone=start.text("timezone") or guess_timezone(countries, crossings),
        country_from=countries.start, country_to=countries.end, crossings=crossings, origins=origins,
        destinations=_areas(reading, "Returning to", countries.end_codes, say) or areas_of_return(countries),
        statuses=tuple(dict.fromkeys(r.status for r in ranges)), low_persons=start.count("low"),
        high_persons=start.count("high"), ranges=ranges, announced=start.day("announced"),
        deadline=start.day("deadline"), enforcement=start.day("enforcement"), source=source,
        closures=_closures(reading, names, source), stages=_stages(reading, names, source),
        counts=_counts(reading, names, source, today), holidays=_holidays(start, countries),
        borrow=start.text("priors") == "learned",
    )  # fmt: skip
    draft = with_distinct_ids(draft)
    return replace(draft, names=read_names(reading, draft))


def _countries(start: Row, say: Say) -> Countries:
    countries = read_countries(start.text("country_from"), start.text("country_to"))
    for name, codes in ((countries.start, countries.start_codes), (countries.end, countries.end_codes)):
        if name and not codes:
            close = close_countries(name)
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            say(f"  {name} is no country that is known here, so places are not looked up in it{hint}")
    return countries


def _check_calendar(reading: Reading, start: Row) -> None:
    """Dates and range of the first sheet must agree with each other."""
    announced, deadline = start.day("announced"), start.day("deadline")
    if announced and not deadline:
        reading.add(start, "deadline", "an announcement without a deadline", "the last day to leave")
    if deadline and not announced:
        reading.add(start, "announced", "a deadline without an announcement", "the day of the announcement")
    if announced and deadline and deadline < announced:
        reading.add(start, "deadline", f"the deadline lies before the announcement of {announced}")
    enforcement = start.day("enforcement")
    if announced and enforcement and enforcement < announced:
        reading.add(start, "enforcement", f"enforcement starts before the announcement of {announced}")
    low, high = start.count("low"), start.count("high")
    if (low is None) != (high is None):
        reading.add(start, "high" if high is None else "low", "one end of the range is missing", "both ends or neither")
    if low is not None and high is not None and (high < low or high == 0):
        reading.add(start, "high", f"the range ends below its start of {low}", "fewest <= most, above zero")


def _point(reading: Reading, row: Row) -> tuple[float, float] | None:
    lat, lon = row.number("lat"), row.number("lon")
    if lat is None and lon is None:
        return None
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        reading.add(
            row, "lat", "no point on the globe", "latitude -90 to 90 and longitude -180 to 180, both or neither"
        )
        return None
    return lat, lon


def _place(
    reading: Reading, row: Row, key: str, kinds: tuple[str, ...], codes: frozenset[str], number: int, say: Say
) -> DraftPlace:
    """A place of a row: its own point where it gives one, else the gazetteer's, else without a point."""
    name, point = row.text(key), _point(reading, row)
    if not any(mark.isalpha() for mark in name):
        reading.add(row, key, "this is no name of a place", "a name with letters")
    if point is not None:
        return unknown_place(name, number, point)
    found, sentence = look_up(name, kinds, codes)
    say(f"  {sentence}" + ("" if found else f"; its coordinates stay unknown: {MEND_POINT}"))
    return found or unknown_place(name, number, None)


def _crossings(reading: Reading, countries: Countries, say: Say) -> tuple[DraftPlace, ...]:
    rows = reading.rows["Crossings"]
    if not rows:
        what, mend = "no crossing is given", "fill in the sheet Crossings"
        reading.faults.append(
            Fault(file=reading.file, sheet="Crossings", what=what, wanted="one row or more", mend=mend)
        )
    places: list[DraftPlace] = []
    for number, row in enumerate(rows, start=1):
        place = _place(reading, row, "crossing", CROSSING_KINDS, countries.codes, number, say)
        places.append(DraftPlace(**{**vars(place), "service": _service(reading, row)}))
    return distinct(places)


def _service(reading: Reading, row: Row) -> DraftService | None:
    """Hours and desks: all four or none."""
    opens, closes, desks, rate = (row.number(key) for key in ("opens", "closes", "desks", "rate"))
    if opens is None and closes is None and desks is None and rate is None:
        return None
    if opens is None or closes is None or desks is None or rate is None:
        missing = next(key for key in ("opens", "closes", "desks", "rate") if row.number(key) is None)
        reading.add(row, missing, "hours, desks and rate are given in part", "all four or none")
        return None
    return DraftService(opens_hour=opens, closes_hour=closes, desks=desks, persons_desk_hour=rate)


def _areas(reading: Reading, sheet: str, codes: frozenset[str], say: Say) -> tuple[DraftPlace, ...]:
    seen: set[str] = set()
    places = []
    for number, row in enumerate(reading.rows[sheet], start=1):
        if plain_words(row.text("province")) not in seen:
            seen.add(plain_words(row.text("province")))
            places.append(_place(reading, row, "province", AREA_KINDS, codes, number, say))
    return distinct(places)


def _ranges(reading: Reading, origins: Sequence[DraftPlace]) -> tuple[DraftRange, ...]:
    """Ranges by province and status: for every row of People, or for none."""
    rows = reading.rows["People"]
    given = [row for row in rows if row.count("low") is not None or row.count("high") is not None]
    if not given:
        return ()
    names = {plain_words(text): p.id for p in origins for text in (p.id, p.name, *p.aliases)}
    out: dict[tuple[str, str], DraftRange] = {}
    for row in rows:
        low, high = row.count("low"), row.count("high")
        if low is None or high is None or high < low:
            reading.add(row, "high", "the range of this row is not whole", "fewest <= most in every row, or in none")
            continue
        origin, status = names.get(plain_words(row.text("province")), ""), row.text("status") or "returnees"
        if (origin, slug(status)) in out:
            reading.add(row, "province", "this province and status stand twice", "one row for both")
        out[origin, slug(status)] = DraftRange(origin=origin, status=status, low=low, high=high)
    return tuple(out.values())


def _source(row: Row, first: DraftSource) -> DraftSource:
    if not row.text("publisher"):
        return first
    return DraftSource(
        publisher=row.text("publisher"), title=row.text("source_title") or row.sheet, published=row.day("published")
    )


def _crossing(reading: Reading, row: Row, names: Mapping[str, str], *, everywhere: bool = False) -> str:
    """The id of the crossing that a row names, several joined by +, or `all` where that makes sense."""
    text = row.text("crossing")
    if everywhere and plain_words(text) in ("all", "tous", "all crossings"):
        return "all"
    ids = [names.get(plain_words(part), "") for part in text.split("+")]
    if not all(ids) or (len(ids) > 1 and not everywhere):
        wanted = ", ".join(sorted(set(names.values()))) + (", or all" if everywhere else "")
        reading.add(row, "crossing", "no such crossing on the sheet Crossings", wanted, "write it as it stands there")
    return "+".join(ids)


def _closures(reading: Reading, names: Mapping[str, str], first: DraftSource) -> tuple[DraftClosure, ...]:
    out = []
    for row in reading.rows["Closures"]:
        start, end = row.day("start"), row.day("end")
        if start is None:
            continue
        if end is not None and end < start:
            reading.add(row, "end", f"the closure ends before its first day {start}")
        crossing = _crossing(reading, row, names)
        out.append(DraftClosure(crossing=crossing, start=start, end=end, source=_source(row, first)))
    return tuple(out)


def _stages(reading: Reading, names: Mapping[str, str], first: DraftSource) -> tuple[DraftStage, ...]:
    out = []
    for row in reading.rows["Reception"]:
        share, stay = row.number("share"), row.number("stay")
        if share is not None and not 0 < share <= 1:
            reading.add(row, "share", "a share lies above 0 and at most at 1", "0.4")
        if stay is not None and not 0 <= stay <= 365:
            reading.add(row, "stay", "no stay in days", "0 to 365")
        out.append(
            DraftStage(
                crossing=_crossing(reading, row, names), name=row.text("site"), kind=row.text("kind"),
                agency=row.text("agency"), capacity=row.count("capacity"), unit=row.text("unit") or "persons",
                stay_days=0.0 if stay is None else stay, share=1.0 if share is None else share,
                source=_source(row, first),
            )
        )  # fmt: skip
    return tuple(out)


def _counts(reading: Reading, names: Mapping[str, str], first: DraftSource, today: date) -> tuple[DraftCount, ...]:
    out = []
    for row in reading.rows["Counts"]:
        start = row.day("start")
        if start is None:
            continue
        end, known = row.day("end") or start, row.day("known") or row.day("published")
        if end < start:
            reading.add(row, "end", f"the last day lies before the first, {start}")
        if known is not None and known < end:
            reading.add(row, "known", f"the figure was known before its last day, {end}", "that day or later")
        cumulative = row.text("cumulative") == "yes"
        if known is None and assumed_known(start, end, cumulative) > today:
            known = max(end, today)
        if row.count("persons") is None and row.count("families") is None:
            reading.add(row, "persons", "neither persons nor families", "a whole number")
        out.append(
            DraftCount(
                start=start, end=end, crossing=_crossing(reading, row, names, everywhere=True),
                persons=row.count("persons"), families=row.count("families"), kind=row.text("kind") or "return_all",
                cumulative=cumulative, known=known, source=_source(row, first),
            )
        )  # fmt: skip
    return tuple(out)


def _holidays(start: Row, countries: Countries) -> tuple[tuple[date, str], ...]:
    day = start.day("announced") or start.day("published")
    if day is None or start.text("holidays") == "no":
        return ()
    last = start.day("deadline") or day
    return public_holidays(countries.codes, day - timedelta(days=28), last + timedelta(days=90))
