"""Public holidays from the package `holidays`, where it is installed; days set by the moon are its estimates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from importlib.util import find_spec

from sarai.observe.geonames import alpha2


def public_holidays(countries: Collection[str], first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Day and name of the public holidays of these countries (ISO alpha-3) from `first` to `last`, in order.

    Empty where the package or a country is not there. One day of two countries stands once, with both names.
    """
    if find_spec("holidays") is None:
        return ()
    import holidays

    names: dict[date, list[str]] = {}
    known = holidays.list_supported_countries()
    for iso3 in sorted(countries):
        code = alpha2(iso3)
        if code not in known:
            continue
        for day, name in holidays.country_holidays(code, years=range(first.year, last.year + 1)).items():
            if first <= day <= last:
                names.setdefault(day, []).append(f"{name} ({iso3})")
    return tuple((day, "; ".join(parts)) for day, parts in sorted(names.items()))
