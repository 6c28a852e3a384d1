"""Briefing: what goes out of the door, and the one function that writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sarai.forecast.forecast import Forecast
from sarai.forecast.look_back import NOTHING_PAST, LookBack
from sarai.plan.plan import Plan
from sarai.publish.data import FORMATS, data_files
from sarai.publish.document import Document, compose
from sarai.publish.drawings import render_png, standalone_svg
from sarai.publish.files import write_files
from sarai.publish.hubverse import forecast_csv
from sarai.publish.markdown import render_markdown
from sarai.publish.page import render_page
from sarai.publish.pdf import render_pdf
from sarai.publish.release import RELEASE_FILE
from sarai.publish.workbook import render_workbook
from sarai.reconcile.picture import Picture
from sarai.world.errors import Fault, RequestError
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Everything a briefing is written from. Rendering adds nothing: no clock, no draw, no model.

    record_id     id of the run record, printed on every page and in every file
    notes         sentences on what is degraded in this run
    past          how earlier forecasts fared, and what stood on the day of the last one
    language      of the words, a message catalogue of publish/messages (`en`, `fr`, `prs`)
    earlier       release.json texts of earlier briefings, so that differences between them give nothing away
    formats       beyond page, workbook, forecast and release: any of `pdf`, `markdown`, `data`
    include       what is asked for beyond the default profile (`disclosure.INCLUDES`)
    """

    world: World
    picture: Picture
    forecast: Forecast
    plan: Plan
    record_id: str
    notes: tuple[str, ...] = ()
    past: LookBack = NOTHING_PAST
    language: str = "en"
    earlier: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


def render_briefing(briefing: Briefing) -> dict[str, bytes]:
    """The files of a briefing by name. All bytes follow from `briefing` alone.

    Raises RequestError on a language without a catalogue, a format or an `include` that is not known.
    """
    check_formats(briefing.formats)
    document = compose(briefing)
    files = {
        "briefing.html": render_page(document).encode(),
        "briefing.xlsx": render_workbook(document, briefing.world.as_of),
        "forecast.csv": forecast_csv(briefing.forecast, briefing.include).encode(),
        RELEASE_FILE: document.release.to_json().encode(),
    }
    if "markdown" in briefing.formats:
        files["briefing.md"] = render_markdown(document).encode()
    if "pdf" in briefing.formats:
        files["briefing.pdf"] = render_pdf(document, briefing.world.as_of)
    if "data" in briefing.formats:
        files |= data_files(briefing, document.release)
    if {"charts", "data", "markdown"} & set(briefing.formats):
        files |= drawing_files(document)
    return files


def drawing_files(document: Document) -> dict[str, bytes]:
    """Every chart as SVG and PNG in charts/."""
    files: dict[str, bytes] = {}
    for figure in document.figures():
        files[f"charts/{figure.id}.svg"] = standalone_svg(figure.svg).encode()
        files[f"charts/{figure.id}.png"] = render_png(figure.svg)
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
