"""The screen before the ledger: tables of a case folder that look like data on individuals are never recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sarai.ledger.table_text import TableText
from sarai.observe.personal import find_personal_data
from sarai.world.errors import Fault, PersonalDataError


def screen_text(option: str, text: str) -> None:
    """Raise PersonalDataError if a text to be recorded holds an identity number, a telephone number or the like."""
    faults = find_personal_data("", (), [(text,)])
    if faults:
        raise PersonalDataError([replace(fault, row=0, column=option) for fault in faults])


def screen_tables(tables: Mapping[str, TableText]) -> None:
    """Raise PersonalDataError if a table that was edited by hand looks like data on individuals."""
    faults: list[Fault] = []
    for name, table in tables.items():
        faults += find_personal_data(name, table.header, table.rows)
    if faults:
        raise PersonalDataError(faults)
