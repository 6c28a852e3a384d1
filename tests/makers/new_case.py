"""A filled-in spreadsheet of a new case: invented figures on four crossings that are not in the shipped gazetteer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from sarai.observe.template_write import write_template

START: Mapping[str, object] = {
    "What happens, in a few words": "Return from the Dominican Republic, invented figures",
    "Country that people leave": "République dominicaine",
    "Country that they return to": "هايتي",
    "Day on which departure was announced": "2024-10-02",
    "Deadline: last day to leave": "20 October 2024",
    "Fewest persons concerned": "80,000",
    "Most persons concerned": 400000,
    "Who published this": "Direction of migration",
    "Title of the publication": "Notice on departures",
    "Day it was published": "2024-10-02",
}
CROSSINGS = (("Dajabón",), ("Elías Piña",), ("Jimaní",), ("Pedernales",))
DAYS = ("03", "04", "05", "06", "07")
COUNTS = tuple(
    (f"2024-10-{day}", "", crossing, persons + 40 * number, "", "", "", f"2024-10-{day}", "Border desk", "Daily count")
    for crossing, persons in (("Dajabón", 610), ("comendador", 240))
    for number, day in enumerate(DAYS)
)


def fill_template(path: Path, start: Mapping[str, object] = START, **sheets: Sequence[Sequence[object]]) -> Path:
    """Write the empty spreadsheet and fill it in; a sheet is named as a keyword, with _ for a blank."""
    write_template(path)
    book = openpyxl.load_workbook(path)
    for row in book["Start"].iter_rows(min_row=2):
        question = str(row[0].value or "").removesuffix(" *")
        if question in start:
            row[1].value = start[question]
    for name, rows in sheets.items():
        page = book[name.replace("_", " ")]
        for number, cells in enumerate(rows, start=4):
            for column, value in enumerate(cells, start=1):
                if value != "":
                    page.cell(number, column).value = value
    book.save(path)
    return path
