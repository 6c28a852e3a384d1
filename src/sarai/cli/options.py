"""Options that several verbs share, with one wording and one check each."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sarai.world.calendar import MOST_DAYS
from sarai.world.errors import Fault, RequestError

DEFAULT_HORIZON_DAYS = 28
DEFAULT_MEMBERS = 1000
DEFAULT_SEED = 1

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A built-in case or the path of a case folder.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Use only what was known on this day. Default: everything."),
]
HorizonOption = Annotated[int, typer.Option("--horizon", metavar="DAYS", help="Days to forecast.")]
LookAheadOption = Annotated[
    int | None,
    typer.Option(
        "--horizon",
        metavar="DAYS",
        help="Days to forecast. Default: 28, or two weeks past a deadline that comes within 60 days.",
    ),
]
MembersOption = Annotated[
    int, typer.Option("--members", metavar="N", envvar="SARAI_MEMBERS", help="Possible worlds to simulate.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Same seed, same bytes.")]
OutFileOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write .csv or .parquet. Default: CSV to standard output.")
]
ReportLevelOption = Annotated[
    str,
    typer.Option(
        "--level",
        metavar="NAME",
        help="restricted: no count of few people, nor one that tells it; or confidential: all, to stay in the house.",
    ),
]
DEFAULT_LEVEL = "restricted"


def parse_day(text: str, option: str = "--as-of") -> date:
    """A date from an option. Raises RequestError with a mend where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(
            Fault(
                column=option,
                what="this is not a date",
                found=text,
                wanted="a day written YYYY-MM-DD that the calendar has",
                mend=f"write for example {option} 2023-10-28",
            )
        ) from None


def check_request(*checks: Callable[[], object]) -> None:
    """Make every check of a request and raise the faults of all of them at once."""
    faults: list[Fault] = []
    for check in checks:
        try:
            check()
        except RequestError as error:
            faults += error.faults
    if faults:
        raise RequestError(faults)


def parse_days(text: str, option: str) -> list[date]:
    """The dates of a comma-separated option, in order, each once. Raises RequestError naming each that is none."""
    found: set[date] = set()
    faults: list[Fault] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.add(parse_day(part, option))
        except RequestError as error:
            faults += error.faults
    if faults:
        raise RequestError(faults)
    return sorted(found)


def check_counts(*, horizon_days: int = 1, members: int = 1, seed: int = 0, samples: int = 0) -> None:
    """Refuse horizons, member counts, seeds and sample counts that make no sense, all at once."""
    limits = (
        ("--horizon", horizon_days, 1, MOST_DAYS),
        ("--members", members, 1, 10_000_000),
        ("--seed", seed, 0, 2**63 - 1),
        ("--samples", samples, 0, max(members, 0)),
    )
    faults = [
        Fault(
            column=option,
            what="this number is out of range",
            found=str(value),
            wanted=f"a whole number from {low} to {high}",
            mend=f"give {option} a number in that range",
        )
        for option, value, low, high in limits
        if not low <= value <= high
    ]
    if faults:
        raise RequestError(faults)


def check_place(path: Path | None, option: str, *, folder: bool = False) -> None:
    """Refuse a place in which nothing can be written, before the work is done. `folder`: it is to be a folder."""
    if path is None:
        return
    base = path if folder else path.parent
    nearest = next((place for place in (base, *base.absolute().parents) if place.exists()), base)
    if path.is_dir() and not folder:
        found = "a folder"
    elif not nearest.is_dir():
        found = f"{nearest} is a file"
    elif not os.access(nearest, os.W_OK | os.X_OK):
        found = f"{nearest} may not be written to"
    else:
        return
    wanted = "a folder" if folder else "a file in a folder"
    raise RequestError(
        Fault(file=str(path), column=option, what="nothing can be written there", found=found,
              wanted=f"{wanted} that you may write to", mend=f"give {option} another place")
    )  # fmt: skip


def read_text(path: Path, option: str) -> str:
    """The text of a file named by an option. Raises RequestError where it cannot be read as UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else "not UTF-8 text"
        raise RequestError(
            Fault(
                file=str(path),
                column=option,
                what="this file cannot be read",
                found=reason,
                wanted="an existing file in UTF-8",
                mend=f"check the path given to {option}",
            )
        ) from error
