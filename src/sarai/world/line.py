"""The line: what sarai never decides, plans, sizes, ranks or seeks, and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

Refusals = Sequence[tuple[tuple[str, ...], str]]
THINGS: Refusals = (
    (
        ("holding", "detention", "detain", "custody", "prison", "jail", "deport", "removal", "expel", "expulsion"),
        "Holding and deportation are outside facts. sarai does not size, plan or move them.",
    ),
    (
        ("enforce", "arrest", "raid", "police", "patrol"),
        "Enforcement is an outside fact. It enters as announced and is never a lever.",
    ),
    (
        ("exit", "clearance", "desks_exit"),
        "Exit processing is an outside fact. sarai has no lever that speeds departures.",
    ),
)
"""What no table of supplies or standards may hold either."""
REFUSED: Refusals = (
    *THINGS,
    (
        ("phase", "wave", "quota"),
        "Phases are an outside fact. They enter as announced, or with an assumed deadline, pause or suspension under "
        "calendar; sarai does not order, size or time them.",
    ),
    (
        ("goal", "target", "objective", "maxim", "minim", "optim"),
        "There is no goal-seek: sarai answers what a change would do, not how to reach a number of returns.",
    ),
    (
        ("population", "remaining", "strata", "stratum", "origin", "departure", "returns", "rank", "priorit"),
        "People and the areas they leave are not levers, targets or rankings.",
    ),
)


def find_refusal(text: str, refused: Refusals = REFUSED) -> str:
    """The sentence that refuses a path, an item or a wish; empty where the line is not touched.

    A word counts where it begins: `arrests` and `exit_desks` are refused, `frank_bridge` does not rank.
    """
    lowered = text.lower()
    return next((reason for words, reason in refused if re.search(rf"(?<![a-z])(?:{'|'.join(words)})", lowered)), "")
