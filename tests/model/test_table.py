"""The table of parameters is complete: a unit, a prior, bounds, a basis and an owner for each."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from sarai.model.parameters import Parameters
from sarai.model.table import parameter_table

ASSUMPTIONS = Path(__file__).parents[2] / "docs" / "assumptions.md"


@pytest.mark.parametrize("name", sorted(parameter_table()))
def test_every_parameter_is_fully_described(name: str) -> None:
    """Meaning, unit, prior inside the bounds, who may change it."""
    row = parameter_table()[name]
    assert row.meaning and row.unit
    assert row.who in ("case", "fit", "both")
    assert row.low < row.high
    if row.prior.kind != "range":
        assert row.low <= row.prior.centre <= row.high
    assert (row.prior.spread > 0.0) == (row.prior.kind not in ("fixed", "range"))


@pytest.mark.parametrize("name", sorted(parameter_table()))
def test_every_basis_is_a_row_of_the_assumptions_or_a_table(name: str) -> None:
    """A number A<n> named as basis stands in docs/assumptions.md."""
    numbers = re.findall(r"\bA\d+\b", parameter_table()[name].basis)
    assert numbers
    text = ASSUMPTIONS.read_text(encoding="utf-8")
    for number in numbers:
        assert f"| {number} |" in text


def test_the_table_and_the_class_name_the_same_parameters() -> None:
    """Every member-wise parameter of the table is a field of Parameters, and the other way round."""
    held = {entry.name for entry in fields(Parameters)} - {"member_ids", "first_day"}
    listed = {name for name, row in parameter_table().items() if row.axis != ("constant",)}
    assert held == listed
