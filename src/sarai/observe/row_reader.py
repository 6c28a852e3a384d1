"""One row of a sheet at a time: dates, counts, crossings and flags, each checked in its place."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sarai.ledger.record import Origin, SourcedRow
from sarai.observe.columns import DATE_FIELDS, OBSERVATION_COLUMNS, Columns, Setting
from sarai.observe.crossing_names import find_crossings, like_crossing
from sarai.observe.dates import DateStyle, read_date, read_window, said_style, settle_style
from sarai.observe.digits import MOST_DIGITS, Count, read_count, western_digits
from sarai.observe.headers import ALL_CROSSINGS, value_meaning
from sarai.observe.mapping import Mapping, WideColumn
from sarai.observe.personal_words import plain_words
from sarai.observe.raw_table import RawRow
from sarai.observe.sheet import Sheet
from sarai.world.errors import Fault


class RowReader:
    """Reads the rows of one sheet; the order of day and month is settled once for each date column."""

    def __init__(self, sheet: Sheet, mapping: Mapping, setting: Setting, columns: Columns) -> None:
        self.sheet, self.mapping, self.setting, self.columns = sheet, mapping, setting, columns
        self.styles = {
            name: settle_style(
                said_style(mapping.date_style(), sheet.header[i] if i < len(sheet.header) else ""),
                (row.cells[i] for row in sheet.rows if i < len(row.cells)),
            )
            for name, i in columns.of.items()
            if name in DATE_FIELDS
        }
        self.faults: list[Fault] = []

    def read(self, row: RawRow) -> tuple[list[SourcedRow], list[Fault]]:
        """The observations of one row (several from a wide one), or the faults in it."""
        self.faults = []
        shared = self._shared_cells(row)
        made = []
        for cells in self._figures(row):
            cells = {**shared, **{name: value for name, value in cells.items() if value}}
            if (days := int(cells.pop("days", "0"))) and cells["end_date"]:
                last = date.fromisoformat(cells["end_date"])
                cells["start_date"] = (last - timedelta(days=days - 1)).isoformat()
            note = "; ".join(text for text in (cells.get("note", ""), cells.pop("about", "")) if text)
            cells["note"] = note
            self._finish(row, cells)
            kept = {name: cells.get(name, "") for name in OBSERVATION_COLUMNS}
            origin = Origin(
                file_hash=self.sheet.raw.file_hash,
                file=self.sheet.raw.file,
                sheet=self.sheet.raw.sheet,
                row=row.line,
            )
            made.append(SourcedRow(cells=kept, origin=origin))
        return ([], list(dict.fromkeys(self.faults))) if self.faults else (made, [])

    def _cell(self, row: RawRow, name: str) -> str:
        i = self.columns.of.get(name)
        cell = row.cells[i] if i is not None and i < len(row.cells) else ""
        return cell or self.mapping.fixed.get(name, "")

    def _fault(
        self, row: RawRow, name: str | int, what: str, found: str = "", wanted: str = "", mend: str = ""
    ) -> None:
        i = name if isinstance(name, int) else self.columns.of.get(name)
        column = self.sheet.column_name(i) if i is not None else str(name)
        self.faults.append(
            Fault(
                file=self.sheet.raw.file,
                sheet=self.sheet.raw.sheet,
                row=row.line,
                column=column,
                what=what,
                found=found[:80],
                wanted=wanted,
                mend=mend,
            )
        )

    def _date(self, row: RawRow, name: str) -> date | None:
        text = self._cell(row, name)
        if not text:
            return None
        style = self.styles.get(name, self.mapping.date_style())
        if self.columns.of.get(name) is None:
            style = DateStyle()
        try:
            return read_date(text, style)
        except ValueError as error:
            self._fault(row, name, str(error), text, "a date such as 2023-11-01")
            return None

    def _shared_cells(self, row: RawRow) -> dict[str, str]:
        """Cells that every figure of the row has."""
        by_day = any(wide.day for wide in self.columns.wide.values())
        start, end = (None, None) if by_day else self._window(row)
        as_of, known = self._date(row, "as_of"), self._date(row, "known")
        if start and end and end < start:
            self._fault(row, "end_date", "the window ends before it starts", f"{start} to {end}")
        source = self._cell(row, "source_id") or self.setting.source_id
        if source not in self.setting.sources:
            self._fault(
                row, "source_id", "sources.csv has no such publication", source, mend="Ingest it, or add the row."
            )
        known = known or self.setting.known or self.setting.sources.get(source) or self.setting.today
        last = max((wide.last_day or wide.day for wide in self.columns.wide.values() if wide.day), default=end)
        if last and known < last and not self.faults:
            self._fault(
                row, "known", "the figure was known before its window ended", f"{known} before {last}",
                mend="Check the dates, or give --known DATE: the first day on which the figure could be used.",
            )  # fmt: skip
        return {
            "start_date": start.isoformat() if start else "",
            "end_date": end.isoformat() if end else "",
            "as_of": as_of.isoformat() if as_of else "",
            "known": known.isoformat(),
            "known_inferred": self._meaning(row, "known_inferred") or "false",
            "source_id": source,
            "series": self._cell(row, "series"),
            "note": self._cell(row, "note"),
        }

    def _window(self, row: RawRow) -> tuple[date | None, date | None]:
        if self._cell(row, "window"):
            return self._days(row, "window")
        start, end = self._date(row, "start_date"), self._date(row, "end_date")
        first, day = self._days(row)
        end = end or day or (self._date(row, "as_of") if "date" not in self.columns.of else None)
        if end is None and not self.faults:
            named = next((name for name in ("date", "end_date", "as_of") if name in self.columns.of), "date")
            mend = "Where a date stands once above several rows, write it into each."
            self._fault(row, named, "the row has no date", wanted="a date such as 2023-11-01", mend=mend)
        return start or first or (end if "start_date" not in self.columns.of else None), end

    def _days(self, row: RawRow, name: str = "date") -> tuple[date | None, date | None]:
        """First and last day of a cell that may hold a day, a month, or two days."""
        text = self._cell(row, name)
        if not text:
            return None, None
        try:
            return read_window(text, self.styles.get(name, self.mapping.date_style()))
        except ValueError as error:
            self._fault(row, name, str(error), text, "a date such as 2023-11-01")
            return None, None

    def _figures(self, row: RawRow) -> list[dict[str, str]]:
        """One set of cells for each figure in the row; cells that say there is none are left out."""
        before = len(self.faults)
        made = self._counted(row)
        if len(self.faults) > before and not made and not self.columns.wide:
            self._crossing(row)
        return made

    def _counted(self, row: RawRow) -> list[dict[str, str]]:
        made: dict[str, dict[str, str]] = {}
        for i, wide in self.columns.wide.items():
            count = self._count(row, i)
            if count and count.value is not None:
                key = wide.model_copy(update={"unit": "persons"}).model_dump_json()
                made[key] = {**made.get(key, {}), **self._figure(row, wide.unit, count, wide.cumulative, wide)}
        for cumulative, suffix in ((False, ""), (True, "_cumulative")):
            counts = {unit: self._count(row, self.columns.of.get(unit + suffix)) for unit in ("persons", "families")}
            filled = {unit: count for unit, count in counts.items() if count and count.value is not None}
            for unit, count in filled.items():
                figure = self._figure(row, unit, count, cumulative or self._flag(row), WideColumn())
                made[suffix] = {**made.get(suffix, {}), **figure, "about": _about(*filled.values())}
        return list(made.values())

    def _figure(self, row: RawRow, unit: str, count: Count, cumulative: bool, wide: WideColumn) -> dict[str, str]:
        return {
            "crossing": wide.crossing or self._crossing(row),
            "start_date": wide.day.isoformat() if wide.day else "",
            "end_date": (wide.last_day or wide.day).isoformat() if wide.day else "",
            "status": wide.status or self._meaning(row, "status") or "all",
            "kind": wide.kind or self._meaning(row, "kind") or "return_all",
            "cumulative": "true" if cumulative else "false",
            "about": _about(count),
            "days": str(wide.days or ""),
            unit: str(count.value),
        }

    def _count(self, row: RawRow, i: int | None) -> Count | None:
        text = row.cells[i] if i is not None and i < len(row.cells) else ""
        if not text or i is None:
            return None
        try:
            return read_count(text, point_groups=self.mapping.point_groups)
        except ValueError as error:
            shown = "" if len(re.findall(r"\d", western_digits(text))) > MOST_DIGITS else text
            self._fault(row, i, str(error), shown, "a whole number of persons or families, such as 24000")
            return None

    def _flag(self, row: RawRow) -> bool:
        return self._meaning(row, "cumulative") == "true"

    def _meaning(self, row: RawRow, name: str) -> str:
        """Our value for a printed status, kind or flag; a word that sarai does not know is kept, made one word."""
        text = self._cell(row, name)
        own = {plain_words(printed): value for printed, value in self.mapping.values.get(name, {}).items()}
        if meant := own.get(plain_words(text)) or value_meaning(name, text):
            return meant
        if text and name in {"cumulative", "known_inferred"}:
            if (flag := value_meaning("cumulative", text)) in {"true", "false"}:
                return flag
            self._fault(row, name, "this is neither yes nor no", text, "true or false")
        return "_".join(plain_words(text).split())

    def _crossing(self, row: RawRow) -> str:
        text = self._cell(row, "crossing")
        own = {plain_words(printed): value for printed, value in self.mapping.values.get("crossing", {}).items()}
        text = own.get(plain_words(text), text)
        if not text and (shown := {wide.crossing for wide in self.columns.wide.values() if wide.crossing}):
            # a running total beside columns of crossings adds up those
            return "+".join(sorted({part for scope in shown for part in scope.split("+")}))
        ids = sorted(set(self.setting.crossings.values()))
        if not text and len(ids) == 1:
            return ids[0]
        if plain_words(text) in ALL_CROSSINGS:
            return "all"
        found = find_crossings(text, self.setting.crossings)
        if not found:
            close = like_crossing(text, self.setting.crossings)
            self._fault(
                row, "crossing", "the case has no such crossing", text, f"{', '.join(ids)}, all, or ids joined by +",
                f"{f'Is it {close}? ' if close else ''}"
                "Add the name to `aliases` of the crossing in case.yaml, or to `values: crossing:` of a mapping.",
            )  # fmt: skip
        return found

    def _finish(self, row: RawRow, cells: dict[str, str]) -> None:
        """A running total starts when the mapping, the command or the file says, never at a guess.

        A window beside a total is its own only where nothing says since when, and the row counts nothing else in it.
        """
        if cells["cumulative"] != "true":
            return
        said = self.mapping.cumulative_since or self.columns.since
        if said or not self.columns.shows_window or self.columns.has_both:
            since = said or self._date(row, "start_date")
            if since is None:
                self._fault(
                    row, "persons_cumulative", "nothing says since when the running total counts",
                    mend="Give --cumulative-since DATE, or cumulative_since in the mapping.",
                )  # fmt: skip
                return
            cells["start_date"] = since.isoformat()
        cells["as_of"] = cells["as_of"] or cells["end_date"]


def _about(*counts: Count) -> str:
    """What is noted of figures: that they are rounded, and their footnote marks."""
    marks = sorted({count.mark for count in counts if count.mark})
    return "; ".join(["approx"] * any(count.about for count in counts) + [f"marked {mark}" for mark in marks])
