"""A page of the documentation as a reader follows it: files are saved, commands typed, forms filled in.

A fence with a title is saved as that file. In `sh`, `console` and `powershell` fences every line is a command, with or
without `$ `; `exit=N` behind the language says how it ends; one that ends in `&` runs until the page ends. A remark
`<!-- test: ... -->` says what a reader does with the hands: `answers` (type the table below into the next `sarai new`),
`fill FILE`, `flee FOLDER`.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from makers.flight import write_case
from makers.new_case import COUNTS, CROSSINGS, fill_template

ROOT = Path(__file__).resolve().parents[2]
PART = re.compile(
    r"^ *```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?(?: exit=(?P<exit>\d))?\n(?P<text>.*?)^ *```"
    r"|^<!-- test: (?P<remark>.*?) -->",
    re.DOTALL | re.MULTILINE,
)
COMMANDS = frozenset({"sh", "bash", "console", "powershell", "shell"})
# what needs the project's folder, a network or minutes: held by CI, which runs both on each push
NOT_HERE = frozenset(
    {
        "make run", "make test", "py dev.py run", "py dev.py test", "source .venv/bin/activate",
        "mkdir ../my-work", "cd ../my-work",
        '$env:Path = "$PWD\\.venv\\Scripts;$env:Path"',
    }
)  # fmt: skip
BEHIND = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")  # tests open no door to a network
SECONDS = 1800
"""A command that hangs is given up; no machine is too slow, as kernels may be compiled first beside other work."""


@dataclass
class Reader:
    """Somebody who does what a page says in one folder."""

    folder: Path
    page: str
    asked: str = ""
    ran: list[str] = field(default_factory=list)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def follow(self, text: str) -> None:
        """The whole page, in order. Raises AssertionError at the first command that ends otherwise than it says."""
        try:
            self.read(text)
        finally:
            for process in reversed(self.running):
                process.terminate()
                process.wait()

    def read(self, text: str) -> None:
        """Every part of the page; what runs behind goes on."""
        for part in PART.finditer(text):
            if part["remark"]:
                self.do_by_hand(part["remark"].split(), text[part.start() :])
            elif part["title"]:
                (self.folder / part["title"]).write_text(part["text"], encoding="utf-8")
            elif part["language"] in COMMANDS:
                for line in part["text"].splitlines():
                    self.type(line.strip().removeprefix("$ ").split("  #")[0].strip(), part["exit"])
            else:
                stray = [line for line in part["text"].splitlines() if re.match(r"\s*(\$ )?sarai \w", line)]
                assert not stray, f"{self.page}: a command in a fence that is no shell: {stray}"
        assert not self.asked, f"{self.page}: no table answers {self.asked}"

    def do_by_hand(self, words: list[str], below: str) -> None:
        """What a reader does without the command."""
        if words[0] == "answers":
            rows = re.findall(r"^\| (?!question|---)(.+?) \| (.+?) \|$", below.split("\n\n")[1], re.MULTILINE)
            typed = "".join("\n" if answer == "*Enter*" else f"{answer}\n" for _, answer in rows)
            self.type_answers([question for question, _ in rows], typed)
        elif words[0] == "fill":
            (self.folder / words[1]).unlink()
            fill_template(self.folder / words[1], Crossings=CROSSINGS, Counts=COUNTS)
        elif words[0] == "flee":
            write_case(self.folder / words[1])
        else:
            raise AssertionError(f"{self.page}: no such remark: {words}")

    def type_answers(self, questions: list[str], typed: str) -> None:
        """The interview that stands above the table: asked in this order, answered so."""
        done = self.run(self.asked, typed)
        self.asked = ""
        assert done.returncode == 0, f"{self.page}: {done.stderr}"
        places = [done.stderr.index(f"\n{question}") for question in questions]
        assert places == sorted(places), f"{self.page}: questions in another order"

    def type(self, line: str, code: str | None) -> None:
        """One command; `sarai new NAME` alone waits for its answers."""
        if not line or line.startswith("#"):
            return
        known = line in NOT_HERE or line.startswith("sarai ") or (line.startswith("dask ") and line.endswith(" &"))
        assert known, f"{self.page}: who runs this? {line}"
        if line in NOT_HERE:
            return
        if line.endswith(" &"):
            self.run_behind(line.removesuffix(" &"))
            return
        self.ran.append(line)
        if line.startswith("sarai serve"):
            self.serve(line)
        elif re.fullmatch(r"sarai new [\w-]+", line):
            self.asked = line
        else:
            wanted = {int(code)} if code else {0}
            done = self.run(line)
            assert done.returncode in wanted, f"{self.page}: {line}\nexit {done.returncode}\n{done.stderr[-2000:]}"
            assert "Traceback" not in done.stderr, done.stderr

    def run(self, line: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """The command in the reader's folder, with few members; `< FILE` is understood."""
        words, _, source = line.partition(" < ")
        typed = (self.folder / source).read_text(encoding="utf-8") if source else typed
        return subprocess.run(
            [sys.executable, "-m", *shlex.split(words)], input=typed, capture_output=True, text=True, check=False,
            cwd=self.folder, env=self.environment(), timeout=SECONDS, encoding="utf-8",
        )  # fmt: skip

    def run_behind(self, line: str) -> None:
        """A command that goes on while the others run."""
        words = [sys.executable, "-m", *shlex.split(line), *BEHIND]
        self.running.append(
            subprocess.Popen(
                words, cwd=self.folder, env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )

    def serve(self, line: str) -> None:
        """The page opens on this machine, and is stopped again."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        words = [sys.executable, "-u", "-m", *shlex.split(line), "--port", port]
        with subprocess.Popen(
            words, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                said = iter(process.stdout or [])
                address = next(found[0] for text in said if (found := re.search(r"http://127[\w.:/-]+", text)))
                wait_for(address)
            finally:
                process.terminate()

    def environment(self) -> dict[str, str]:
        """Few members, and nothing kept outside the reader's folder."""
        return {**os.environ, "SARAI_MEMBERS": "20", "SARAI_CACHE": str(self.folder / ".cache"), "PYTHONUTF8": "1"}


def wait_for(address: str) -> None:
    """Ask for the page until it answers; the address is printed a moment before anybody listens there."""
    for left in range(100, -1, -1):
        try:
            with urllib.request.urlopen(address, timeout=SECONDS) as page:
                assert page.status == 200
                return
        except OSError:
            assert left, f"nobody answers at {address}"
            time.sleep(0.2)


def read_page(page: str) -> str:
    """The text of a page by its path in the project."""
    return (ROOT / page).read_text(encoding="utf-8")
