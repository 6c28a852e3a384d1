"""Series that a case sees for the first time: a row of series.csv with the assumed regime, for a person to correct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sarai.ledger.folder import FolderLedger
from sarai.ledger.record import SourcedRow
from sarai.observe.crossing_names import read_crossings
from sarai.observe.personal_words import plain_words
from sarai.world.report import Report
from sarai.world.series_defaults import default_regimes

SERIES_COLUMNS = (
    *("series", "from", "to", "publisher", "scope", "statuses", "unit", "origin_date", "keeping", "rounding"),
    *("bias_log_mean", "bias_log_sd", "noise_log_sd", "known", "known_inferred", "note"),
)
NOTE = "assumed when its first report came; correct scope, keeping and priors"


def name_series(held: FolderLedger, rows: dict[str, list[SourcedRow]], source_id: str) -> None:
    """Name the series of rows that do not say it, and describe series that come for the first time in series.csv.

    Rows of the one publication `source_id` belong to the series of its publisher until someone says more; rows that
    bring their own publication each to a series of that publication, as the reader of cases has it. A case without
    series.csv assumes the regime of every series, and then nothing is written there.
    """
    sources = [version.cells for version in held.ledger.rows("sources.csv")]
    sources += [row.cells for row in rows["sources.csv"]]
    publishers = {cells.get("source_id", ""): cells.get("publisher", "") for cells in sources}
    has_table = (held.folder / "series.csv").exists()
    named = []
    for row in rows["observations.csv"]:
        source = row.cells["source_id"]
        name = row.cells["series"] or (f"source_{source}" if has_table else "")
        if not row.cells["series"] and source == source_id:
            name = "_".join(plain_words(publishers.get(source, "")).split()) or name
        named.append(replace(row, cells={**row.cells, "series": name}))
    rows["observations.csv"] = named
    if has_table:
        defined = {version.cells.get("series", "") for version in held.ledger.rows("series.csv")}
        crossings = sorted(set(read_crossings(held.folder).values()))
        rows["series.csv"] = describe_new_series(named, defined, publishers, crossings)


def describe_new_series(
    rows: Sequence[SourcedRow], defined: Iterable[str], publishers: Mapping[str, str], crossings: Sequence[str]
) -> list[SourcedRow]:
    """A row of series.csv for each series of `rows` that is not defined yet, in name order.

    publishers  publisher by source id        crossings  ids of the case, which `all` means
    """
    known = set(defined)
    of: dict[str, list[Report]] = defaultdict(list)
    for row in rows:
        name = row.cells["series"] or f"source_{row.cells['source_id']}"
        if name not in known:
            of[name].append(_report(row))
    return [_row(name, reports, publishers, tuple(sorted(crossings))) for name, reports in sorted(of.items())]


def _report(row: SourcedRow) -> Report:
    c = row.cells
    return Report(
        id=row.id,
        start=date.fromisoformat(c["start_date"]),
        end=date.fromisoformat(c["end_date"]),
        crossing=c["crossing"],
        status=c["status"],
        kind=c["kind"],
        persons=int(c["persons"]) if c["persons"] else None,
        families=int(c["families"]) if c["families"] else None,
        cumulative=c["cumulative"] == "true",
        as_of=None,
        source_id=c["source_id"],
        note="",
        series=c["series"],
        known=date.fromisoformat(c["known"]),
        known_inferred=c["known_inferred"] == "true",
    )


def _row(name: str, reports: Sequence[Report], publishers: Mapping[str, str], crossings: tuple[str, ...]) -> SourcedRow:
    (regime,) = default_regimes(name, reports, crossings)
    first = min(reports, key=lambda report: (report.known, report.start, report.id))
    cells = {
        "series": name,
        "from": regime.start.isoformat(),
        "publisher": publishers.get(first.source_id, ""),
        "scope": "all" if set(regime.scope) == set(crossings) else "+".join(regime.scope),
        "statuses": "+".join(regime.statuses),
        "unit": regime.unit,
        "origin_date": regime.origin.isoformat() if regime.origin else "",
        "keeping": regime.keeping,
        "rounding": str(regime.rounding),
        "bias_log_mean": f"{regime.bias_log_mean:g}",
        "bias_log_sd": f"{regime.bias_log_sd:g}",
        "noise_log_sd": f"{regime.noise_log_sd:g}",
        "known": first.known.isoformat(),
        "known_inferred": "true" if first.known_inferred else "false",
        "note": NOTE,
    }
    return SourcedRow(cells={column: cells.get(column, "") for column in SERIES_COLUMNS})
