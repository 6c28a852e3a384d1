"""The page that a field officer can dispute."""

from __future__ import annotations

from makers.worlds import make_world, reference_world
from sarai.model.explain import WIDTH, explain_model
from sarai.model.table import parameter_table


def test_the_page_names_every_number_and_place() -> None:
    """Every parameter, crossing, stage and wave stands on it; no line is wider than the page."""
    text = explain_model(reference_world())
    for name in (*parameter_table(), "x004", "s005-stay", "wave-1"):
        assert name in text
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_the_page_lists_no_people_by_area() -> None:
    """Population is given as a number of groups only."""
    text = explain_model(make_world(persons=123_457))
    assert "98,765" not in text
    assert "98765" not in text
