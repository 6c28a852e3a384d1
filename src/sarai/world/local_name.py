"""Local names: what a place, status or call to leave is called in a language, and how a world is told in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sarai.world.world import World

TITLE, STATUS, WAVE = "title", "status:", "wave:"
"""What stands in the place of an id for the title of the case, and before the id of a status or wave."""
SAME_SCRIPT = ("prs", "ps", "ur", "ar")
"""Languages written in Arabic letters: where one has no name of its own, that of another, in this order, is read."""


@dataclass(frozen=True, kw_only=True)
class LocalName:
    """A name in a language, as the catalogues are called; `id` of a place, status:ID, wave:ID, or `title`."""

    id: str
    language: str
    name: str
    source: str = ""
    known: date = date.min


def known_ids(world: World) -> frozenset[str]:
    """What may have a local name."""
    statuses = (f"{STATUS}{status.id}" for status in world.statuses)
    waves = (f"{WAVE}{wave.id}" for wave in world.calendar.waves)
    return frozenset((TITLE, *world.places, *statuses, *waves))


def names_in(world: World, language: str, shipped: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Name by id in a language: the case's own, then shipped ones of places, then either in another language of the
    same letters. What has none keeps the name of case.yaml.
    """
    own = {(item.id, item.language): item.name for item in world.names}
    others = SAME_SCRIPT if language in SAME_SCRIPT else ()
    order = (language, *(other for other in others if other != language))
    found: dict[str, str] = {}
    for other in order:
        for key in known_ids(world):
            name = own.get((key, other)) or (shipped.get((key, other)) if key in world.places else None)
            if name:
                found.setdefault(key, name)
    return found


def told_in(world: World, names: Mapping[str, str]) -> World:
    """The world with its places, statuses, waves and title called by these names; ids stay."""
    waves = tuple(replace(wave, title=names.get(f"{WAVE}{wave.id}", wave.title)) for wave in world.calendar.waves)
    areas = {place.name: names[key] for key, place in world.places.items() if key in names}
    places = {
        key: replace(place, name=names.get(key, place.name), admin1=areas.get(place.admin1, place.admin1))
        for key, place in world.places.items()
    }
    statuses = tuple(replace(item, name=names.get(f"{STATUS}{item.id}", item.name)) for item in world.statuses)
    calendar = replace(world.calendar, waves=waves)
    return replace(world, title=names.get(TITLE, world.title), places=places, statuses=statuses, calendar=calendar)
