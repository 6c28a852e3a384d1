"""Invented emergencies with a known truth, as agencies publish: title rows, scripts, calendars, weekly sheets."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from numpy.typing import NDArray

from makers.ledger import write_folder

DAYS = 42
TO_ARABIC = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, kw_only=True)
class Published:
    """A file as published and what a mapping must say of it because the file does not."""

    name: str
    data: bytes
    mapping: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """First day, crossings, truth (day, crossing) persons/day and the files about it."""

    first: date
    crossings: tuple[str, ...]
    truth: NDArray[np.float64]
    files: tuple[Published, ...]
    series: str = ""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def write_case(self, path: Path) -> Path:
        """A case folder that knows the crossings and nothing else."""
        listed = "".join(
            f"  - {{id: {name}, aliases: [{', '.join(self.aliases.get(name, ()))}]}}\n" for name in self.crossings
        )
        head = f"schema: 1\ntimezone: UTC\nstart: {self.first}\ncrossings:\n{listed}"
        told = f"source: agency, known: {self.first}"
        head += f"population: {{low: 100000, high: 900000, {told}}}\n"
        wave = f"id: first, announced: {self.first}, deadline: {self.first + timedelta(days=18)}, {told}"
        head += f"calendar:\n  waves:\n    - {{{wave}}}\n"
        sources = f"source_id,publisher,title,published,url\nagency,Agency,Updates,{self.last},\n"
        empty = (
            "start_date,end_date,crossing,status,kind,persons,families,cumulative,as_of,source_id,note,series,known,"
        )
        events = "date,end_date,kind,place,description,magnitude,unit,source_id,known,known_inferred\n"
        return write_folder(
            path,
            case=head,
            sources=sources,
            observations=f"{empty}known_inferred\n",
            events=events,
            series=self.series or None,
        )

    @property
    def last(self) -> date:
        """Last day of the truth."""
        return self.first + timedelta(days=len(self.truth) - 1)


def surge(seed: int, levels: Sequence[float], days: int = DAYS) -> NDArray[np.float64]:
    """A rise and a decay at each crossing, with a tenth of daily scatter."""
    rng = np.random.default_rng(seed)
    tau = np.arange(days)[:, None] - 18
    shape = 0.15 + np.where(tau <= 0, np.exp(tau / 5.0), np.exp(-tau / 9.0))
    return np.rint(shape * np.array(levels) * np.exp(rng.normal(0.0, 0.1, (days, len(levels)))))


def days_of(first: date, days: int = DAYS) -> list[date]:
    """Every day of an emergency."""
    return [first + timedelta(days=place) for place in range(days)]


def syria_like() -> Emergency:
    """A wide Arabic workbook with a merged title, and weekly families in a tagged file."""
    first, names = date(2031, 9, 23), ("masnaa", "arida", "jousieh")
    truth = surge(1, (6000.0, 1500.0, 2500.0))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "حركة العبور"
    sheet.append(["حركة العائدين عبر المعابر الحدودية"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["التاريخ", "المصنع", "العريضة", "جوسية", "المجموع"])
    for day, row in zip(days_of(first), truth, strict=True):
        counts = [f"{int(value):,}".translate(TO_ARABIC) for value in (*row, row.sum())]
        sheet.append([day.strftime("%d/%m/%Y").translate(TO_ARABIC), *counts])
    out = io.BytesIO()
    book.save(out)
    weeks = ["Start,End,Crossing point,Households", "#date+start,#date+end,#loc+name,#population+hh"]
    for week in range(DAYS // 7):
        begin = first + timedelta(days=7 * week)
        for place, name in enumerate(("Al-Masnaa", "Arida", "Joussieh")):
            families = truth[7 * week : 7 * week + 7, place].sum() / 5.4
            weeks.append(f"{begin},{begin + timedelta(days=6)},{name},{families:.0f}")
    return Emergency(
        first=first,
        crossings=names,
        truth=truth,
        files=(
            Published(
                name="movement.xlsx",
                data=out.getvalue(),
                mapping={"dayfirst": True, "fixed": {"series": "authority_daily"}},
            ),
            Published(
                name="weekly_hxl.csv", data="\n".join(weeks).encode(), mapping={"fixed": {"series": "monitor_weekly"}}
            ),
        ),
    )


def chad_like() -> Emergency:
    """A French file with semicolons in a Western code page, with totals, and a running total that is rebased."""
    first, names = date(2032, 4, 20), ("adre", "tine")
    truth = surge(2, (9000.0, 2200.0))
    lines = ["Situation des arrivées à la frontière;;;", "Date;Point d'entrée;Ménages;Individus"]
    for day, row in zip(days_of(first), truth, strict=True):
        for name, value in zip(("Adré", "Tiné"), row, strict=True):
            lines.append(f"{day:%d/%m/%Y};{name};{value / 4.2:.0f};{int(value):,}".replace(",", "\u00a0"))
    lines.append(f"Total;;{truth.sum() / 4.2:.0f};{truth.sum():.0f}")
    total = np.cumsum(truth.sum(axis=1)) * 1.04
    total[26:] += 0.3 * total[25]
    rows = ["as of,cumulative individuals"]
    rows += [f"{day},{value:.0f}" for day, value in zip(days_of(first), total, strict=True)]
    return Emergency(
        first=first,
        crossings=names,
        truth=truth,
        files=(
            Published(
                name="arrivees.csv",
                data="\n".join(lines).encode("cp1252"),
                mapping={"encoding": "cp1252", "dayfirst": True, "fixed": {"series": "registration"}},
            ),
            Published(
                name="total.csv",
                data="\n".join(rows).encode(),
                mapping={"fixed": {"series": "government_total", "crossing": "all"}, "cumulative_since": f"{first}"},
            ),
        ),
    )


def two_borders() -> Emergency:
    """Two neighbours at once: Solar Hijri dates in Persian digits, sums over several crossings, a misprint."""
    first, names = date(2033, 3, 21), ("islam_qala", "milak", "torkham", "chaman")
    truth = surge(3, (5000.0, 2500.0, 4000.0, 3000.0))
    lines = ["تاریخ,گذرگاه,تعداد افراد"]
    for place, row in enumerate(truth):
        month, day = place // 31 + 1, place % 31 + 1
        for name, value in zip(("اسلام قلعه", "میلک", "تورخم", "سپین بولدک"), row, strict=True):
            figure = value / 10 if (place, name) == (30, "اسلام قلعه") else value
            lines.append(f"1412/{month:02d}/{day:02d},{name},{figure:.0f}".translate(TO_PERSIAN))
    rows = ["Date,Torkham + Spin Boldak,Islam Qala and Milak"]
    for day, row in zip(days_of(first), truth, strict=True):
        rows.append(f"{day:%d %B %Y},{row[2] + row[3]:.0f},{row[0] + row[1]:.0f}")
    return Emergency(
        first=first,
        crossings=names,
        truth=truth,
        files=(
            Published(
                name="ruzana.csv",
                data="\n".join(lines).encode(),
                mapping={"calendar": "solar_hijri", "fixed": {"series": "directorate"}},
            ),
            Published(name="flow.csv", data="\n".join(rows).encode(), mapping={"fixed": {"series": "monitor"}}),
        ),
    )


EMERGENCIES = {"syria": syria_like, "chad": chad_like, "two_borders": two_borders}
