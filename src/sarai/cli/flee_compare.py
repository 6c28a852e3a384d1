"""Comparisons of two runs of a Flee folder: diff, whatif. The group itself is in `flee_folder.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from sarai.cli.flee_folder import (
    DataOption,
    DaysOption,
    DivisorOption,
    FolderArgument,
    LearnedOption,
    SettingsOption,
    ThreadsOption,
    flee,
    laws_of,
    load_law,
)
from sarai.cli.flee_study import ScoreMembersOption, score_of
from sarai.cli.options import DEFAULT_SEED, SeedOption
from sarai.cli.talk import step
from sarai.world.errors import Fault, RequestError


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
