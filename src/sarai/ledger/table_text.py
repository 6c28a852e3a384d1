"""Tables as text: a header and rows of cells, read from and written to CSV without looking at what the cells mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sarai.world.errors import CaseError, Fault

MOST_TABLE_BYTES = 200_000_000  # A203
TEXT_COLUMN = "text"  # a file that is no table (case.yaml) is a table of one cell


@dataclass(frozen=True, kw_only=True)
class TableText:
    """One table as it stands: name of its file, column names, cells as text, line of each row in the file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()

    def cells(self, i: int) -> dict[str, str]:
        """The cells of row `i` by column name."""
        return dict(zip(self.header, self.rows[i], strict=True))


def read_folder(folder: Path) -> dict[str, TableText]:
    """The tables and YAML files of a case folder by file name. Raises CaseError with every unreadable file."""
    tables: dict[str, TableText] = {}
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".csv", ".yaml"} or not path.is_file():
            continue
        try:
            tables[path.name] = parse_table(path.name, path.read_bytes())
        except CaseError as error:
            faults += error.faults
    if faults:
        raise CaseError(faults)
    return tables


def parse_table(name: str, data: bytes) -> TableText:
    """A table from the bytes of a CSV or YAML file. Raises CaseError: not UTF-8, no table, a row of another width."""
    if len(data) > MOST_TABLE_BYTES:
        raise CaseError(Fault(file=name, what="the table is too large", wanted=f"at most {MOST_TABLE_BYTES:,} bytes"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(Fault(file=name, what="the file is not UTF-8 text", mend="Save it as CSV UTF-8.")) from error
    if not name.endswith(".csv"):
        return TableText(name=name, header=(TEXT_COLUMN,), rows=((text,),), lines=(1,))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: tuple[str, ...] = ()
    rows, lines, faults = [], [], []
    try:
        for cells in reader:
            if not any(cells):
                continue
            if not header:
                header = tuple(cells)
            elif len(cells) != len(header):
                faults.append(_width_fault(name, reader.line_num, len(cells), len(header)))
            else:
                rows.append(tuple(cells))
                lines.append(reader.line_num)
    except csv.Error as error:
        faults.append(Fault(file=name, row=reader.line_num, what=f"this is not a CSV table: {error}"))
    if len(set(header)) != len(header):
        faults.append(Fault(file=name, row=1, what="two columns have one name"))
    if faults:
        raise CaseError(faults)
    return TableText(name=name, header=header, rows=tuple(rows), lines=tuple(lines))


def _width_fault(name: str, line: int, found: int, wanted: int) -> Fault:
    return Fault(
        file=name,
        row=line,
        what="the row has another number of cells than the header",
        found=str(found),
        wanted=str(wanted),
        mend="Put cells that hold a comma in double quotes.",
    )


def render_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The bytes of a table: CSV, UTF-8, a line feed a row, quotes only where needed; the same rows, the same bytes."""
    if tuple(header) == (TEXT_COLUMN,):
        return "".join(row[0] for row in rows).encode("utf-8")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def append_rows(data: bytes, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes of a table file with rows put at its end; what stood there stays byte for byte.

    header  columns of a table that does not exist yet (`data` empty); else the table's own header holds
    Raises CaseError if a row has a cell for which the table has no column.
    """
    if not data.strip():
        return render_table(header, [[row.get(name, "") for name in header] for row in rows])
    own = parse_table("table.csv", data).header
    missing = sorted({name for row in rows for name, cell in row.items() if cell != "" and name not in own})
    if missing:
        raise CaseError(Fault(row=1, what="the table lacks columns", found=", ".join(own), wanted=", ".join(missing)))
    feed = b"\r\n" if b"\r\n" in data[: data.find(b"\n") + 1] else b"\n"
    lines = render_table((), [[row.get(name, "") for name in own] for row in rows]).replace(b"\n", feed)
    return data + (b"" if data.endswith(b"\n") else feed) + lines
