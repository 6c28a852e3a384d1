"""Studies of a Flee folder: score, calibrate, diff, whatif. The group itself is in `flee_folder.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sarai.cli.crew import ClusterOption, open_crew
from sarai.cli.flee_folder import (
    DataOption,
    DaysOption,
    DivisorOption,
    FolderArgument,
    LearnedOption,
    SettingsOption,
    StrictOption,
    ThreadsOption,
    flee,
    laws_of,
    load_law,
)
from sarai.cli.options import DEFAULT_SEED, SeedOption
from sarai.cli.talk import say, step
from sarai.world.errors import Fault, RequestError

if TYPE_CHECKING:
    from sarai.forecast.flight_scores import FlightScore
    from sarai.simulate.flight.ensemble import FlightEnsemble

ScoreMembersOption = Annotated[int, typer.Option("--members", metavar="N", help="Possible courses to simulate.")]
WindowOption = Annotated[str | None, typer.Option("--window", metavar="A:B", help="Score days A to B - 1 only.")]


def parse_window(text: str, option: str, days: int) -> tuple[int, int]:
    """Days A:B of an option. Raises RequestError where they do not fit the period."""
    first, _, last = text.partition(":")
    if first.strip().isdigit() and last.strip().isdigit() and 0 <= int(first) < int(last) <= days:
        return int(first), int(last)
    raise RequestError(
        Fault(column=option, what="these days do not fit", found=text, wanted=f"A:B with 0 <= A < B <= {days}",
              mend=f"write for example {option} 0:{days // 2}")
    )  # fmt: skip


def score_of(ensemble: FlightEnsemble, days: tuple[int, int] | None) -> FlightScore:
    """Scores of an ensemble; a case without records is a RequestError."""
    from sarai.forecast.flight_scores import score_flight

    if not ensemble.can_be_scored:
        raise RequestError(
            Fault(column="DIR", what="there is nothing to score against", found="no recorded counts of camps",
                  mend="add source_data/data_layout.csv and the files of the camps")
        )  # fmt: skip
    simulated, recorded, names = ensemble.to_score()
    return score_flight(simulated, recorded, names, days)


@flee.command("score")
def score_folder(
    folder: FolderArgument,
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    members: ScoreMembersOption = 20,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
    strict: StrictOption = False,
    window: WindowOption = None,
    learned: LearnedOption = None,
    cluster: ClusterOption = None,
) -> None:
    """Score a case against its recorded counts: the field's averaged relative difference, MASE, WIS and coverage.

    Coverage is that of the chance of the moves alone, unless the settings are learned too.

    Example: sarai flee score config_files/burundi --members 50
    """
    from sarai.publish.flat import flat_bytes
    from sarai.publish.flight_study import SCORE_COLUMNS, score_rows
    from sarai.simulate.flight.spread import spread_flight

    law = load_law(folder, settings, data, days, divisor, strict)
    laws = laws_of(law, learned)
    asked = parse_window(window, "--window", law.case.days) if window else None
    count = members if len(laws) == 1 else len(laws)
    with open_crew(1, cluster) as crew, step(f"Scoring {law.case.name}"):
        ensemble = spread_flight(laws, seed=seed, members=count, crew=crew, threads=threads, keep_links=False)
        score = score_of(ensemble, asked)
    sys.stdout.buffer.write(flat_bytes(SCORE_COLUMNS, list(score_rows(score))))


@flee.command("calibrate")
def calibrate_folder(
    folder: FolderArgument,
    train: Annotated[str, typer.Option("--train", metavar="A:B", help="Learn from the counts of days A to B - 1.")],
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    learn: Annotated[
        str | None, typer.Option("--learn", metavar="NAMES", help="Settings to learn, with commas. Default: the usual.")
    ] = None,
    camps: Annotated[bool, typer.Option("--camps/--no-camps", help="Learn the pull of every camp too.")] = True,
    members: Annotated[int, typer.Option("--members", metavar="N", help="Members of the smoother.")] = 60,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write learned members as CSV, for run --learned.")
    ] = None,
) -> None:
    """Learn settings from the counts of the first days and score both sets of settings on the days after.

    Counts after the days of learning are used for the scores only.

    Example: sarai flee calibrate config_files/burundi --train 0:198 --out learned.csv
    """
    from sarai.calibrate.flight import calibrate_flight
    from sarai.publish.files import write_files
    from sarai.publish.flat import flat_bytes
    from sarai.publish.flight_study import LEARNED_COLUMNS, learned_rows, posterior_rows
    from sarai.simulate.flight.run import simulate_flight

    law = load_law(folder, settings, data, days, divisor, False)
    window = parse_window(train, "--train", law.case.days)
    if not law.case.layout:
        raise RequestError(Fault(column="DIR", what="there are no counts to learn from", mend="add source_data/"))
    with step(f"Learning from days {train} of {law.case.name}"):
        posterior = calibrate_flight(
            law.case, window, seed=seed, names=[n.strip() for n in learn.split(",")] if learn else None, camps=camps,
            members=members, threads=threads, report=lambda k, misfit: say(f"pass {k + 1}: misfit {misfit:.2f}"),
        )  # fmt: skip
    sys.stdout.buffer.write(flat_bytes(LEARNED_COLUMNS, list(learned_rows(posterior))))
    if out is not None:
        columns = ("member", *(item.name for item in posterior.unknowns))
        say(str(write_files(out.parent, {out.name: flat_bytes(columns, list(posterior_rows(posterior)))})[0]))
    if window[1] == law.case.days:
        return
    after = (window[1], law.case.days)
    count = posterior.posterior.shape[1]
    with step("Scoring the days after"):
        runs = {
            "settings of the case": simulate_flight(law, seed=seed, members=count, threads=threads, keep_links=False),
            "learned settings": simulate_flight(
                posterior.laws(), seed=seed, members=count, threads=threads, keep_links=False
            ),
        }
    for name, ensemble in runs.items():
        score = score_of(ensemble, after)
        say(f"{name}: averaged relative difference on days {after[0]}:{after[1]} is {score.error.mean():.4f}"
            f" [{score.error.min():.4f} to {score.error.max():.4f}], WIS {score.wis:.1f} persons")  # fmt: skip


@flee.command("diff")
def diff_folder(
    folder: FolderArgument,
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    members: ScoreMembersOption = 10,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
) -> None:
    """Say what each quirk of Flee changes in this case: with it, and mended, in paired runs.

    Example: sarai flee diff config_files/car
    """
    from dataclasses import replace

    import numpy as np

    from sarai.model.flight.law import build_law
    from sarai.model.flight.quirks import FLEE, MEANING, STRICT
    from sarai.publish.flat import flat_bytes
    from sarai.simulate.flight.run import simulate_flight

    law = load_law(folder, settings, data, days, divisor, False)
    base = simulate_flight(law, seed=seed, members=members, threads=threads, keep_links=False)
    mended = {name: replace(FLEE, **{name: False}) for name in MEANING} | {"all of them": STRICT}
    rows = []
    with step(f"Comparing {len(mended)} laws of {law.case.name}"):
        for name, quirks in mended.items():
            other = simulate_flight(
                build_law(law.case, quirks), seed=seed, members=members, threads=threads, keep_links=False
            )
            change = (other.camp_counts() - base.camp_counts()).mean(axis=-1)
            day, camp = np.unravel_index(int(np.abs(change).argmax()), change.shape)
            errors = [
                float(score_of(one, None).error.mean()) if one.can_be_scored else float("nan") for one in (base, other)
            ]
            rows.append(
                [name, *(MEANING.get(name, ("", "every quirk mended"))), round(errors[0], 4), round(errors[1], 4),
                 round(float(change[day, camp]), 1), base.camp_names[int(camp)], int(day)]
            )  # fmt: skip
    columns = ("quirk", "Flee", "--strict", "error as Flee", "error mended", "largest change of a camp", "camp", "day")
    sys.stdout.buffer.write(flat_bytes(columns, rows))


@flee.command("whatif")
def change_folder(
    folder: FolderArgument,
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    close_border: Annotated[
        list[str] | None, typer.Option("--close-border", metavar="A:B:FROM:TO", help="Shut all links of two countries.")
    ] = None,
    open_camp: Annotated[
        list[str] | None, typer.Option("--open-camp", metavar="PLACE:DAY:CAPACITY", help="Make a place a camp.")
    ] = None,
    members: ScoreMembersOption = 50,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
    learned: LearnedOption = None,
) -> None:
    """The same courses twice, with one thing changed: where people are, with the difference and its interval.

    Example: sarai flee whatif config_files/mali2012 --close-border Mali:Niger:60:120 --open-camp Mopti:30:20000
    """
    from sarai.model.flight.changes import close_border as close
    from sarai.model.flight.changes import open_camp as open_one
    from sarai.model.flight.law import build_law
    from sarai.publish.flat import flat_bytes
    from sarai.publish.flight_study import EFFECT_COLUMNS, effect_rows
    from sarai.simulate.flight.run import simulate_flight

    law = load_law(folder, settings, data, days, divisor, False)
    laws = laws_of(law, learned)
    changes: list[Callable[..., object]] = []
    for text in close_border or []:
        first, second, start, end = _parts(text, "--close-border", 4)
        changes.append(lambda c, a=first, b=second, s=start, e=end: close(c, a, b, int(s), int(e)))
    for text in open_camp or []:
        place, day, capacity = _parts(text, "--open-camp", 3)
        changes.append(lambda c, p=place, d=day, n=capacity: open_one(c, p, int(d), int(n)))
    if not changes:
        raise RequestError(
            Fault(column="--open-camp, --close-border", what="nothing is changed", mend="give at least one change")
        )
    cases = [one.case for one in laws]
    for change in changes:
        cases = [change(case) for case in cases]  # type: ignore[misc]
    count = members if len(laws) == 1 else len(laws)
    with step(f"Running {law.case.name} twice"):
        base = simulate_flight(laws, seed=seed, members=count, threads=threads, keep_links=False)
        other = simulate_flight(
            [build_law(case) for case in cases], seed=seed, members=count, threads=threads, keep_links=False
        )
    opened = {text.split(":")[0] for text in open_camp or []}
    places = sorted({*base.camps, *(i for i, p in enumerate(law.case.places) if p.name in opened)})
    sys.stdout.buffer.write(flat_bytes(EFFECT_COLUMNS, list(effect_rows(base, other, places))))


def _parts(text: str, option: str, count: int) -> list[str]:
    parts = text.split(":")
    numbers = parts[-2:]
    if len(parts) != count or not all(part.strip().isdigit() for part in numbers):
        raise RequestError(
            Fault(column=option, what="this change cannot be read", found=text,
                  wanted="A:B:FROM:TO" if count == 4 else "PLACE:DAY:CAPACITY", mend="separate the parts with colons")
        )  # fmt: skip
    return parts


@flee.command("brief")
def brief_folder(
    folder: FolderArgument,
    settings: SettingsOption = None,
    data: DataOption = None,
    days: DaysOption = None,
    divisor: DivisorOption = None,
    members: ScoreMembersOption = 100,
    seed: SeedOption = DEFAULT_SEED,
    threads: ThreadsOption = 1,
    learned: LearnedOption = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")] = Path("flight.html"),
) -> None:
    """Write one offline HTML page: camps by day against the recorded counts, scores, and what the law stands on.

    Example: sarai flee brief config_files/burundi --out burundi.html
    """
    from sarai import __version__
    from sarai.publish.files import write_files
    from sarai.publish.flight_brief import flight_page
    from sarai.simulate.flight.run import simulate_flight
    from sarai.simulate.keys import cell_key

    law = load_law(folder, settings, data, days, divisor, False)
    laws = laws_of(law, learned)
    with step(f"Briefing {law.case.name}"):
        ensemble = simulate_flight(
            laws, seed=seed, members=members if len(laws) == 1 else len(laws), threads=threads, keep_links=False
        )
        score = score_of(ensemble, None) if ensemble.can_be_scored else None
        record = f"{int(cell_key('flight', __version__, repr(law.case.settings), law.case.name, str(seed))):016x}"
        page = flight_page(ensemble, score, record, learned is not None)
    say(str(write_files(out.parent, {out.name: page.encode()})[0]))
