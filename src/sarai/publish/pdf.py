"""The briefing as a tagged PDF (PDF/UA-1), set by Typst."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from typing import Any, Literal

from sarai.publish.charts import Figure
from sarai.publish.document import Document
from sarai.publish.drawings import standalone_svg
from sarai.publish.legend import with_legend
from sarai.publish.section import Section
from sarai.publish.table import Table, cell_text
from sarai.publish.words import Words
from sarai.world.errors import Fault, RequestError

STANDARD: Literal["ua-1"] = "ua-1"
LATIN_FONTS = ("Libertinus Serif",)
RTL_FONTS = ("Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans", "Libertinus Serif")
"""Typst carries its own Latin fonts; for other scripts a font of the machine is used."""
LONGEST_TABLE = 80
WIDE_TEXT, NARROW_TEXT = 3.0, 1.0
WIDE_CHARACTERS = 18


def render_pdf(document: Document, as_of: date) -> bytes:
    """The bytes of a PDF/UA-1 file, dated `as_of`. Tables longer than LONGEST_TABLE rows stand in the workbook only.

    Raises RequestError where Typst is not installed or its own PDF/UA-1 check fails.
    """
    try:
        import typst
    except ImportError as error:
        raise RequestError(
            Fault(column="--format", what="PDF needs Typst, which is not installed", wanted="the extra `pdf`",
                  mend="pip install 'sarai[pdf]', or leave the PDF out")
        ) from error  # fmt: skip
    rtl = document.words.direction == "rtl"
    text = resources.files("sarai.publish").joinpath("briefing.typ").read_text(encoding="utf-8")
    try:
        data: bytes = typst.compile(
            text.encode(), format="pdf", pdf_standards=[STANDARD], ignore_system_fonts=not rtl,
            sys_inputs={"document": json.dumps(_content(document, as_of), ensure_ascii=False)},
            timestamp=int(datetime.combine(as_of, time(), UTC).timestamp()),
        )  # fmt: skip
    except typst.TypstError as error:
        raise RequestError(
            Fault(column="--format", what="the PDF does not pass its own check", found=str(error.message),
                  mend="leave the PDF out and report this")
        ) from error  # fmt: skip
    return data


def _content(document: Document, as_of: date) -> dict[str, Any]:
    words = document.words
    return {
        "title": document.title, "language": "fa" if words.language == "prs" else words.language,
        "direction": words.direction, "fonts": list(RTL_FONTS if words.direction == "rtl" else LATIN_FONTS),
        "headline": document.headline, "dateline": document.dateline, "date": [as_of.year, as_of.month, as_of.day],
        "sensitivity": document.sensitivity, "record": document.record_line(),
        "degraded": list(document.degraded), "responsible": list(document.responsible),
        "answers": [{"question": item.question, "sentences": list(item.sentences)} for item in document.answers],
        "hero": None if document.hero is None else _figure(document.hero),
        "glance": None if document.glance is None else _table(words, document.glance),
        "sections": [_section(words, section) for section in document.sections],
    }  # fmt: skip


def _section(words: Words, section: Section) -> dict[str, Any]:
    tables = [table for table in (*section.tables, *section.folded) if len(table.rows) <= LONGEST_TABLE]
    return {
        "title": section.title, "paragraphs": list(section.paragraphs),
        "groups": [{"question": heading, "sentences": list(sentences)} for heading, sentences in section.groups],
        "figures": [_figure(figure) for figure in section.figures],
        "tables": [_table(words, table) for table in tables],
    }  # fmt: skip


def _figure(figure: Figure) -> dict[str, Any]:
    svg = _plain(with_legend(figure, titled=False))
    return {"title": figure.title, "summary": figure.summary, "svg": svg,
            "wide": figure.id == "chart-map"}  # fmt: skip


@cache
def _plain(svg: str) -> str:
    return standalone_svg(svg)


def _table(words: Words, table: Table) -> dict[str, Any]:
    rows = [
        [cell_text(words, column, cell) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows
    ]
    widest = [max([len(column.label), *(len(row[place]) for row in rows)], default=1)
              for place, column in enumerate(table.columns)]  # fmt: skip
    widths = [min(WIDE_TEXT, max(NARROW_TEXT, characters / WIDE_CHARACTERS)) for characters in widest]
    return {"title": table.title, "heads": [column.label for column in table.columns], "rows": rows,
            "widths": widths, "notes": list(table.notes)}  # fmt: skip
