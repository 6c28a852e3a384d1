"""The run record names what a run stood on and tells when a rebuilt run differs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sarai.ledger.run_record import RunRecord, differences, inputs_sha256, parse_record
from sarai.world.errors import RequestError

INPUTS = {"case.yaml": "schema: 1\n", "observations.csv": "a,b\n1,2\n"}
RECORD = RunRecord(
    verb="brief",
    case="example",
    options={"as_of": "2023-10-28", "seed": 1},
    versions={"sarai": "0.1.0"},
    cpu="x86_64",
    inputs=INPUTS,
    inputs_hash=inputs_sha256(INPUTS),
    outputs={"forecast.csv": "ab"},
    lines=("for reception and care",),
)


def test_round_trip() -> None:
    """A record read back is the record that was written, to the byte."""
    assert parse_record(RECORD.to_json()) == RECORD
    assert parse_record(RECORD.to_json()).to_json() == RECORD.to_json()


def test_equal_records_have_no_differences() -> None:
    """Nothing is said where nothing differs."""
    assert differences(RECORD, RECORD) == ()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"versions": {"sarai": "0.2.0"}}, "0.2.0"),
        ({"outputs": {"forecast.csv": "cd"}}, "forecast.csv differs"),
        ({"outputs": {}}, "not rebuilt"),
        ({"outputs": {"forecast.csv": "ab", "map.svg": "x"}}, "map.svg was rebuilt"),
        ({"cpu": "aarch64"}, "aarch64"),
        ({"inputs": {"case.yaml": "x"}, "inputs_hash": inputs_sha256({"case.yaml": "x"})}, "Other inputs: case.yaml"),
    ],
)
def test_each_difference_is_said(change: dict[str, object], word: str) -> None:
    """Other versions, inputs, processors and outputs are each named."""
    assert any(word in line for line in differences(RECORD, replace(RECORD, **change)))


def test_an_edited_copy_of_the_inputs_is_noticed() -> None:
    """A record whose inputs were edited by hand no longer fits its own hash."""
    edited = replace(RECORD, inputs={**INPUTS, "case.yaml": "schema: 2\n"})
    assert any("changed after the run" in line for line in differences(edited, edited))


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"schema": 99}), json.dumps({"schema": 1})])
def test_what_is_no_record_is_refused(text: str) -> None:
    """Other files, and records of another schema, are refused with a sentence."""
    with pytest.raises(RequestError) as caught:
        parse_record(text)
    assert caught.value.faults[0].what


def test_id_does_not_depend_on_outputs() -> None:
    """The id is known before anything is written, since the outputs carry it."""
    assert replace(RECORD, outputs={}).id == RECORD.id
    assert replace(RECORD, options={"seed": 2}).id != RECORD.id
