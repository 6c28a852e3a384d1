"""The briefing as one HTML file: no network, no script needed, phone, screen, dark and paper."""

from __future__ import annotations

from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from sarai import __version__
from sarai.publish.document import Document
from sarai.publish.table import Cell, Column, Hidden, cell_text
from sarai.publish.words import Words

NUMBER_KINDS = frozenset({"persons", "span", "count", "quantity"})
LONG_KEYS = frozenset(
    {"sources", "source", "title", "note", "measured_on", "assumption", "where", "standard", "page", "why", "sentence"}
)


def render_page(document: Document) -> str:
    """The whole HTML text."""
    words = document.words
    return (
        _template("briefing.html.j2").render(
            document=document, words=words, say=words.say, version=__version__, css=Markup(_text("briefing.css")),
            cell=lambda column, value: render_cell(words, column, value), number_kinds=NUMBER_KINDS,
            long_keys=LONG_KEYS,
            svg=Markup,
        )
        + "\n"
    )  # fmt: skip


def render_cell(words: Words, column: Column, value: Cell) -> Markup:
    """One cell: the range of a figure goes on a line of its own; what is not known or not shown is dimmed."""
    text = cell_text(words, column, value)
    if value is None or isinstance(value, Hidden):
        return Markup('<span class="dim">{}</span>').format(text)
    if column.key == "url" and text.startswith(("https://", "http://")):
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(text, text.split("/")[2])
    if column.kind == "persons" and text.endswith(")") and " (" in text:
        head, _, spread = text.partition(" (")
        return Markup('{} <span class="spread">({}</span>').format(head, spread)
    return Markup("{}").format(text)


@cache
def _text(name: str) -> str:
    return resources.files("sarai.publish").joinpath(name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["zip"] = zip
    return environment.from_string(_text(name))
