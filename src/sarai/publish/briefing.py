"""Briefing: what goes out of the door, and the one function that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sarai.forecast.forecast import Forecast
from sarai.plan.plan import Plan
from sarai.publish.document import compose
from sarai.publish.files import write_files
from sarai.publish.hubverse import forecast_csv
from sarai.publish.page import render_page
from sarai.publish.release import RELEASE_FILE
from sarai.publish.workbook import render_workbook
from sarai.reconcile.picture import Picture
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Everything a briefing is written from. Rendering adds nothing: no clock, no draw, no model.

    record_id     id of the run record, printed on every page and in every file
    notes         sentences on what is degraded in this run
    past_scores   lines on how past forecasts fared, as (what, figure) pairs; empty where none is known
    language      of the words, a message catalogue of publish/messages (`en`, `fr`, `prs`)
    earlier       release.json texts of earlier briefings, so that differences between them give nothing away
    include       what is asked for beyond the default profile (`disclosure.INCLUDES`)
    """

    world: World
    picture: Picture
    forecast: Forecast
    plan: Plan
    record_id: str
    notes: tuple[str, ...] = ()
    past_scores: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    earlier: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


def render_briefing(briefing: Briefing) -> dict[str, bytes]:
    """The files of a briefing by name. All bytes follow from `briefing` alone."""
    document = compose(briefing)
    return {
        "briefing.html": render_page(document).encode(),
        "briefing.xlsx": render_workbook(document, briefing.world.as_of),
        "forecast.csv": forecast_csv(briefing.forecast, briefing.include).encode(),
        RELEASE_FILE: document.release.to_json().encode(),
    }


def write_briefing(briefing: Briefing, out_dir: Path) -> list[Path]:
    """Write the files of a briefing into `out_dir`; returns their paths.

    Nothing is left half written: each file is written beside its place and moved there once whole. Raises RequestError
    where the folder cannot be written or the language has no catalogue.
    """
    return write_files(out_dir, render_briefing(briefing))
