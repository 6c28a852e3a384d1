"""The operational tables of a back-test as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from sarai.forecast.against import against_each
from sarai.forecast.operations import ALERT_AT, breach_scores, loss_table, peak_errors, stock_scores
from sarai.forecast.phases import by_phase
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.summary import WIDTHS, summarise

PHASES = {
    "before": "before the latest deadline",
    "turn": "two weeks from it or the peak",
    "after": "later",
    "none": "no deadline known",
}
SHOWN = ("pool", "law", "persistence", "deadline_climatology")
Cells = tuple[str, ...]


def operations_text(rows: Sequence[ScoreRow]) -> str:
    """Every table that has something to say: parts, pairs, phases, breaches, peak, stocks, losses."""
    parts = (
        parts_text(rows), pairs_text(rows), phases_text(rows), breach_text(rows), peak_text(rows), stock_text(rows),
        loss_text(rows),
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def table(title: str, head: Cells, lines: Sequence[Cells]) -> str:
    """A titled table, first column to the left, the others to the right; nothing where there are no lines."""
    if not lines:
        return ""
    rule = ("---", *["---:"] * (len(head) - 1))
    return f"**{title}**\n\n" + "".join("| " + " | ".join(cells) + " |\n" for cells in (head, rule, *lines))


def pairs_text(rows: Sequence[ScoreRow]) -> str:
    """The pool against each baseline."""
    lines = [
        (pair.baseline, f"{pair.ratio:.2f}", ends(pair.interval), f"{pair.ratio_log:.2f}", ends(pair.interval_log))
        for pair in against_each(rows)
    ]  # fmt: skip
    return table("The pool against each baseline (90 % interval over resampled origins)",
                 ("baseline", "ratio", "90 %", "log ratio", "90 %"), lines)  # fmt: skip


def phases_text(rows: Sequence[ScoreRow]) -> str:
    """The pool by phase, beside the baseline that is best in it, which nobody knows beforehand."""
    lines = [
        (PHASES[s.phase], str(s.origins), str(s.targets), f"{s.wis:,.0f}", s.best, f"{s.ratio:.2f}", f"{s.wis_log:.3f}",
         s.best_log, f"{s.ratio_log:.2f}")
        for s in by_phase(rows)
    ]  # fmt: skip
    head = ("phase", "origins", "targets", "WIS", "best", "ratio", "log WIS", "best on log", "log ratio")
    return table("The pool by phase, beside the baseline that is best in that phase", head, lines)


def ends(interval: tuple[float, float]) -> str:
    """The ends of an interval."""
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def parts_text(rows: Sequence[ScoreRow]) -> str:
    """Parts of the score, coverage of four bands, and where reports fell among the samples, in fifths."""
    lines = []
    for s in summarise(rows):
        fifths = [s.pit[k] + s.pit[k + 1] for k in range(0, 10, 2)]
        numbers = [f"{value:,.0f}" for value in (s.dispersion, s.under, s.over)]
        held = [f"{s.coverage[width]:.2f}" for width in WIDTHS]
        lines.append((s.model, *numbers, *held, " ".join(f"{part:.2f}" for part in fifths)))
    head = ("model", "dispersion", "too low", "too high", *(f"{width} %" for width in WIDTHS), "PIT by fifths")
    return table("Parts of WIS in persons, coverage of bands, and the share of reports in each fifth", head, lines)


def breach_text(rows: Sequence[ScoreRow]) -> str:
    """Breaches and alerts."""
    lines = [
        (s.model, str(s.windows), str(s.happened), f"{s.brier:.3f}", f"{s.base:.3f}", f"{s.reliability:.3f}",
         f"{s.resolution:.3f}", str(s.alerts), share(s.hit_rate), share(s.false_alarms))
        for s in breach_scores(rows) if s.model in SHOWN
    ]  # fmt: skip
    return table(f"Windows above what was ready; alerts where the chance is {ALERT_AT:.0%} or more, 72 hours ahead",
                 ("model", "windows", "happened", "Brier", "base rate", "reliability", "resolution", "alerts",
                  "hit rate", "false alarms"), lines)  # fmt: skip


def share(value: float | None) -> str:
    """A share in per cent, or that there is none."""
    return "none" if value is None else f"{value:.0%}"


def peak_text(rows: Sequence[ScoreRow]) -> str:
    """Errors of the day of the peak."""
    lines = [(m, str(count), f"{error:.1f}") for m, (error, count) in peak_errors(rows).items() if m in SHOWN]
    return table("Day of the peak", ("model", "peaks", "mean error, days"), lines)


def stock_text(rows: Sequence[ScoreRow]) -> str:
    """Stocks."""
    lines = [(s.plan, f"{s.unserved:,.0f}", f"{s.surplus:,.0f}") for s in stock_scores(rows)]
    return table("Person-days a window when what is made ready follows a plan", ("plan", "unserved", "surplus"), lines)


def loss_text(rows: Sequence[ScoreRow]) -> str:
    """Quantile losses by crossing and days ahead."""
    lines = [
        (scope.replace("+", " + "), f"{step}", model, str(windows), f"{low:,.0f}", f"{high:,.0f}")
        for scope, step, model, windows, low, high in loss_table(rows, SHOWN[:3])
    ]
    return table(
        "Quantile loss by crossing, persons", ("crossings", "days ahead", "model", "windows", "P80", "P95"), lines
    )
