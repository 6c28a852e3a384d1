"""Four more invented emergencies, each with what an officer meets in a round of updates.

Pages copied out of a PDF, revisions in a later file, an API dump, sheets by month, families only, a total that is set
higher and takes in one more crossing, two countries together, counts of 24 hours beside those of 7 days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from makers.emergencies import Emergency, days_of
from makers.published import published, saved

Floats = NDArray[np.float64]
Rows = list[Sequence[object]]


def waves(seed: int, levels: Sequence[float], days: int, peaks: Sequence[int]) -> Floats:
    """Quick rises that fall slowly on ordinary movement, quiet Sundays, a tenth of daily scatter, drifting shares."""
    rng = np.random.default_rng(seed)
    shape = np.full((days, 1), 0.2)
    for peak in peaks:
        away = np.arange(days)[:, None] - peak
        shape += np.where(away < 0, np.exp(np.minimum(away, 0) / 2.5), (1.0 + np.maximum(away, 0) / 6.0) ** -1.5)
    drift = np.cumsum(rng.normal(0.0, 0.03, (days, len(levels))), axis=0)
    quiet = np.where(np.arange(days) % 7 == 6, 0.75, 1.0)[:, None]
    return np.rint(shape * quiet * np.array(levels) * np.exp(drift + rng.normal(0.0, 0.1, drift.shape)))


def noisy(rng: np.random.Generator, flow: Floats, sd: float) -> Floats:
    """Counts of a flow with a log error."""
    return np.asarray(flow * np.exp(rng.normal(0.0, sd, flow.shape)))


def to_haiti() -> Emergency:
    """Pages out of a PDF with parts of counts; deported in Spanish, a sheet a month; weeks that are revised later."""
    first, days = date(2037, 1, 5), 70
    truth = waves(201, (900.0, 500.0, 300.0, 120.0), days, (20, 48))
    rng = np.random.default_rng(21)
    head = ["Date;Ouanaminthe;;Belladère;;Malpasse;;Anse-à-Pitres;;Total"]
    head.append(";" + "Rapatriés (24 dernières heures);dont femmes;" * 4)
    lines = ["RAPATRIEMENTS;;;;;;;;;", "Groupe d'appui - rapport de situation;;;;;;;;;", *head]
    for place, (day, row) in enumerate(zip(days_of(first, days), noisy(rng, truth, 0.06), strict=True)):
        if day.weekday() != 6:
            cells = [f"{int(value):,};{int(0.3 * value)}".replace(",", "\u202f") for value in row]
            lines.append(f"{day:%d/%m/%Y};{';'.join(cells)};{int(row.sum())}")
        if place % 28 == 26:
            lines += [f"Total page;{int(truth[:place].sum())};;;;;;;;", *head]
    lines += ["(1) Chiffres provisoires;;;;;;;;;", "Source : postes frontaliers;;;;;;;;;"]
    sheets: dict[str, Sequence[Sequence[object]]] = {}
    for month, low, high in (("Enero", 0, 27), ("Febrero", 27, 55), ("Marzo", 55, 70)):
        rows: Rows = [["Deportados por puesto fronterizo"]]
        rows.append(["Fecha", "Dajabón", "Elías Piña", "Jimaní", "Pedernales", "Total"])
        for place in range(low, high):
            counts = [int(x) for x in 0.6 * noisy(rng, truth[place], 0.08)]
            rows.append([first + timedelta(days=place), *counts, sum(counts)])
        sheets[month] = [*rows, ["Total", *[None] * 5]]
    weeks = noisy(rng, truth.sum(axis=1).reshape(-1, 7).sum(axis=1), 0.04)

    def bulletin(part: float, numbers: range) -> str:
        out = ["Suivi des flux,,", "Du,Au,Individus"]
        for week in numbers:
            begin = first + timedelta(days=7 * week)
            out.append(f"{begin:%d/%m/%Y},{begin + timedelta(days=6):%d/%m/%Y},{int(part * weeks[week])}")
        return "\n".join(out)

    return Emergency(
        first=first,
        crossings=("ouanaminthe", "belladere", "malpasse", "anse_a_pitres"),
        truth=truth,
        aliases={
            "ouanaminthe": ("Dajabón",),
            "belladere": ("Elías Piña", "Belladère"),
            "malpasse": ("Jimaní",),
            "anse_a_pitres": ("Pedernales", "Anse-à-Pitres"),
        },
        files=(
            published("situation.csv", "\n".join(lines), "support_group", dayfirst=True),
            published("deportados.xlsx", saved(sheets), "migration", fixed={"kind": "deported"}),
            published("flux_1.csv", bulletin(0.7, range(6)), "monitor", dayfirst=True, fixed={"crossing": "all"}),
            published("flux_2.csv", bulletin(1.0, range(10)), "monitor", dayfirst=True, fixed={"crossing": "all"}),
        ),
    )


def to_ukraine() -> Emergency:
    """A dump of an API with gaps; sheets by month in Ukrainian with a digit too many; weekly families with tags."""
    first, days = date(2037, 3, 2), 84
    truth = waves(202, (6000.0, 3500.0, 1500.0), days, (30,))
    rng = np.random.default_rng(22)
    names = ("Шегині", "Краковець", "Рава-Руська")
    told = noisy(rng, truth, 0.05)
    records = [
        {"id": f"{place}-{gate}", "attributes": {"reportDate": f"{day}T00:00:00+02:00", "checkpoint": name,
         "individuals": int(told[place, gate])}}
        for place, day in enumerate(days_of(first, days)) for gate, name in enumerate(names) if rng.random() < 0.75
    ]  # fmt: skip
    books: dict[str, Sequence[Sequence[object]]] = {"Зміст": [["Прикордонна служба"], ["Березень - травень"]]}
    for month, low, high in (("Березень", 0, 30), ("Квітень", 30, 60), ("Травень", 60, 84)):
        rows: Rows = [["Перетин кордону"], [], ["Дата", "Пункт пропуску", "Осіб", "Примітка"]]
        for place in range(low, high):
            for gate, value in enumerate(0.93 * noisy(rng, truth[place], 0.04)):
                shown = int(value) * (10 if (place, gate) == (41, 1) else 1)
                day = first + timedelta(days=place)
                rows.append([f"{day:%d.%m.%Y}", names[gate], f"{shown:,}".replace(",", " "), None])
            rows.append(["Разом", None, f"{int(truth[place].sum()):,}".replace(",", " "), None])
        books[month] = rows
    weeks = ["From,To,Border crossing,Households,% female headed"]
    weeks.append("#date+start,#date+end,#loc+name,#affected+hh,#indicator+pct")
    for week in range(days // 7):
        begin = first + timedelta(days=7 * week)
        for name, persons in zip(
            ("Medyka", "Korczowa", "Hrebenne"), truth[7 * week : 7 * week + 7].sum(0), strict=True
        ):
            weeks.append(f"{begin},{begin + timedelta(days=6)},{name},{persons / 2.6:.0f},61")
    return Emergency(
        first=first,
        crossings=("medyka", "korczowa", "hrebenne"),
        truth=truth,
        aliases={"medyka": ("Шегині",), "korczowa": ("Краковець",), "hrebenne": ("Рава-Руська",)},
        files=(
            published("api.json", json.dumps({"meta": {"count": len(records)}, "data": records}), "interior"),
            published("kordon.xlsx", saved(books), "guards", dayfirst=True),
            published("households.csv", "\n".join(weeks), "partners"),
        ),
    )


def to_burundi() -> Emergency:
    """Convoys a week with a total that is set higher and takes in a third crossing; days across the top; two months."""
    first, days = date(2037, 2, 1), 84
    truth = waves(203, (700.0, 400.0, 250.0), days, (25, 60))
    rng = np.random.default_rng(23)
    rows: Rows = [["Repatriation movements"]]
    rows.append(["Week", None, "Kobero", None, "Gisuru", None, "Total since 1 February 2037"])
    rows.append(["Start", "End", "HH", "Individuals", "HH", "Individuals", "Individuals"])
    running = 0.0
    for week in range(days // 7):
        own = noisy(rng, truth[7 * week : 7 * week + 7].sum(axis=0), 0.05)
        running += own[:2].sum() + (own[2] if week >= 6 else 0.0) + (4000.0 if week == 8 else 0.0)
        begin = first + timedelta(days=7 * week)
        counts = [int(value) for persons in own[:2] for value in (persons / 4.8, persons)]
        rows.append([f"{begin:%d-%b-%Y}", f"{begin + timedelta(days=6):%d-%b-%Y}", *counts, round(running)])
    lines = [";".join(["Point d'entrée", *(f"{day:%d/%m/%Y}" for day in days_of(first, days)), "Total"])]
    for gate, name in enumerate(("Kobero", "Gisuru", "Mugina")):
        counted = noisy(rng, 1.04 * truth[:, gate], 0.07)
        shown = ["" if place % 7 == 5 else f"{int(value)}" for place, value in enumerate(counted)]
        lines.append(";".join([name, *shown, f"{int(counted.sum())}"]))
    lines.append(";".join(["Total", *(f"{int(value)}" for value in truth.sum(axis=1)), ""]))
    months = ["Month,Country of asylum,Returnees", f"February 2037,Tanzania,{int(truth[:28].sum())}"]
    months.append(f"March 2037,Tanzania,{int(0.97 * truth[28:59].sum())}")
    return Emergency(
        first=first,
        crossings=("kobero", "gisuru", "mugina"),
        truth=truth,
        files=(
            published("convoys.xlsx", saved({"Movements": rows}, ["A1:G1", "A2:B2", "C2:D2", "E2:F2"]), "convoys"),
            published("jours.csv", "\n".join(lines).encode("cp1252"), "office", encoding="cp1252", dayfirst=True),
            published("months.csv", "\n".join(months), "agency", fixed={"crossing": "all"}),
        ),
    )


def to_zimbabwe() -> Emergency:
    """Two countries, a sheet each with counts of 24 hours, of 7 days and running; a joint total; epidemic weeks."""
    first, days = date(2037, 5, 4), 63
    truth = waves(204, (4200.0, 900.0, 1500.0), days, (24,))
    rng = np.random.default_rng(24)
    own = noisy(rng, truth, 0.06)
    names = ("Beitbridge", "Plumtree", "Kazungula")
    sheets: dict[str, Sequence[Sequence[object]]] = {}
    for country, gates in (("South Africa", (0,)), ("Botswana", (1, 2))):
        rows: Rows = [[f"Arrivals from {country}"]]
        rows.append(["Date", "Border post", "Arrivals (last 24 hours)", "Arrivals (last 7 days)", "Total"])
        for place in range(6, days):
            for gate in (gate for gate in gates if rng.random() < 0.8):
                sums = (own[place, gate], own[place - 6 : place + 1, gate].sum(), own[: place + 1, gate].sum())
                rows.append([first + timedelta(days=place), names[gate], *(int(value) for value in sums)])
        sheets[country] = rows
    running = np.cumsum(0.98 * truth.sum(axis=1))
    joint = ["Situation as of,Cumulative arrivals from both countries since 4 May 2037"]
    for place in range(4, days, 5):
        joint.append(f"{first + timedelta(days=place):%d %B %Y},{round(running[place], -2):.0f}")
    weekly: Rows = [["Ministry of Home Affairs"], ["Epi week", *names]]
    for week, persons in enumerate(1.1 * truth.reshape(-1, 7, 3).sum(axis=1)):
        weekly.append([f"Week {19 + week} 2037", *(int(value) for value in persons)])
    return Emergency(
        first=first,
        crossings=("beitbridge", "plumtree", "kazungula"),
        truth=truth,
        files=(
            published("matrix.xlsx", saved(sheets), "matrix"),
            published("joint.csv", "\n".join(joint), "joint", fixed={"crossing": "all"}),
            published("weekly.xlsx", saved({"Data": weekly}), "ministry", weeks="iso"),
        ),
    )


ROUNDS = {"haiti": to_haiti, "ukraine": to_ukraine, "burundi": to_burundi, "zimbabwe": to_zimbabwe}
