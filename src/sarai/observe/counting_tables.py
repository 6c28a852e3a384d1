"""The sheets of a file: those that hold counts, those that hold publications, and those that hold neither."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingType
from datetime import date

from sarai.ledger.record import Origin, SourcedRow
from sarai.observe.columns import SOURCE_COLUMNS, Reading, Setting
from sarai.observe.mapping import Mapping, SourceEntry
from sarai.observe.observation_rows import read_observations
from sarai.observe.raw_table import RawTable
from sarai.observe.sheet import Sheet, understand_sheet
from sarai.world.errors import Fault


def read_counting_tables(tables: Sequence[RawTable], mapping: Mapping, setting: Setting) -> Reading:
    """The observations of all sheets of a file that hold counts; a sheet without a header is left out with a reason."""
    whole = Reading()
    wanted = [table for table in tables if mapping.sheet in ("", table.sheet)]
    if not wanted:
        names = ", ".join(table.sheet for table in tables)
        fault = Fault(file=tables[0].file if tables else "", what="there is no such sheet", found=mapping.sheet)
        whole.faults.append(Fault(**{**fault.__dict__, "wanted": names}))
    sheets = [(table, understand_sheet(table, mapping, setting.crossings)) for table in wanted if table.rows]
    understood = [(table, sheet) for table, sheet in sheets if isinstance(sheet, Sheet)]
    for table, sheet in sheets:
        if isinstance(sheet, Fault):
            if not understood:
                whole.faults.append(sheet)
                whole.set_aside |= {row.line: row for row in table.rows}
            else:
                whole.left_out.append(f"sheet {table.sheet}: {sheet.what}")
    if not sheets and wanted:
        whole.faults.append(Fault(file=wanted[0].file, what="the file holds no table"))
    for _, sheet in understood:
        if is_source_table(sheet):
            continue
        reading = read_observations(sheet, mapping, setting)
        if not sheet.rows and not reading.faults:
            mend = "If the counts stand elsewhere, name the row of the header in a mapping (header_row: N)."
            reading.faults.append(
                Fault(
                    file=sheet.raw.file,
                    sheet=sheet.raw.sheet,
                    row=sheet.header_line,
                    what="no row of counts stands below the header",
                    mend=mend,
                )
            )
        whole.rows += reading.rows
        whole.faults += reading.faults
        whole.left_out += reading.left_out
        whole.told += reading.told
        whole.set_aside |= reading.set_aside
        whole.without_figure += reading.without_figure
    return whole


def is_source_table(sheet: Sheet) -> bool:
    """Whether a sheet is a table of publications rather than of counts."""
    return set(sheet.header) >= {"source_id", "publisher", "title"} and "persons" not in sheet.header


def published_days(sources: Iterable[MappingType[str, str]]) -> dict[str, date | None]:
    """Day of publication by source id; None where the table shows no full date."""
    return {cells.get("source_id", ""): _full_date(cells.get("published", "")) for cells in sources}


def _full_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def read_sources(sheet: Sheet) -> list[SourcedRow]:
    at = {name: i for i, name in enumerate(sheet.header) if name in SOURCE_COLUMNS}
    return [
        SourcedRow(
            cells={name: row.cells[i] if i < len(row.cells) else "" for name, i in at.items()},
            origin=Origin(file_hash=sheet.raw.file_hash, file=sheet.raw.file, sheet=sheet.raw.sheet, row=row.line),
        )
        for row in sheet.rows
    ]


def source_cells(entry: SourceEntry) -> dict[str, str]:
    return {
        "source_id": entry.source_id,
        "publisher": entry.publisher,
        "title": entry.title or entry.publisher,
        "published": entry.published.isoformat() if entry.published else "",
        "url": entry.url,
    }
