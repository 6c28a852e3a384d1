"""Planning questions answered on the lab's page: what is read there is what the API says."""

from __future__ import annotations

import csv
import io
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from makers.browser import IN_BROWSER
from makers.lab_page import DEADLINE, TORKHAM, Moved, asked, near, shown

pytestmark = IN_BROWSER


def test_how_many_fewer_cross_in_the_first_week_if_the_deadline_moves(page: Any, address: str) -> None:
    """First planning question: set the day, choose the first seven days, read the difference."""
    with Moved(page):
        page.fill(f"[id='c-{DEADLINE}']", "2024-03-31")
        page.locator(f"[id='c-{DEADLINE}']").blur()
    page.get_by_role("radio", name="First 7 days").check()
    line = next(
        one for one in asked(address, f"{DEADLINE}=2024-03-31")["windows"][0]["lines"] if one["id"] == "arrivals"
    )
    assert line["difference"][1] < 0
    assert near(shown(page, "arrivals", 3), line["difference"])
    assert "fewer" in page.locator("#lines tr[data-id=arrivals] td").last.inner_text()
    assert "31 March 2024, after the last day counted" in page.inner_text("#notes")
    assert "31 March 2024" in page.inner_text("#chips li")


def test_how_many_more_nights_in_the_open_if_torkham_closes_ten_days(page: Any, address: str) -> None:
    """Second planning question: one press in Torkham's lane, then the row of nights without shelter."""
    with Moved(page):
        page.get_by_role("button", name="Torkham: closed: add 10 days").click()
    line = next(
        one
        for one in asked(address, f"{TORKHAM}=2023-11-05..2023-11-14")["windows"][-1]["lines"]
        if one["id"] == "open_nights"
    )
    assert near(shown(page, "open_nights", 3), line["difference"])
    assert page.locator("#chips li").inner_text().startswith("Torkham, closed: 5 Nov to 14 Nov")


def test_where_queues_go_if_torkham_closes_and_by_how_much(page: Any, address: str) -> None:
    """A planning question of its own: the table of crossings has each crossing's longest queue and its difference."""
    with Moved(page):
        page.get_by_role("button", name="Torkham: closed: add 10 days").click()
    page.get_by_role("radio", name="First 14 days").check()
    crossings = asked(address, f"{TORKHAM}=2023-11-05..2023-11-14")["windows"][1]["crossings"]
    for one in crossings:
        cells = page.locator("#crossing-rows tr", has_text=one["name"]).locator("td")
        for at, triple in (
            (0, one["queue"]["base"]),
            (2, one["queue"]["difference"]),
            (5, one["crossed"]["difference"]),
        ):
            text = cells.nth(at).inner_text()
            found = [int(each.replace(",", "").replace("−", "-")) for each in re.findall(r"−?[\d,]+", text)]
            assert near(found, triple), (one["name"], at)
    torkham = next(one for one in crossings if one["place"] == "torkham")
    assert torkham["queue"]["difference"][1] > 0 > torkham["crossed"]["difference"][1]


def test_what_must_be_at_one_place_by_a_day_and_what_it_costs(page: Any, address: str) -> None:
    """A place and a day are chosen: only its lines stand there, and the sentence says their cost."""
    page.wait_for_selector("#ready[data-ready]:not(.waiting)")
    page.select_option("#ready-place", label="Torkham zero point")
    page.fill("#ready-to", "2023-11-03")
    page.locator("#ready-to").blur()
    page.wait_for_selector("#ready[data-ready='6']:not(.waiting)")
    with urllib.request.urlopen(f"{address}api/ready.csv?days=6") as reply:
        rows = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if row["in_place"]]
    short = [row for row in rows if row["site"] == "torkham_zero_point" and float(row["missing"]) > 0]
    assert page.locator("#ready-rows tr").count() == len(short) > 0
    cost = sum(float(row["cost_usd"]) for row in short)
    said = page.inner_text("#ready-said")
    assert "to 3 November 2023" in said
    assert int(re.findall(r"about ([\d,]+) US", said)[0].replace(",", "")) == pytest.approx(cost, rel=0.05)
    page.fill("#ready-to", "2031-01-01")
    page.locator("#ready-to").blur()
    assert "further ahead nothing was simulated" in page.inner_text("#ready-said")


def test_which_site_is_above_capacity_first_and_when(page: Any, address: str) -> None:
    """Third planning question: the answer stands in a sentence, and the table names every site with its day."""
    path = "stages.takhta_pul_reception.capacity"
    with Moved(page):
        page.fill(f"[id='c-{path}-number']", "200") if page.locator(f"[id='c-{path}-number']").is_visible() else None
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        page.fill(f"[id='c-{path}-number']", "200")
        page.locator(f"[id='c-{path}-number']").blur()
    answer = asked(address, f"{path}=200")
    first = page.locator("#first .changed dd").inner_text()
    assert first == answer["first_above"]["changed"]
    assert first.startswith("Takhta Pul camp: reception centre, from about ")
    assert page.locator("#breaches tbody tr").first.inner_text().startswith("Takhta Pul camp")


def test_what_must_be_where_by_friday(page: Any, address: str) -> None:
    """Fourth planning question: choose the first seven days; the lines that are short, the most urgent first."""
    page.get_by_role("radio", name="First 7 days").check()
    page.wait_for_selector("#ready[data-ready='7']:not(.waiting)")
    with urllib.request.urlopen(f"{address}api/ready.csv?days=7") as reply:
        wanted = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if row["in_place"]]
    short = [row for row in wanted if float(row["missing"]) > 0]
    assert page.locator("#ready-rows tr, #ready-more-rows tr").count() == len(short) > 0
    first = page.locator("#ready-rows tr").first.inner_text()
    assert short[0]["name"] in first and f"{round(float(short[0]['missing'])):,}" in first
    assert f"{len(short)} of the {len(wanted)} lines" in page.inner_text("#ready-said")
    with Moved(page):
        page.select_option("#shipped", label="registration desks doubled")
    page.wait_for_selector("#ready-file[href*=desks]")


def test_what_to_send_where_under_a_budget(page: Any, address: str, tmp_path: Path) -> None:
    """Fifth planning question, by keyboard: a budget, Enter; lines, limits and the table are those of the API."""
    page.get_by_role("radio", name="First 7 days").check()
    page.fill("#send-budget", "500000")
    page.press("#send-budget", "Enter")
    page.wait_for_selector("#send-found:not([hidden])")
    with urllib.request.urlopen(f"{address}api/preposition.csv?budget_usd=500000&days=7") as reply:
        wanted = [row for row in csv.DictReader(io.StringIO(reply.read().decode())) if int(row["units"])]
    assert page.locator("#send-rows tr, #send-more-rows tr").count() == len(wanted)
    dearest = max(wanted, key=lambda row: float(row["cost_usd"]))
    assert f"{int(dearest['units']):,}" in page.locator("#send-rows tr").first.inner_text()
    assert page.locator("#send-unmet tr").count() == 4 and "another 10,000 USD" in page.inner_text("#send-limits")
    with page.expect_download() as saved:
        page.click("#send-file")
    saved.value.save_as(tmp_path / "send.csv")
    with (tmp_path / "send.csv").open(encoding="utf-8") as file:
        assert [row for row in csv.DictReader(file) if int(row["units"])] == wanted
    with Moved(page):
        page.select_option("#shipped", label="registration desks doubled")
    page.locator("#send-old").wait_for()
    page.click("#send-go")
    page.locator("#send-old").wait_for(state="hidden")


def test_a_plan_that_is_not_feasible_is_said_on_the_page(page: Any) -> None:
    """A promise beyond the budget: by how much; a budget that is none; then a plan again."""
    page.locator("#send-form details summary").click()
    page.select_option("#bound-what", "omari_camp:blankets")
    page.fill("#bound-units", "5000")
    page.press("#bound-units", "Enter")
    page.fill("#send-budget", "1000")
    page.click("#send-go")
    page.locator("#send-problem", has_text="39,000 USD more").wait_for()
    page.fill("#send-budget", "")
    page.click("#send-go")
    page.locator("#send-problem", has_text="Give a budget").wait_for()
    page.get_by_role("button", name="Take back: Omari camp, blankets: at least 5,000").click()
    page.fill("#send-budget", "1000")
    page.click("#send-go")
    page.wait_for_selector("#send-found:not([hidden])")
    assert page.locator("#send-problem").is_hidden()
