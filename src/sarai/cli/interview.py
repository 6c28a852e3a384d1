"""The questions of `sarai new`: plain words, an example each, a mend where an answer cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from sarai.cli import answers
from sarai.cli.answers import AnswerError
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.observe.case_draft import Draft, DraftPlace
    from sarai.observe.draft_places import Countries

Ask = Callable[[str, str], str]
Say = Callable[[str], None]
T = TypeVar("T")
MOST_TRIES = 3
PRIORS_QUESTION = "Priors of the forecast: documented, or learned from past emergencies"


class Interview:
    """One conversation. `patient`: a person sits there, who is asked again as often as it takes."""

    def __init__(self, ask: Ask, say: Say, *, patient: bool = False) -> None:
        self.ask_line, self.say, self.patient = ask, say, patient

    def ask(self, question: str, read: Callable[[str], T], default: str = "") -> T:
        """The first answer that can be read. Raises RequestError after three that cannot, unless patient."""
        answer, tries = "", 0
        while self.patient or tries < MOST_TRIES:
            tries += 1
            answer = self.ask_line(question, default).strip()
            try:
                return read(answer)
            except AnswerError as error:
                self.say(f"  {error}")
        mend = "start again; nothing was written"
        raise RequestError(Fault(what="three answers could not be read", column=question, found=answer, mend=mend))

    def run(self) -> Draft:
        """The draft of a case from the answers of a person."""
        from sarai.observe.case_draft import Draft, DraftSource

        self.say(
            "Counts of people only: nothing about any one person is asked for, and nothing of the kind is accepted."
        )
        self.say("An empty answer takes what stands in brackets. Nothing is written before the last answer.")
        title = self.ask("What happens, in a few words", answers.read_words)
        countries = self.ask_countries()
        crossings = self.ask_crossings(countries)
        origins = self.ask_origins(countries)
        destinations = self.ask_destinations(countries)
        statuses = self.ask("Document statuses, separated by commas (empty: one for all)", answers.read_names)
        announced, deadline, enforcement = self.ask_calendar()
        low, high = self.ask_persons()
        publisher = self.ask("Who published this (an organisation, never a person)", answers.read_words)
        source = self.ask("Title of the publication", answers.read_words)
        published = self.ask("Day it was published", answers.read_day, str(announced or ""))
        return Draft(
            title=title, timezone=self.ask_timezone(countries, crossings), country_from=countries.start,
            country_to=countries.end, crossings=crossings, origins=origins, destinations=destinations,
            statuses=statuses, low_persons=low, high_persons=high, announced=announced, deadline=deadline,
            enforcement=enforcement, source=DraftSource(publisher=publisher, title=source, published=published),
            holidays=self.ask_holidays(countries, announced or published, deadline or published),
            borrow=announced is not None and self.ask(PRIORS_QUESTION, answers.read_priors, "documented"),
        )  # fmt: skip

    def ask_countries(self) -> Countries:
        """Both countries; a name that no list has is taken as it is, with what is close to it."""
        from sarai.observe.draft_places import close_countries, read_countries

        start = self.ask("Country that people leave", answers.read_name)
        end = self.ask("Country that they return to", answers.read_name)
        countries = read_countries(start, end)
        for name, codes in ((start, countries.start_codes), (end, countries.end_codes)):
            close = close_countries(name) if not codes else []
            if not codes:
                hint = f"; did you mean {' or '.join(close)}?" if close else ""
                self.say(f"  {name} is no country that is known here, so places are not looked up in it{hint}")
        return countries

    def ask_crossings(self, countries: Countries) -> tuple[DraftPlace, ...]:
        """The crossings, with coordinates from the gazetteer where it has them."""
        from sarai.observe.case_draft import distinct
        from sarai.observe.draft_places import CROSSING_KINDS, known_crossings

        offered = ", ".join(known_crossings(countries))
        names = self.ask("Border crossings, separated by commas", answers.read_list, offered)
        return distinct([self.place(name, CROSSING_KINDS, countries.codes, n) for n, name in enumerate(names, start=1)])

    def ask_origins(self, countries: Countries) -> tuple[DraftPlace, ...]:
        """Provinces of departure, or the whole country."""
        from sarai.observe.draft_places import whole_country

        question = "Provinces they come from, separated by commas (empty: the whole country)"
        return self.areas(question, countries.start_codes) or whole_country(countries.start)

    def ask_destinations(self, countries: Countries) -> tuple[DraftPlace, ...]:
        """Areas of return: those named, or all that the gazetteer has for the country."""
        from sarai.observe.draft_places import areas_of_return

        known = areas_of_return(countries)
        hint = f"all {len(known)} provinces" if len(known) > 1 else "the interior"
        question = f"Provinces they return to, separated by commas (empty: {hint})"
        return self.areas(question, countries.end_codes) or known

    def areas(self, question: str, codes: frozenset[str]) -> tuple[DraftPlace, ...]:
        """Provinces of a country."""
        from sarai.observe.case_draft import distinct
        from sarai.observe.draft_places import AREA_KINDS

        names = self.ask(question, answers.read_names)
        return distinct([self.place(name, AREA_KINDS, codes, n) for n, name in enumerate(names, start=1)])

    def place(self, name: str, kinds: tuple[str, ...], codes: frozenset[str], number: int) -> DraftPlace:
        """A place of the gazetteer, or one with the coordinates that the person gives."""
        from sarai.observe.draft_places import look_up
        from sarai.observe.gazetteer import slug

        found, sentence = look_up(name, kinds, codes)
        self.say(f"  {sentence}")
        if found is not None:
            return found
        identity = ""
        if not slug(name):
            question = f"Short id for {name} (small letters a to z)"
            identity = self.ask(question, answers.read_id, f"place_{number}")
        question = f"Latitude, longitude of {name}, or a town in or beside it (empty: not known)"
        return self.ask(question, lambda text: self.point(text, name, codes, number, identity))

    def point(self, text: str, name: str, codes: frozenset[str], number: int, identity: str) -> DraftPlace:
        """A place at the coordinates given, at those of a town that is named, or without any."""
        from sarai.observe.draft_places import place_beside, unknown_place

        if not any(letter.isalpha() for letter in text):
            return unknown_place(name, number, answers.read_point(text), identity)
        place = place_beside(name, number, text, codes, identity)
        if place is None:
            raise AnswerError(f"{text} is not in the gazetteer either; {answers.POINT}")
        self.say(f"  {name}: at {text} ({place.country}, {place.note})")
        return place

    def ask_calendar(self) -> tuple[date | None, date | None, date | None]:
        """Announcement, deadline and announced enforcement; all None where there is no directive."""
        question = "Day on which departure was announced (empty: there is no such order)"
        announced = self.ask(question, answers.read_day_or_none)
        if announced is None:
            return None, None, None
        deadline = self.ask("Deadline: last day to leave", lambda text: answers.read_deadline(text, announced))
        question = "Day from which enforcement was announced (empty: the day after)"
        return announced, deadline, self.ask(question, lambda text: answers.read_day_or_none(text, announced))

    def ask_persons(self) -> tuple[int | None, int | None]:
        """The range of the people concerned; None where nobody has published one."""
        low = self.ask("Fewest persons concerned (empty: nobody has said)", answers.read_persons_or_none)
        if low is None:
            return None, None
        return low, self.ask("Most persons concerned", lambda text: answers.read_persons(text, low))

    def ask_timezone(self, countries: Countries, crossings: tuple[DraftPlace, ...]) -> str:
        """The time zone, with a guess from the first crossing that has a point, else from a capital."""
        from sarai.observe.draft_places import guess_timezone

        guess = guess_timezone(countries, crossings)
        return self.ask("Time zone of the border", answers.read_timezone, guess)

    def ask_holidays(self, countries: Countries, first: date, last: date) -> tuple[tuple[date, str], ...]:
        """Public holidays of both countries around the dates, where the person wants them listed."""
        from sarai.observe.holiday_list import public_holidays

        found = public_holidays(countries.codes, first - timedelta(days=28), last + timedelta(days=90))
        if not found:
            return ()
        shown = ", ".join(f"{name} {day}" for day, name in found[:4])
        more = f" and {len(found) - 4} more" if len(found) > 4 else ""
        self.say(f"  Public holidays near these days: {shown}{more}")
        return found if self.ask("List them in the case (yes or no)", answers.read_yes, "yes") else ()


def interview(ask: Ask, say: Say, *, patient: bool = False) -> Draft:
    """The draft of a case from the answers of a person."""
    return Interview(ask, say, patient=patient).run()


def summary(draft: Draft) -> list[str]:
    """What was understood, one line a part, for a last look."""

    def places(group: tuple[DraftPlace, ...]) -> str:
        return ", ".join(p.name + ("" if p.lat is not None else " (no coordinates)") for p in group) or "not said"

    persons = f"{draft.low_persons:,} to {draft.high_persons:,}" if draft.low_persons is not None else ""
    ranges = "".join(f"; {r.origin}, {r.status} {r.low:,} to {r.high:,}" for r in draft.ranges).removeprefix("; ")
    days = f"announced {draft.announced}, deadline {draft.deadline}" if draft.announced else "no order to leave"
    if len(draft.statuses) > 1 and draft.announced:
        days += "; it names every status (to name some, write statuses: into its wave in case.yaml)"
    lines = [
        f"{draft.title}: from {draft.country_from} to {draft.country_to}",
        f"crossings: {places(draft.crossings)}",
        f"from: {places(draft.origins)}",
        f"to: {places(draft.destinations)}" if len(draft.destinations) < 9 else f"to: {len(draft.destinations)} areas",
        f"calendar: {days}",
        f"persons concerned: {persons or ranges or 'not known; 10,000 to 3,000,000 are assumed (A7)'}",
    ]
    undated = sum(count.known is None for count in draft.counts)
    dated = f"; {undated} without the day on which they became known: the usual delay is taken (A15)" if undated else ""
    return [*lines, f"counts: {len(draft.counts)}{dated}"] if draft.counts else lines
