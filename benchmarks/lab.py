"""How long from letting go of a handle or slider of the lab to the redrawn differences? In Chromium, by kind of move.

Run: `python -m benchmarks.lab`. It starts `sarai serve` for the reference case (1,000 members, 60 days) in a process of
its own, opens the page, and makes moves never made before, in turns of kinds, so that no answer is remembered.
Wanted: under 300 ms median, under 600 ms at the 95th percentile, on two idle cores. CPU is that of the server.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import numpy as np

ROUNDS = 20
AS_OF = date(2023, 10, 28)
MOVE = """([changes]) => new Promise((done) => {
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  }).observe(document.body, { attributes: true, attributeFilter: ["data-answer"] });
  for (const [id, value] of changes) document.getElementById(id).value = value;
  document.getElementById(changes.at(-1)[0]).dispatchEvent(new Event("change"));
})"""


@contextmanager
def running_lab(members: int = 1000, days: int = 60) -> Iterator[tuple[str, int]]:
    """`sarai serve` on a free port: its address and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--as-of", AS_OF.isoformat(), "--members", str(members), "--horizon", str(days), "--port", str(port)]
    server = subprocess.Popen([sys.executable, "-m", "sarai", "serve", "pakistan-2023", *options])
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(address, server)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers. Raises RuntimeError where it ended instead."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}api/world").close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("sarai serve ended before it answered")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def moves(number: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """One move of each kind, none made before: (kind, inputs and their values)."""
    day = AS_OF + timedelta(days=number + 5)
    yield "deadline", [("c-calendar.undocumented.deadline", day.isoformat())]
    last = (day + timedelta(days=9)).isoformat()
    yield "closure", [("c-crossings.torkham.closed-from", day.isoformat()), ("c-crossings.torkham.closed-to", last)]
    yield "capacity", [("c-stages.omari_reception.capacity-number", str(8000 + 137 * number))]


def measure(page: Any, pid: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds to the redraw and CPU seconds of the server, by kind. Each move starts from nothing changed."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(ROUNDS):
        for kind, changes in moves(number):
            page.locator("#clear:not([disabled])").click() if number or kind != "deadline" else None
            page.wait_for_timeout(60)
            begun = cpu_seconds(pid)
            wall = page.evaluate(MOVE, [changes])
            found.setdefault(kind, []).append((wall, cpu_seconds(pid) - begun))
    return found


def open_timed(browser: Any, address: str) -> tuple[Any, float, int]:
    """The page, seconds until it is ready to be used, and bytes transferred."""
    page = browser.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    return page, time.perf_counter() - begun, sum(sizes)


def report(name: str, pairs: list[tuple[float, float]]) -> None:
    """One line of the table."""
    wall, cpu = np.array(pairs).T
    print(f"{name:<10} median {np.median(wall):5.0f} ms   p95 {np.quantile(wall, 0.95):5.0f} ms   "
          f"CPU of the server median {np.median(cpu):.2f} s   {len(wall)} moves")  # fmt: skip


def main() -> None:
    """Open, move, print."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    with running_lab() as (address, pid), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page, seconds, size = open_timed(browser, address)
        page.close()
        page, again, _ = open_timed(browser, address)
        print(f"page ready {seconds:.2f} s, again {again:.2f} s, {size / 1000:,.0f} kB transferred")
        found = measure(page, pid)
        browser.close()
    for kind, pairs in found.items():
        report(kind, pairs)
    report("all", [pair for pairs in found.values() for pair in pairs])


if __name__ == "__main__":
    main()
