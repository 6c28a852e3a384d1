"""The zero points that are assumed where no case names reception: called so in the language of the briefing."""

from dataclasses import replace

import pytest

from makers.briefing import make_briefing
from sarai.publish.document import assumed_sites
from sarai.publish.words import languages, read_words
from sarai.world.place import Basis
from sarai.world.world import World


def assumed(world: World) -> World:
    """The world with a zero point at its first crossing, as a case without reception has."""
    crossing = world.places_of("crossing")[0]
    site = replace(
        crossing, id=f"{crossing.id}_zero_point", kind="site", name=f"{crossing.name} zero point",
        basis=Basis(assumption="A11"),
    )  # fmt: skip
    return replace(world, places={**world.places, site.id: site})


@pytest.mark.parametrize("language", languages())
def test_an_assumed_site_is_named_in_the_language(language: str) -> None:
    """No English words inside a French or Arabic sentence."""
    world = assumed(make_briefing().world)
    crossing = world.places_of("crossing")[0]
    words = read_words(language)
    (name,) = assumed_sites(words, world, {crossing.id: "Zenda"}).values()
    assert "Zenda" in name and ("zero point" in name) == (language == "en")


def test_a_site_of_the_case_keeps_its_name() -> None:
    """Only what is assumed is renamed."""
    world = assumed(make_briefing().world)
    places = {key: replace(place, basis=Basis()) for key, place in world.places.items()}
    assert assumed_sites(read_words("fr"), replace(world, places=places), {}) == {}
