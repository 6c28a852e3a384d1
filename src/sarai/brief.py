"""The whole run on one page. Read this first: it composes the rooms and computes nothing itself.

Reports that were known on a day become one reconciled picture; the law of returns is fitted to the same reports; its
members run on past the day as a forecast; the forecast becomes needs; all of it becomes a briefing that can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sarai.calibrate.calibrate import calibrate
from sarai.calibrate.posterior import Posterior
from sarai.forecast.forecast import Forecast
from sarai.forecast.look_back import look_back, parse_look_back
from sarai.forecast.make import make_forecast
from sarai.ledger.environment import read_cpu, read_versions
from sarai.ledger.run_record import RunRecord, bytes_sha256, differences, inputs_sha256
from sarai.observe.case_folder import case_from_files
from sarai.observe.case_writer import snapshot
from sarai.plan.needs import make_plan
from sarai.plan.plan import Plan
from sarai.publish.briefing import Briefing
from sarai.publish.release import latest_day
from sarai.publish.render import render_briefing
from sarai.reconcile.picture import Picture
from sarai.reconcile.reconcile import reconcile
from sarai.simulate.draws import SCHEME_VERSION
from sarai.whatif.contrast import Contrast
from sarai.whatif.futures import compare, grow_futures
from sarai.whatif.scenario import Scenario, check_scenarios
from sarai.whatif.values import parse_change
from sarai.world.case import Case
from sarai.world.responsible_use import RESPONSIBLE_USE
from sarai.world.world import World

PICTURE_SAMPLES = 1000
RECORD_FILE = "record.json"


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What one run found: each room's result, the files by name, and the record that rebuilds them.

    degraded  sentences on what did not go as it should; the command exits with 1 where there are any
    """

    world: World
    picture: Picture
    posterior: Posterior
    forecast: Forecast
    plan: Plan
    files: dict[str, bytes]
    record: RunRecord
    degraded: tuple[str, ...]


def brief(
    case: Case, as_of: date, *, horizon_days: int = 28, member_count: int = 1000, seed: int = 1, language: str = "en",
    formats: Sequence[str] = (), include: Sequence[str] = (), earlier: Sequence[str] = (),
    looked_back: dict[str, Any] | None = None, scenarios: Sequence[Mapping[str, Any]] = (),
) -> Brief:  # fmt: skip
    """Brief a case as it was known on a day. Same case, day, options and versions: same bytes.

    horizon_days  days to forecast        member_count  possible worlds        seed  of every keyed draw
    formats, include, earlier   further files, what goes beyond the default profile, and earlier releases as text
    scenarios     planning assumptions, each `name` and `set`: PATH=VALUE lines; run with exact draws over the horizon
    looked_back   how earlier forecasts fared, as a record holds it; None works it out from the earlier vintages
    Raises InputError where the case or an option makes no sense; of scenarios with all their faults, before a step.
    """
    world = case.as_of(as_of)
    planned = [
        Scenario(name=one["name"], changes=tuple(parse_change(line) for line in one["set"])) for one in scenarios
    ]
    check_scenarios(world, planned, as_of + timedelta(days=horizon_days))
    picture = reconcile(world, sample_count=PICTURE_SAMPLES, seed=seed)
    posterior = calibrate(world)
    forecast = make_forecast(world, picture, posterior, horizon_days=horizon_days, member_count=member_count, seed=seed)
    plan = make_plan(world, forecast)

    degraded = tuple(status for status in (picture.status, posterior.status) if status != "ok")
    options: dict[str, Any] = {"as_of": as_of.isoformat()}
    options |= {"horizon_days": horizon_days, "member_count": member_count, "seed": seed}
    asked: dict[str, list[Any]] = {"formats": list(formats), "include": list(include), "earlier": list(earlier)}
    asked |= {"scenarios": [dict(one) for one in scenarios]}
    options |= {"language": language} | {name: value for name, value in asked.items() if value}
    if looked_back is None:
        looked_back = look_back(case.as_of, world, last=latest_day(earlier)).to_record()
    options["looked_back"] = looked_back
    record = open_record(world, posterior, options)
    pages = Briefing(
        world=world, picture=picture, forecast=forecast, plan=plan, record_id=record.id, notes=degraded,
        language=language, formats=tuple(formats), include=tuple(include), earlier=tuple(earlier),
        past=parse_look_back(looked_back),
        scenarios=set_against(world, posterior, planned, horizon_days, member_count, seed),
    )  # fmt: skip
    files = render_briefing(pages)
    record = replace(record, outputs={name: bytes_sha256(data) for name, data in files.items()})
    files[RECORD_FILE] = record.to_json().encode()
    return Brief(
        world=world, picture=picture, posterior=posterior, forecast=forecast, plan=plan, files=files, record=record,
        degraded=degraded,
    )  # fmt: skip


def set_against(
    world: World, posterior: Posterior, scenarios: Sequence[Scenario], days: int, members: int, seed: int
) -> tuple[tuple[Scenario, Contrast], ...]:
    """Scenarios and what each changes against the future as announced."""
    if not scenarios:
        return ()
    futures = grow_futures(world, posterior, horizon_days=days, member_count=members, seed=seed)
    return tuple((scenario, compare(futures, scenario)) for scenario in scenarios)


def rerun(record: RunRecord) -> tuple[Brief, tuple[str, ...]]:
    """Brief again from a record's own copy of the inputs; the sentences say in what the result differs."""
    options = dict(record.options)
    as_of = date.fromisoformat(options.pop("as_of"))
    again = brief(
        case_from_files(record.case, {name: text.encode() for name, text in record.inputs.items()}), as_of, **options
    )
    return again, differences(record, again.record)


def open_record(world: World, posterior: Posterior, options: dict[str, Any]) -> RunRecord:
    """The record of a run before its outputs are known."""
    inputs = snapshot(world)
    return RunRecord(
        verb="brief",
        case=world.title,
        options=options,
        versions={**read_versions(), "draw scheme": str(SCHEME_VERSION)},
        cpu=read_cpu(),
        inputs=inputs,
        inputs_hash=inputs_sha256(inputs),
        fitted={f"{one.name} {one.key}".strip(): list(one.posterior) for one in posterior.learned},
        lines=RESPONSIBLE_USE,
    )
