"""Claim: whatever file is offered, an ingest ends in rows or in an InputError, in bounded time, and never in between.

Good files of every kind are damaged (bytes changed, cut, doubled, parts of archives lost) and ingested into a case.
After each the tables must be what they were, or hold rows more, and the case must still load. Run: python -m
verify.claim_ingest_fuzz [files] [seed]
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import openpyxl

from sarai.ledger.table_text import read_folder
from sarai.observe import table_xlsx
from sarai.observe.case_folder import load_case
from sarai.observe.ingest import Request, ingest_files
from sarai.observe.mapping import Mapping, SourceEntry
from sarai.world.errors import InputError
from verify.claim_ingest_kill import write_inputs
from verify.claims import claim

SLOWEST_S = 20.0  # CPU seconds for one file, on files of the sizes made here


class Dice:
    """Numbers from a hash chain, so that a run can be replayed from its seed."""

    def __init__(self, seed: str) -> None:
        self._state = hashlib.sha256(seed.encode()).digest()

    def below(self, most: int) -> int:
        """A whole number in [0, most)."""
        self._state = hashlib.sha256(self._state).digest()
        return int.from_bytes(self._state[:8], "big") % most


def good_files() -> dict[str, bytes]:
    """One good file of each kind."""
    header = ["date", "crossing", "persons"]
    rows = [[datetime.date(2030, 3, day), "north_gate", 100 + day] for day in range(1, 20)]
    plain = [[row[0].isoformat(), row[1], str(row[2])] for row in rows]
    book = openpyxl.Workbook()
    for row in [["Title"], header, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    lines = [",".join(header), *(",".join(row) for row in plain)]
    return {
        "good.csv": "\n".join(lines).encode(),
        "good.tsv": "\r\n".join(line.replace(",", "\t") for line in lines).encode("utf-16"),
        "good.json": json.dumps([dict(zip(header, row, strict=True)) for row in plain]).encode(),
        "tags.csv": "\n".join(["a,b,c", "#date,#loc,#affected", *lines[1:]]).encode(),
        "good.xlsx": out.getvalue(),
    }


def damage(data: bytes, dice: Dice) -> bytes:
    """The file with a few faults."""
    if data.startswith(b"PK") and dice.below(2):
        return _damage_part(data, dice)
    out = bytearray(data)
    for _ in range(1 + dice.below(8)):
        if not out:
            break
        at, kind = dice.below(len(out)), dice.below(6)
        if kind == 0:
            del out[at : at + dice.below(200)]
        elif kind == 1:
            out[at:at] = out[at : at + dice.below(200)] * (1 + dice.below(20))
        elif kind == 2:
            out[at:at] = (b'"', b",", b"\n", b"\x00", b"=", b"9" * 30, b"\xff", b"{", b"]", "۹".encode())[
                dice.below(10)
            ]
        else:
            out[at] = dice.below(256)
    return bytes(out)


def _damage_part(data: bytes, dice: Dice) -> bytes:
    """A workbook with faults inside one of its parts, packed well again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = names[dice.below(len(names))]
        for name in names:
            part = old.read(name)
            if name == hit and dice.below(10) == 0:
                continue
            new.writestr(name, damage(part, dice) if name == hit else part)
    return out.getvalue()


def run(files: int, seed: int, *, stop_early: bool = False) -> tuple[list[str], dict[str, float]]:
    """Offer so many damaged files; returns what was wrong, and how many went in, were refused, and the slowest."""
    wrong: list[str] = []
    facts = {"went in": 0.0, "refused": 0.0, "slowest_s": 0.0}
    kinds = sorted(good_files().items())
    with tempfile.TemporaryDirectory() as place:
        case, _ = write_inputs(Path(place))
        (case / "observations.csv").write_bytes(
            b"start_date,end_date,crossing,status,kind,persons,families,cumulative,"
            b"as_of,source_id,note,series,known,known_inferred\n"
        )
        (case / "events.csv").write_bytes(
            b"date,end_date,kind,place,description,magnitude,unit,source_id,known,known_inferred\n"
        )
        for number in range(files):
            dice = Dice(f"{seed}/{number}")
            name, data = kinds[dice.below(len(kinds))]
            path = Path(place) / name
            path.write_bytes(damage(data, dice))
            wrong += [f"file {number} ({name}): {text}" for text in _offer(case, path, number, facts)]
            if wrong and stop_early:
                break
        load_case(case)
    return wrong, facts


def _offer(case: Path, path: Path, number: int, facts: dict[str, float]) -> list[str]:
    before = read_folder(case)
    source = SourceEntry(source_id=f"s{number}", publisher="Fuzz")
    request = Request(files=(path,), mapping=Mapping(source=source), known=datetime.date(2095, 1, 1))
    start = time.process_time()
    wrong = []
    try:
        ingest_files(case, request)
        facts["went in"] += 1
        after = read_folder(case)["observations.csv"].rows
        old = before["observations.csv"].rows
        if after[: len(old)] != old:
            wrong.append("rows that stood there changed")
    except InputError:
        facts["refused"] += 1
        if read_folder(case) != before:
            wrong.append("refused, and yet the tables changed")
    except Exception as error:  # noqa: BLE001 - the claim is that nothing else is ever raised
        wrong.append(f"ended in {type(error).__name__}: {error}")
    took = time.process_time() - start
    facts["slowest_s"] = max(facts["slowest_s"], took)
    if took > SLOWEST_S:
        wrong.append(f"took {took:.0f} s")
    if len(before["observations.csv"].rows) > 3000:
        (case / "observations.csv").write_bytes((case / "observations.csv").read_bytes().split(b"\n")[0] + b"\n")
    return wrong


@claim(
    states="Any damaged file ends in rows or in an InputError, whole, within 20 CPU seconds",
    sees="errors of damaged archives that are not turned into a refusal",
    runs=2000,
    exact=True,
)
def damaged_files(seed: int, runs: int, planted: bool) -> float:
    """1 if every file ended as it should, else 0."""
    handled = table_xlsx._BROKEN
    if planted:
        table_xlsx._BROKEN = ()
    try:
        return 0.0 if run(runs, seed, stop_early=True)[0] else 1.0
    finally:
        table_xlsx._BROKEN = handled


def main() -> None:
    """Run the claim and end with exit code 1 if it does not hold."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.process_time()
    wrong, facts = run(files, seed)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{files} files in {time.process_time() - start:.0f} CPU s, {facts}, peak {peak_mb:.0f} MB")
    print("\n".join(wrong[:50]) or "each ended in rows or in an InputError")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
