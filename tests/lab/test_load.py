"""Many clients at a time get what a single one gets; one that closes its connection stops its computation."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from benchmarks.lab_load import ask, crowd, question, wrong_answers

from sarai.lab import server as room
from sarai.lab.answer import answer
from sarai.lab.server import as_json, create_app
from sarai.lab.session import Session
from sarai.simulate.branch import Abandoned


@pytest.fixture()
def address(session: Session) -> Iterator[str]:
    """A running lab on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(session), host="127.0.0.1", port=0, log_level="error", ws="none"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(timeout=10)


def test_a_crowd_gets_what_a_single_client_gets(address: str, session: Session) -> None:
    """A dozen seeded clients, some of whom leave early: no error, and every answer is that of a single client."""
    tally = crowd(address, clients=12, seconds=2.0)
    assert tally.faults == []
    assert len(tally.seconds) >= 12
    assert wrong_answers(partial(alone, session), tally) == []


def alone(session: Session, number: int) -> bytes:
    """The answer to a question without a server."""
    change = json.loads(question(number))["changes"][0]
    return as_json(answer(session, [(change["path"], change["value"])]))


def test_a_wrong_answer_would_be_found(address: str, session: Session) -> None:
    """The check of the load test sees one answer that is not that of a single client."""
    tally = crowd(address, clients=2, seconds=0.5)
    tally.digests.setdefault(1, set()).add("of another answer")
    assert wrong_answers(partial(alone, session), tally) == [1]


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [("answer", "/api/compare", question(0)), ("make_preposition", "/api/preposition", b'{"budget_usd": 100000}')],
)
def test_a_connection_that_closes_stops_the_computation(
    address: str, monkeypatch: pytest.MonkeyPatch, name: str, path: str, body: bytes
) -> None:
    """The work is told within a second or so, and the next client is answered."""
    begun, told = threading.Event(), threading.Event()

    def endless(session: Session, asked: Any, stop: Callable[[], bool]) -> dict[str, Any]:
        begun.set()
        for _ in range(1500):
            if stop():
                told.set()
                raise Abandoned
            time.sleep(0.01)
        return {}

    monkeypatch.setattr(room, name, endless)
    link = http.client.HTTPConnection(urlsplit(address).netloc)
    link.request("POST", path, body, {"content-type": "application/json"})
    assert begun.wait(10.0)
    link.close()
    assert told.wait(10.0)
    monkeypatch.undo()
    assert ask(address, question(0))


def test_sliders_are_answered_while_a_plan_is_made(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that takes its time holds up the next plan and no slider."""
    begun, free = threading.Event(), threading.Event()

    def slow(session: Session, asked: Any, stop: Callable[[], bool]) -> dict[str, Any]:
        begun.set()
        free.wait(20.0)
        return {}

    monkeypatch.setattr(room, "make_preposition", slow)
    link = http.client.HTTPConnection(urlsplit(address).netloc)
    link.request("POST", "/api/preposition", b'{"budget_usd": 1}', {"content-type": "application/json"})
    assert begun.wait(10.0)
    assert ask(address, question(1))
    assert not free.is_set()
    free.set()
    link.close()
