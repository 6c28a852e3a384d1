"""The line: what sarai never decides, plans, sizes, ranks or seeks, and the sentence that says so."""

from __future__ import annotations

REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("holding", "detention", "detain", "deport", "removal"),
        "Holding and deportation are outside facts. sarai does not size, plan or move them.",
    ),
    (
        ("enforce", "arrest", "raid", "police"),
        "Enforcement is an outside fact. It enters as announced and is never a lever.",
    ),
    (
        ("exit", "clearance", "desks_exit"),
        "Exit processing is an outside fact. sarai has no lever that speeds departures.",
    ),
    (
        ("goal", "target", "objective", "maxim", "minim", "optim"),
        "There is no goal-seek: sarai answers what a change would do, not how to reach a number of returns.",
    ),
    (
        ("population", "remaining", "strata", "origin", "departure", "rank"),
        "People and the areas they leave are not levers, targets or rankings.",
    ),
)


def find_refusal(text: str) -> str:
    """The sentence that refuses a path, an item or a wish; empty where the line is not touched."""
    lowered = text.lower()
    return next((reason for words, reason in REFUSED if any(word in lowered for word in words)), "")
