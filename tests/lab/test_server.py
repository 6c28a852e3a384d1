"""The lab's API answers with paired differences, and refuses with sentences what it should."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from tests.makers.forbidden import FORBIDDEN

from sarai.lab.session import Session
from sarai.world.line import REFUSED


def ask(client: TestClient, *changes: tuple[str, str]) -> dict[str, Any]:
    """The answer to some changes."""
    body = {"changes": [{"path": path, "value": value} for path, value in changes]}
    reply = client.post("/api/compare", json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def lines(answer: dict[str, Any], window: int = -1) -> dict[str, Any]:
    """The indicators of a window by id."""
    return {line["id"]: line for line in answer["windows"][window]["lines"]}


def test_the_page_is_small_and_asks_nothing_of_the_network(client: TestClient) -> None:
    """Page, style and scripts come from memory, under a policy that allows nothing from elsewhere."""
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    scripts = (
        "lab",
        "dom",
        "state",
        "api",
        "controls",
        "chart",
        "answer",
        "timeline",
        "map",
        "scenarios",
        "ready",
        "send",
    )
    files = ["lab.css", *(f"{name}.js" for name in scripts)]
    replies = [page, *(client.get(f"/{name}") for name in files), client.get("/api/world")]
    for reply in replies:
        assert reply.status_code == 200
        assert "http://" not in reply.text.replace("http://www.w3.org", "")
        assert "https://" not in reply.text
    assert sum(len(reply.content) for reply in replies) < 300_000


def test_nothing_changed_means_no_difference(client: TestClient) -> None:
    """The same futures under the same scenario differ by exactly nothing, in every indicator and on every day."""
    answer = ask(client)
    for window in answer["windows"]:
        assert all(line["difference"] == [0.0, 0.0, 0.0] and line["equal"] == 1.0 for line in window["lines"])
    assert all(course["base"] == course["changed"] for course in answer["courses"])


def test_crossings_are_the_longest_queues_and_sums_of_each_member(client: TestClient, session: Session) -> None:
    """Each crossing's queue and people by window, reckoned here once more from the members themselves."""
    answer = ask(client, ("crossings.torkham.closed", "2023-11-05..2023-11-14"))
    names, base = session.futures.base.axes["crossing"], session.futures.base
    for window in answer["windows"]:
        assert [one["place"] for one in window["crossings"]] == list(names)
        for at, one in enumerate(window["crossings"]):
            longest = base["queue"][: window["days"], at].max(axis=0)
            crossed = base["crossed"][: window["days"], at].sum(axis=(0, 1))
            for found, values in ((one["queue"], longest), (one["crossed"], crossed)):
                assert found["base"] == np.quantile(values, (0.05, 0.5, 0.95)).round().tolist()
    torkham = next(one for one in answer["windows"][1]["crossings"] if one["place"] == "torkham")
    assert torkham["queue"]["difference"][1] > 0


def test_a_deadline_past_the_last_day_is_said(client: TestClient) -> None:
    """Fewer until the last day is not fewer in all: the answer says so, and which horizon would count them."""
    (note,) = ask(client, ("calendar.undocumented.deadline", "2024-03-31"))["notes"]
    assert "31 March 2024" in note and "--horizon 169" in note
    assert ask(client, ("calendar.undocumented.deadline", "2023-11-15"))["notes"] == []
    assert ask(client, ("calendar.undocumented.suspended", "true"))["notes"] == []


def test_windows_are_sums_of_the_first_days(client: TestClient, session: Session) -> None:
    """The windows end on their days, the last is the horizon, and what is counted only grows with the window."""
    answer = ask(client, ("crossings.torkham.closed", "2023-11-02..2023-11-05"))
    assert [window["days"] for window in answer["windows"]] == [7, 14, 30]
    assert [window["last"] for window in answer["windows"]] == [session.days[6], session.days[13], session.days[29]]
    counts = [lines(answer, at)["arrivals"]["base"][1] for at in range(3)]
    assert counts == sorted(counts)
    crossed = session.futures.base["crossed"][:7].sum(axis=(0, 1, 2))
    assert lines(answer, 0)["arrivals"]["base"][1] == pytest.approx(
        float(sorted(crossed)[19] + sorted(crossed)[20]) / 2
    )


def test_all_crossings_are_summed_in_each_world_first(client: TestClient, session: Session) -> None:
    """The band of the total is that of the sums, not the sum of bands."""
    import numpy as np

    course = next(one for one in ask(client)["courses"] if (one["what"], one["place"]) == ("crossed", "all"))
    total = session.futures.base["crossed"].sum(axis=(1, 2))
    assert course["base"] == np.quantile(total, (0.05, 0.5, 0.95), axis=-1).round().astype(int).tolist()


def test_more_room_never_makes_more_nights_without_shelter(client: TestClient) -> None:
    """Doubling reception leaves arrivals as they are and can only lessen nights without shelter."""
    stages = ("omari_reception", "takhta_pul_reception")
    answer = ask(client, *((f"stages.{stage}.capacity", "x2") for stage in stages))
    assert lines(answer)["arrivals"]["difference"] == [0.0, 0.0, 0.0]
    assert lines(answer)["open_nights"]["difference"][2] <= 0.0
    site = next(one for one in answer["sites"] if one["stage"] == "omari_reception")
    assert site["capacity"][1] == 2 * site["capacity"][0]


def test_every_shipped_scenario_runs_in_one_table(client: TestClient, session: Session) -> None:
    """All scenarios of the case that begin within the days stand side by side, each as it is when asked alone."""
    world = client.get("/api/world").json()
    shipped = [{"name": one["name"], "changes": one["changes"]} for one in world["scenarios"]]
    whole = client.post("/api/table", json={"scenarios": shipped})
    late = "calendar.undocumented.pause"  # begins in December, after the thirty days of this session
    assert whole.status_code == 422 and whole.json()["faults"][0].startswith(f"{late}: the period begins after")
    scenarios = [one for one in shipped if late not in {change["path"] for change in one["changes"]}]
    assert len(scenarios) == len(session.shipped) - 1
    table = client.post("/api/table", json={"scenarios": scenarios}).json()
    assert table["scenarios"] == [one["name"] for one in scenarios]
    for column, scenario in enumerate(scenarios):
        alone = lines(ask(client, *((one["path"], one["value"]) for one in scenario["changes"])))
        assert all(row["cells"][column] == alone[row["id"]]["difference"] for row in table["rows"])


def test_every_path_that_takes_a_value_has_a_control(client: TestClient, session: Session) -> None:
    """What the terminal may change the page may change; left out is only what any value is refused for."""
    from sarai.whatif.paths import all_paths

    controls = client.get("/api/world").json()["controls"]
    assert all(one["group"] and one["label"] and one["form"] and one["kind"] != "text" for one in controls)
    for path in sorted(set(all_paths(session.world)) - {one["path"] for one in controls}):
        reply = client.post("/api/compare", json={"changes": [{"path": path, "value": "7"}]})
        assert reply.status_code == 422, path
        assert "not known" in reply.json()["faults"][0] or "not stated" in reply.json()["faults"][0]


def test_a_new_kind_of_path_gets_a_plain_input(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """A rule that the room has never seen appears by itself, as a text with its form."""
    from sarai.lab import controls
    from sarai.whatif.paths import PathRule

    rule = PathRule(
        area="crossings", field="shade", form="square metres", example="10", meaning="shade for those who wait"
    )
    monkeypatch.setattr(controls, "RULES", (*controls.RULES, rule))
    found = [one for one in controls.list_controls(session.world) if one["path"] == "crossings.torkham.shade"]
    assert [(one["kind"], one["label"], one["form"]) for one in found] == [
        ("text", "Shade for those who wait", "square metres")
    ]


def test_the_address_and_the_table_say_the_same(client: TestClient) -> None:
    """GET with ?set= and its CSV, for R and spreadsheets, hold the numbers of POST."""
    change = ("crossings.torkham.hours", "8-12")
    posted, query = ask(client, change), {"set": "=".join(change)}
    assert client.get("/api/compare", params=query).json() == posted
    table = list(csv.DictReader(io.StringIO(client.get("/api/compare.csv", params=query).text)))
    found = {(int(row["days"]), row["indicator"]): float(row["difference_q50"]) for row in table}
    assert found == {
        (window["days"], line["id"]): line["difference"][1] for window in posted["windows"] for line in window["lines"]
    }


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("enforcement.rate", "2", "outside fact"),
        ("holding.punjab.capacity", "x2", "outside fact"),
        ("goal.remaining", "0", ""),
        ("crossings.torkam.closed", "2023-11-01..2023-11-02", "did you mean crossings.torkham.closed"),
        ("crossings.torkham.closed", "2023-11-31..2023-12-02", "not a day of the calendar"),
        ("crossings.torkham.closed", "2023-11-30..2023-11-02", "ends before it starts"),
        ("stages.omari_reception.capacity", "1e30", "beyond what is possible"),
    ],
)
def test_refusals_are_sentences(client: TestClient, path: str, value: str, words: str) -> None:
    """What may not be changed or makes no sense is refused with words that a person can act on."""
    reply = client.post("/api/compare", json={"changes": [{"path": path, "value": value}]})
    assert reply.status_code == 422
    (fault,) = reply.json()["faults"]
    assert words in fault
    assert path in fault
    assert "\n" not in fault


def test_contradictory_changes_are_named_together(client: TestClient) -> None:
    """One path set twice, and a fault elsewhere: both are said at once."""
    changes = [
        ("crossings.torkham.hours", "8-12"),
        ("crossings.torkham.hours", "8-14"),
        ("crossings.chaman.hours", "9-8"),
    ]
    reply = client.post("/api/compare", json={"changes": [{"path": path, "value": value} for path, value in changes]})
    assert reply.status_code == 422
    assert len(reply.json()["faults"]) == 2


def test_an_unknown_address_is_answered_with_those_that_there_are(client: TestClient) -> None:
    """A sentence, in the form of every refusal."""
    reply = client.get("/api/nothing")
    assert reply.status_code == 404
    assert "/api/compare" in reply.json()["faults"][0]
    assert client.get("/api/table").status_code == 405


def test_openapi_describes_the_calls_and_their_answers(client: TestClient) -> None:
    """The description that R or a spreadsheet reads names the calls, the form of answers and of refusals."""
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/world", "/api/compare", "/api/compare.csv", "/api/ready", "/api/ready.csv", "/api/table",
        "/api/briefing", "/api/preposition", "/api/preposition.csv",
    }  # fmt: skip
    answer = described["paths"]["/api/compare"]["post"]["responses"]
    assert {"200", "413", "422"} <= set(answer)
    assert "AnswerOut" in str(answer["200"])


def test_answers_have_the_form_that_is_described(client: TestClient) -> None:
    """What is sent fits the models of the description, with nothing missing."""
    from sarai.lab.told import AnswerOut, PrepositionOut, ReadyOut, TableOut

    AnswerOut.model_validate(ask(client, ("calendar.undocumented.suspended", "true")))
    table = client.post("/api/table", json={"scenarios": [{"name": "x", "changes": []}]})
    TableOut.model_validate(table.json())
    ReadyOut.model_validate(client.post("/api/ready", json={"days": 7}).json())
    PrepositionOut.model_validate(client.post("/api/preposition", json={"budget_usd": 9e4}).json())


def test_what_to_have_ready_is_the_plan_of_the_scenario(client: TestClient, session: Session) -> None:
    """Needs of a week are those counted from the futures, in whole units; doubled desks are in place, not missing."""
    body = {"days": 7, "changes": []}
    before = client.post("/api/ready", json=body).json()
    assert (before["first"], before["last"]) == ("2023-10-29", "2023-11-04")
    meals = next(
        one for one in before["rows"] if (one["site"], one["item"]) == ("torkham_zero_point", "hot meals on arrival")
    )
    base = session.futures.base
    stage = base.axes["stage"].index("torkham_screening")
    week = (base.days >= session.futures.first_day) & (base.days < session.futures.first_day + 7)
    people = base["stage_arrivals"][week][:, stage].sum(axis=0)
    assert abs(meals["need"][1] - float(np.quantile(people, 0.8))) <= 1.0
    change = {"path": "registration.torkham_zero_point.desks", "value": "x2@2023-10-29"}
    after = client.post("/api/ready", json={**body, "changes": [change]}).json()
    desks = [
        next(one for one in found["rows"] if (one["site"], one["item"]) == ("torkham_zero_point", "registration desks"))
        for found in (before, after)
    ]
    assert desks[1]["in_place"] == 2 * desks[0]["in_place"]
    assert desks[1]["missing"] <= max(0.0, desks[0]["missing"] - desks[0]["in_place"])
    orders = [one["order_by"] for one in before["rows"] if one["order_by"]]
    late = [max(day, "2023-10-28") for day in orders]
    assert late == sorted(late)


def test_more_days_than_were_simulated_are_refused(client: TestClient) -> None:
    """The horizon of this lab is thirty days; nothing is said beyond it."""
    reply = client.post("/api/ready", json={"days": 31})
    assert reply.status_code == 422
    assert "1 to 30" in reply.json()["faults"][0]
    assert client.get("/api/ready.csv?days=31").status_code == 422


def test_a_plan_under_a_budget_follows_the_changes(client: TestClient) -> None:
    """Whole units at their price within the budget; twice the desks in place leave fewer to send; CSV says the same."""
    body = {"budget_usd": 400_000, "days": 14, "at_least": [{"site": "omari_camp", "supply": "blankets", "units": 300}]}
    found = client.post("/api/preposition", json=body).json()
    rows = {(row["site"], row["supply"]): row for row in found["rows"]}
    assert sum(row["units"] * row["unit_cost_usd"] for row in found["rows"]) == pytest.approx(found["spent_usd"])
    assert 0.9 * 400_000 < found["spent_usd"] <= 400_000
    assert rows["omari_camp", "blankets"]["units"] >= 300
    unmet = found["unmet"]
    assert unmet["foresight"] < unmet["plan"] < unmet["figure"] <= unmet["nothing"]
    assert found["regret"] == pytest.approx(unmet["plan"] - unmet["foresight"], abs=1e-6)
    assert found["limits"][0].startswith("Money: another 10,000 USD")
    more = {"path": "health.torkham_zero_point.staff", "value": "+60@2023-10-29"}
    again = client.post("/api/preposition", json={**body, "changes": [more]}).json()
    staff = {(row["site"], row["supply"]): row for row in again["rows"]}["torkham_zero_point", "health_staff"]
    assert staff["units"] < rows["torkham_zero_point", "health_staff"]["units"]
    address = {"budget_usd": 400_000, "days": 14, "at_least": "omari_camp:blankets=300"}
    table = csv.DictReader(io.StringIO(client.get("/api/preposition.csv", params=address).text))
    assert [(row["site"], row["supply"], int(row["units"])) for row in table] == [
        (*key, row["units"]) for key, row in rows.items()
    ]


def test_what_comes_late_is_not_counted_as_there(client: TestClient) -> None:
    """By order, tents come on the fourteenth day; a day in place moves every line; both leave more unmet."""
    body = {"budget_usd": 400_000, "days": 30}
    now, later, ordered = (
        client.post("/api/preposition", json={**body, **more}).json()
        for more in ({}, {"in_place_by": "2023-11-03"}, {"by_order": True})
    )
    assert {row["there_from"] for row in later["rows"]} == {"2023-11-03"}
    assert all(row["order_in_time"] for row in ordered["rows"])
    assert next(row for row in ordered["rows"] if row["lead_days"] == 14)["there_from"] == "2023-11-11"
    assert now["unmet"]["plan"] < later["unmet"]["plan"] < later["unmet"]["nothing"]
    assert not any(row["order_in_time"] for row in now["rows"] if row["lead_days"] > 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"budget_usd": 10, "at_least": [("omari_camp", "blankets", 5000)]}, "39,990 USD more"),
        (
            {
                "budget_usd": 1e6,
                "at_least": [("omari_camp", "blankets", 9)],
                "at_most": [("omari_camp", "blankets", 4)],
            },
            "5 fewer",
        ),
        ({"budget_usd": 1e6, "at_most": [("omari_camp", "carpets", 4)]}, "no such supply"),
        ({"budget_usd": 1e6, "in_place_by": "2024-11-03"}, "not among the days"),
        ({"budget_usd": 1e6, "days": 31}, "were not simulated"),
    ],
)
def test_a_plan_that_is_not_feasible_is_a_sentence(client: TestClient, body: dict[str, Any], words: str) -> None:
    """Which constraint, and by how much; in a body as in an address."""
    bounds = {
        name: [{"site": site, "supply": supply, "units": units} for site, supply, units in body[name]]
        for name in ("at_least", "at_most")
        if name in body
    }
    written = {name: [f"{site}:{supply}={units}" for site, supply, units in body[name]] for name in bounds}
    for reply in (
        client.post("/api/preposition", json={**body, **bounds}),
        client.get("/api/preposition.csv", params={**body, **written}),
    ):
        assert reply.status_code == 422
        assert words in reply.json()["faults"][0]


def test_what_can_be_sent_is_told_beforehand(client: TestClient) -> None:
    """The page offers each line of the plan, in its order, before any plan is made."""
    stores = client.get("/api/world").json()["stores"]
    rows = client.post("/api/preposition", json={"budget_usd": 0, "days": 7}).json()["rows"]
    assert [(one["site"], one["supply"]) for one in stores] == [(row["site"], row["supply"]) for row in rows]


@pytest.mark.parametrize("path", [path for paths in FORBIDDEN.values() for path in paths])
def test_no_door_of_the_api_takes_what_lies_beyond_the_line(client: TestClient, path: str) -> None:
    """Each forbidden path is refused with its sentence in the difference, the table, the needs and the plan."""
    change = {"path": path, "value": "2"}
    replies = [
        client.get("/api/compare", params={"set": f"{path}=2"}),
        client.get("/api/compare.csv", params={"set": f"{path}=2"}),
        client.post("/api/compare", json={"changes": [change]}),
        client.post("/api/table", json={"scenarios": [{"name": "one", "changes": [change]}]}),
        client.post("/api/ready", json={"changes": [change]}),
        client.get("/api/ready.csv", params={"set": f"{path}=2"}),
        client.post("/api/preposition", json={"budget_usd": 1000, "changes": [change]}),
        client.get("/api/preposition.csv", params={"budget_usd": 1000, "set": f"{path}=2"}),
    ]
    sentences = [reason.rstrip(".") for _, reason in REFUSED]
    for reply in replies:
        assert reply.status_code == 422
        (fault,) = reply.json()["faults"]
        assert fault.startswith(f"{path}: ") and any(reason in fault for reason in sentences)
