"""Briefing: what a briefing is written from."""

from __future__ import annotations

from dataclasses import dataclass

from sarai.forecast.forecast import Forecast
from sarai.forecast.look_back import NOTHING_PAST, LookBack
from sarai.plan.plan import Plan
from sarai.reconcile.picture import Picture
from sarai.whatif.contrast import Contrast
from sarai.whatif.scenario import Scenario
from sarai.world.world import World


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Everything a briefing is written from. Rendering adds nothing: no clock, no draw, no model.

    record_id     id of the run record, printed on every page and in every file
    notes         sentences on what is degraded in this run
    past          how earlier forecasts fared, and what stood on the day of the last one
    language      of the words, a message catalogue of publish/messages (`en`, `fr`, `prs`)
    earlier       release.json texts of earlier briefings, so that differences between them give nothing away
    scenarios     planning assumptions and what each changes against the future as announced
    formats       beyond page, workbook, forecast and release: any of `pdf`, `markdown`, `data`
    include       what is asked for beyond the default profile (`levels.INCLUDES`)
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
    scenarios: tuple[tuple[Scenario, Contrast], ...] = ()
