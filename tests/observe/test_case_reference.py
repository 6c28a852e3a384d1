"""The JSON Schema and the reference page of the case folder are those of the code."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from makers.folder import SMALLEST_YAML
from sarai.observe.case_folder import built_in_cases, find_case
from sarai.observe.case_reference import reference_text, schema_text

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "case.md"


def as_json(value: Any) -> Any:
    """YAML values as JSON has them: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_json_schema_is_up_to_date() -> None:
    """The shipped schema is the one of the code; `sarai cases --schema` writes it."""
    shipped = (resources.files("sarai.observe") / "case_schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text()


def test_the_reference_page_is_up_to_date() -> None:
    """The page is the one of the code; `sarai cases --reference` writes it."""
    assert REFERENCE.read_text(encoding="utf-8") == reference_text()


def test_every_key_and_column_is_explained() -> None:
    """No line of a table of the reference ends without a meaning."""
    assert [line for line in reference_text().splitlines() if line.startswith("| `") and line.endswith("|  |")] == []


@pytest.mark.parametrize("name", built_in_cases())
def test_built_in_cases_hold_to_the_json_schema(name: str) -> None:
    """What an editor would check passes for every case that ships."""
    document = yaml.safe_load((find_case(name)[1] / "case.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(as_json(document), json.loads(schema_text()))


def test_the_json_schema_refuses_a_misspelt_key() -> None:
    """An editor underlines a key that does not exist."""
    document = as_json(yaml.safe_load(SMALLEST_YAML.replace("timezone", "time_zone")))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json.loads(schema_text()))
