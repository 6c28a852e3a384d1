"""What if: a border closes, a camp opens. Each is a new case; the draws of both runs are paired by their keys."""

from __future__ import annotations

from dataclasses import replace

from sarai.model.flight.case import Closure, FlightCase
from sarai.world.errors import Fault, RequestError


def close_border(case: FlightCase, first: str, second: str, close_day: int, open_day: int) -> FlightCase:
    """All links between two countries are shut from close_day to the day before open_day."""
    countries = sorted({place.country for place in case.places})
    _known("--close-border", (first, second), countries)
    _in_order("--close-border", case, close_day, open_day)
    closure = Closure(kind="country", first=first, second=second, close_day=close_day, open_day=open_day)
    return replace(case, closures=(*case.closures, closure))


def open_camp(case: FlightCase, place: str, day: int, capacity: int) -> FlightCase:
    """A place becomes a camp on a day, with a capacity in persons (before division)."""
    _known("--open-camp", (place,), [known.name for known in case.places])
    _in_order("--open-camp", case, day, case.days)
    if capacity < 1:
        raise RequestError(
            Fault(column="--open-camp", what="a camp needs a capacity", found=str(capacity), wanted="1 or more")
        )
    closure = Closure(kind="camp", first=place, second="", close_day=-1, open_day=day)
    return replace(case, closures=(*case.closures, closure), opened={**case.opened, place: capacity})


def _known(option: str, names: tuple[str, ...], known: list[str]) -> None:
    wrong = [name for name in names if name not in known]
    if wrong:
        raise RequestError(
            [
                Fault(column=option, what="the case has no such name", found=name, wanted=", ".join(known[:12]))
                for name in wrong
            ]
        )


def _in_order(option: str, case: FlightCase, first: int, last: int) -> None:
    if not 0 <= first <= last or first >= case.days:
        raise RequestError(
            Fault(
                column=option,
                what="the days do not fit the case",
                found=f"{first} to {last}",
                wanted=f"0 to {case.days - 1}",
            )
        )
