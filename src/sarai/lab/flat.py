"""The answer as a flat table, for a spreadsheet or a statistics program: one row a window and indicator."""

from __future__ import annotations

import csv
import io
from typing import Any

COLUMNS = (
    "days", "last_day", "indicator", "label", "unit", "harm", "base_q05", "base_q50", "base_q95", "changed_q05",
    "changed_q50", "changed_q95", "difference_q05", "difference_q50", "difference_q95", "fewer", "equal",
)  # fmt: skip


def flat_csv(answer: dict[str, Any]) -> bytes:
    """CSV in UTF-8 with the columns above. Labels come from the program, never from a request."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for window in answer["windows"]:
        for line in window["lines"]:
            triples = (*line["base"], *line["changed"], *line["difference"])
            start = (window["days"], window["last"], line["id"], line["label"], line["unit"], line["harm"])
            writer.writerow((*start, *triples, line["fewer"], line["equal"]))
    return out.getvalue().encode()
