"""Fifty clients who move sliders for a minute: no error, no wrong result, memory bounded, nothing computed for nobody.

Run: `python -m benchmarks.lab_load [SECONDS [CLIENTS [MEMBERS]]]`. It starts `sarai serve` for the reference case in a
process of its own. Clients ask about 80 questions in a seeded order; one in six leaves before its answer. Afterwards
a single client asks each of them of a fresh server, and every answer that was given is held against it, byte for byte.
Exit code 1 where anything is wrong. Afterwards, a client that leaves must cost less than half of one that stays.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from benchmarks.lab import cpu_seconds, running_lab

QUESTIONS = 80
WARM = 8
PATIENCE_SECONDS = 180
LEAVES = 1 / 6
LARGEST_GROWTH_MB = 150.0
DEFAULTS = (60.0, 50.0, 1000.0)


@dataclass
class Tally:
    """What the clients saw: question -> digests of its answers, faults, seconds waited, how many left."""

    digests: dict[int, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    left: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def question(number: int) -> bytes:
    """The body of one of the questions: deadlines, closures, hours and capacities in turn."""
    day = f"2023-11-{1 + number % 28:02d}"
    change = (
        ("calendar.undocumented.deadline", day),
        ("crossings.torkham.closed", f"{day}..2023-12-05"),
        ("crossings.chaman.hours", f"8-{10 + number % 12}"),
        ("stages.omari_reception.capacity", str(5000 + 100 * number)),
    )[number % 4]
    return json.dumps({"changes": [{"path": change[0], "value": change[1]}]}).encode()


def ask(address: str, body: bytes, leave_after: float | None = None) -> bytes | None:
    """The answer, or nothing where the client left. Raises OSError or ValueError where it is no answer."""
    link = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    try:
        link.request("POST", "/api/compare", body, {"content-type": "application/json"})
        if leave_after is not None:
            time.sleep(leave_after)
            return None
        reply = link.getresponse()
        data = reply.read()
        if reply.status != 200:
            raise ValueError(f"status {reply.status}: {data[:200]!r}")
        return data
    finally:
        link.close()


def client(address: str, seed: int, until: float, tally: Tally) -> None:
    """One client who asks until the time is over."""
    dice = random.Random(seed)
    while time.perf_counter() < until:
        number = dice.randrange(QUESTIONS)
        leave = dice.uniform(0.02, 0.3) if dice.random() < LEAVES else None
        begun = time.perf_counter()
        try:
            data = ask(address, question(number), leave)
        except (OSError, ValueError) as error:
            with tally.lock:
                tally.faults.append(f"{type(error).__name__}: {error}")
            continue
        with tally.lock:
            if data is None:
                tally.left += 1
            else:
                tally.seconds.append(time.perf_counter() - begun)
                tally.digests.setdefault(number, set()).add(hashlib.sha256(data).hexdigest())


def memory_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    with open(f"/proc/{pid}/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def crowd(address: str, clients: int, seconds: float) -> Tally:
    """All clients at a time."""
    tally = Tally()
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=client, args=(address, seed, until, tally)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def wrong_answers(alone: Callable[[int], bytes], tally: Tally) -> list[int]:
    """Questions with an answer other than that of `alone`, which must not have heard of the crowd."""
    return [
        number
        for number, digests in sorted(tally.digests.items())
        if digests != {hashlib.sha256(alone(number)).hexdigest()}
    ]


def stay(address: str, number: int) -> bytes:
    """The answer to a question by a client who waits for it."""
    data = ask(address, question(number))
    assert data is not None
    return data


def cost_of(address: str, pid: int, numbers: range, leave_after: float | None) -> float:
    """CPU seconds of the server for questions that were never asked, by clients who stay or leave."""
    begun = cpu_seconds(pid)
    for number in numbers:
        value = f"2024-02-{number:02d}"
        body = json.dumps({"changes": [{"path": "calendar.undocumented.deadline", "value": value}]}).encode()
        ask(address, body, leave_after)
    time.sleep(2.0)
    return cpu_seconds(pid) - begun


def main() -> int:
    """Load, check, print."""
    given = [float(text) for text in sys.argv[1:]]
    seconds, clients, members = (*given, *DEFAULTS[len(given) :])
    with running_lab(members=int(members)) as (address, pid):
        for number in range(QUESTIONS, QUESTIONS + WARM):
            stay(address, number)
        before = memory_mb(pid)
        tally = crowd(address, int(clients), seconds)
        after = memory_mb(pid)
        stays = cost_of(address, pid, range(1, 6), None)
        leaves = cost_of(address, pid, range(11, 16), 0.05)
    with running_lab(members=int(members)) as (fresh, _):
        wrong = wrong_answers(partial(stay, fresh), tally)
    order = sorted(tally.seconds)
    print(f"{clients:.0f} clients, {seconds:.0f} s, {members:.0f} members: {len(order)} answers, {tally.left} left, "
          f"{len(tally.faults)} errors, {len(wrong)} wrong")  # fmt: skip
    if order:
        print(f"waited: median {order[len(order) // 2]:.2f} s, longest {order[-1]:.2f} s")
    print(f"memory of the server {before:.0f} MB after {WARM} questions, {after:.0f} MB after the crowd")
    print(f"CPU for 5 questions: {stays:.2f} s where clients stay, {leaves:.2f} s where they leave after 50 ms")
    for fault in tally.faults[:5]:
        print(fault)
    sound = not tally.faults and not wrong and order and after - before < LARGEST_GROWTH_MB and leaves < stays / 2
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
