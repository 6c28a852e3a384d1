"""What is held back or not asked for stands in no file of a briefing: each is read back as its readers do."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from publish.test_levels import MARKS, full_briefing
from sarai.publish.figures import Estimate
from sarai.publish.levels import INCLUDES
from sarai.publish.render import render_briefing
from sarai.publish.table import Column, Table
from sarai.publish.words import read_words
from sarai.publish.workbook import expand

pytest.importorskip("docx")
pytest.importorskip("typst")


def read_workbook(data: bytes) -> str:
    """Every cell of every sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)


def read_word(data: bytes) -> str:
    """Every run of text of the document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("word/document.xml").decode()
    return "\n".join("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", part)) for part in text.split("</w:p>"))


def read_pdf(data: bytes) -> str:
    """The text as a reader program finds it, lines joined."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed: the text of the PDF is not read back")
    found = subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True, timeout=60)
    return " ".join(found.stdout.decode().split())


READERS = {"briefing.xlsx": read_workbook, "briefing.docx": read_word, "briefing.pdf": read_pdf,
           "briefing.md": bytes.decode, "briefing.html": bytes.decode}  # fmt: skip


def written(include: tuple[str, ...]) -> Mapping[str, bytes]:
    """The files, in every form, of a briefing with holding centre, odds, departures by origin and a small last day."""
    briefing = full_briefing(include)
    flow = briefing.picture.flow.copy()
    flow[-1] = 2.0
    picture = replace(briefing.picture, flow=flow)
    return render_briefing(replace(briefing, picture=picture, formats=("pdf", "docx", "markdown", "data")))


@pytest.fixture(scope="module")
def plain() -> Mapping[str, bytes]:
    """The files of a briefing without any flag."""
    return written(())


@pytest.fixture(scope="module")
def asked() -> Mapping[str, bytes]:
    """The files of a briefing with every flag."""
    return written(INCLUDES)


@pytest.mark.parametrize("name", READERS)
def test_flags_let_out_what_they_name_in_every_form(
    name: str, plain: Mapping[str, bytes], asked: Mapping[str, bytes]
) -> None:
    """What stands in a page stands in workbook, DOCX, PDF and Markdown with its flag, and in none of them without."""
    without, with_all = READERS[name](plain[name]), READERS[name](asked[name])
    for flag, marks in MARKS.items():
        mark = marks[0]
        assert mark not in without, (name, flag)
        assert mark in with_all, (name, flag)


@pytest.mark.parametrize("name", READERS)
def test_held_back_figures_are_words_in_every_form(name: str, plain: Mapping[str, bytes]) -> None:
    """The last day counts two a crossing: it is `not shown` in each table, and no form prints a 0 for it."""
    text = READERS[name](plain[name])
    assert text.count("not shown") >= 2
    assert not re.search(r"about 0\b", text)


def test_the_workbook_writes_small_figures_in_words() -> None:
    """Of a range from two to forty the low end and the middle are words, the high end is a number."""
    words, column = read_words("en"), Column(key="k", label="Persons", kind="persons")
    table = Table(id="t", title="t", columns=(column,), rows=((Estimate(low=2.0, mid=7.0, high=40.0),),))
    assert expand(words, table)[1] == [["fewer than 10", "fewer than 10", 40.0]]


def test_data_files_are_empty_where_a_figure_is_held_back(plain: Mapping[str, bytes]) -> None:
    """HXL: no value and a mark, never 0. Parquet and hub files hold forecasts only and no odds without their flag."""
    lines = [line.split(",") for line in plain["data/crossings.hxl.csv"].decode().splitlines()]
    head, rows = lines[0], lines[2:]
    value, mark = head.index("persons"), head.index("held_back")
    assert any(row[mark] == "true" for row in rows)
    assert all((row[value] == "") == (row[mark] == "true") and row[value] != "0" for row in rows)
    table = pl.read_parquet(io.BytesIO(plain["data/forecast.parquet"]))
    assert "deadline enforced" not in set(table["target"]) and table["value"].dtype == pl.Float64
