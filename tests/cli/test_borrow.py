"""Priors of a new case from the emergencies that ship: learned without its own, written down, easily taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from makers.new_case import CROSSINGS, START, fill_template
from sarai.calibrate import past_priors
from sarai.calibrate.past_priors import Estimate, PastCase
from sarai.calibrate.priors_file import apply_priors
from sarai.cli.app import build_app
from sarai.cli.borrow import borrow_priors, learn_from_others
from sarai.cli.interview import PRIORS_QUESTION, interview
from sarai.observe.case_draft import Draft, DraftPlace, DraftSource
from sarai.observe.case_folder import case_from_files
from sarai.observe.draft_files import draft_files
from sarai.observe.template_read import read_template
from sarai.world.world import World

DAY, LOOKED = date(2030, 3, 5), date(2024, 1, 9)


def draft_of(start: str = "Norland", end: str = "Suland", day: date = date(2030, 3, 1)) -> Draft:
    """An order to leave, one crossing."""
    return Draft(
        title="Return", timezone="Etc/UTC", country_from=start, country_to=end, announced=day,
        deadline=day.replace(day=28), source=DraftSource(publisher="Ministry", title="Decree", published=day),
        crossings=(DraftPlace(id="gate", name="Gate"),), origins=(DraftPlace(id="all_norland", name="Norland"),),
        destinations=(DraftPlace(id="south", name="South"),), borrow=True,
    )  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each emergency teaches, without fitting it; the names of those that were asked."""
    asked: list[str] = []

    def teach(as_of: Callable[[date], World], last: date) -> PastCase:
        world = as_of(last)
        asked.append(world.name)
        found = {} if world.name.startswith("sudan") else {"rise_days": Estimate(value=2.0, sd=0.1)}
        return PastCase(name=world.name, vintage="0", sketch=(), waves=(("w", LOOKED),), estimates=found)

    monkeypatch.setattr(past_priors, "past_case", teach)
    return asked


def world_of(draft: Draft) -> World:
    """The case of a draft on a day."""
    return case_from_files("mine", draft_files(draft)).as_of(DAY)


def test_learned_priors_are_settings_with_their_reason(quick: list[str]) -> None:
    """What an emergency informs is set as `sarai priors` would set it, under A320; everything else stays documented."""
    plain = world_of(draft_of())
    world = world_of(borrow_priors(draft_of()))
    assert quick == ["pakistan-2016", "pakistan-2023", "sudan-southsudan-2023"]
    assert set(world.settings) - set(plain.settings) == {"rise_days", "rise_days.spread"}
    wanted = apply_priors(plain, learn_from_others(plain)).settings
    for name in ("rise_days", "rise_days.spread"):
        assert world.settings[name].value == pytest.approx(wanted[name].value, rel=1e-3)
        assert world.settings[name].basis.assumption == "A320"
        assert world.settings[name].basis.known == LOOKED
    sentence = next(line for line in world.assumptions if line.startswith("A320: "))
    assert "pakistan-2016, pakistan-2023 (" in sentence and "sudan" not in sentence and "delete" in sentence


@pytest.mark.parametrize(
    ("day", "left_out"), [(date(2023, 10, 3), "pakistan-2023"), (date(2016, 7, 1), "pakistan-2016")]
)
def test_the_emergency_itself_is_left_out(quick: list[str], day: date, left_out: str) -> None:
    """A case of the same countries and days learns from the others only, whatever its folder is called."""
    borrow_priors(draft_of("Pakistan", "Afghanistan", day))
    assert left_out not in quick and len(quick) == 2


def test_where_nothing_is_learned_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Emergencies that inform no number leave the draft as it was."""
    nothing = PastCase(name="x", vintage="0", sketch=(), waves=(), estimates={})
    monkeypatch.setattr(past_priors, "past_case", lambda as_of, last: nothing)
    assert borrow_priors(draft_of()) == draft_of()


@pytest.mark.parametrize(("answer", "wanted"), [("", False), ("documented", False), ("Learned", True)])
def test_interview_and_spreadsheet_ask_the_same(tmp_path: Path, answer: str, wanted: bool) -> None:
    """Both take a word; documented where there is none."""
    replies = {"What": "Return", "Country that people": "Norland", "Country that they": "Suland", "Border": "Gate",
               "Day on": "2030-03-01", "Deadline": "2030-03-28", "Who": "Ministry", "Title": "Decree",
               PRIORS_QUESTION: answer}  # fmt: skip

    def ask(question: str, default: str) -> str:
        return next((text for start, text in replies.items() if question.startswith(start)), default) or default

    assert interview(ask, lambda words: None).borrow is wanted
    start = {**START, "Priors of the forecast": answer}
    path = fill_template(tmp_path / "new.xlsx", start, Crossings=CROSSINGS)
    assert read_template(path, lambda words: None).borrow is wanted


def test_a_case_without_an_order_is_not_asked() -> None:
    """Learned priors are those of a movement with a deadline."""
    asked: list[str] = []
    replies = {"What": "Return", "Country that people": "Norland", "Country that they": "Suland", "Border": "Gate",
               "Day it": "2030-03-01", "Who": "Ministry", "Title": "Decree"}  # fmt: skip

    def ask(question: str, default: str) -> str:
        asked.append(question)
        return next((text for start, text in replies.items() if question.startswith(start)), default)

    assert not interview(ask, lambda words: None).borrow and PRIORS_QUESTION not in asked


def test_the_documented_priors_come_back_with_the_settings_gone(quick: list[str]) -> None:
    """The draft without its learned priors makes the same files as one that never asked."""
    learned = borrow_priors(draft_of())
    assert draft_files(learned) != draft_files(draft_of())
    assert draft_files(replace(learned, priors=None)) == draft_files(draft_of())


@pytest.mark.parametrize(("last", "wanted"), [("learned\n", True), ("\n", False), ("", False)])
def test_the_command_learns_where_it_is_asked_to(
    quick: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, wanted: bool
) -> None:
    """Answers that end before the last question, as older scripts do, keep the documented priors."""
    monkeypatch.chdir(tmp_path)
    lines = ["Return", "Norland", "Suland", "Gate", "1, 2", "", "", "", "2030-03-01", "2030-03-28", "", "10", "90",
             "Ministry", "Decree", "", ""]  # fmt: skip
    done = CliRunner().invoke(build_app(), ["new", "mine"], input="\n".join(lines) + "\n" + last)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8")
    assert ("rise_days.spread" in text) is wanted and bool(quick) is wanted
