from dataclasses import replace

from makers.briefing import make_world
from sarai.world.local_name import LocalName
from sarai.world.telling import names_in, told_in


def test_own_names_come_first_then_shipped_ones_then_the_same_letters() -> None:
    """A Pashto briefing takes the case's Pashto name, else the shipped one, else a Dari name, else keeps the Latin."""
    world = make_world()
    places = sorted(world.places)
    names = (LocalName(id=places[0], language="ps", name="الف"), LocalName(id=places[1], language="prs", name="ب"))
    shipped = {(places[0], "ps"): "نه", (places[2], "ps"): "ج", (places[1], "fr"): "Bé"}
    found = names_in(replace(world, names=names), "ps", shipped)
    assert found == {places[0]: "الف", places[1]: "ب", places[2]: "ج"}
    assert names_in(replace(world, names=names), "fr", shipped) == {places[1]: "Bé"}
    assert names_in(replace(world, names=names), "en", shipped) == {}


def test_a_world_told_in_a_language_keeps_its_ids_and_figures() -> None:
    """Names of a status and of the title change, what has no name stays, and nothing is computed from any of it."""
    world = make_world()
    status = world.statuses[0]
    told = told_in(world, {"title": "Titre", f"status:{status.id}": "Statut", status.id: "wrong"})
    assert told.title == "Titre" and told.statuses[0].name == "Statut" and told.statuses[0].id == status.id
    assert told.places == world.places and told.reports == world.reports
