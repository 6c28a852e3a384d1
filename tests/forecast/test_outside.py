"""Forecasts of other models: read by row, refused by row, scored on what they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sarai.forecast.backtest import backtest
from sarai.forecast.forecast import COLUMNS, QUANTILE_LEVELS
from sarai.forecast.hub_folder import read_models
from sarai.forecast.outside import OutsideForecast, read_outside
from sarai.forecast.outside_scores import score_outside, shared_rows
from sarai.forecast.score_row import ScoreRow
from sarai.forecast.targets import Target, find_targets
from sarai.observe.case_folder import load_case
from sarai.world.errors import RequestError

ORIGIN = date(2023, 11, 5)
PLACES = ("torkham", "chaman")


def row(target: str, horizon: int, location: str, kind: str, name: str, value: float) -> dict[str, str]:
    """One row of the hubs' columns."""
    step = 7 if target.startswith("week") else 1
    end = ORIGIN + timedelta(days=step * horizon)
    cells = (ORIGIN, target, horizon, location, end, kind, name, value)
    return dict(zip(COLUMNS, map(str, cells), strict=True))


def quantile_rows(horizon: int = 1, location: str = "torkham", scale: float = 1000.0) -> list[dict[str, str]]:
    """23 levels of a day."""
    return [row("day crossings", horizon, location, "quantile", f"{p:g}", scale * (1 + p)) for p in QUANTILE_LEVELS]


def sample_rows(days: int, locations: tuple[str, ...] = PLACES, count: int = 3) -> list[dict[str, str]]:
    """Joint samples: on day h sample i has 100 i + h at each crossing."""
    return [
        row("day crossings", h, place, "sample", str(i), 100.0 * i + h)
        for i in range(count) for h in range(1, days + 1) for place in locations
    ]  # fmt: skip


def read(rows: list[dict[str, str]]) -> list[OutsideForecast]:
    """As if the rows stood in a file below a header."""
    return read_outside(enumerate(rows, start=2), model="team-m", file="f.csv", locations=PLACES)


def target(start: int, end: int, crossings: tuple[str, ...] = ("torkham",)) -> Target:
    """A target from day `start` to day `end` after the origin."""
    first, last = ORIGIN + timedelta(days=start), ORIGIN + timedelta(days=end)
    return Target(id=f"{start}-{end}", case="c", series="s", row_ids=("r",), start=first, end=last, crossings=crossings,
                  status="all", persons=1500, known=last)  # fmt: skip


def test_quantiles_answer_the_window_that_they_speak_of_and_no_other() -> None:
    """A day's quantiles answer that day; two days would need a sum that quantiles do not give."""
    (made,) = read(quantile_rows(2))
    answer = made.answer(target(2, 2), PLACES)
    assert answer is not None and answer[1] == "quantile"
    np.testing.assert_allclose(answer[0], 1000.0 * (1 + np.array(QUANTILE_LEVELS)))
    assert made.answer(target(1, 2), PLACES) is None and made.answer(target(3, 3), PLACES) is None
    assert made.answer(target(2, 2, ("chaman",)), PLACES) is None


def test_samples_add_up_over_days_and_crossings_within_a_sample() -> None:
    """Sample i of days 1 and 2 at both crossings: 4 x 100 i + 2 x (1 + 2)."""
    (made,) = read(sample_rows(2))
    answer = made.answer(target(1, 2, ("chaman", "torkham")), PLACES)
    assert answer is not None and answer[1] == "sample"
    np.testing.assert_allclose(sorted(answer[0]), [6.0, 406.0, 806.0])
    assert made.answer(target(1, 3), PLACES) is None


def test_a_location_all_answers_for_every_crossing() -> None:
    """Rows for `all` are the sum over the crossings of the case, and of no smaller set."""
    (made,) = read(sample_rows(1, ("all",)))
    assert made.answer(target(1, 1, ("chaman", "torkham")), PLACES) is not None
    assert made.answer(target(1, 1), PLACES) is None


def test_quantiles_of_the_very_window_come_before_samples() -> None:
    """A model that gives both says its quantiles more closely than a hundred samples can."""
    (made,) = read(quantile_rows(1) + sample_rows(2))
    one, two = made.answer(target(1, 1), PLACES), made.answer(target(1, 2), PLACES)
    assert one is not None and one[1] == "quantile" and two is not None and two[1] == "sample"


def test_crossing_quantiles_are_refused_with_their_rows() -> None:
    """Both places where values fall are named, each by its line."""
    rows = quantile_rows(1) + quantile_rows(2)
    rows[4]["value"], rows[23 + 10]["value"] = "5000", "1"
    with pytest.raises(RequestError) as told:
        read(rows)
    assert [(fault.row, fault.what) for fault in told.value.faults] == [(7, "quantiles cross"), (35, "quantiles cross")]


SPOILT: dict[str, tuple[Callable[[list[dict[str, str]]], object], str, int]] = {
    "a value below zero": (lambda rows: rows[3].update(value="-1"), "number of persons", 5),
    "a word for a value": (lambda rows: rows[3].update(value="many"), "number of persons", 5),
    "a level beyond one": (lambda rows: rows[3].update(output_type_id="1.2"), "quantile level", 5),
    "a day that is none": (lambda rows: rows[3].update(reference_date="5 Nov"), "not a day", 5),
    "a horizon that is none": (lambda rows: rows[3].update(horizon="0"), "not a horizon", 5),
    "a last day that does not fit": (lambda rows: rows[3].update(target_end_date="2023-11-09"), "do not agree", 5),
    "an unknown crossing": (lambda rows: rows[3].update(location="nowhere"), "no such crossing", 5),
    "a level given twice": (lambda rows: rows.append(dict(rows[0])), "given twice", 25),
    "a missing level": (lambda rows: rows.pop(3), "levels are missing", 2),
    "nothing of ours": (lambda rows: [one.update(target="cases") for one in rows], "no row of this file", 0),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_wrong_is_named_with_its_row(what: str) -> None:
    """One fault, at its line."""
    spoil, words, line = SPOILT[what]
    rows = quantile_rows()
    spoil(rows)
    with pytest.raises(RequestError, match=words) as told:
        read(rows)
    assert told.value.faults[0].row == line


@pytest.fixture(scope="module")
def ours() -> tuple[list[ScoreRow], tuple[Target, ...], list[str]]:
    """Persistence and the pool from one origin of the reference case."""
    case = load_case("pakistan-2023")
    world = case.as_of(case.last_known())
    found = find_targets(world)
    rows = backtest(
        case.as_of, [ORIGIN], found, models=("pool", "persistence"), seeds=(1, 2), horizon_days=14, member_count=200
    )
    return rows, found, [crossing.place_id for crossing in world.crossings]


def test_an_outside_model_is_scored_on_what_it_answers(ours) -> None:  # type: ignore[no-untyped-def]
    """A forecast at the truth beats ours on its targets, and the comparison holds ours on those targets only."""
    rows, found, places = ours
    truth = {t.end: float(t.persons) for t in found if t.crossings == ("torkham",) and t.start == t.end}
    horizons = [(end - ORIGIN).days for end in truth if 0 < (end - ORIGIN).days <= 14]
    text = [row("day crossings", h, "torkham", "quantile", f"{p:g}", truth[ORIGIN + timedelta(days=h)])
            for h in horizons for p in QUANTILE_LEVELS]  # fmt: skip
    (made,) = read_outside(enumerate(text, start=2), model="seer-one", file="f.csv", locations=places)
    scored = score_outside([made], rows, found, places, 14)
    assert len(scored) == 2 * len(horizons) and all(one.wis == 0.0 for one in scored)
    shared = shared_rows(scored, rows)
    assert {one.target_id for one in shared} == {one.target_id for one in scored}
    assert {one.model for one in shared} == {"pool", "persistence", "seer-one"}
    assert score_outside([made], [r for r in rows if r.origin != ORIGIN], found, places, 14) == []


def write_hub(folder: Path) -> Path:
    """A hub as `sarai brief --format data` writes it."""
    from typer.testing import CliRunner

    from sarai.cli.app import build_app

    done = CliRunner().invoke(
        build_app(), ["brief", "teaching", "--out", str(folder), "--members", "50", "--format", "data", "--no-keep"]
    )
    assert done.exit_code in (0, 1), done.output
    return folder / "hub"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own hub folder, under the name of another team."""
    made = write_hub(tmp_path_factory.mktemp("hub"))
    (output,) = (made / "model-output").glob("*/*.csv")
    return output.parents[2]


def test_our_own_hub_folder_is_read_back(hub: Path) -> None:
    """What goes out comes in: the folder keeps the schema, its rows keep its task file."""
    case = load_case("teaching")
    places = [crossing.place_id for crossing in case.as_of(case.last_known()).crossings]
    (made,) = read_models(hub, places, ("pool",))
    assert made.model == "sarai-pool" and len(made.quantiles) > 20


def test_a_hub_that_breaks_the_rules_is_refused_with_all_faults(hub: Path, tmp_path: Path) -> None:
    """Settings against the schema, rows against the task file, files against their folders: in one go."""
    import json
    import shutil

    broken = tmp_path / "hub"
    shutil.copytree(hub, broken)
    tasks = broken / "hub-config" / "tasks.json"
    body = json.loads(tasks.read_text(encoding="utf-8"))
    del body["rounds"][0]["model_tasks"]
    body["schema_version"] = "v3"
    tasks.write_text(json.dumps(body), encoding="utf-8")
    (broken / "hub-config" / "admin.json").write_text("{", encoding="utf-8")
    (output,) = (broken / "model-output").glob("*/*.csv")
    output.rename(output.with_name("2031-10-20-other-name.csv"))
    with pytest.raises(RequestError) as told:
        read_models(broken, (), ())
    said = str(told.value)
    for words in ("model_tasks", "schema_version", "cannot be read", "different models"):
        assert words in said
    assert len(told.value.faults) == 4


def test_rows_beyond_the_task_file_are_named(hub: Path, tmp_path: Path) -> None:
    """A horizon that the hub does not ask for is named with its first row."""
    import shutil

    other = tmp_path / "hub"
    shutil.copytree(hub, other)
    (output,) = (other / "model-output").glob("*/*.csv")
    lines = output.read_text(encoding="utf-8").splitlines()
    place = next(k for k, line in enumerate(lines) if ",day crossings," in line)
    cells = lines[place].split(",")
    cells[2] = "99"
    lines[place] = ",".join(cells)
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RequestError, match="task file of the hub has no such value") as told:
        read_models(other, (), ())
    assert told.value.faults[0].row == place + 1


def test_a_single_file_bears_its_models_name_and_none_of_ours(tmp_path: Path) -> None:
    """DATE-TEAM-MODEL.csv is TEAM-MODEL; a file named like one of our models is refused."""
    text = "\n".join([",".join(COLUMNS), *[",".join(one.values()) for one in quantile_rows()]]) + "\n"
    file = tmp_path / "2023-11-05-team-m.csv"
    file.write_text(text, encoding="utf-8")
    assert [made.model for made in read_models(file, PLACES, ("pool",))] == ["team-m"]
    ours = tmp_path / "2023-11-05-pool.csv"
    ours.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match="name of one of ours"):
        read_models(ours, PLACES, ("pool",))
    with pytest.raises(RequestError, match="cannot be read"):
        read_models(tmp_path / "none.csv", PLACES, ())
