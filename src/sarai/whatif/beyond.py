"""Beyond: what a scenario moves past the last day that is simulated, so that its figures leave it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sarai.world.calendar import DAYS_PAST_DEADLINE, MOST_DAYS
from sarai.world.world import World


def say_beyond(world: World, changed: World, last: date) -> Iterator[str]:
    """A sentence for each deadline that a scenario moves past the last day: fewer until then is not fewer in all."""
    before = {wave.id: wave for wave in world.calendar.waves}
    for wave in changed.calendar.waves:
        if wave.withdrawn or wave.deadline <= last or wave.deadline == before[wave.id].deadline:
            continue
        day, end = (f"{one.day} {one:%B %Y}" for one in (wave.deadline, last))
        horizon = (wave.deadline - world.as_of).days + DAYS_PAST_DEADLINE
        mend = f"Ask with --horizon {horizon} to count it." if horizon <= MOST_DAYS else "No horizon is so long."
        yield (
            f"The deadline ({wave.title}) is then {day}, after the last day counted, {end}: who would cross later, "
            f"and what awaits them, is in no figure here. {mend}"
        )
