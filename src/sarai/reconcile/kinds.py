"""Kinds of crossing: how the words of the reports fall into deported, facilitated and other."""

from __future__ import annotations

from typing import Literal

CountClass = Literal["all", "deported", "facilitated", "other", "not_deported", "none"]

CLASS_OF_KIND: dict[str, CountClass] = {
    "return_all": "all",
    "arrival_all": "all",
    "all": "all",
    "headcount": "all",
    "deported": "deported",
    "forced_return": "deported",
    "not_deported": "not_deported",
    "voluntary_return": "not_deported",
    "registered_assisted": "facilitated",
    "facilitated": "facilitated",
    "assisted_return": "facilitated",
    "voluntary_repatriation": "facilitated",
    "spontaneous_return": "other",
    "other": "other",
}
MEMBERS_OF_CLASS: dict[str, tuple[int, ...]] = {
    "all": (0, 1, 2),
    "deported": (0,),
    "facilitated": (1,),
    "other": (2,),
    "not_deported": (1, 2),
}
DAILY_MEANS: tuple[str, ...] = ("daily_average", "daily_typical")


def counted_alone(classes: tuple[str, ...]) -> str:
    """The one class that all figures count where it is a part of those who cross, else `all`."""
    only = set(classes)
    return only.pop() if len(only) == 1 else "all"


def count_class(kind: str) -> tuple[CountClass, bool]:
    """Class of a report's kind, and whether its figure is a mean per day over the window.

    A kind that counts something else than crossings (registration for transport, a daily peak) is `none`.
    """
    for word in DAILY_MEANS:
        if word in kind:
            return "all", True
    if "daily" in kind:
        return "none", False
    return CLASS_OF_KIND.get(kind, "none"), False
