"""How the deadlines of the built-in emergencies went: the table that the baseline `deadline_climatology` reads.

Run: `python -m benchmarks.past_deadlines`, after the reconciled picture or a case has changed. Invented cases are left
out, and so are deadlines that no report lies near.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

import sarai
from sarai.observe.case_folder import built_in_cases, load_case
from sarai.reconcile.reconcile import reconcile

TABLE = Path(sarai.__file__).resolve().parent / "forecast" / "past_deadlines.csv"
INVENTED = ("teaching",)
REACH_DAYS = 60
COLUMNS = ("case", "wave", "tau", "persons_day")
SAMPLES = 400


def rows_of_case(name: str) -> list[tuple[str, str, int, int]]:
    """The daily flow over all crossings around each deadline of a case, as first announced: median of the picture."""
    loaded = load_case(name)
    world = loaded.as_of(loaded.last_known())
    picture = reconcile(world, SAMPLES, 1)
    flow = np.median(picture.flow.sum(axis=1), axis=1)
    rows = []
    for wave in world.calendar.waves:
        centre = wave.deadline_first.toordinal()
        near = [centre + tau in picture.days for tau in (-REACH_DAYS, REACH_DAYS)]
        if not all(near):
            continue
        start = int(np.searchsorted(picture.days, centre - REACH_DAYS))
        for tau in range(-REACH_DAYS, REACH_DAYS + 1):
            rows.append((name, wave.id, tau, round(float(flow[start + tau + REACH_DAYS]))))
    return rows


def main() -> None:
    """Write the table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in built_in_cases():
        if name not in INVENTED:
            writer.writerows(rows_of_case(name))
    TABLE.write_text(out.getvalue(), encoding="utf-8")
    print(TABLE.name, out.getvalue().count("\n") - 1, "rows")


if __name__ == "__main__":
    main()
