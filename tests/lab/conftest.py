"""A small lab of the built-in case, shared by the tests of the room."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from makers.browser import chromium
from makers.lab_page import open_page
from sarai.lab.server import create_app
from sarai.lab.session import Session, open_session
from sarai.observe.case_folder import load_case
from sarai.observe.scenario_file import case_scenarios

HOME = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def session() -> Session:
    """Forty members, thirty days ahead of 28 October 2023."""
    world = load_case("pakistan-2023").as_of(date(2023, 10, 28))
    return open_session(world, case_scenarios("pakistan-2023"), horizon_days=30, member_count=40, seed=1)


@pytest.fixture(scope="session")
def client(session: Session) -> Iterator[TestClient]:
    """A browser without a screen. What the server raises comes back as a 500, as in life."""
    with TestClient(create_app(session), base_url=HOME, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def address(session: Session) -> Iterator[str]:
    """A running lab on a free port of this machine."""
    app = create_app(session, publish=lambda scenarios: f"<p>{len(scenarios)}</p>".encode())
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    with chromium() as made:
        yield made


@pytest.fixture()
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page on a desk, with nothing changed; anything that it logs as an error fails the test."""
    yield from open_page(browser, address, 1280, "light")
