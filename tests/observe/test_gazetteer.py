"""The gazetteer: names in any spelling, crossings by direction, time zones near a point."""

from __future__ import annotations

from sarai.observe.gazetteer import (
    crossings_between,
    find_place,
    places_of,
    read_gazetteer,
    slug,
    suggest_places,
)
from sarai.observe.time_zones import nearest_timezone


def test_every_row_has_an_id_of_its_own_and_a_point() -> None:
    """Ids are unique and coordinates lie on the globe."""
    rows = read_gazetteer()
    assert len({row.id for row in rows}) == len(rows) > 100
    assert all(abs(row.lat or 91) <= 90 and abs(row.lon or 181) <= 180 for row in rows)


def test_a_place_is_found_by_any_of_its_names() -> None:
    """Variants, hyphens and capitals lead to the same crossing; kinds and country break ties."""
    for name in ("Torkham", "TORKHAM GATE", "turkham"):
        found = find_place(name, ("border_crossing",))
        assert found is not None and found.id == "torkham"
    spin = find_place("Spin-Boldak", ("border_crossing", "city"))
    assert spin is not None and spin.id == "chaman"
    kabul = find_place("Kabul", ("province", "city"), "AFG")
    assert kabul is not None and kabul.kind == "province"
    assert find_place("Nowhere at all") is None


def test_a_misspelt_name_gets_suggestions() -> None:
    """Names that look alike are offered."""
    assert "Torkham" in suggest_places("Torkam", ("border_crossing",))


def test_crossings_are_found_by_direction() -> None:
    """Between two countries only their own crossings are offered."""
    ids = [place.id for place in crossings_between("PAK", "AFG")]
    assert {"torkham", "chaman", "ghulam_khan"} <= set(ids) and "milak" not in ids
    assert len(places_of("province", "AFG")) == 34


def test_the_time_zone_stays_in_the_country() -> None:
    """A point near a border gets a zone of the countries named, whatever lies nearer beyond it."""
    assert nearest_timezone(34.67, 61.07, ("Afghanistan", "Iran")) in ("Asia/Kabul", "Asia/Tehran")
    assert nearest_timezone(4.85, 31.58, ("South Sudan",)) == "Africa/Juba"
    assert nearest_timezone(33.5, 36.3) == "Asia/Damascus"


def test_ids_are_plain() -> None:
    """Accents and marks go; a name in another script has no id of its own."""
    assert slug("Ain Arafat (Égypte)") == "ain_arafat_egypte"
    assert slug("\u0637\u0648\u0631\u062e\u0645") == ""
