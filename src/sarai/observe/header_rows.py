"""Where the header of a table stands, in one row or in two: groups such as crossings above their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sarai.observe.dates import DateStyle, read_window
from sarai.observe.headers import SEARCH_ROWS, column_meaning, looks_like_number, value_meaning
from sarai.observe.heading import read_heading
from sarai.observe.hxl import find_tag_row
from sarai.observe.raw_table import RawTable

SEAM = " / "


def find_header(raw: RawTable, crossings: Mapping[str, str], style: DateStyle) -> int | None:
    """Index in `raw.rows` of the header row, or None if no row of the first 40 looks like one.

    crossings  id of a crossing by each of its names in plain words; a column may bear such a name
    An HXL tag row counts as the header. Else the row with the most names that sarai knows, if it has two or more; the
    first such row on a tie.
    """
    tags = find_tag_row(raw)
    if tags is not None:
        return tags
    best, most = None, 0
    for i, row in enumerate(raw.rows[: SEARCH_ROWS + 1]):
        known = _count_names(row.cells, crossings, style)
        if known >= 2 and known > most:
            best, most = i, known
    return best


def guess_header(raw: RawTable) -> int | None:
    """Index of the row of names above the first row with a figure, to be confirmed; None where there is none."""
    for i, row in enumerate(raw.rows[1 : SEARCH_ROWS + 1]):
        names = raw.rows[i].cells
        if any(map(looks_like_number, row.cells)) and sum(bool(cell) for cell in names) >= 2:
            return None if any(map(looks_like_number, names)) else i
    return None


def _count_names(cells: Sequence[str], crossings: Mapping[str, str], style: DateStyle) -> int:
    """How many cells of a row are names of columns; those of several parts and days only where no cell is a number."""
    numbers = sum(map(looks_like_number, cells))
    if numbers:
        known = sum(bool(column_meaning(cell)) for cell in cells if cell)
        return known if numbers <= known else 0
    style = style if style.dayfirst is not None else replace(style, dayfirst=True)
    said = [(cell, _meaning(cell, crossings, style) or value_meaning("kind", cell)) for cell in cells if cell]
    days = {cell for cell, _ in said if _is_day(cell, style)}
    names = sum(bool(meaning) for cell, meaning in said if cell not in days)
    return names + (len(days) if len(days) >= 2 else 0)


def _is_day(cell: str, style: DateStyle) -> bool:
    try:
        read_window(cell, style)
    except ValueError:
        return False
    return True


def stack_header(
    raw: RawTable, place: int, crossings: Mapping[str, str], style: DateStyle
) -> tuple[int, int, tuple[str, ...]]:
    """Upper row, lower row and names of a header whose best row is `place`; one row twice where it stands alone.

    Two rows are one header where more columns are understood by both together than by the better one alone, or as many
    and the upper one is no title or the lower one has no cell below the first of them, or where a cell is merged over
    both or, in the upper one, over several columns.
    """
    best = (place, place, raw.rows[place].cells)
    most = _understood(best[2], crossings, style)
    for upper in (place - 1, place):
        if not _may_join(raw, upper):
            continue
        names = join_rows(raw, upper)
        known = _understood(names, crossings, style)
        if _merged_down(raw, upper) or (upper == place and known and _merged_across(raw, upper)):
            return upper, upper + 1, names
        hangs = upper < place or not raw.rows[upper + 1].cells[0]  # rows of counts begin with a date or a crossing
        if known > most or (known == most and hangs):
            best, most = (upper, upper + 1, names), known
    return best


def _may_join(raw: RawTable, upper: int) -> bool:
    """Whether a row may be the upper one of two: just above one without numbers, and no title in the first column."""
    if not 0 <= upper < len(raw.rows) - 1 or any(map(looks_like_number, raw.rows[upper + 1].cells)):
        return False
    above, below = raw.rows[upper], raw.rows[upper + 1]
    return below.line == above.line + 1 and (above.filled > 1 or not above.cells[0])


def _merged_down(raw: RawTable, upper: int) -> bool:
    """Whether a cell is merged over a row and the next, and no further."""
    lines = (raw.rows[upper].line, raw.rows[upper + 1].line)
    return any((top, bottom) == lines for top, _, bottom, _ in raw.merged)


def _merged_across(raw: RawTable, upper: int) -> bool:
    """Whether a cell of a row is merged over several columns of that row alone: a group of those below."""
    line = raw.rows[upper].line
    return any(top == bottom == line and left < right for top, left, bottom, right in raw.merged)


def join_rows(raw: RawTable, upper: int) -> tuple[str, ...]:
    """Names of two rows: each cell of the lower under the cell above it, or under the group that begins to its left."""
    above, below = raw.rows[upper], raw.rows[upper + 1]
    groups = {
        column: left
        for top, left, bottom, right in raw.merged
        if top <= above.line <= bottom and bottom < below.line
        for column in range(left, min(right, len(below.cells)) + 1)
    }
    names, group = [], ""
    for i in range(max(len(above.cells), len(below.cells))):
        own = above.cells[i] if i < len(above.cells) else ""
        under = below.cells[i] if i < len(below.cells) else ""
        group = own or (group if under else "")
        if raw.merged:
            group = own or (above.cells[groups[i + 1] - 1] if i + 1 in groups else "")
        names.append(SEAM.join(part for part in (group, under) if part))
    return tuple(names)


def _understood(names: tuple[str, ...], crossings: Mapping[str, str], style: DateStyle) -> int:
    """How many different things the names of a row say."""
    said = {_meaning(name, crossings, style) for name in names if name}
    return len(said - {""})


def _meaning(name: str, crossings: Mapping[str, str], style: DateStyle) -> str:
    if known := column_meaning(name):
        return known
    heading = read_heading(name, crossings, style)
    return heading.name or str(heading.wide) if heading else ""
