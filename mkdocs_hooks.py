"""What MkDocs builds from the code: reference pages, the pages at the project's root, equations as MathML.

Nothing of it lies in docs/, so no page can fall behind the code. The site needs no network: styles and equations are in
its files.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files
from typer.core import TyperCommand, TyperGroup

from sarai.cli.app import build_app
from sarai.model.table import ParameterRow, parameter_table

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "src" / "sarai"
ROOMS = {
    "world": "what exists: places, groups, calendar, errors",
    "ledger": "where every number came from",
    "crew": "who does the work: this process, several, a cluster",
    "observe": "the only door in: cases, readers, the interview",
    "reconcile": "rival reports into one daily picture",
    "model": "what is believed: the laws and the parameter table",
    "simulate": "draws, kernels and their readable twins",
    "calibrate": "evidence against the model",
    "forecast": "posterior into predictions, baselines, scores",
    "whatif": "the same futures twice with one thing changed",
    "plan": "needs, capacity, supplies",
    "publish": "briefings, data, disclosure control",
    "lab": "the page of `sarai serve`",
}
BLOCK_MATH = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.MULTILINE | re.DOTALL)
INLINE_MATH = re.compile(r"\$`([^`]+)`\$")
COMMENT = re.compile(r"<!-- test:.*?-->\n?", re.DOTALL)
FENCE_EXIT = re.compile(r"^( *```\w+) exit=\d$", re.MULTILINE)
HELP_WIDTH = 96


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made from the code."""
    pages = {
        "reference/cli.md": cli_page(),
        "reference/parameters.md": parameter_page(),
        "reference/standards.md": standards_page(),
        "reference/python.md": python_index(),
        "responsible-use.md": root_page("RESPONSIBLE_USE.md"),
        "changelog.md": root_page("CHANGELOG.md"),
    }
    pages |= {f"reference/python-{room}.md": room_page(room) for room in ROOMS}
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Equations as MathML; remarks for the tests are taken out."""
    text = FENCE_EXIT.sub(r"\1", COMMENT.sub("", markdown))
    text = BLOCK_MATH.sub(
        lambda found: f'<div class="math" tabindex="0">{convert(found[1], display="block")}</div>', text
    )
    return INLINE_MATH.sub(lambda found: f"<span>{convert(found[1])}</span>", text)  # a bare <math> starts a block


def on_page_content(html: str, page: Any, config: Any, files: Files) -> str:
    """Each table in a box that scrolls by itself and that the keyboard reaches."""
    boxed = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    return boxed.replace("</table>", "</table></div>")


def root_page(name: str) -> str:
    """A page of the project's root; links into docs/ become links of the site."""
    return (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")


def cli_page() -> str:
    """Every verb with its help, as the command prints it."""
    parts = [
        "# The command line\n",
        "Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 done but degraded or with "
        "findings, 2 the input is wrong and nothing was written, 3 our fault.\n",
    ]
    for name, command in commands():
        context = command.make_context(name, [], resilient_parsing=True, max_content_width=HELP_WIDTH)
        parts.append(f"## `{name}`\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its whole name, groups walked through."""

    def walk(prefix: str, command: Any) -> Iterator[tuple[str, TyperCommand]]:
        if isinstance(command, TyperGroup):
            for name in sorted(command.commands):
                yield from walk(f"{prefix} {name}", command.commands[name])
        else:
            yield prefix, command

    yield from walk("sarai", typer.main.get_command(build_app()))


def parameter_page() -> str:
    """The parameter table."""
    lines = [
        "# Parameters of the returns law\n",
        "From `model/parameters.toml`. A case replaces a centre by a row under `settings` in `case.yaml`: "
        "`{parameter: rise_days, value: 4}`, for one entry `name.id`, for the spread `name.spread`. "
        "A numbers are rows of [assumptions](../assumptions.md).\n",
        "| parameter | unit | axes | prior | bounds | basis | changed by | meaning |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in parameter_table().values():
        axes = " × ".join(row.axis) or "one value"
        lines.append(
            f"| `{row.name}` | {row.unit} | {axes} | {prior_words(row)} | {row.low:g} to {row.high:g} | {row.basis} "
            f"| {row.who} | {row.meaning} |"
        )
    return "\n".join(lines) + "\n"


def prior_words(row: ParameterRow) -> str:
    """A prior in words."""
    prior = row.prior
    if prior.kind == "range":
        return "lognormal, the range of the case as its 90 % interval"
    if prior.kind == "fixed":
        return f"fixed at {prior.centre:g}"
    if prior.kind == "series":
        return f"AR(1), correlation {prior.rho:g} a day, sd {prior.spread:g}"
    middle = {"lognormal": "median", "logitnormal": "median"}.get(prior.kind, "mean")
    off = "; off unless the case sets it" if row.switch else ""
    return f"{prior.kind}, {middle} {prior.centre:g}, sd {prior.spread:g}{off}"


def standards_page() -> str:
    """The table of standards."""
    rows = list(csv.reader(io.StringIO((SOURCE / "plan" / "standards.csv").read_text(encoding="utf-8"))))
    lines = ["# Standards\n", "From `plan/standards.csv`; how they are used: [needs](../explanation/needs.md).\n"]
    lines += [table_line(rows[0]), "|" + "---|" * len(rows[0])]
    return "\n".join(lines + [table_line(row) for row in rows[1:]]) + "\n"


def table_line(cells: list[str]) -> str:
    """A row of a table; what would break it is escaped."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def python_index() -> str:
    """The rooms in the order of the sentence."""
    lines = ["# Python\n", "`src/sarai/brief.py` is the whole run on one page; read it first. The rooms:\n"]
    return "\n".join([*lines, *(f"- [{room}](python-{room}.md): {about}" for room, about in ROOMS.items())]) + "\n"


def room_page(room: str) -> str:
    """Every public function and class of a room, with its docstring as it stands."""
    parts = [f"# sarai.{room}\n", f"{ROOMS[room][0].upper()}{ROOMS[room][1:]}.\n"]
    for path in sorted((SOURCE / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        public = [
            node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
        ]
        if not public:
            continue
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        parts.append(f"## {module}\n\n{first_line(tree)}\n")
        parts += [entry(node) for node in public]
    return "\n".join(parts)


def first_line(node: ast.AST) -> str:
    """The first sentence of a docstring."""
    return (ast.get_docstring(node) or "").partition("\n")[0]  # type: ignore[arg-type]


def entry(node: ast.FunctionDef | ast.ClassDef) -> str:
    """A function with its signature, or a class, with the whole docstring as plain text."""
    if isinstance(node, ast.ClassDef):
        head = f"class {node.name}"
    else:
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        head = f"{node.name}({ast.unparse(node.args)}){returns}"
    doc = ast.get_docstring(node) or ""
    return f"### {node.name}\n\n```python\n{head}\n```\n\n```text\n{doc}\n```\n"
