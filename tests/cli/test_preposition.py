"""The verb `preposition` on the reference case, checked by plain arithmetic on the table that it writes."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

from sarai.plan.supplies import default_supplies

BUDGET = 2_000_000
HALF = 50


def test_the_plan_keeps_its_bounds_and_says_why(tmp_path: Path) -> None:
    """Whole units at the table's prices within the budget and bounds; regret at most half of a single figure's."""
    command = [
        sys.executable, "-m", "sarai", "preposition", "pakistan-2023", "--as-of", "2023-10-28", "--budget", str(BUDGET),
        "--members", "120", "--at-least", "omari_camp:blankets=5000", "--at-most", "torkham_zero_point:desks=10",
        "--out", str(tmp_path / "plan.csv"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "plan.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    price = {line.id: line.cost_usd for line in default_supplies()}
    spent = 0.0
    for row in rows:
        units = float(row["units"])
        assert units == int(units) >= 0
        assert abs(float(row["cost_usd"]) - units * price[row["supply"]]) <= 0.5
        assert row["why"]
        spent += units * price[row["supply"]]
    assert 0.9 * BUDGET < spent <= BUDGET
    units = {(row["site"], row["supply"]): float(row["units"]) for row in rows}
    assert units["omari_camp", "blankets"] >= 5000
    assert units["torkham_zero_point", "desks"] <= 10
    share = re.search(r"held out: (\d+)% of that", done.stderr)
    assert share is not None and int(share[1]) <= HALF
