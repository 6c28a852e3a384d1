"""Repeats: one figure printed under several names, or a sum printed beside its parts, enters once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sarai.reconcile.chain import SAME_FIGURE, Figure
from sarai.reconcile.entry import SetAside

EXACT_PERSONS = 1000.0  # A57: two series never count the same four digits by chance
PART_SHARE = 0.8  # A58: a sum whose parts are printed for the same window adds nothing once they make up this much
REPEATED = "is the same figure for the same window as one of series {series}"
SUM_OF_PARTS = "is the sum of figures that its own series gives by crossing for the same window"
SAME_BOOK = "agrees with another figure of its own series for the same window"


def drop_repeats(figures: list[Figure]) -> tuple[list[Figure], list[SetAside]]:
    """Figures without repeats, and the reports that repeat, each with the reason. Linear in the number of figures."""
    aside: list[SetAside] = []
    kept = drop_within_series(figures, aside)
    kept = drop_sums(kept, aside)
    return drop_across_series(kept, aside), aside


def drop_within_series(figures: list[Figure], aside: list[SetAside]) -> list[Figure]:
    """A count and a difference of one series for one window and scope are one entry in one book: keep the count."""
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[(*window_key(figure), figure.series, figure.regime, figure.scope)].append(figure)
    kept: list[Figure] = []
    for group in groups.values():
        chosen: list[Figure] = []
        for figure in sorted(group, key=lambda item: (item.form != "count", item.rounding_sd, item.report_ids)):
            twin = next((index for index, other in enumerate(chosen) if close(other, figure)), None)
            if twin is None:
                chosen.append(figure)
            else:
                chosen[twin] = replace(chosen[twin], known=min(chosen[twin].known, figure.known))
                note_lost(figure, chosen[twin], SAME_BOOK, aside)
        kept.extend(chosen)
    return kept


def drop_sums(figures: list[Figure], aside: list[SetAside]) -> list[Figure]:
    """Sums over crossings whose parts the same series gives for the same window do not enter beside them."""
    parts: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        parts[(*window_key(figure), figure.series, figure.regime, figure.form)].append(figure)
    kept: list[Figure] = []
    for group in parts.values():
        least = min(len(figure.scope) for figure in group)
        for figure in group:
            if len(figure.scope) == least:
                kept.append(figure)
                continue
            inside = [other for other in group if len(other.scope) < len(figure.scope)]
            covered = sum(other.value for other in inside if set(other.scope) < set(figure.scope))
            if figure.value > 1.0 and PART_SHARE * figure.value <= covered <= figure.value / PART_SHARE:
                note_lost(figure, inside[0], SUM_OF_PARTS, aside)
            else:
                kept.append(figure)
    return kept


def drop_across_series(figures: list[Figure], aside: list[SetAside]) -> list[Figure]:
    """The same exact figure for the same window under two series: the series with the longer record keeps it."""
    record: dict[str, int] = defaultdict(int)
    for figure in figures:
        record[figure.series] += 1
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    kept: list[Figure] = []
    for figure in figures:
        if figure.value >= EXACT_PERSONS and figure.value % 100.0 != 0.0:
            groups[(figure.start, figure.end, figure.count_class, figure.value)].append(figure)
        else:
            kept.append(figure)
    for group in groups.values():
        best = min(group, key=lambda item: (len(item.scope), -record[item.series], item.series, item.report_ids))
        kept.append(best)
        for figure in group:
            if figure is not best and set(figure.scope) & set(best.scope):
                note_lost(figure, best, REPEATED.format(series=best.series), aside)
            elif figure is not best:
                kept.append(figure)
    return kept


def window_key(figure: Figure) -> tuple[object, ...]:
    """What two figures must share to be about the same people."""
    return (figure.start, figure.end, figure.count_class, figure.status)


def close(first: Figure, second: Figure) -> bool:
    """Whether two figures agree within rounding."""
    gap = abs(first.value - second.value) / max(first.value, second.value)
    return gap <= max(SAME_FIGURE, 2.0 * max(first.rounding_sd, second.rounding_sd))


def note_lost(figure: Figure, best: Figure, reason: str, aside: list[SetAside]) -> None:
    """List the reports of `figure` that do not enter through `best`; a total still anchors its chain."""
    if figure.form == "difference":
        return
    aside.extend(SetAside(report_id=name, reason=reason) for name in figure.report_ids if name not in best.report_ids)
