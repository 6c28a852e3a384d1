"""Which row of observations.csv a report stands in, by the id that `explain` and `audit` show."""

from __future__ import annotations

from pathlib import Path

from sarai.observe.case_folder import read_files
from sarai.observe.case_rows import read_tables
from sarai.observe.case_schema import CaseFile
from sarai.observe.case_text import read_yaml

TABLE = "observations.csv"


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
