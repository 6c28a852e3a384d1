"""Studies of a Flee folder: score, calibrate, brief. The group itself is in `flee_folder.py`."""

from __future__ import annotations

import sys
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
