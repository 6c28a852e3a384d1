"""The site of the documentation: it builds without a warning, needs no network, and says what the code says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from makers.browser import NEEDS_CHROMIUM, chromium
from sarai.cli.app import VERB_MODULES
from sarai.model.table import parameter_table
from sarai.observe.case_tables import SPECS
from sarai.world.responsible_use import RESPONSIBLE_USE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a broken link, a missing page or one outside the navigation fails here."""
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(out)], cwd=ROOT, capture_output=True,
        text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def text_of(page: Path) -> str:
    """A page without its tags, white space folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    """Scripts, styles, fonts and images all come from the site itself."""
    for page in site.rglob("*.html"):
        loaded = re.findall(r'(?:src|<link[^>]+href)="?(https?://[^" >]+)', page.read_text(encoding="utf-8"))
        assert loaded == [], page.name


def test_equations_are_mathml(site: Path) -> None:
    """Each equation became MathML inside its paragraph, and no dollar sign is left."""
    for name, least in (("model", 25), ("inference", 20)):
        page = (site / "explanation" / f"{name}.html").read_text(encoding="utf-8")
        assert page.count("<math") >= least and "$`" not in page and "$$" not in page
        assert "<p><math" not in page


def test_the_reference_names_everything_that_the_code_has(site: Path) -> None:
    """Verbs with an example each, parameters with units, tables of a case, public functions with their docstrings."""
    reference = site / "reference"
    verbs = text_of(reference / "cli.html")
    assert all(re.search(rf"sarai {name}\b", verbs) for name in VERB_MODULES) and verbs.count("Example: sarai") > 25
    parameters = text_of(reference / "parameters.html")
    assert all(f"{row.name} {row.unit}" in parameters for row in parameter_table().values())
    tables = text_of(reference / "case.html")
    assert all(spec.file in tables for spec in SPECS)
    functions = text_of(reference / "python-reconcile.html")
    assert "reconcile ( world : World" in functions or "reconcile(world: World" in functions


def test_responsible_use_is_a_page_of_the_site(site: Path) -> None:
    """With its three lines."""
    page = text_of(site / "responsible-use.html")
    assert all(line in page for line in RESPONSIBLE_USE)


def test_remarks_for_tests_reach_no_page(site: Path) -> None:
    """What tells the tests how to follow a page is taken out, and a fence keeps no exit code."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "test: " not in text.partition("<article")[2][:100_000] or "<!-- test:" not in text, page.name
        assert "exit=2" not in text, page.name


def test_the_model_card_has_its_parts_and_the_figures_of_the_scoreboard() -> None:
    """What it is for, what it was tried on, where it fails; each score stands on the scoreboard."""
    card = (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")
    board = (ROOT / "docs" / "scoreboard.md").read_text(encoding="utf-8")
    for part in ("Intended use", "Not intended", "tried on", "How well", "out of sample", "Where it fails", "dispute"):
        assert part in card
    pool = re.findall(r"\| pool \| [\d,]+ \| [\d.]+ \| ([\d.]+) \| [\d.]+ to [^|]+ \| ([\d.]+)", board)
    for figure in (f"{pool[0][0]} of the best", f"score {pool[1][1]} of the best", f"(log score {pool[3][1]})"):
        assert figure in card, figure


def test_figures_on_unseen_emergencies_are_those_of_their_page() -> None:
    """What the page on choices says of emergencies that were held out stands in the table of the bench."""
    said = " ".join((ROOT / "docs" / "explanation" / "forecast-choices.md").read_text(encoding="utf-8").split())
    held_out = (ROOT / "docs" / "unseen.md").read_text(encoding="utf-8").partition("## Held out")[2]
    rows = {}
    for line in held_out.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 12:
            rows[cells[0]] = (cells[4], cells[6], cells[9][:4])
    for kind, sentence in (
        (
            "**all enforced**",
            "{0} of the best baseline where the deadline was enforced (log {1}) and its 90 % bands hold {2}",
        ),
        ("late", "where it took effect a week late {0} (log {1}) and {2}"),
        ("not-enforced", "where it came to nothing {0} (log {1})"),
        ("not-enforced-twice", "where two in a row did {0} (log {1})"),
        ("**all without a deadline**", "without a deadline {0} (log {1})"),
        ("drawn-enforced", "In the wide family, held out, {0} (log {1}) where it was enforced"),
        ("drawn-late", "{0} (log {1}) where it was late"),
        ("drawn-not-enforced", "and {0} (log {1}) where it came to nothing, because"),
        ("iran-2025", "told by eleven figures: {0} (log {1}), and its 90 % bands hold {2}"),
        ("pakistan-2025", "both enforced: {0} (log {1}), and its 90 % bands hold {2}"),
        ("saudi-2013", "From Saudi Arabia in 2013: {0} (log {1}), and its 90 % bands hold {2}"),
        ("kenya-2016", "called off: {0} (log {1}), and its 90 % bands hold {2}"),
    ):
        assert sentence.format(*rows[kind]) in said, kind


def test_the_citation_file_holds() -> None:
    """Version and licence are those of the package, and every entry that the format needs is there."""
    import tomllib

    import yaml

    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cited)
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "software"
    assert (str(cited["version"]), cited["license"]) == (project["version"], project["license"])
    for reference in cited["references"]:
        assert {"type", "title", "authors"} <= set(reference)


@pytest.mark.browser
@NEEDS_CHROMIUM
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_accessible_and_fit_a_phone(site: Path, width: int) -> None:
    """axe-core finds nothing, and no page scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for name in ("index", "tutorial", "model-card", "explanation/model", "reference/parameters", "reference/cli"):
            page.goto((site / f"{name}.html").as_uri())
            found = [violation["id"] for violation in Axe().run(page).response["violations"]]
            assert found == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
