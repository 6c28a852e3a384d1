"""A small lab of the built-in case, shared by the tests of the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

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
