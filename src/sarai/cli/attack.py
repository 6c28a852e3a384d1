"""`sarai attack`: try to work out what briefings held back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb `attack`."""

    @app.command("attack")
    def attack_releases(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with one or more published briefings.")],
        as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    ) -> None:
        """Try to work out the figures that briefings held back, from all that they published. Writes nothing.

        Reads every release.json at or below DIR. Exit code 0 when nothing can be worked out, 1 when something can.

        Example: sarai attack briefings
        """
        from sarai.publish.attack import attack, read_releases

        found = attack(read_releases(folder))
        if as_json:
            typer.echo(json.dumps(asdict(found), indent=2))
        else:
            typer.echo(
                f"{found.release_count} releases, {found.shown_count} figures shown, {found.hidden_count} held back, "
                f"{len(found.recovered)} worked out"
            )
            for item in found.recovered:
                cell = item.cell
                place = f"{cell.first} to {cell.last}, {cell.crossing}, {cell.status}, {cell.kind}"
                typer.echo(f"{place}: between {item.low:.0f} and {item.high:.0f}")
        if found.revised:
            typer.echo(
                "estimates were revised between these releases: each was attacked alone, and all together as if no "
                f"figure had moved by more than {found.drift:.0%} and a person",
                err=True,
            )
        if found.recovered:
            raise typer.Exit(code=1)
