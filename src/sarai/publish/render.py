"""Render: every file of a briefing from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sarai.publish.briefing import Briefing
from sarai.publish.data import FORMATS, data_files, forecast_csv
from sarai.publish.document import Document, compose
from sarai.publish.drawings import render_png, standalone_svg
from sarai.publish.files import write_files
from sarai.publish.legend import with_legend
from sarai.publish.levels import file_facts, level_of
from sarai.publish.markdown import render_markdown
from sarai.publish.page import render_page
from sarai.publish.pdf import render_pdf
from sarai.publish.release import RELEASE_FILE
from sarai.publish.word_file import render_word
from sarai.publish.workbook import render_workbook
from sarai.world.errors import Fault, RequestError


def render_briefing(briefing: Briefing) -> dict[str, bytes]:
    """The files of a briefing by name. All bytes follow from `briefing` alone.

    Raises RequestError on a language without a catalogue, a format or an `include` that is not known.
    """
    check_formats(briefing.formats)
    document = compose(briefing)
    files = {
        "briefing.html": render_page(document).encode(),
        "briefing.xlsx": render_workbook(document, briefing.world.as_of),
        "forecast.csv": forecast_csv(briefing),
        RELEASE_FILE: document.release.to_json().encode(),
    }
    if "markdown" in briefing.formats:
        files["briefing.md"] = render_markdown(document).encode()
    if "docx" in briefing.formats:
        files["briefing.docx"] = render_word(document, briefing.world.as_of)
    if "pdf" in briefing.formats:
        files["briefing.pdf"] = render_pdf(document, briefing.world.as_of)
    if "data" in briefing.formats:
        files |= data_files(briefing, document.release)
    if {"charts", "data", "markdown"} & set(briefing.formats):
        reference = briefing.world.as_of.isoformat()
        files |= drawing_files(document, file_facts(level_of(briefing.include), reference, briefing.record_id))
    return files


def drawing_files(document: Document, facts: Mapping[str, str]) -> dict[str, bytes]:
    """Every chart as SVG and PNG in charts/; `facts` stand in the metadata of each."""
    files: dict[str, bytes] = {}
    for figure in document.figures():
        files[f"charts/{figure.id}.svg"] = standalone_svg(with_legend(figure, titled=True), facts).encode()
        files[f"charts/{figure.id}.png"] = render_png(with_legend(figure, titled=True), facts)
    return files


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is not known."""
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise RequestError(
            Fault(column="--format", what="this format is not known", found=", ".join(unknown),
                  wanted=", ".join(FORMATS), mend="name one of these, or leave the option out")
        )  # fmt: skip


def write_briefing(briefing: Briefing, out_dir: Path) -> list[Path]:
    """Write the files of a briefing into `out_dir`; returns their paths.

    Nothing is left half written: each file is written beside its place and moved there once whole. Raises RequestError
    where the folder cannot be written or the language has no catalogue.
    """
    return write_files(out_dir, render_briefing(briefing))
