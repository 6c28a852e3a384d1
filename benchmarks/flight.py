"""How fast is the flight law? Full resolution, one core, beside Flee.

    python -m benchmarks.flight                     beside the CPU seconds of the references (indicative)
    FLEE=path/to/flee python -m benchmarks.flight   beside Flee itself, in the same run, interleaved
    ... burundi ethiopia                            these cases only
    ... grid                                        10,000 places, 20,000 links, 365 days, 10 million people
    ... start                                       a command of one day: start, read, compile from cache

CPU seconds of one process (user and system); compilation is measured apart.
"""

from __future__ import annotations

import csv
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from sarai.model.flight.case import DayTable, FlightCase, FlightLink, FlightPlace
from sarai.model.flight.law import FlightLaw, build_law
from sarai.model.flight.settings import default_settings
from sarai.observe.flee.folder import read_flee_case
from sarai.simulate.flight.run import simulate_flight

SHARED = Path(os.environ.get("SARAI_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "flee"
GOALS = {"burundi": 300.0, "ethiopia": 30.0, "syria2013": 2000.0}
# Days that are run beside Flee itself, 0 for all. Flee takes an hour and a half for all of syria2013; its seconds a day
# grow with the people in the system and those of sarai hardly do, so the first days favour Flee.
BESIDE = {"burundi": 0, "ethiopia": 0, "mali2012": 0, "syria2013": 40}
REPEATS = 5


def cpu_of(law: FlightLaw, members: int = 1) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    simulate_flight(law, seed=1, members=members)
    return time.process_time() - begin


def child_seconds(command: list[str], **more: object) -> float:
    """CPU seconds of one command, interpreter start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def flee_seconds(checkout: Path, folder: Path, days: int = 0) -> float:
    """CPU seconds of Flee's one-process script on a folder at divisor 1, interpreter start included; 0 for all days."""
    script = checkout.resolve() / "runscripts" / "run.py"
    shipped = (folder / "simsetting.yml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as room:
        settings = Path(room) / "simsetting.yml"
        settings.write_text(re.sub(r"(?m)^(\s*hasten:).*$", r"\1 1", shipped), encoding="utf-8")
        command = [os.environ.get("FLEE_PYTHON", sys.executable), str(script), str(folder / "input_csv"),
                   str(folder / "source_data"), str(days), str(settings)]  # fmt: skip
        return child_seconds(command, cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout.resolve())})


def reference_seconds() -> dict[str, float]:
    """CPU seconds of Flee that come with the reference cases."""
    names = {"mali": "mali2012"}
    with (SHARED / "reference" / "cpu_seconds.csv").open(encoding="utf-8") as file:
        return {names.get(row["case"], row["case"]): float(row["cpu_seconds"]) for row in csv.DictReader(file)}


def grid_case(side: int = 100, days: int = 365, people: int = 10_000_000) -> FlightCase:
    """A grid of side x side places with two links a place, 60 camps on its rim and 200 conflicts."""
    rng = np.random.default_rng(20231001)
    count = side * side
    conflict = set(rng.choice(count, 200, replace=False).tolist())
    rim = [i for i in range(count) if i % side in (0, side - 1) or i // side in (0, side - 1)]
    camps = set(rng.choice([i for i in rim if i not in conflict], 60, replace=False).tolist())
    places = tuple(
        FlightPlace(
            name=f"p{i:05d}", region="r", country="Away" if i in camps else "Home", x=float(i % side),
            y=float(i // side),
            kind="camp" if i in camps else "conflict" if i in conflict else "town", conflict_date=0,
            number=400_000 if i in camps else 200_000,
        )
        for i in range(count)
    )  # fmt: skip
    links = []
    for i in range(count):
        for j in ((i // side) * side + (i + 1) % side, (i + side) % count):
            links.append(FlightLink(first=i, second=j, length_km=float(rng.integers(20, 150))))
    settings = default_settings(
        conflict_driven=True, conflict_spawn_mode="constant", displaced_per_conflict_day=people / days / 200 // 1,
        insert_day0=False,
    )  # fmt: skip
    table = DayTable(names=tuple(places[i].name for i in sorted(conflict)), values=np.ones((days, 200)))
    return FlightCase(
        name="grid", start=date(2023, 1, 1), days=days, places=places, links=tuple(links), closures=(), conflicts=table,
        layout=(), corrections=(), settings=settings,
    )  # fmt: skip


def run_grid() -> None:
    """The large network: seconds and memory of one member."""
    begin = time.process_time()
    law = build_law(grid_case())
    built = time.process_time() - begin
    simulate_flight(build_law(grid_case(side=40, days=5)), seed=1)
    begin = time.process_time()
    ensemble = simulate_flight(law, seed=2)
    seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"grid: {len(law.case.places):,} places, {len(law.case.links):,} links, {law.case.days} days,"
          f" {int(ensemble.total[-1, 0]):,} people: {seconds:.1f} s a member, law {built:.1f} s, peak {peak:.2f} GiB"
          f" (goal: 60 s, 4 GB)")  # fmt: skip


def has_references() -> bool:
    """Whether the reference cases are there; says so where they are not."""
    found = (SHARED / "cases").is_dir()
    if not found:
        print(f"no reference cases at {SHARED}; set SARAI_SHARED")
    return found


def run_start() -> None:
    """The fixed cost of a command: one day of burundi, once to fill the caches and then REPEATS times."""
    if not has_references():
        return
    command = [sys.executable, "-m", "sarai", "flee", "run", str(SHARED / "cases" / "burundi"), "--days", "1"]
    child_seconds(command)
    seconds = sorted(child_seconds(command) for _ in range(2 * REPEATS))
    print(f"start, read, compile from cache: {np.median(seconds):.2f} s (least {seconds[0]:.2f} s; goal 1 s)")


def run_cases() -> None:
    """Each reference case at full resolution, one member; burundi with 100 members too."""
    if not has_references():
        return
    checkout = os.environ.get("FLEE")
    known = reference_seconds()
    chosen = [name for name in known if name in sys.argv[1:]] or list(known)
    print("case        people    sarai s  law s   Flee s    times   goal")
    for name in chosen:
        flee = known[name]
        folder = SHARED / "cases" / name
        beside = checkout is not None and name in BESIDE
        begin = time.process_time()
        law = build_law(read_flee_case(folder, divisor=1, days=(BESIDE[name] or None) if beside else None))
        built = time.process_time() - begin
        times = []
        cpu_of(law)
        for _ in range(REPEATS):
            times.append(cpu_of(law))
        if checkout is not None and beside:
            flee = known[name] = flee_seconds(Path(checkout), folder, BESIDE[name])
        seconds = float(np.median(times))
        people = int(law.people.leaving.sum() + law.people.initial.sum())
        goal = f"{GOALS[name]:.0f}" if name in GOALS else ""
        how = f"measured beside, {law.case.days} days" if beside else "indicative"
        print(
            f"{name:10s} {people:9,} {seconds:9.4f} {built:6.3f} {flee:8.1f} {flee / seconds:8.0f}  {goal:>5s}   {how}"
        )
    if "burundi" not in chosen:
        return
    law = build_law(read_flee_case(SHARED / "cases" / "burundi", divisor=1))
    seconds = cpu_of(law, 100) / 100
    how = "measured beside" if checkout is not None else "indicative"
    times_faster = known["burundi"] / seconds
    print(f"burundi, 100 members: {seconds:.4f} s a member, {times_faster:.0f} times (goal 1000)   {how}")


def main() -> None:
    """Say on what machine, then run."""
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    if "grid" in sys.argv[1:]:
        run_grid()
        return
    if "start" in sys.argv[1:]:
        run_start()
        return
    run_start()
    run_cases()
    if len(sys.argv) == 1:
        run_grid()


if __name__ == "__main__":
    main()
