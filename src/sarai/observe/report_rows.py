"""Which row of observations.csv a report stands in, by the id that `explain` and `audit` show."""

from __future__ import annotations

from pathlib import Path

from sarai.ledger.record import Origin
from sarai.ledger.store import Ledger
from sarai.ledger.table_text import parse_table
from sarai.observe.case_folder import read_files
from sarai.observe.case_rows import read_tables
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_text import read_yaml

TABLE = "observations.csv"


def report_origins(folder: Path, ledger: Ledger) -> dict[str, Origin]:
    """Where each report was read (file hash, file, sheet, line), by report id; needs a ledger level with the tables."""
    data = (folder / TABLE).read_bytes()
    line_of = report_lines(folder)
    versions = dict(zip(parse_table(TABLE, data).lines, ledger.rows(TABLE), strict=True))
    return {identity: versions[line].origin for identity, line in line_of.items()}


def row_of_report(folder: Path, ledger: Ledger, identity: str) -> str:
    """The ledger's id of the row in which a report stands; an id that is no report's is given back as it is."""
    line = report_lines(folder).get(identity)
    if line is None:
        return identity
    lines = parse_table(TABLE, (folder / TABLE).read_bytes()).lines
    return ledger.rows(TABLE)[lines.index(line)].id


def report_lines(folder: Path) -> dict[str, int]:
    """Line in observations.csv by report id; empty where the case has faults, which `sarai check` names."""
    data = {name: item for name, item in read_files(folder).items() if isinstance(item, bytes)}
    rows, faults, personal = read_tables(data)
    value, _, more = read_yaml(data.get("case.yaml", b"").decode("utf-8", errors="replace"), "case.yaml")
    if faults or personal or more:
        return {}
    try:
        tables, wrong = rows.resolve(CaseFile.model_validate(value))
    except ValueError:
        return {}
    reports = tables["reports"]
    own = rows.of(TABLE)
    if wrong or len(own) != len(reports):
        return {}
    return {report.id: row.line for report, row in zip(reports, own, strict=True)}
