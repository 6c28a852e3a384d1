"""Every verb has help with an example, and help stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from sarai.cli.app import VERB_MODULES, build_app

HEAVY = ("numba", "polars", "altair", "scipy", "numpy", "pydantic", "pyarrow", "highspy", "fastapi", "typst")


def all_commands() -> list[tuple[str, TyperCommand]]:
    """Every command with its whole name, groups walked through."""
    found: list[tuple[str, TyperCommand]] = []

    def walk(prefix: str, command: TyperCommand) -> None:
        if isinstance(command, TyperGroup):
            for name, inner in command.commands.items():
                walk(f"{prefix} {name}", inner)
        else:
            found.append((prefix, command))

    walk("sarai", typer.main.get_command(build_app()))
    return found


@pytest.mark.parametrize(("name", "command"), all_commands(), ids=[name for name, _ in all_commands()])
def test_every_verb_shows_an_example_of_itself(name: str, command: TyperCommand) -> None:
    """The help of a verb holds a line that can be pasted, and a word on each option."""
    text = command.help or ""
    assert "Example" in text, f"{name} has no example"
    assert name in text, f"the example of {name} does not call it"
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{name}: option {parameter.name} has no help"


def test_help_loads_nothing_heavy() -> None:
    """`sarai --help` is quick because it loads none of the numeric libraries."""
    code = (
        "import sys\n"
        "from sarai.cli.app import build_app\n"
        "build_app()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_listed_verb_module_registers_a_command() -> None:
    """No module is listed that adds nothing."""
    assert len(all_commands()) >= len(VERB_MODULES)
