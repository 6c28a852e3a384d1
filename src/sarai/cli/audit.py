"""`sarai audit`: what looks wrong with the reports, and the line that would accept each finding."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.known import read_known
from sarai.cli.options import AsOfOption, CaseArgument
from sarai.cli.talk import CONFIDENTIAL, say, step

if TYPE_CHECKING:
    from sarai.reconcile.finding import Finding
    from sarai.world.world import World


def register(app: typer.Typer) -> None:
    """Add the verb `audit`."""

    @app.command("audit")
    def audit_case(
        case: CaseArgument,
        as_of: AsOfOption = None,
        as_json: Annotated[bool, typer.Option("--json", help="Write the findings as JSON.")] = False,
    ) -> None:
        """Find what looks wrong with the reports of a case: misprints, rebases, families read as persons, copies.

        Nothing is repaired. Each finding comes with its evidence, its odds, what accepting it would change, and the
        lines that accept it in the case's decisions.yaml; put in who decides, as a role and duty station, and why.

        Example: sarai audit pakistan-2023 --as-of 2023-12-05
        """
        from sarai.reconcile.audit import audit
        from sarai.reconcile.effect import effect_of

        with step(f"Auditing the reports of {case}"):
            world = read_known(case, as_of)
            findings = audit(world)
            effects = [effect_of(world, finding) for finding in findings]
        if as_json:
            rows = [{**asdict(item), "effect": effect} for item, effect in zip(findings, effects, strict=True)]
            typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
            say(CONFIDENTIAL)
            return
        for number, (finding, effect) in enumerate(zip(findings, effects, strict=True), start=1):
            typer.echo(finding_text(world, finding, effect, number))
        count = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"
        say(f"{count} on {len(world.reports)} reports known on {world.as_of.isoformat()}. {CONFIDENTIAL}")


def finding_text(world: World, finding: Finding, effect: str, number: int) -> str:
    """One finding as a page of plain text."""
    from sarai.reconcile.effect import decision_lines, odds_words
    from sarai.world.civil import day_date

    by_id = {report.id: report for report in world.reports}
    sources = sorted({by_id[name].source_id for name in finding.reports if name in by_id})
    days = f"{day_date(finding.start)}" + (f" to {day_date(finding.end)}" if finding.end != finding.start else "")
    lines = [
        f"{number}. {finding.kind.replace('_', ' ')}: series {finding.series}, {days}",
        f"   evidence  {finding.evidence}",
        f"   odds      {odds_words(finding.log_odds)}",
        f"   reports   {', '.join(finding.reports[:6])}{' ...' if len(finding.reports) > 6 else ''}"
        f" ({', '.join(sources[:4])}{' ...' if len(sources) > 4 else ''})",
        f"   effect    {effect}",
    ]
    if finding.declared:
        return "\n".join([*lines, "   series.csv already says so: nothing to accept", ""])
    return "\n".join([*lines, "   to accept, add to decisions.yaml:", *decision_lines(finding, world.as_of), ""])
