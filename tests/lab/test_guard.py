"""Guard: only this machine or the token, only the page's own requests, nothing too large, strict headers on all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from sarai.lab.guard import HEADERS, LARGEST_BODY
from sarai.lab.server import create_app
from sarai.lab.session import Session

TOKEN = "a-token-that-was-printed"


@pytest.fixture()
def shared(session: Session) -> Iterator[TestClient]:
    """A lab that is shared on a network."""
    with TestClient(create_app(session, token=TOKEN), base_url="http://192.168.1.5:8765") as made:
        yield made


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil", "192.168.1.5"])
def test_only_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    """A page elsewhere that points a name at this machine gets nothing."""
    assert client.get("/api/world", headers={"host": host}).status_code == 421
    for own in ("127.0.0.1:8765", "localhost", "LOCALHOST:80", "[::1]:8765"):
        assert client.get("/api/world", headers={"host": own}).status_code == 200


def test_other_pages_cannot_make_the_lab_work(client: TestClient) -> None:
    """A browser says where a request comes from; what another site causes is refused before any work."""
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        assert client.get("/api/compare", headers={"sec-fetch-site": site}).status_code == status


def test_every_reply_has_the_headers(client: TestClient) -> None:
    """Answers, refusals and what is not there."""
    for path in ("/", "/api/world", "/nothing", "/api/compare?set=x"):
        headers = client.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert client.get("/", headers={"host": "evil"}).headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("body", ["x" * (LARGEST_BODY + 1), '{"changes": []}' + " " * LARGEST_BODY])
def test_too_large_a_body_is_refused(client: TestClient, body: str) -> None:
    """By its header, or while it comes in pieces without one."""
    assert client.post("/api/compare", content=body).status_code == 413
    pieces = (body[start : start + 9000].encode() for start in range(0, len(body), 9000))
    assert client.post("/api/compare", content=pieces).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 40])
def test_a_false_length_is_refused(client: TestClient, length: str) -> None:
    """A length that is no number, or one beyond all bounds."""
    assert client.get("/api/world", headers={"content-length": length}).status_code == 413


def test_too_long_an_address_is_refused(client: TestClient) -> None:
    """The query is bounded as the body is."""
    assert client.get("/api/compare", params={"set": ["a=b"] * 3000}).status_code == 413


def test_sharing_needs_the_token_by_address_header_or_cookie(shared: TestClient) -> None:
    """Without it nothing is answered, not even the page; with it once, a strict cookie carries it."""
    for path in ("/", "/api/world", "/api/world?token=wrong", "/openapi.json"):
        assert shared.get(path).status_code == 401
    assert shared.get("/api/world", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert shared.get("/api/world", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert shared.get("/api/world", headers={"cookie": "a=b; ;;"}).status_code == 401
    reply = shared.get(f"/?token={TOKEN}")
    assert reply.status_code == 200
    cookie = reply.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    assert shared.get("/api/world").status_code == 200


def test_no_name_from_outside_reaches_the_disk(client: TestClient) -> None:
    """Only the files of the page can be asked for, under their own names."""
    for path in (
        "/../pyproject.toml",
        "/static/lab.js",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/lab.js/x",
        "/index.html",
        "/answer.py",
    ):
        assert client.get(path).status_code == 404
