"""Claim: lists of persons are found, tables of counts are not taken for them.

Both are made up at random: lists from column names in five languages or under harmless names with telling content only;
tables of counts with dates, crossings, figures, sources, codes, addresses of pages and notes. Run: python -m
verify.claim_ingest_personal [tables] [seed]
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta

from sarai.observe import personal
from sarai.observe.personal import find_personal_data
from sarai.observe.personal_words import GIVEN_NAME_PARTS
from verify.claim_ingest_fuzz import Dice
from verify.claims import claim

MOST_MISSED = 0.002  # of lists
MOST_FALSE = 0.002  # of tables
LANGUAGES = {
    "en": ("S.No", "Full Name", "Father Name", "Tazkira No", "Phone", "Date of Birth", "Address", "Province"),
    "ur": ("نمبر شمار", "پورا نام", "والد کا نام", "شناختی کارڈ نمبر", "فون نمبر", "تاریخ پیدائش", "پتہ", "صوبہ"),
    "fa": ("شماره", "نام مکمل", "نام پدر", "نمبر تذکره", "شماره تماس", "تاریخ تولد", "آدرس", "ولایت"),
    "ps": ("شمېره", "بشپړ نوم", "د پلار نوم", "د تذکرې شمیره", "د ټیلیفون شمیره", "د زیږیدو نیټه", "پته", "ولایت"),
    "fr": (
        "N",
        "Nom et prénom",
        "Nom du père",
        "Numéro de passeport",
        "Téléphone",
        "Date de naissance",
        "Adresse",
        "Province",
    ),
}
COUNT_HEADERS = (
    ("date", "crossing", "persons", "families", "note"),
    ("Reporting period", "BCP", "Individuals", "HHs", "Remarks"),
    ("تاریخ", "گذرگاه", "تعداد افراد", "فامیل", "ملاحظات"),
    ("start_date", "end_date", "crossing", "persons", "source_id"),
    ("place", "series name", "publisher", "count", "url"),
    ("name", "pcode", "lat", "lon", "individuals"),
    ("Age group", "Sex", "persons", "share", "comment"),
)
PLACES = (
    "Torkham",
    "Ghulam Khan",
    "Dera Ismail Khan",
    "Spin Boldak",
    "Angoor Adda",
    "Islam Qala",
    "Milak",
    "Joda",
    "Renk",
    "Haji Camp",
)
NOTES = (
    "provisional, data as of 10:00", "men 2,345; women 2,222; children 5,001", "w/o Chaman",
    "closed for 3 days",
    "see https://example.org/story/1701234567890?id=1730112345671", "rebased on 28 November: 131,325 added",
    "about 12,000-15,000 persons, 2,367 + 592 deported", "Situation report No. 45, table 2.1", "AF0601, PK203",
)  # fmt: skip


def make_list(dice: Dice) -> tuple[list[str], list[list[str]]]:
    """A list of persons: named columns, or harmless names over telling content."""
    parts = sorted(part for part in GIVEN_NAME_PARTS if part.isascii())

    def row() -> list[str]:
        name = " ".join(parts[dice.below(len(parts))].title() for _ in range(2 + dice.below(2)))
        father = " ".join(parts[dice.below(len(parts))].title() for _ in range(2))
        number = f"{10000 + dice.below(90000)}-{1000000 + dice.below(9000000)}-{dice.below(10)}"
        phone = f"03{dice.below(10)}{dice.below(10)}-{1000000 + dice.below(9000000)}"
        born = date(1950, 1, 1) + timedelta(days=dice.below(25000))
        return [str(dice.below(99)), name, father, number, phone, born.strftime("%d/%m/%Y"), "Block 4", "Nangarhar"]

    header = list(LANGUAGES[sorted(LANGUAGES)[dice.below(len(LANGUAGES))]])
    rows = [row() for _ in range(4 + dice.below(30))]
    telling = [i for i in range(1, 7) if dice.below(3) == 0] or [1 + dice.below(6)]
    kept = sorted({0, 7, *telling})
    if dice.below(2):  # content only: the address column says nothing then, and a birth column needs some rows
        kept = sorted({0, 7, *(i for i in telling if i != 6)} | ({1} if set(telling) <= {5, 6} else set()))
        return [f"column {i}" for i in kept], [[cells[i] for i in kept] for cells in rows]
    return [header[i] for i in kept], [[cells[i] for i in kept] for cells in rows]


def make_table(dice: Dice) -> tuple[list[str], list[list[str]]]:
    """A table of counts, places or publications."""
    header = COUNT_HEADERS[dice.below(len(COUNT_HEADERS))]
    rows = []
    for i in range(3 + dice.below(60)):
        day = date(2023, 1, 1) + timedelta(days=7 * i + dice.below(5))
        figure = dice.below(10 ** (1 + dice.below(9)))
        cell = _cells(i, day, figure)
        words = {"note", "Remarks", "ملاحظات", "comment", "series name"}
        places = {"crossing", "BCP", "گذرگاه", "place", "name"}
        rows.append([
            cell.get(name) or (NOTES[dice.below(len(NOTES))] if name in words else
                               PLACES[dice.below(len(PLACES))] if name in places else f"{figure:,}")
            for name in header
        ])  # fmt: skip
    return list(header), rows


def _cells(i: int, day: date, figure: int) -> dict[str, str]:
    """Cells of a row of counts by column name."""
    return {
        "date": day.isoformat(),
        "start_date": day.isoformat(),
        "end_date": (day + timedelta(days=6)).isoformat(),
        "تاریخ": day.isoformat(),
        "Reporting period": f"{day} - {day + timedelta(days=6)}",
        "lat": f"{30 + figure % 1000 / 1000:.5f}",
        "lon": f"{60 + figure % 1000 / 1000:.5f}",
        "pcode": f"AF{figure % 9999:04d}",
        "source_id": f"app-{day:%Y%m%d}",
        "url": f"https://example.org/{figure}{figure}",
        "publisher": ("IOM", "UNHCR", "Radio Pakistan")[i % 3],
        "Sex": ("Male", "Female")[i % 2],
        "Age group": ("0-4", "5-17", "18-59", "60+")[i % 4],
        "share": f"{figure % 100}%",
    }


def run(tables: int, seed: int) -> tuple[float, float, list[str]]:
    """Share of lists missed, share of tables taken for lists, and an account of the first of each."""
    missed, false, account = 0, 0, []
    for number in range(tables):
        header, rows = make_list(Dice(f"{seed}/list/{number}"))
        if not find_personal_data("list.csv", header, rows):
            missed += 1
            account.append(f"missed list {number}: {header}, {len(rows)} rows")
        header, rows = make_table(Dice(f"{seed}/table/{number}"))
        if faults := find_personal_data("table.csv", header, rows):
            false += 1
            account.append(f"false alarm on table {number}: {header}: {faults[0].column} {faults[0].found}")
    return missed / tables, false / tables, account[:20]


@claim(
    states="At most 2 in 1,000 lists of persons are missed and at most 2 in 1,000 tables of counts refused",
    sees="columns that are no longer known by their names",
    runs=3000,
)
def lists_of_persons(seed: int, runs: int, planted: bool) -> float:
    """1 if both shares are within their limits, else 0."""
    known = personal.personal_kind
    if planted:
        personal.personal_kind = lambda name: ""
    try:
        missed, false, _ = run(runs, seed)
    finally:
        personal.personal_kind = known
    return 1.0 if missed <= MOST_MISSED and false <= MOST_FALSE else 0.0


def main() -> None:
    """Run the claim and end with exit code 1 if it does not hold."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.process_time()
    missed, false, account = run(tables, seed)
    print(
        f"{tables} lists and tables in {time.process_time() - start:.0f} CPU s: {missed:.2%} missed, {false:.2%} false"
    )
    print("\n".join(account))
    raise SystemExit(missed > MOST_MISSED or false > MOST_FALSE)


if __name__ == "__main__":
    main()
