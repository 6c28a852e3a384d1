"""Values: a change as it is written, and the readers of days, periods, numbers, hours and surges in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sarai.whatif.paths import PathRule
from sarai.world.errors import Fault, RequestError

PLANNING_ASSUMPTION = "planning assumption"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a scenario. `path` is on the closed list; `value` is kept as it was written."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `start` to `end`, both inclusive."""

    start: date
    end: date


@dataclass(frozen=True, kw_only=True)
class Surge:
    """People who reach a crossing besides those of the forecast: persons/day on each day of the period."""

    crossing: str
    persons_day: float
    period: Period


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A period in which the enforcement of a wave is suspended."""

    wave: str
    period: Period


def parse_change(text: str) -> Change:
    """A change written `PATH=VALUE`. Raises RequestError where there is no `=` or a side is empty."""
    path, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not path or not value:
        raise RequestError(
            Fault(
                column="--set",
                what="a change is written PATH=VALUE",
                found=text,
                mend="for example --set calendar.undocumented.deadline=2024-03-31",
            )
        )
    return Change(path=path, value=value)


def wrong_value(change: Change, rule: PathRule, why: str = "") -> RequestError:
    """The error for a value that does not have the form of its path."""
    return RequestError(
        Fault(
            column=change.path,
            what=why or "this value does not have the form of the path",
            found=change.value,
            wanted=rule.form,
            mend=f"for example {change.path}={rule.example}",
        )
    )


def read_day(change: Change, rule: PathRule, text: str) -> date:
    """A civil day of a change's value."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong_value(change, rule, "this is not a day of the calendar, written YYYY-MM-DD") from None


def read_period(change: Change, rule: PathRule, text: str) -> Period:
    """A period written `first day..last day`."""
    first, dots, last = text.partition("..")
    if not dots:
        raise wrong_value(change, rule)
    period = Period(start=read_day(change, rule, first), end=read_day(change, rule, last))
    if period.end < period.start:
        raise wrong_value(change, rule, "the period ends before it starts")
    return period


def read_number(change: Change, rule: PathRule, text: str, low: float, high: float) -> float:
    """A finite number within bounds."""
    try:
        number = float(text)
    except ValueError:
        raise wrong_value(change, rule) from None
    if not low <= number <= high:
        raise wrong_value(change, rule, f"beyond what is possible: the range is {low:g} to {high:g}")
    return number


def read_hours(change: Change, rule: PathRule) -> tuple[float, float]:
    """Opening and closing hour, local."""
    first, dash, last = change.value.partition("-")
    if not dash:
        raise wrong_value(change, rule)
    opens, closes = (read_number(change, rule, part, 0.0, 24.0) for part in (first, last))
    if closes <= opens:
        raise wrong_value(change, rule, "closing comes before opening")
    return opens, closes


def read_surge(change: Change, rule: PathRule, crossing: str) -> Surge:
    """A surge written `persons/day@first day..last day`."""
    rate, sign, days = change.value.partition("@")
    if not sign:
        raise wrong_value(change, rule)
    persons = read_number(change, rule, rate, 0.0, rule.high)
    return Surge(crossing=crossing, persons_day=persons, period=read_period(change, rule, days))
