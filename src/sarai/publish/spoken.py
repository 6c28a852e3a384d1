"""Spoken: figures of the past that a briefing prints outside its tables; each is a figure of the release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sarai.forecast.look_back import Before, LookBack
from sarai.publish.disclosure import chart_days
from sarai.publish.grid import ALL, JOIN, WEEK_DAYS
from sarai.publish.past import find_windows
from sarai.publish.rivals import find_said
from sarai.reconcile.picture import Picture
from sarai.world.world import World

Spoken = tuple[date, date, str]
"""First and last day, and the crossing: an id, several joined, or `all`."""


def spoken_of(world: World, picture: Picture, past: LookBack) -> tuple[Spoken, ...]:
    """Days and crossings of what sources said, of reports beside past forecasts, and of what changed; each once."""
    found = [*_said(world, picture), *_fared(picture, past)]
    if past.before is not None:
        found.extend((*days, ALL) for days in changed_days(world, picture, past.before))
    return tuple(dict.fromkeys(found))


def scopes_of(picture: Picture) -> list[tuple[str, frozenset[str]]]:
    """All crossings together, then each alone, as drawings of sources have them."""
    return [(ALL, frozenset(picture.crossings)), *((name, frozenset({name})) for name in picture.crossings)]


def changed_days(world: World, picture: Picture, before: Before) -> tuple[tuple[date, date], ...]:
    """The days of the total that is told again, and of the week after the last briefing."""
    then = date.fromisoformat(before.as_of)
    week = (then + timedelta(days=1), then + timedelta(days=WEEK_DAYS))
    return (find_windows(world, picture)[-1].first, date.fromisoformat(before.total_through)), week


def crossings_key(picture: Picture, crossings: Sequence[str]) -> str:
    """What several crossings together are called in a release."""
    if set(crossings) == set(picture.crossings):
        return ALL
    return JOIN.join(name for name in picture.crossings if name in crossings)


def _said(world: World, picture: Picture) -> Iterator[Spoken]:
    first = chart_days(picture, find_windows(world, picture)[-1])[0]
    for name, scope in scopes_of(picture):
        for item in find_said(world, scope, first):
            yield item.first, item.last, name


def _fared(picture: Picture, past: LookBack) -> Iterator[Spoken]:
    for row in past.fared:
        yield date.fromisoformat(row.start), date.fromisoformat(row.end), crossings_key(picture, row.crossings)
