"""The case as known on the day of --as-of, as every verb takes it that needs no more of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sarai.cli.options import parse_day

if TYPE_CHECKING:
    from sarai.world.world import World


def read_known(case: str, as_of: str | None) -> World:
    """The case as known on a day; without one, on the last day on which anything became known.

    Raises RequestError where the day is none, before the case is read; InputError with every fault of the case.
    """
    from sarai.observe.case_folder import load_case

    day = parse_day(as_of) if as_of else None
    loaded = load_case(case)
    return loaded.as_of(day or loaded.last_known())
