"""`sarai explain`: what a figure stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.known import read_known
from sarai.cli.options import DEFAULT_SEED, AsOfOption, CaseArgument, SeedOption, check_counts, parse_day
from sarai.cli.talk import CONFIDENTIAL, say, step

if TYPE_CHECKING:
    from sarai.reconcile.lineage import Lineage
    from sarai.reconcile.picture import Picture
    from sarai.world.world import World

SAMPLES = 400
DateOption = Annotated[str | None, typer.Option("--date", metavar="DATE", help="Day of the figure to trace.")]
CrossingOption = Annotated[str, typer.Option("--crossing", metavar="ID", help="Crossing of that figure, or all.")]


def register(app: typer.Typer) -> None:
    """Add the verb `explain`."""

    @app.command("explain")
    def explain_case(
        case: CaseArgument,
        date: DateOption = None,
        crossing: CrossingOption = "all",
        as_of: AsOfOption = None,
        seed: SeedOption = DEFAULT_SEED,
    ) -> None:
        """Print the model of a case as a page that can be disputed, and what reconciled figures stand on.

        With --date: the reports that bear on that day, each with its weight. Without: the law with every number, then
        every series, what was learned of its bias and noise, and each report that does not enter, with the reason.

        Example: sarai explain pakistan-2023 --date 2023-11-01 --crossing torkham
        """
        check_counts(seed=seed)
        day = parse_day(date, "--date") if date else None
        from sarai.model.explain import explain_model
        from sarai.reconcile.lineage import trace_figure
        from sarai.reconcile.reconcile import reconcile

        with step(f"Reconciling {case}"):
            world = read_known(case, as_of)
            picture = reconcile(world, SAMPLES, seed)
        if day is None:
            typer.echo(f"{explain_model(world)}\n\nSERIES AND REPORTS\n{series_text(world, picture)}")
        else:
            typer.echo(lineage_text(trace_figure(world, picture, day, crossing)))
        say(CONFIDENTIAL)


def lineage_text(lineage: Lineage) -> str:
    """One figure and the reports behind it, as a table of plain text."""
    lines = [
        f"{lineage.crossing} on {lineage.day}: {lineage.q50:,.0f} persons, "
        f"nine times in ten between {lineage.q05:,.0f} and {lineage.q95:,.0f}",
        f"{lineage.completeness:.0%} of what is known of this day comes from reports, the rest from days around it",
        "",
        f"{'share':>6} {'weight':>6} {'persons':>11}  {'counts':<23} {'series':<24} {'crossing':<20} report (source)",
    ]
    for strand in lineage.strands:
        report, bearing = strand.report, strand.bearing
        window = f"{report.start} {report.end}" if bearing.form != "difference" else f"since total before {report.end}"
        lines.append(
            f"{strand.share:>6.1%} {bearing.weight:>6.2f} {bearing.persons:>11,.0f}  {window:<23} {report.series:<24} "
            f"{report.crossing:<20} {report.id} ({report.source_id})"
        )
    if not lineage.strands:
        lines.append("no report covers this day: the figure is carried over from the days around it")
    if lineage.set_aside:
        lines += ["", "reports of this day that do not enter:"]
        lines += [f"  {report.id} {report.series}: {reason}" for report, reason in lineage.set_aside]
    lines += ["", "share: part of the reports' information on this day. weight: 1 fully believed, near 0 an outlier."]
    return "\n".join(lines)


def series_text(world: World, picture: Picture) -> str:
    """Every series with what was learned of it, and the reports that do not enter."""
    from sarai.world.civil import day_date

    lines = [
        f"{world.title}: {len(world.reports)} reports known on {world.as_of}",
        "",
        f"{'series':<26} {'regime from':<12} {'figures':>7} {'reported/true':>14} {'90 % band':>15} {'noise':>6}",
    ]
    for fit in picture.series:
        from math import exp

        middle, spread = fit.bias_log_mean, 1.645 * fit.bias_log_sd
        band = f"{exp(middle - spread):.2f} to {exp(middle + spread):.2f}"
        since = "always" if fit.regime_start <= 1 else str(day_date(fit.regime_start))
        lines.append(
            f"{fit.series:<26} {since:<12} {fit.report_count:>7} {exp(middle):>14.2f} {band:>15} "
            f"{fit.noise_log_sd:>6.2f}"
        )
    aside = [bearing for bearing in picture.bearings if bearing.reason]
    reports = {report.id: report for report in world.reports}
    lines += ["", f"{len(aside)} reports do not enter:"]
    for bearing in aside:
        if bearing.report_id in reports:
            report = reports[bearing.report_id]
            persons = "" if report.persons is None else f"{report.persons:,} "
            lines.append(f"  {report.id} {report.series} {report.end} {persons}{report.kind}: {bearing.reason}")
    return "\n".join(lines)
