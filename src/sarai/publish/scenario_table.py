"""Contrasts as rows: one row an indicator of a scenario, or the scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sarai.whatif.contrast import Contrast

ENDS = ("q05", "q50", "q95")
CERTAIN = 0.995
UNLIKELY = 0.005
DECIMALS = 1


def long_rows(found: Sequence[Contrast]) -> list[dict[str, Any]]:
    """One row an indicator of a scenario: both sides and the paired difference, at 5 %, median and 95 %."""
    rows = []
    for contrast in found:
        for line in contrast.lines:
            row: dict[str, Any] = {
                "scenario": contrast.scenario, "indicator": line.indicator.id, "label": line.indicator.label,
                "unit": line.indicator.unit,
            }  # fmt: skip
            for name, triple in (("base", line.base), ("changed", line.changed), ("difference", line.difference)):
                ends = (round(value, DECIMALS) for value in triple)
                row.update(zip((f"{name}_{end}" for end in ENDS), ends, strict=True))
            rows.append({
                **row, "less_probability": line.less_probability, "equal_probability": line.equal_probability,
                "harm": line.indicator.harm,
            })  # fmt: skip
    return rows


def side_by_side(found: Sequence[Contrast]) -> list[dict[str, Any]]:
    """One row an indicator: the middle case as announced, and of each scenario the paired difference and its range."""
    rows = []
    for at, line in enumerate(found[0].lines if found else ()):
        row: dict[str, Any] = {"indicator": line.indicator.label, "unit": line.indicator.unit,
                               "as announced": say_number(line.base[1])}  # fmt: skip
        for contrast in found:
            low, middle, high = contrast.lines[at].difference
            row[contrast.scenario] = f"{say_number(middle, sign=True)} [{say_number(low)} to {say_number(high)}]"
        rows.append(row)
    chances: dict[str, Any] = {"indicator": "Chance that harm becomes less", "unit": "", "as announced": ""}
    rows.append(chances | {contrast.scenario: say_chance(contrast.harm_falls) for contrast in found})
    return rows


def say_number(value: float, *, sign: bool = False) -> str:
    """A whole number with its thousands, with + or - where it is a difference."""
    whole = round(value)
    return f"{whole:+,}" if sign and whole else f"{whole:,}"


def say_chance(share: float) -> str:
    """A share of members in words that do not claim more than the members show."""
    if share < UNLIKELY:
        return "under 1 %"
    return "over 99 %" if share > CERTAIN else f"{share:.0%}".replace("%", " %")
