"""The recipes for R and for Excel in the how-to page: what they ask for is answered in the form that they read."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient

from makers.pages import read_page
from sarai.lab.session import Session

PAGE = read_page("docs/how-to/lab.md")
LAB = "http://127.0.0.1:8765"


def recipe(language: str) -> str:
    """The text of the only fence of a language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


def test_the_power_query_of_the_page_asks_for_a_table_of_text_and_numbers(client: TestClient, session: Session) -> None:
    """`Web.Contents` puts a list into the query, one parameter an entry; `Csv.Document` and headers fit the answer."""
    text = recipe("powerquery")
    assert f'Lab = "{LAB}"' in text and "Encoding = 65001" in text and "Table.PromoteHeaders" in text
    (path,) = re.findall(r'RelativePath = "([^"]+)"', text)
    (listed,) = re.findall(r"Query = \[set = \{(.*?)\}\]", text, re.DOTALL)
    changes = re.findall(r'"([^"]+)"', listed)
    assert len(changes) == 2
    reply = client.get(f"/{path}?{urlencode([('set', one) for one in changes])}")
    assert reply.status_code == 200 and reply.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8"))))
    assert {row["days"] for row in rows} == {str(days) for days in session.window_days}
    assert any(float(row["difference_q50"]) != 0.0 for row in rows)


def test_what_the_r_recipe_asks_has_the_columns_that_it_shows(client: TestClient) -> None:
    """The two addresses of the recipe, asked as R asks them."""
    text = recipe("r")
    assert f'lab <- "{LAB}/api/"' in text
    world, table = re.findall(r'paste0\(lab, "([^"]+)"\)', text)
    controls = client.get(f"/api/{world}").json()["controls"]
    (wanted,) = re.findall(r"\$controls\[, c\((.*?)\)\]", text)
    assert all(set(re.findall(r'"(\w+)"', wanted)) <= set(one) for one in controls)
    asked = urlsplit(f"/api/{table}")
    reply = client.get(f"{asked.path}?{urlencode(parse_qsl(asked.query))}")
    (columns,) = re.findall(r"answer\[answer\$days == 30, c\((.*?)\)\]", text)
    rows = [row for row in csv.DictReader(io.StringIO(reply.text)) if row["days"] == "30"]
    assert rows and set(re.findall(r'"(\w+)"', columns)) <= set(rows[0])


def r_is_there() -> bool:
    """Whether R and its jsonlite are installed."""
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(jsonlite)"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not r_is_there(), reason="NO R WITH JSONLITE: the recipe for R was not run by R")
def test_the_r_recipe_runs(address: str, tmp_path: Path) -> None:
    """R itself, against a running lab: it prints a row an indicator with the middle of the difference."""
    script = tmp_path / "recipe.R"
    script.write_text(recipe("r").replace(f"{LAB}/", address), encoding="utf-8")
    done = subprocess.run(["Rscript", str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"peak_queue +\S+ +[1-9]", done.stdout), done.stdout
