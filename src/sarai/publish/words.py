"""Words: sentences, numbers, dates and direction of one language, from its message catalogue."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from sarai.publish.figures import LEAST_STEP, Estimate
from sarai.publish.solar import solar_hijri
from sarai.world.errors import Fault, RequestError

CHANCE_STEPS: tuple[tuple[float, str], ...] = (
    (0.95, "almost_certain"), (0.80, "very_likely"), (0.60, "likely"), (0.40, "even"), (0.20, "unlikely"),
    (0.05, "very_unlikely"), (0.0, "hardly"),
)  # fmt: skip
"""A141: words for a chance, and where each begins."""
EDGE = 0.05


ISOLATE, POP = "\u2068", "\u2069"
"""Marks around a text whose direction is its own (Unicode UAX 9)."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language. `messages` maps keys to sentences with {named} gaps; `digits` replaces 0 to 9 where not empty.

    first_of_month   how the first day of a month is written where that is not with its number, as in `1er avril`
    reviewed   whether a native speaker has read the catalogue; where not, the briefing says so
    notes   (pattern, sentence) pairs for what other rooms say in English; {0} is what the pattern caught first
    """

    language: str
    direction: str
    messages: Mapping[str, str]
    months: tuple[str, ...]
    terms: Mapping[str, str]
    thousands: str
    decimal: str
    digits: str = ""
    first_of_month: str = ""
    calendar: str = "gregorian"
    notes: tuple[tuple[str, str], ...] = ()
    reviewed: bool = True

    def note(self, text: str) -> str:
        """A note of another room in this language: its parts by the catalogue's patterns, as they stand elsewhere."""
        return "; ".join(self._note(part) for part in text.split("; "))

    def _note(self, text: str) -> str:
        for pattern, meant in self.notes:
            found = re.fullmatch(pattern, text.strip().rstrip("."), flags=re.IGNORECASE)
            if found is not None:
                return meant.format(*(self._own_part(part) for part in found.groups()))
        return text

    def _own_part(self, part: str) -> str:
        """A date written out; a list of terms as one, each once; anything else in the digits of the language."""
        if re.fullmatch(r"\d{4}-\d\d-\d\d", part):
            return self.day(date.fromisoformat(part), year=True)
        names = part.split(", ")
        if all(name in self.terms for name in names):
            return self.listing(list(dict.fromkeys(self.term(name) for name in names)))
        return self._own_digits(part)

    def say(self, key: str, **gaps: Any) -> str:
        """The sentence of a key with its gaps filled. Raises KeyError on a key that the catalogue lacks.

        In a language from right to left a name in Latin letters is set apart, or a digit or stop beside it would go
        with it and stand on its wrong side.
        """
        if self.direction == "rtl":
            gaps = {name: set_apart(value) if isinstance(value, str) else value for name, value in gaps.items()}
        return self.messages[key].format(**gaps)

    def term(self, text: str) -> str:
        """A word of the tables (item, unit, sector, setting) in this language; as it stands where it has no entry."""
        return self.terms.get(text, text)

    def count(self, value: float) -> str:
        """A whole number with the thousands mark and digits of the language."""
        return self._own_digits(f"{value:,.0f}".replace(",", self.thousands))

    def decimal_number(self, value: float, places: int = 1) -> str:
        """A number with decimals."""
        text = f"{value:,.{places}f}"
        marks = {",": self.thousands, ".": self.decimal}
        return self._own_digits("".join(marks.get(letter, letter) for letter in text))

    def percent(self, fraction: float) -> str:
        """A share as a whole percentage; between 0 and 1 %, `less than 1 %`."""
        if 0.0 < fraction < 0.005:
            return self.say("less_than_percent", value=self.count(1))
        return self.say("percent", value=self.count(100.0 * fraction))

    def persons(self, figure: Estimate) -> str:
        """`about 24,000 (18,000 to 31,000)`; below ten throughout, `fewer than 10`."""
        shown = figure.rounded()
        if figure.high < LEAST_STEP:
            return self.say("fewer_than", value=self.count(LEAST_STEP))
        if figure.mid < LEAST_STEP:
            return self.say("few_up_to", value=self.count(LEAST_STEP), high=self.count(shown.high))
        if shown.low == shown.high:
            return self.say("about", mid=self.count(shown.mid))
        return self.say("about_range", mid=self.count(shown.mid), low=self.low_end(figure), high=self.count(shown.high))

    def span(self, figure: Estimate) -> str:
        """The two ends of a range alone, `18,000 to 31,000`; below ten throughout, `fewer than 10`."""
        if figure.high < LEAST_STEP:
            return self.say("fewer_than", value=self.count(LEAST_STEP))
        return self.say("share_range", low=self.low_end(figure), high=self.count(figure.rounded().high))

    def low_end(self, figure: Estimate) -> str:
        """The low end of a range; `fewer than 10` where it is, since nobody knows that it is nobody."""
        if figure.low < LEAST_STEP:
            return self.say("low_end", value=self.count(LEAST_STEP))
        return self.count(figure.rounded().low)

    def chance(self, probability: float) -> str:
        """A chance in words and figures, `very likely (about 85 %)`, in steps of five percent."""
        word = next(key for least, key in CHANCE_STEPS if probability >= least)
        if probability >= 1.0 - EDGE:
            figure = self.say("more_than_percent", value=self.count(95))
        elif probability < EDGE:
            figure = self.say("less_than_percent", value=self.count(5))
        else:
            figure = self.say("about_percent", value=self.count(round(probability * 20) * 5))
        return self.say("chance", word=self.say(f"chance_{word}"), figure=figure)

    def day(self, day: date, *, year: bool = False) -> str:
        """A date in full words; in the calendar of the language first where that is not the Gregorian."""
        civil = self.say("date_year" if year else "date", day=self._day_of_month(day.day),
                         month=self.months[day.month - 1], year=self._own_digits(str(day.year)))  # fmt: skip
        if self.calendar != "solar_hijri":
            return civil
        own_year, own_month, own_day = solar_hijri(day)
        own = self.say("date_year" if year else "date", day=self._own_digits(str(own_day)),
                       month=self.say(f"solar_month_{own_month}"), year=self._own_digits(str(own_year)))  # fmt: skip
        return self.say("date_both", own=own, civil=civil)

    def short_day(self, day: date, *, year: bool = False) -> str:
        """A date for the axis of a chart, in the calendar of the language."""
        if self.calendar == "solar_hijri":
            which, month, number = solar_hijri(day)
            name = self.say(f"solar_month_{month}")
        else:
            which, number, name = day.year, day.day, self.say(f"month_short_{day.month}")
        return self.say("date_year" if year else "date", day=self._day_of_month(number), month=name,
                        year=self._own_digits(str(which)))  # fmt: skip

    def listing(self, items: list[str]) -> str:
        """`a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return self.say("list_last", head=self.say("list_comma").join(items[:-1]), last=items[-1])

    def _day_of_month(self, number: int) -> str:
        return self.first_of_month if number == 1 and self.first_of_month else self._own_digits(str(number))

    def _own_digits(self, text: str) -> str:
        return text.translate({ord("0") + index: digit for index, digit in enumerate(self.digits)})


def languages() -> tuple[str, ...]:
    """Languages with a catalogue, in alphabetical order."""
    folder = resources.files("sarai.publish").joinpath("messages")
    return tuple(sorted(item.name.removesuffix(".json") for item in folder.iterdir() if item.name.endswith(".json")))


@cache
def read_words(language: str) -> Words:
    """The catalogue of a language (messages/<language>.json). Raises RequestError, naming those there are."""
    if language not in languages():
        raise RequestError(
            Fault(file="--language", what="there is no catalogue for this language", found=language,
                  wanted=", ".join(languages()), mend="choose one of these, or add messages/<language>.json")
        )  # fmt: skip
    text = resources.files("sarai.publish").joinpath("messages", f"{language}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Words(
        language=language, direction=data["direction"], messages=data["messages"],
        months=tuple(data["months"]), terms=data.get("terms", {}),
        thousands=data["thousands"], decimal=data["decimal"], digits=data.get("digits", ""),
        first_of_month=data.get("first_of_month", ""),
        calendar=data.get("calendar", "gregorian"), notes=tuple(map(tuple, data.get("notes", ()))),
        reviewed=data["reviewed"],
    )  # fmt: skip


def set_apart(text: str) -> str:
    """A text in Latin letters alone between the marks of Unicode that isolate its direction; any other as it is."""
    latin = any(letter.isascii() and letter.isalpha() for letter in text)
    other = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"{ISOLATE}{text}{POP}" if latin and not other else text


def sentence(text: str) -> str:
    """A note as a sentence: a capital in front, a stop behind."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
