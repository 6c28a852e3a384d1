"""The policy calendar: announcements, deadlines, enforcement, closures. Exogenous; none is ever decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sarai.world.place import NO_BASIS, Basis

USUAL_DAYS = 28
DAYS_PAST_DEADLINE = 14
SEEN_COMING_DAYS = 60
"""A238: how far to look ahead by default."""
MOST_DAYS = 366
"""The longest horizon that can be asked for."""


@dataclass(frozen=True, kw_only=True)
class WaveChange:
    """A later decision on a wave: an extension, a new start of enforcement, or its withdrawal."""

    wave: str
    deadline: date | None = None
    enforcement: date | None = None
    withdrawn: bool = False
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One phase of a directive: who was named, when it was announced, the deadline, the announced enforcement.

    statuses   document statuses named; origins: origin ids named, empty means everywhere
    deadline   as last known on the as-of date (extensions applied); deadline_first: as first announced
    withdrawn  True once the authority has called the phase off
    changes    the decisions applied so far, in the order in which they became known
    enforcement_first   as first announced, None where no change has touched it
    """

    id: str
    title: str
    announced: date
    deadline: date
    enforcement: date
    deadline_first: date
    statuses: tuple[str, ...]
    origins: tuple[str, ...] = ()
    extensions: tuple[date, ...] = ()
    withdrawn: bool = False
    changes: tuple[WaveChange, ...] = ()
    enforcement_first: date | None = None
    basis: Basis = NO_BASIS

    @property
    def called_off(self) -> date | None:
        """Day on which it became known that the phase was called off; None where it was not, or nobody said when."""
        told = [change.basis.known for change in self.changes if change.withdrawn and change.basis.known > date.min]
        return max(told, default=None) if self.withdrawn else None


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A crossing shut from `start` to `end`, both inclusive; `end` None while no reopening is known.

    fraction_closed in (0, 1]: part of the day's capacity that is lost.
    """

    crossing: str
    start: date
    end: date | None
    fraction_closed: float = 1.0
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Event:
    """A dated event of the case, for the time line of the briefing. Its description never feeds the model."""

    id: str
    start: date
    end: date | None
    kind: str
    place: str
    description: str
    magnitude: float | None
    unit: str
    source_id: str
    known: date
    known_inferred: bool


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """All that is known of the policy calendar on the as-of date, waves in order of announcement then id."""

    waves: tuple[Wave, ...] = ()
    closures: tuple[Closure, ...] = ()
    events: tuple[Event, ...] = ()
    holidays: tuple[tuple[date, str], ...] = field(default=())

    def days_to_look_ahead(self, as_of: date) -> int:
        """Four weeks, or two weeks past the last deadline or start of enforcement that comes within sixty days."""
        seen = as_of + timedelta(days=SEEN_COMING_DAYS)
        turns = [day for wave in self.waves if not wave.withdrawn for day in (wave.deadline, wave.enforcement)]
        coming = [(day - as_of).days + DAYS_PAST_DEADLINE for day in turns if as_of <= day <= seen]
        return max(USUAL_DAYS, *coming) if coming else USUAL_DAYS
