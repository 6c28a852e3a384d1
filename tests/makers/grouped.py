"""Three invented emergencies whose tables say in a group of columns what the columns below are about.

Running totals headed "since" a day, kinds of return below crossings in Persian, hours beside days, convoys by month.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from makers.emergencies import TO_ARABIC, TO_PERSIAN, Emergency, days_of, surge
from makers.published import published, saved, solar_hijri


def to_cambodia() -> Emergency:
    """Records with a column a gate, day first, a lost digit; a total since a day below merged cells, rebased; HXL."""
    first, days = date(2036, 6, 8), 56
    truth = surge(101, (7000.0, 2600.0, 900.0), days)
    rng = np.random.default_rng(5)
    records = []
    for place, (day, row) in enumerate(zip(days_of(first, days), truth, strict=True)):
        west, north, south = row * np.exp(rng.normal(0.0, 0.05, 3))
        west = west / 10.0 if place == 24 else west
        gates = {"Poipet": f"{int(west):,}", "O'Smach": f"{int(north):,}", "Doung": f"{int(south):,}"}
        records.append({"Report date": f"{day:%d/%m/%Y}", **gates, "Total": f"{int(west + north + south):,}"})
    running = np.cumsum(1.06 * truth[:, 0] * np.exp(rng.normal(0.0, 0.04, days)))
    running[38:] += 25000.0
    rows: list[Sequence[object]] = [
        ["PROVINCIAL HALL"],
        ["Situation of people returning through the international gate"],
        ["No.", "As of", None, "Returnees since 8 June 2036", None],
        [None, "Date", "Hour", "Persons", "of which children"],
    ]
    for place in range(2, days, 2):
        total = int(running[place])
        rows.append([place, first + timedelta(days=place), "18:00", total, int(0.2 * total)])
    weeks = ["Week start,Week end,Point of entry,Households,Individuals"]
    weeks.append("#date+start,#date+end,#loc+name,#affected+hh,#affected+ind")
    for week in range(days // 7):
        begin = first + timedelta(days=7 * week)
        for place, name in enumerate(("Poi Pet", "O Smach", "Daung")):
            told = 0.9 * truth[7 * week : 7 * week + 7, place].sum() * np.exp(rng.normal(0.0, 0.1))
            weeks.append(f"{begin},{begin + timedelta(days=6)},{name},{told / 3.9:.0f},{told:.0f}")
    merges = ["A1:E1", "A2:E2", "B3:C3", "D3:E3"]
    return Emergency(
        first=first,
        crossings=("poipet", "o_smach", "daung"),
        truth=truth,
        aliases={"poipet": ("Poi Pet",), "o_smach": ('"O\'Smach"', "O Smach"), "daung": ("Doung",)},
        files=(
            published("gates.json", json.dumps({"source": "GDI", "rows": records}), "immigration", dayfirst=True),
            published("hall.xlsx", saved({"Gate": rows}, merges), "province", fixed={"crossing": "poipet"}),
            published("weeks_hxl.csv", "\n".join(weeks), "monitor"),
        ),
    )


def to_sudan() -> Emergency:
    """Families and persons below crossings in Arabic, no Fridays; monthly totals and, within them, monthly convoys."""
    first, days = date(2036, 1, 1), 91
    rng = np.random.default_rng(6)
    tau = np.arange(days)[:, None] - 60
    shape = 0.4 + np.where(tau <= 0, np.exp(tau / 20.0), np.exp(-tau / 25.0))
    truth = np.rint(shape * np.array([1200.0, 500.0]) * np.exp(rng.normal(0.0, 0.15, (days, 2))))
    rows: list[Sequence[object]] = [
        ["العائدون عبر المعابر"],
        ["التاريخ", "أرقين", None, "أشكيت", None],
        [None, "عدد الأسر", "عدد الأفراد", "عدد الأسر", "عدد الأفراد"],
    ]
    for day, row in zip(days_of(first, days), truth, strict=True):
        north, south = row * np.exp(rng.normal(0.0, 0.06, 2))
        if day.weekday() != 4:
            counts = (row[0] / 5.2, north, row[1] / 5.2, south)
            rows.append([f"{day:%d/%m/%Y}".translate(TO_ARABIC), *(f"{int(x):,}".translate(TO_ARABIC) for x in counts)])
    months = [slice(0, 31), slice(31, 60), slice(60, 91)]
    totals = [
        {"month": f"2036-{number:02d}", "arrivals_total": int(0.96 * truth[part].sum()), "border": "All border points"}
        for number, part in enumerate(months, start=1)
    ]
    convoys = ["Month,Facilitated returns (convoys)"]
    for name, part, share in zip(("January", "February", "March"), months, (0.1, 0.2, 0.25), strict=True):
        convoys.append(f"{name} 2036,{int(share * truth[part].sum())}")
    merges = ["A1:E1", "A2:A3", "B2:C2", "D2:E2"]
    return Emergency(
        first=first,
        crossings=("argeen", "ashkeet"),
        truth=truth,
        aliases={"argeen": ("أرقين",), "ashkeet": ("أشكيت",)},
        files=(
            published("movement.xlsx", saved({"حركة": rows}, merges), "interior", dayfirst=True),
            published("months.json", json.dumps(totals), "agency"),
            published("convoys.csv", "\n".join(convoys), "commissioner", fixed={"crossing": "all"}),
        ),
    )


def from_tajikistan() -> Emergency:
    """Voluntary and deported below crossings in Persian; two totals since a day beside each other, one misprinted."""
    first, days = date(2036, 5, 21), 63
    truth = surge(103, (2500.0, 1200.0), days)
    rng = np.random.default_rng(7)
    deported = np.where(np.arange(days) > 20, 0.35, 0.1)
    rows: list[Sequence[object]] = [
        ["گزارش روزانه"],
        ["تاریخ", "شیرخان بندر", None, "اشکاشم", None, "مجموع"],
        [None, "داوطلبانه", "اخراجی", "داوطلبانه", "اخراجی", None],
    ]
    for day, row, part in zip(days_of(first, days), truth, deported, strict=True):
        counts = [value * share * np.exp(rng.normal(0.0, 0.05)) for value in row for share in (1.0 - part, part)]
        shown = [f"{int(value)}".translate(TO_PERSIAN) for value in (*counts, sum(counts))]
        rows.append([solar_hijri(day), *shown])
    everybody, removed = 0.95 * np.cumsum(truth.sum(axis=1)), 0.95 * np.cumsum(truth.sum(axis=1) * deported)
    everybody[33] += 30000.0
    guards = ["Date;Total returnees since 21.05.2036;Deported since 21.05.2036"]
    for place, day in enumerate(days_of(first, days)):
        if place % 9 != 5:
            guards.append(f"{day:%d.%m.%Y};{everybody[place]:.0f};{removed[place]:.0f}")
    merges = ["A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"]
    return Emergency(
        first=first,
        crossings=("sher_khan_bandar", "ishkashim"),
        truth=truth,
        aliases={"sher_khan_bandar": ("شیرخان بندر",), "ishkashim": ("اشکاشم",)},
        files=(
            published("ministry.xlsx", saved({"روزانه": rows}, merges), "ministry", calendar="solar_hijri"),
            published("guards.csv", "\n".join(guards), "guards", dayfirst=True, fixed={"crossing": "all"}),
        ),
    )


GROUPED = {"cambodia": to_cambodia, "sudan": to_sudan, "tajikistan": from_tajikistan}
