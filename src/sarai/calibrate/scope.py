"""What of a world a fit looks at: the recent past, the waves that still matter, a usual movement where there is none.

Reports of half a year ago say little about the next month, and a law with every wave of two years is slow to fit. The
window begins some weeks before the first wave that still matters, or a fixed time before the as-of date (A125).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sarai.world.calendar import Wave
from sarai.world.world import World

RECENT_DAYS = 120  # A125: the fit looks back so far at least
MOST_DAYS = 200  # A125: and so far at most, unless it then finds too few figures
LIVE_DAYS = 100  # A125: a wave matters until so many days after its deadline
LEAD_DAYS = 21  # A125: days before the announcement of a wave that matters
BACKGROUND = "background"
FAR_DEADLINE_DAYS = 36_500


def limit_world(world: World, most_days: int = MOST_DAYS) -> World:
    """The same world with the waves that still matter and a start that need not lie further back than they ask.

    most_days  the start lies at most so many days before the as-of date
    """
    live = live_waves(world)
    earliest = min(
        [w.announced - timedelta(days=LEAD_DAYS) for w in live] + [world.as_of - timedelta(days=RECENT_DAYS)]
    )
    if most_days > MOST_DAYS:
        earliest = date.min + timedelta(days=most_days)
    earliest = max(earliest, world.as_of - timedelta(days=most_days))
    start = earliest if world.start == date.min else max(world.start, earliest)
    waves = live or (background_wave(world, start),)
    return replace(world, start=min(start, world.as_of), calendar=replace(world.calendar, waves=waves))


def live_waves(world: World) -> tuple[Wave, ...]:
    """The waves that still move people: those whose deadline passed no more than LIVE_DAYS ago.

    None where each of them was called off: no deadline is then in force, and the movement goes on from where it stands.
    """
    recent = tuple(wave for wave in world.calendar.waves if (world.as_of - wave.deadline).days <= LIVE_DAYS)
    return () if all(wave.withdrawn for wave in recent) else recent


def background_wave(world: World, start: date) -> Wave:
    """The usual movement as a wave without deadline: a small steady hazard that the discrepancy may move."""
    far = world.as_of + timedelta(days=FAR_DEADLINE_DAYS)
    return Wave(
        id=BACKGROUND, title="Usual movement, no deadline in force", announced=start, deadline=far, enforcement=far,
        deadline_first=far, statuses=("all",),
    )  # fmt: skip
