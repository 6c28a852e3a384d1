"""Claim: a process killed at any moment of an ingest loses no acknowledged row and leaves no half-ingested file.

A child process ingests files one by one and acknowledges each through a pipe. The parent kills it with SIGKILL at a
moment drawn uniformly over the time that the ingest of a few files takes, then looks at the folder as any reader would,
before and after the next command mends it. With `planted` tables are written in place, in halves: the claim must then
fail. Run: python -m verify.claim_ingest_kill [kills] [seed] [planted]
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sarai.ledger import folder
from sarai.ledger.folder import read_case
from sarai.ledger.table_text import read_folder
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import Mapping, SourceEntry
from sarai.observe.screen import screen_tables
from sarai.world.errors import SaraiError
from verify.claims import claim

FILES, ROWS = 3, 40
CASE = """\
schema: 1
timezone: Asia/Karachi
crossings:
  - id: north_gate
calendar:
  waves: [{id: first, announced: 2030-03-01, deadline: 2030-03-31, source: ministry, known: 2030-03-01}]
population: {low: 100000, high: 300000, source: ministry, known: 2030-03-01}
"""


def write_inputs(root: Path) -> tuple[Path, list[Path]]:
    """An empty case and files of counts, each with its own source and kind so that its rows can be told apart."""
    case, files = root / "case", []
    case.mkdir()
    (case / "case.yaml").write_text(CASE)
    (case / "sources.csv").write_text("source_id,publisher,title,published,url\nministry,Ministry,Order,2030-03-01,\n")
    for number in range(FILES):
        path = root / f"file{number}.csv"
        days = [date.fromordinal(date(2030, 3, 1).toordinal() + i).isoformat() for i in range(ROWS)]
        lines = [f"{day},north_gate,{100 + i},feed_{number}" for i, day in enumerate(days)]
        path.write_text("\n".join(["date,crossing,persons,series", *lines]) + "\n")
        files.append(path)
    return case, files


def ingest_all(case: Path, files: list[Path], acknowledge: int) -> None:
    """Ingest the files one by one; write a byte for each that is done."""
    for number, path in enumerate(files):
        source = SourceEntry(source_id=f"post_{number}", publisher=f"Post {number}", title="Daily count")
        ingest_files(case, Request(files=(path,), mapping=Mapping(source=source), known=date(2030, 5, 1)))
        os.write(acknowledge, bytes([number]))


def run_and_kill(case: Path, files: list[Path], after_s: float | None) -> list[int]:
    """Ingest in a child, kill it after a time (None: let it end), and return the files that it acknowledged."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        ingest_all(case, files, write)
        os._exit(0)
    os.close(write)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = []
    while byte := os.read(read, 1):
        done.append(byte[0])
    os.close(read)
    return done


def plant_fault() -> None:
    """Let tables be written in place and slowly, as a program without care would."""

    def write_in_place(path: Path, data: bytes) -> None:
        with path.open("wb") as out:
            for start in range(0, len(data), 200):
                out.write(data[start : start + 200])
                out.flush()
                time.sleep(0.01)

    folder.write_whole = write_in_place


def look(case: Path) -> dict[str, int]:
    """Rows of each feed in the table as it lies on disk; none of a broken line."""
    path = case / "observations.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    counts: dict[str, int] = {}
    for row in rows:
        if None in row or None in row.values():
            raise AssertionError("a broken line")
        counts[row["series"]] = counts.get(row["series"], 0) + 1
    return counts


def check_folder(case: Path, acknowledged: list[int]) -> list[str]:
    """What is wrong with the folder after a kill: an empty list is what the claim says."""
    wrong = []
    as_left = look(case)
    wrong += [f"half of {name}: {count}" for name, count in as_left.items() if count != ROWS]
    wrong += [f"acknowledged file {n} is not in the table" for n in acknowledged if as_left.get(f"feed_{n}") != ROWS]
    sources = (case / "sources.csv").read_text()
    wrong += [f"rows of {name} without their source" for name in as_left if f"post_{name[-1]}," not in sources]
    with read_case(case, screen=screen_tables) as ledger:
        after = look(case)
        wrong += [f"half of {name} after mending: {count}" for name, count in after.items() if count != ROWS]
        wrong += [f"{name} was lost in mending" for name in as_left if name not in after]
        wrong += [str(fault) for fault in ledger.check()]
        if ledger.replay().tables.keys() != read_folder(case).keys():
            wrong.append("ledger and folder hold other tables")
        wrong += [
            f"{name} differs from its replay"
            for name, t in read_folder(case).items()
            if t.rows != ledger.replay().tables[name].rows
        ]
        own = [v for v in ledger.rows("observations.csv") if len(v.origin.file_hash) != 64 or v.origin.row < 2]
        wrong += [f"row {v.id} lost where it was read" for v in own]
    if list(case.glob(".*.tmp")):
        wrong.append("a temporary file was left")
    return wrong


@claim(
    states="A kill at any moment of an ingest loses no acknowledged row and leaves no half-ingested file",
    sees="tables written in place and slowly",
    runs=1000,
    exact=True,
)
def killed_ingest(seed: int, runs: int, planted: bool) -> float:
    """1 if nothing was wrong after so many kills, else 0."""
    careful = folder.write_whole
    if planted:
        plant_fault()
    try:
        return 0.0 if run(runs, seed, stop_early=True)[0] else 1.0
    finally:
        folder.write_whole = careful


def run(kills: int, seed: int, *, stop_early: bool = False) -> tuple[list[str], dict[int, int]]:
    """Kill so many times; returns what was wrong, and how often so many files had been acknowledged."""
    wrong: list[str] = []
    histogram: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as place:
        whole_s = measure(Path(place))
        for number in range(kills):
            root = Path(place) / str(number)
            root.mkdir()
            case, files = write_inputs(root)
            share = int.from_bytes(hashlib.sha256(f"{seed}/{number}".encode()).digest()[:8], "big") / 2**64
            acknowledged = run_and_kill(case, files, share * whole_s * 1.1)
            histogram[len(acknowledged)] = histogram.get(len(acknowledged), 0) + 1
            try:
                wrong += [f"kill {number}: {text}" for text in check_folder(case, acknowledged)]
            except (AssertionError, SaraiError) as error:
                wrong.append(f"kill {number}: {error}")
            shutil.rmtree(root)
            if wrong and stop_early:
                break
    return wrong, histogram


def measure(place: Path) -> float:
    """Seconds that the whole ingest takes when nobody kills it, the second time."""
    for name in ("warm", "timed"):
        root = place / name
        root.mkdir()
        case, files = write_inputs(root)
        start = time.monotonic()
        done = run_and_kill(case, files, None)
        took = time.monotonic() - start
        if done != list(range(FILES)) or check_folder(case, list(range(FILES))):
            raise AssertionError("the ingest does not work even when nobody kills it")
    return took


def main() -> None:
    """Run the claim and end with exit code 1 if it does not hold."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    if "planted" in sys.argv:
        plant_fault()
    start = time.monotonic()
    wrong, histogram = run(kills, seed, stop_early="planted" in sys.argv)
    print(f"{kills} kills in {time.monotonic() - start:.0f} s; files acknowledged before the kill: {histogram}")
    print("\n".join(wrong) or "no acknowledged row lost, no half-ingested file, the store opens")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
