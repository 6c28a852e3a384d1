"""How a world is told in a language: which names it has there, and the world called by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sarai.world.local_name import SAME_SCRIPT, STATUS, TITLE, WAVE
from sarai.world.world import World


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
