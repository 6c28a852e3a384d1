"""`sarai new`: a case folder of one's own, as a copy of another case."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb `new`."""

    @app.command("new")
    def start_case(
        name: Annotated[str, typer.Argument(metavar="NAME", help="Folder to make: a name or a path.")],
        from_case: Annotated[str, typer.Option("--from", metavar="CASE", help="Copy this built-in case or folder.")],
    ) -> None:
        """Start a case folder of your own.

        Example: sarai new my-case --from pakistan-2023
        """
        from sarai.observe.case_new import copy_case

        folder = copy_case(from_case, name)
        typer.echo(str(folder))
        typer.echo(f"Next: edit {folder / 'case.yaml'}, then `sarai check {name}`.", err=True)
