"""Every command that the documentation shows is run as it is written, page by page, in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makers.pages import COMMANDS, PART, ROOT, Reader, read_page

PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [ROOT / "README.md", ROOT / "RESPONSIBLE_USE.md", *(ROOT / "docs").rglob("*.md")]
    if path.parent.name != "how-to"  # test_docs_how_to.py
)


@pytest.mark.parametrize("page", [page for page in PAGES if "sarai " in read_page(page)])
def test_the_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    """A reader who does what the page says, in its order, gets what it says."""
    Reader(tmp_path, page).follow(read_page(page))


def test_the_tutorial_makes_a_case_and_a_briefing(tmp_path: Path) -> None:
    """From an empty folder: the interview, ten counts, a briefing; the spreadsheet, a second briefing; the record."""
    reader = Reader(tmp_path, "docs/tutorial.md")
    reader.follow(read_page("docs/tutorial.md"))
    for case, briefing in (("my-case", "my-briefing"), ("my-second-case", "my-second-briefing")):
        counts = (tmp_path / case / "observations.csv").read_text(encoding="utf-8").splitlines()
        assert len(counts) == 11
        assert (tmp_path / case / "case.yaml").read_text(encoding="utf-8").count("GeoNames") >= 4
        page = (tmp_path / briefing / "briefing.html").read_text(encoding="utf-8")
        assert "Dajabón" in page and "are likely to cross" in page
    assert len(reader.ran) >= 12


PLANTED = {
    "a misspelt verb": "```sh\nsarai chek teaching\n```\n",
    "an option that is gone": "```console\n$ sarai check teaching --everything\n```\n",
    "another exit code": "```console exit=2\n$ sarai check teaching\n```\n",
    "a command that nobody runs": "```sh\nrm -r briefing\n```\n",
    "a fence that is no shell": "```text\nsarai chek teaching\n```\n",
    "questions that nobody answers": "```sh\nsarai new mine\n```\n",
    "a question that is not asked": "```sh\nsarai new mine\n```\n\n<!-- test: answers -->\n\n"
    "| question | type |\n|---|---|\n| Your telephone number | 7 |\n",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path) -> None:
    """The reader above does run what it reads: each of these pages must fail."""
    with pytest.raises((AssertionError, ValueError)):
        Reader(tmp_path, "planted").follow(PLANTED[fault])


def test_no_command_hides_in_an_indented_block() -> None:
    """Only fences are run, so a command may stand nowhere else."""
    hidden = []
    for page in (*PAGES, *(f"docs/how-to/{path.name}" for path in (ROOT / "docs" / "how-to").glob("*.md"))):
        rest = PART.sub("", read_page(page))
        hidden += [f"{page}: {line}" for line in rest.splitlines() if re.match(r" {4,}(\$ )?sarai \w", line)]
    assert hidden == [] and "sh" in COMMANDS


def test_links_between_pages_lead_somewhere() -> None:
    """No page of the documentation links to a page that is not there; pages made by the site are named by its hook."""
    made = set(re.findall(r'"((?:reference/)?[a-z-]+\.md)":', read_page("mkdocs_hooks.py")))
    broken = []
    for page in (ROOT / "docs").rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            path = (page.parent / target).resolve()
            if not path.exists() and str(path.relative_to(ROOT / "docs")) not in made:
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []
