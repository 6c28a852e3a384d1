"""Five more invented emergencies with a known truth, as ministries and agencies lay out and print their tables.

Grouped headers in merged cells, months across the top, week numbers, dates without a year, points between thousands,
footnote marks, totals in the middle, two sheets, running totals beside counts, names spelt in several ways.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import openpyxl

from makers.emergencies import TO_PERSIAN, Emergency, Published, days_of, surge
from sarai.observe.solar_hijri import gregorian_date


def solar_hijri(day: date) -> str:
    """A day in the Solar Hijri calendar, in Persian digits; summer days only."""
    year = day.year - 621
    past = (day - gregorian_date(year, 1, 1)).days
    return f"{year}/{past // 31 + 1:02d}/{past % 31 + 1:02d}".translate(TO_PERSIAN)


def saved(sheets: dict[str, Sequence[Sequence[object]]], merges: Sequence[str] = (), form: str = "") -> bytes:
    """A workbook; `merges` are ranges of its first sheet, `form` the number format of the dates in its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        if form:
            for cell in (cell for line in page.iter_rows() for cell in line if isinstance(cell.value, date)):
                cell.number_format = form
    for cells in merges:
        book.worksheets[0].merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def published(name: str, data: bytes | str, publisher: str, **mapping: Any) -> Published:
    """A file and what an officer declares of it."""
    raw = data.encode() if isinstance(data, str) else data
    return Published(
        name=name, data=raw, mapping={"fixed": {"series": publisher, **mapping.pop("fixed", {})}, **mapping}
    )


def week_label(first: date, last: date) -> str:
    """15-21 Oct or 28 Oct - 3 Nov, without a year."""
    if first.month == last.month:
        return f"{first.day}-{last.day} {last:%b}"
    return f"{first.day} {first:%b} - {last.day} {last:%b}"


def from_iran() -> Emergency:
    """Merged crossings over families and persons, subtotals of a month, weeks without a year, a total since."""
    first, days = date(2034, 5, 20), 56
    truth = surge(11, (9000.0, 4000.0), days)
    rows: list[Sequence[object]] = [
        ["گزارش روزانه عودت کنندگان"],
        ["تاریخ", "اسلام قلعه", None, "زرنج", None, "مجموع کل"],
    ]
    rows.append([None, "خانواده", "نفر", "خانواده", "نفر", None])
    for place, (day, (west, south)) in enumerate(zip(days_of(first, days), truth, strict=True)):
        counts = [west / 4.5, west, south / 4.1, south, west + south]
        rows.append([solar_hijri(day), *(f"{int(count)}".translate(TO_PERSIAN) for count in counts)])
        if place in (32, 50):
            rows.append(["مجموع ماه", None, f"{int(truth[: place + 1, 0].sum())}".translate(TO_PERSIAN)])
    merges = ["A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"]
    weeks = ["Weekly flow,,,", "Reporting week,Islam Qala (individuals),Milak/Zaranj (individuals),Total"]
    for week in range(days // 7):
        begin = first + timedelta(days=7 * week)
        west, south = 0.93 * truth[7 * week : 7 * week + 7].sum(axis=0)
        label = week_label(begin, begin + timedelta(days=6))
        weeks.append(
            f'{label},"{int(west):,}{"*" if week == 3 else ""}",{"n/a" if week == 5 else int(south)},{int(west)}'
        )
    weeks.append("* two days at half staff,,,")
    totals = [["Data as of", "Cumulative returns since 20 May 2034 (persons)"]]
    running = 1.03 * np.cumsum(truth.sum(axis=1))
    totals += [[day, round(total, -2)] for day, total in zip(days_of(first, days)[5::5], running[5::5], strict=True)]
    return Emergency(
        first=first,
        crossings=("islam_qala", "milak"),
        truth=truth,
        files=(
            published("daily.xlsx", saved({"روزانه": rows}, merges), "directorate", calendar="solar_hijri"),
            published("weekly.csv", "\n".join(weeks), "monitor", year=2034),
            published(
                "overview.xlsx", saved({"Cover": [["Overview"]], "Data": totals}), "agency", fixed={"crossing": "all"}
            ),
        ),
    )


def to_syria() -> Emergency:
    """A Turkish file in its code page with points between thousands; months across the top as dates shown as months."""
    first, days = date(2034, 9, 1), 61
    truth = surge(12, (3000.0, 1500.0, 800.0), days)
    lines = ["Göç İdaresi;;;", "Tarih;Kapı;Kişi sayısı;Aile sayısı"]
    for place, (day, row) in enumerate(zip(days_of(first, days), truth, strict=True)):
        for name, value in zip(("Cilvegözü", "Öncüpınar", "Yayladağı"), row, strict=True):
            figure = 10 * value if (place, name) == (33, "Cilvegözü") else value
            shown = f"{int(figure):,};{int(value / 5.1):,}" if place % 7 != 6 or name == "Cilvegözü" else "-;-"
            lines.append(f"{day:%d.%m.%Y};{name};{shown}".replace(",", "."))
        if (day + timedelta(days=1)).day == 1:
            lines.append(f"Ara toplam;;{int(truth[: place + 1].sum()):,};".replace(",", "."))
    months = [["Returns by crossing point and month"], ["Crossing point", first, date(2034, 10, 1), "Total"]]
    for place, name in enumerate(("Bab al-Hawa / Cilvegözü", "Bab al-Salama", "Kasab")):
        counts = [int(1.05 * truth[part, place].sum()) for part in (slice(0, 30), slice(30, 61))]
        months.append([name, *counts, sum(counts)])
    months.append(["Grand total", *(1.05 * truth[part].sum() for part in (slice(0, 30), slice(30, 61))), None])
    return Emergency(
        first=first,
        crossings=("bab_al_hawa", "bab_al_salama", "kassab"),
        truth=truth,
        aliases={
            "bab_al_hawa": ("Cilvegözü", "Bab al-Hawa / Cilvegözü"),
            "bab_al_salama": ("Öncüpınar",),
            "kassab": ("Kasab", "Yayladağı"),
        },
        files=(
            published("goc.csv", "\n".join(lines).encode("cp1254"), "authority", encoding="cp1254", point_groups=True),
            published("months.xlsx", saved({"By crossing": months}, form="mmm-yy"), "agency"),
        ),
    )


def from_angola() -> Emergency:
    """Week numbers and tags in French, nested records, a total whose heading says since when it counts, rebased."""
    first, days = date(2034, 10, 2), 56
    truth = surge(13, (2500.0, 1200.0, 600.0), days)
    weeks: list[Sequence[object]] = [["Retours d'Angola"], ["Semaine", "Poste", "Ménages", "Individus", "Observations"]]
    weeks.append(["#date+week", "#loc+name", "#affected+hh", "#affected+ind", "#description"])
    for week in range(days // 7):
        for place, name in enumerate(("Kamako" if week % 2 else "Kamako (poste)", "MAYANDA", "Tshitadi ")):
            value = 1.02 * truth[7 * week : 7 * week + 7, place].sum()
            shown = f"{int(value):,}".replace(",", "\u202f") + ("*" if week == 2 else "")
            weeks.append([f"S{40 + week} 2034", name, int(value / 5), shown, "partiel" if week == 2 else None])
    records = [
        {"date": f"{day:%Y-%m-%dT00:00:00Z}", "point": {"name": "Kamako", "pcode": "CD8201"}, "individus": int(row[0])}
        for day, row in zip(days_of(first, days)[::3], truth[::3], strict=True)
    ]
    running = 0.9 * np.cumsum(truth.sum(axis=1))
    running[30:] += 9000.0
    totals = ["Date du rapport,Cumul depuis le 02/10/2034"]
    totals += [
        f"{day:%d/%m/%Y},{total:.0f}" for day, total in zip(days_of(first, days)[::2], running[::2], strict=True)
    ]
    return Emergency(
        first=first,
        crossings=("kamako", "mayanda", "tshitadi"),
        truth=truth,
        aliases={"kamako": ("Kamako (poste)",)},
        files=(
            published("semaines.xlsx", saved({"Semaine": weeks}), "direction", weeks="iso"),
            published("points.json", json.dumps({"generated": "2034-11-30", "data": records}), "monitor"),
            published("cumul.csv", "\n".join(totals), "government", fixed={"crossing": "all"}),
        ),
    )


def from_colombia() -> Emergency:
    """Spanish names, men and women beside the total, subtotals of weeks, days across the top and a formula."""
    first, days = date(2034, 2, 1), 59
    truth = surge(14, (5000.0, 1500.0, 700.0), days)
    names = ("Puente Simón Bolívar", "Paraguachón", "Arauca")
    lines = ["Retornos,,,,", "Fecha,Puesto de Control Migratorio,Hombres,Mujeres,Total personas"]
    for place, (day, row) in enumerate(zip(days_of(first, days), truth, strict=True)):
        for name, value in zip(names, row, strict=True):
            lines.append(f"{day:%d-%b-%y},{name},{int(0.55 * value)},{int(value) - int(0.55 * value)},{int(value)}")
        if place % 7 == 6:
            lines.append(f"Subtotal semana,,,,{int(truth[place - 6 : place + 1].sum())}")
    across: list[Sequence[object]] = [["Crossing", *days_of(first, days), "Total"]]
    for place, name in enumerate(names):
        counts = [int(1.1 * value) if day % 6 else None for day, value in enumerate(truth[:, place])]
        across.append([name, *counts, f"=SUM(B{place + 2}:BH{place + 2})"])
    across.append(["TOTAL", *(1.1 * truth.sum(axis=1)).astype(int).tolist(), None])
    return Emergency(
        first=first,
        crossings=("simon_bolivar", "paraguachon", "arauca"),
        truth=truth,
        aliases={"simon_bolivar": ("Puente Simón Bolívar",)},
        files=(
            published("retornos.csv", "\n".join(lines), "migration_office", dayfirst=True),
            published("matrix.xlsx", saved({"Crossings by day": across}), "platform"),
        ),
    )


def to_myanmar() -> Emergency:
    """Families and persons of each crossing beside a running total; the month first in UTF-16; ten days of families."""
    first, days = date(2034, 7, 3), 56
    truth = surge(15, (1800.0, 900.0), days)
    head = ["Sl.", "Period", "Teknaf (HH)", "Teknaf (Ind.)", "Ghumdum (HH)", "Ghumdum (Ind.)", "Cumulative Ind."]
    weeks: list[Sequence[object]] = [head]
    for week in range(days // 7):
        begin = first + timedelta(days=7 * week)
        label = f"{begin:%d/%m/%Y} - {begin + timedelta(days=6):%d/%m/%Y}"
        south, north = truth[7 * week : 7 * week + 7].sum(axis=0)
        total = int(truth[: 7 * week + 7].sum())
        weeks.append([week + 1, label, int(south / 4.6), int(south), int(north / 4.6), int(north), total])
    lines = ["Date of Arrival,Entry point,# of individuals,# of families,Remarks"]
    for place, (day, row) in enumerate(zip(days_of(first, days), truth, strict=True)):
        for name, value in zip(("Teknaf", "Ghumdhum"), row, strict=True):
            families = int(value / 4.6)
            persons = families if name == "Teknaf" and 20 <= place < 30 else int(0.97 * value)
            lines.append(f"{day.month}/{day.day}/{day.year},{name},{persons},{families},")
    return Emergency(
        first=first,
        crossings=("teknaf", "ghumdum"),
        truth=truth,
        aliases={"ghumdum": ("Ghumdhum",)},
        files=(
            published("joint.xlsx", saved({"Joint": weeks}), "joint", cumulative_since=f"{first}"),
            published("arrivals.csv", "\n".join(lines).encode("utf-16"), "commissioner"),
        ),
    )


PUBLISHED = {
    "iran": from_iran,
    "syria": to_syria,
    "angola": from_angola,
    "colombia": from_colombia,
    "myanmar": to_myanmar,
}
