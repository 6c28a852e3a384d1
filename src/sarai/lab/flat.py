"""The answer as a flat table, for a spreadsheet or a statistics program: one row a window and indicator."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from sarai.publish.flat import harmless_row
from sarai.publish.preposition_table import COLUMNS as COLUMNS_SENT

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


READY_COLUMNS = (
    "site", "name", "sector", "item", "unit", "need_p50", "need_p80", "need_p95", "in_place", "missing", "first_short",
    "order_by", "lead_days", "cost_usd", "why",
)  # fmt: skip


def ready_csv(ready: dict[str, Any]) -> bytes:
    """What to have ready as CSV in UTF-8; empty where nothing says."""
    names = ("need_p50", "need_p80", "need_p95")
    return rows_csv([{**row, **dict(zip(names, row["need"], strict=True))} for row in ready["rows"]], READY_COLUMNS)


def preposition_csv(found: dict[str, Any]) -> bytes:
    """A plan under a budget as CSV in UTF-8, the columns of `sarai preposition` and the name of the site."""
    return rows_csv(found["rows"], (*COLUMNS_SENT, "name"))


def rows_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Rows as CSV in UTF-8. Texts are harmless to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(harmless_row(["" if row[name] is None else row[name] for name in columns]))
    return out.getvalue().encode()
