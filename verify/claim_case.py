"""Claims on case folders: nothing known later is felt on any day, and no damage ends in anything but faults."""

from __future__ import annotations

import hashlib
import sys
from datetime import date, timedelta
from pathlib import Path

from sarai.observe.case_folder import built_in_cases, case_from_files, find_case, load_case, read_case, read_files
from sarai.observe.case_writer import snapshot
from sarai.world.case import Case
from verify.claims import claim

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from makers.folder import delete_later


def pick(seed: int, run: int, what: str, below: int) -> int:
    """A whole number in [0, below) that depends on nothing but its arguments."""
    text = f"{seed} {run} {what}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % below


def files_of(name: str) -> dict[str, bytes]:
    """The files of a built-in case."""
    return {file: data for file, data in read_files(find_case(name)[1]).items() if isinstance(data, bytes)}


def some_day(case: Case, seed: int, run: int) -> date:
    """A day between a month before anything is known and a month after everything is."""
    days = [row.known for row in case.reports] + [row.known for row in case.events]
    first, last = min(days) - timedelta(days=30), max(days) + timedelta(days=30)
    return first + timedelta(days=pick(seed, run, "day", (last - first).days))


@claim(
    states="On any day, a built-in case and its copy without anything known later give the same world and snapshot",
    sees="a world that is seen one day too late",
    runs=200,
    exact=True,
)
def nothing_later_is_felt(seed: int, runs: int, planted: bool) -> float:
    """1.0 if every deletion went unnoticed and every snapshot rebuilt its world."""
    names = built_in_cases()
    cases = {name: (load_case(name), files_of(name)) for name in names}
    for run in range(runs):
        name = names[pick(seed, run, "case", len(names))]
        case, files = cases[name]
        day = some_day(case, seed, run)
        world = case.as_of(day)
        cut = case_from_files(name, delete_later(files, day - timedelta(days=int(planted)))).as_of(day)
        text = snapshot(world)
        again = case_from_files(name, {file: words.encode() for file, words in text.items()}).as_of(day)
        if cut != world or snapshot(cut) != text or again != world:
            return 0.0
    return 1.0


@claim(
    states="A case folder with bytes cut out, put in or changed ends in a case or in faults, never in another error",
    sees="an exception of the YAML reader that is not caught",
    runs=600,
    exact=True,
)
def damage_ends_in_faults(seed: int, runs: int, planted: bool) -> float:
    """1.0 if every damaged folder was a case without faults, or had faults and was none."""
    names = built_in_cases()
    folders = {name: files_of(name) for name in names}
    puts = [
        b": ",
        b"\n- ",
        b",",
        b'"',
        b"{",
        b"[",
        b"&a *a",
        b"\t",
        b"1e999",
        b"\xff",
        b"\x00",
        b"null",
        b"-1",
        b"\n",
        b"#",
    ]
    for run in range(runs):
        files = dict(folders[names[pick(seed, run, "case", len(names))]])
        name = sorted(files)[pick(seed, run, "file", len(files))]
        data = files[name]
        at, cut = pick(seed, run, "at", len(data)), pick(seed, run, "cut", 40)
        files[name] = data[:at] + puts[pick(seed, run, "put", len(puts))] + data[at + cut :]
        try:
            case, faults, personal = read_case("damaged", files)
            if case is not None:
                case.as_of(date(2024, 1, 1))
        except Exception:  # noqa: BLE001 - the claim is that there is none
            return 0.0
        if (case is None) != bool(faults or personal):
            return 0.0
        if planted and any("not valid YAML" in fault.what for fault in faults):
            return 0.0
    return 1.0
