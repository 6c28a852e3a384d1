"""`sarai cases`: the emergencies that ship with sarai."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb `cases`."""

    @app.command("cases")
    def list_cases(
        as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")] = False,
        schema: Annotated[bool, typer.Option("--schema", help="Write the JSON Schema of case.yaml.")] = False,
        reference: Annotated[
            bool, typer.Option("--reference", help="Write the reference page of the case folder (Markdown).")
        ] = False,
    ) -> None:
        """List the built-in cases: name, reports, first and last day of the reports, title.

        Example: sarai cases
        """
        if schema or reference:
            from sarai.observe.case_reference import reference_text, schema_text

            typer.echo(schema_text() if schema else reference_text(), nl=False)
            return
        from sarai.observe.case_folder import built_in_cases, load_case

        rows = []
        for name in built_in_cases():
            case = load_case(name)
            first = min((report.start for report in case.reports), default=None)
            last = max((report.end for report in case.reports), default=None)
            rows.append(
                {
                    "name": name,
                    "reports": len(case.reports),
                    "first": first.isoformat() if first else "",
                    "last": last.isoformat() if last else "",
                    "title": case.title,
                }
            )
        if as_json:
            typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        width = max((len(str(row["name"])) for row in rows), default=4)
        typer.echo(f"{'name':<{width}}  reports  first       last        title")
        for row in rows:
            typer.echo(
                f"{row['name']:<{width}}  {row['reports']:>7}  {row['first']:<10}  {row['last']:<10}  {row['title']}"
            )
