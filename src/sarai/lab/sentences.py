"""Sentences of the lab: what a change does to harm, and which site is above its capacity first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sarai.lab.controls import stage_name
from sarai.publish.scenario_table import CERTAIN, say_chance
from sarai.whatif.contrast import Breach, Line
from sarai.whatif.indicators import HARM
from sarai.world.errors import Fault
from sarai.world.world import World

STEPS = ((10_000, 100), (1_000, 50), (100, 10))
"""From each size on figures are shown in steps of so many, as in the page's own `round`."""
NOTHING = "Nothing is changed yet. Move something: the same possible worlds are run again with it."


def say_difference(lines: Sequence[Line], changed: bool) -> str:
    """One plain sentence on harm, with its chance."""
    if not changed:
        return NOTHING
    harm = next(line for line in lines if line.indicator is HARM)
    if harm.equal_probability > CERTAIN:
        return "In nearly all possible worlds this leaves harm as it is."
    less, more = harm.less_probability, 1.0 - harm.less_probability - harm.equal_probability
    low, middle, high = (say_signed(value) for value in harm.difference)
    return (
        f"Harm (nights without shelter, long waits, unmet need, return under duress) becomes less in "
        f"{say_chance(less)} of possible worlds and more in {say_chance(more)}: {middle} person-days in the middle "
        f"case, {low} to {high} in nine of ten."
    )


def say_signed(value: float) -> str:
    """A difference with its sign, as coarse as the table beside it shows it; nothing has none."""
    step = next((step for size, step in STEPS if abs(value) >= size), 1)
    near = round(value / step) * step
    return f"{near:+,}".replace("-", "\N{MINUS SIGN}") if near else "0"


def say_first_above(world: World, breaches: Sequence[Breach]) -> dict[str, str]:
    """Which site is above its capacity first, as announced and with the change."""
    known = [one for one in breaches if one.changed_probability > 0.0 or _capacity(world, one) is not None]
    return {
        "base": _first(world, [(one.base_day, one.base_probability, one.stage) for one in known]),
        "changed": _first(world, [(one.changed_day, one.changed_probability, one.stage) for one in known]),
    }


def _first(world: World, found: Sequence[tuple[str, float, str]]) -> str:
    likely = sorted(one for one in found if one[0])
    if not found:
        return "The capacity of no site is known."
    if not likely:
        return "No site is as likely as not to be above its capacity."
    day, chance, stage = likely[0]
    return f"{stage_name(world, stage)}, from about {say_day(day)} ({say_chance(chance)} of possible worlds)"


def _capacity(world: World, breach: Breach) -> float | None:
    return next(stage.capacity.value for stage in world.stages if stage.id == breach.stage)


def say_day(text: str) -> str:
    """A day as people write it."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def say_fault(fault: Fault) -> str:
    """A fault in one line: where, what, found, wanted, how to mend."""
    parts = [f"{fault.column}: {fault.what}" if fault.column else fault.what]
    parts += [f"found {fault.found}"] if fault.found else []
    parts += [f"wanted {fault.wanted}"] if fault.wanted else []
    parts += [fault.mend] if fault.mend else []
    text = "; ".join(part.rstrip(". ") for part in parts)
    return text if text.endswith("?") else f"{text}."
