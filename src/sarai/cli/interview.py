"""The questions of `sarai new`: plain words, an example each, a mend where an answer cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.observe.case_draft import Draft, DraftPlace

Ask = Callable[[str, str], str]
Say = Callable[[str], None]
T = TypeVar("T")
MOST_TRIES = 3


class AnswerError(ValueError):
    """An answer that cannot be read; its text says what would be right."""


def ask_until(ask: Ask, say: Say, question: str, default: str, read: Callable[[str], T]) -> T:
    """The first answer that can be read. Raises RequestError after three that cannot."""
    answer = ""
    for _ in range(MOST_TRIES):
        answer = ask(question, default).strip()
        try:
            return read(answer)
        except AnswerError as error:
            say(f"  {error}")
    mend = "start again; nothing was written"
    raise RequestError(Fault(what="three answers could not be read", column=question, found=answer, mend=mend))


def interview(ask: Ask, say: Say) -> Draft:
    """The draft of a case from the answers of a person."""
    from sarai.observe.case_draft import Draft
    from sarai.observe.gazetteer import nearest_timezone

    say("Counts of people only: nothing about any one person is asked for, and nothing of the kind is accepted.")
    title = ask_until(ask, say, "What happens, in a few words", "", read_words)
    country_from = ask_until(ask, say, "Country that people leave", "", read_words)
    country_to = ask_until(ask, say, "Country that they return to", "", read_words)
    crossings = ask_crossings(ask, say, country_from, country_to)
    question = "Provinces they come from, separated by commas (empty: the whole country)"
    origins = ask_areas(ask, say, question, country_from) or whole_country(country_from)
    destinations = ask_destinations(ask, say, country_to)
    statuses = ask_until(ask, say, "Document statuses, separated by commas (empty: one for all)", "", read_ids)
    announced, deadline, enforcement = ask_calendar(ask, say)
    low = ask_until(ask, say, "Fewest persons concerned", "", read_persons)
    high = ask_until(ask, say, "Most persons concerned", "", lambda text: read_persons(text, low))
    publisher = ask_until(ask, say, "Who published this (an organisation, never a person)", "", read_words)
    source = ask_until(ask, say, "Title of the publication", "", read_words)
    published = ask_until(ask, say, "Day it was published", str(announced or ""), read_day)
    point = next(((c.lat, c.lon) for c in crossings if c.lat is not None and c.lon is not None), None)
    guess = nearest_timezone(*point, (country_to, country_from)) if point else "Etc/UTC"
    timezone = ask_until(ask, say, "Time zone of the border", guess, read_timezone)
    return Draft(
        title=title,
        timezone=timezone,
        country_from=country_from,
        country_to=country_to,
        crossings=crossings,
        origins=origins,
        destinations=destinations,
        statuses=statuses,
        low_persons=low,
        high_persons=high,
        announced=announced,
        deadline=deadline,
        enforcement=enforcement,
        publisher=publisher,
        source_title=source,
        published=published,
    )


def ask_crossings(ask: Ask, say: Say, country_from: str, country_to: str) -> tuple[DraftPlace, ...]:
    """The crossings, with coordinates from the gazetteer where it has them."""
    from sarai.observe.gazetteer import crossings_between

    pair = (country_code(country_from), country_code(country_to))
    offered = ", ".join(place.name for place in crossings_between(*pair)) if all(pair) else ""
    names = ask_until(ask, say, "Border crossings, separated by commas", offered, read_list)
    return distinct(tuple(find_or_ask(ask, say, name, ("border_crossing", "city"), "") for name in names))


def ask_areas(ask: Ask, say: Say, question: str, country: str) -> tuple[DraftPlace, ...]:
    """Provinces of a country."""
    names = ask_until(ask, say, question, "", read_optional_list)
    return distinct(tuple(find_or_ask(ask, say, name, ("province", "city"), country_code(country)) for name in names))


def whole_country(name: str) -> tuple[DraftPlace, ...]:
    """The country of departure as one area, at its capital, where the gazetteer has it."""
    from sarai.observe.case_draft import draft_place
    from sarai.observe.gazetteer import find_place

    found = find_place(name, ("country",))
    return (replace(draft_place(found), level="country"),) if found else ()


def ask_destinations(ask: Ask, say: Say, country: str) -> tuple[DraftPlace, ...]:
    """Areas of return: those named, or all provinces that the gazetteer has for the country."""
    from sarai.observe.case_draft import draft_place
    from sarai.observe.gazetteer import places_of

    known = places_of("province", country_code(country))
    hint = f"all {len(known)} provinces" if known else "the interior"
    named = ask_areas(ask, say, f"Provinces they return to, separated by commas (empty: {hint})", country)
    return named or distinct(tuple(draft_place(place) for place in known))


def ask_calendar(ask: Ask, say: Say) -> tuple[date | None, date | None, date | None]:
    """Announcement, deadline and announced enforcement; all None where there is no directive."""
    announced = ask_until(
        ask, say, "Day on which departure was announced (empty: there is no such order)", "", read_day_or_none
    )
    if announced is None:
        return None, None, None
    deadline = ask_until(ask, say, "Deadline: last day to leave", "", lambda text: read_day(text, announced))
    enforcement = ask_until(
        ask, say, "Day from which enforcement was announced (empty: the day after)", "", read_day_or_none
    )
    return announced, deadline, enforcement


def find_or_ask(ask: Ask, say: Say, name: str, kinds: tuple[str, ...], country: str) -> DraftPlace:
    """A place of the gazetteer, or one with the coordinates that the person gives."""
    from sarai.observe.case_draft import DraftPlace, draft_place
    from sarai.observe.gazetteer import find_city, find_place, slug, suggest_places

    found = find_place(name, kinds, country)
    if found is not None:
        near = ", coordinates approximate" if found.approximate else ""
        say(f"  {name}: {found.name} ({found.country}{near})")
        return draft_place(found)
    city = find_city(name, country)
    if city is not None:
        say(f"  {name}: the town {city.name} ({city.country}, {city.note}), coordinates approximate")
        return replace(draft_place(city), approximate=True)
    close = suggest_places(name, kinds, country)
    say(f"  {name} is not in the gazetteer" + (f"; close to it: {', '.join(close)}" if close else ""))
    identity = slug(name) or ask_until(ask, say, f"Short id for {name} (small letters a to z)", "", read_id)
    point = ask_until(ask, say, f"Latitude, longitude of {name} (empty: not known)", "", read_point)
    lat, lon = point if point else (None, None)
    return DraftPlace(id=identity, name=name, lat=lat, lon=lon)


def distinct(places: tuple[DraftPlace, ...]) -> tuple[DraftPlace, ...]:
    """Each place once."""
    return tuple({place.id: place for place in places}.values())


def country_code(name: str) -> str:
    """ISO alpha-3 of a country of the gazetteer, or an empty string."""
    from sarai.observe.gazetteer import find_place

    found = find_place(name, ("country",))
    return found.country if found else ""


def read_words(text: str) -> str:
    """Any text that is not empty."""
    if not text:
        raise AnswerError("an answer is needed here")
    return text


def read_list(text: str) -> tuple[str, ...]:
    """Names separated by commas, at least one."""
    names = read_optional_list(text)
    if not names:
        raise AnswerError("at least one is needed, for example: North Gate, South Gate")
    return names


def read_optional_list(text: str) -> tuple[str, ...]:
    """Names separated by commas, or none."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def read_id(text: str) -> str:
    """A short id."""
    from sarai.observe.gazetteer import slug

    if not slug(text):
        raise AnswerError("use small letters a to z, for example north_gate")
    return slug(text)


def read_ids(text: str) -> tuple[str, ...]:
    """Names separated by commas, as ids; none is fine."""
    return tuple(dict.fromkeys(read_id(part) for part in read_optional_list(text)))


def read_persons(text: str, least: int = 0) -> int:
    """A whole number of persons; commas and spaces between thousands are understood."""
    digits = text.replace(",", "").replace(" ", "").replace("\u00a0", "")
    if not (digits.isascii() and digits.isdigit()):
        raise AnswerError("a whole number of persons, for example 250000")
    if int(digits) < max(least, 1):
        raise AnswerError(f"at least {max(least, 1)}")
    return int(digits)


def read_day(text: str, first: date | None = None) -> date:
    """A day, not before `first`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise AnswerError("a day written year-month-day, for example 2023-10-28") from None
    if first is not None and day < first:
        raise AnswerError(f"not before {first.isoformat()}")
    return day


def read_day_or_none(text: str) -> date | None:
    """A day, or nothing."""
    return read_day(text) if text else None


def read_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in decimal degrees, or nothing."""
    if not text:
        return None
    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise AnswerError("two decimal numbers, for example 34.11, 71.08") from None
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise AnswerError("latitude lies in -90 to 90, longitude in -180 to 180")
    return lat, lon


def read_timezone(text: str) -> str:
    """An IANA time zone."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise AnswerError("a name such as Asia/Karachi") from None
    return text
