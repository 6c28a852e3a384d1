"""Scenarios in the briefing: what each planning assumption changes, and the paired differences side by side."""

from __future__ import annotations

import math

from sarai.publish.figures import LEAST_STEP, digit_step, honest_digits, round_to
from sarai.publish.table import Cell, Column, Table
from sarai.publish.words import Words
from sarai.whatif.contrast import Contrast, Line
from sarai.whatif.indicators import ARRIVALS, DURESS, HARM, LONG_WAITS, OPEN_NIGHTS, UNMET_NEED
from sarai.whatif.scenario import Scenario

SHOWN = (HARM, OPEN_NIGHTS, LONG_WAITS, UNMET_NEED, DURESS, ARRIVALS)
"""Indicators of the briefing; the lab and `sarai whatif` have the others."""


def scenario_tables(words: Words, asked: tuple[tuple[Scenario, Contrast], ...]) -> tuple[Table, ...]:
    """What the scenarios assume, and the difference that each makes. None is called best."""
    return _assumptions(words, asked), _differences(words, asked)


def _assumptions(words: Words, asked: tuple[tuple[Scenario, Contrast], ...]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (scenario.name, "; ".join(str(change) for change in scenario.changes) or words.say("whatif_nothing"))
        for scenario, _ in asked
    ]
    columns = (
        Column(key="scenario", label=words.say("whatif_scenario")),
        Column(key="changes", label=words.say("whatif_changes")),
    )
    return Table(id="scenarios", title=words.say("whatif_scenarios_title"), columns=columns, rows=tuple(rows))


def _differences(words: Words, asked: tuple[tuple[Scenario, Contrast], ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for scenario, contrast in asked:
        for indicator in SHOWN:
            line = next((line for line in contrast.lines if line.indicator is indicator), None)
            if line is not None:
                rows.append((scenario.name, words.say(f"whatif_{indicator.id}"), *_cells(words, line)))
    columns = (
        Column(key="scenario", label=words.say("whatif_scenario")),
        Column(key="measure", label=words.say("measure")),
        Column(key="difference", label=words.say("whatif_difference")),
        Column(key="fewer", label=words.say("whatif_fewer"), kind="chance"),
    )
    days = len(asked[0][1].days) if asked else 0
    return Table(
        id="whatif", title=words.say("whatif_title", days=words.count(days)), columns=columns, rows=tuple(rows), lead=2,
        notes=(words.say("whatif_note"),),
    )  # fmt: skip


def _cells(words: Words, line: Line) -> tuple[str, float]:
    low, middle, high = line.difference
    text = words.say("whatif_range", **{name: say_signed(words, value, line.difference) for name, value in
                                        (("mid", middle), ("low", low), ("high", high))})  # fmt: skip
    return (text if any(line.difference) else words.say("whatif_same")), line.less_probability


def say_signed(words: Words, value: float, triple: tuple[float, float, float]) -> str:
    """A difference with its sign, no finer than its range and never finer than tens."""
    low, middle, high = triple
    width = max(abs(middle), (high - low) / 2)
    digits = honest_digits(0.0, width, high - low)
    shown = round_to(value, digit_step(abs(value), digits, LEAST_STEP))
    sign = "" if shown == 0.0 or math.isnan(shown) else "+" if shown > 0.0 else "\N{MINUS SIGN}"
    return f"{sign}{words.count(abs(shown))}"
