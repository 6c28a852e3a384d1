"""The lab's API answers with paired differences, refuses what it should, and never shows a trace."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from sarai.lab.server import create_app
from sarai.lab.session import Session, open_session
from sarai.observe.case_folder import load_case
from sarai.observe.scenario_file import case_scenarios


@pytest.fixture(scope="module")
def session() -> Session:
    """A small session of the built-in case."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    return open_session(world, case_scenarios("pakistan-2023"), horizon_days=30, member_count=40, seed=1)


@pytest.fixture(scope="module")
def client(session: Session) -> Iterator[TestClient]:
    """A browser without a screen."""
    with TestClient(create_app(session)) as made:
        yield made


def test_the_page_is_three_files_under_a_strict_policy(client: TestClient) -> None:
    """Page, style and script come from memory, small, with a content security policy that allows nothing else."""
    sizes = 0
    for path in ("/", "/lab.css", "/lab.js"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert "default-src 'self'" in reply.headers["content-security-policy"]
        assert "http://" not in reply.text.replace("http://www.w3.org", "")
        sizes += len(reply.content)
    assert sizes < 1_500_000


def test_nothing_changed_means_no_difference(client: TestClient) -> None:
    """The same futures under the same scenario differ by exactly nothing, in every indicator and on every day."""
    answer = client.post("/api/compare", json={"changes": []}).json()
    assert all(line["difference"] == [0.0, 0.0, 0.0] for line in answer["lines"])
    assert all(course["base"] == course["changed"] for course in answer["courses"])


def test_more_room_never_makes_more_nights_without_shelter(client: TestClient) -> None:
    """Doubling reception leaves arrivals as they are and can only lessen nights without shelter."""
    changes = [
        {"path": f"stages.{stage}.capacity", "value": "x2"} for stage in ("omari_reception", "takhta_pul_reception")
    ]
    lines = {line["id"]: line for line in client.post("/api/compare", json={"changes": changes}).json()["lines"]}
    assert lines["arrivals"]["difference"] == [0.0, 0.0, 0.0]
    assert lines["open_nights"]["difference"][2] <= 0.0


def test_every_shipped_scenario_runs(client: TestClient, session: Session) -> None:
    """All scenarios of the case stand side by side, with one row an indicator and one column a scenario."""
    scenarios = [
        {
            "name": text.name,
            "changes": [dict(zip(("path", "value"), line.split("=", 1), strict=True)) for line in text.lines],
        }
        for text in session.shipped
    ]
    table = client.post("/api/table", json={"scenarios": scenarios}).json()
    assert table["scenarios"] == [text.name for text in session.shipped]
    assert all(len(row["cells"]) == len(scenarios) for row in table["rows"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("enforcement.rate", "2"),
        ("holding.punjab.capacity", "x2"),
        ("goal.remaining", "0"),
        ("crossings.nowhere.closed", "2023-11-01..2023-11-02"),
        ("crossings.torkham.closed", "2023-11-31..2023-12-02"),
        ("stages.omari_reception.capacity", "1e30"),
    ],
)
def test_refusals_are_sentences(client: TestClient, path: str, value: str) -> None:
    """What may not be changed or makes no sense is refused with words that a person can act on."""
    reply = client.post("/api/compare", json={"changes": [{"path": path, "value": value}]})
    assert reply.status_code == 422
    text = " ".join(reply.json()["faults"])
    assert len(text) > 20
    assert "Traceback" not in text


def test_the_api_survives_nonsense(client: TestClient, session: Session) -> None:
    """Random paths, values and bodies end in an answer or a refusal, never in an error of the server."""
    dice = random.Random(7)
    paths = client.get("/api/world").json()["controls"]
    for _ in range(60):
        path = dice.choice(paths)["path"] if dice.random() < 0.7 else "".join(dice.choices(string.printable, k=12))
        value = dice.choice(["", "0", "-1", "nan", "inf", "2023-13-40", "9" * 50, "..", "1-2", "true", "x" * 300, "@@"])
        reply = client.post("/api/compare", json={"changes": [{"path": path, "value": value}]})
        assert reply.status_code in (200, 422), (path, value, reply.text)
    for body in ("", "[]", "{", '{"changes": 5}', '{"changes": [{"path": 1}]}', json.dumps({"other": 1})):
        reply = client.post("/api/compare", content=body, headers={"content-type": "application/json"})
        assert reply.status_code in (200, 422)


def test_no_name_from_outside_reaches_the_disk(client: TestClient) -> None:
    """Only the three files of the page can be asked for."""
    for path in ("/../pyproject.toml", "/static/lab.js", "/%2e%2e/%2e%2e/etc/passwd", "/lab.js/x", "/index.html"):
        assert client.get(path).status_code == 404


def test_only_this_machine_is_answered_without_a_token(client: TestClient) -> None:
    """A page elsewhere that points a name at this machine gets nothing."""
    assert client.get("/api/world", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/api/world", headers={"host": "127.0.0.1:8765"}).status_code == 200


def test_sharing_needs_the_token(session: Session) -> None:
    """With a token every request must carry it; the page keeps it in a strict cookie."""
    with TestClient(create_app(session, token="secret-token")) as shared:
        assert shared.get("/api/world").status_code == 401
        assert shared.get("/api/world?token=wrong").status_code == 401
        reply = shared.get("/?token=secret-token")
        assert reply.status_code == 200
        assert "samesite=strict" in reply.headers["set-cookie"].lower()
        assert shared.get("/api/world").status_code == 200


def test_too_large_a_body_is_refused(client: TestClient) -> None:
    """A body beyond any real question is refused before it is read."""
    assert client.post("/api/compare", content="x" * 200_000).status_code == 400


def test_openapi_describes_the_three_calls(client: TestClient) -> None:
    """The description that R or a spreadsheet reads names the calls and their refusals."""
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {"/api/world", "/api/compare", "/api/table"}
