"""Text in and out on any machine: UTF-8 to files and pipes, and no crash on a console that lacks letters."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap

NARROWEST = 40
FACT_INDENT = " " * 10  # under the words found, wanted, mend of a fault


def settle_streams() -> None:
    """Let every stream carry any letter: Windows would give pipes and old consoles its own 8-bit table.

    A console that has another encoding keeps it, and shows `?` for what it lacks; a pipe or file becomes UTF-8.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper) or stream.encoding.lower().replace("-", "") == "utf8":
            continue
        if stream is sys.stdin:
            if not stream.isatty():
                stream.reconfigure(encoding="utf-8-sig")
        elif stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


def drop_output() -> None:
    """Drop what a standard output that cannot be written still holds, so that the end raises no second error."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fold_message(text: str) -> str:
    """A message as wide as the terminal, further lines set in; as it is where nobody sits at one."""
    if not sys.stderr.isatty():
        return text
    return fold_lines(text, max(shutil.get_terminal_size((80, 24)).columns, NARROWEST))


def fold_lines(text: str, width: int) -> str:
    """The lines of a text no wider than `width`; a line that begins with two blanks is a fact of a fault."""
    folded = []
    for line in text.splitlines():
        indent = FACT_INDENT if line.startswith("  ") else "    "
        kept = textwrap.wrap(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
            replace_whitespace=False, drop_whitespace=True,
        )  # fmt: skip
        folded += kept or [""]
    return "\n".join(folded)
