"""Desk: one computation at a time, the last answers remembered within a bound, and nothing computed for nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from sarai.lab import desk as room
from sarai.lab.desk import Desk
from sarai.lab.server import MOST_PLANS, create_app
from sarai.lab.session import Session
from sarai.simulate.branch import Abandoned
from sarai.world.errors import RequestError


async def here() -> bool:
    """A client that stays."""
    return False


def patient(stop: Callable[[], bool]) -> bytes:
    """A long computation that looks up now and then."""
    for _ in range(500):
        if stop():
            raise Abandoned
        time.sleep(0.01)
    return b"done"


def test_an_answer_is_computed_once() -> None:
    """The same question, asked by many at a time, is computed once."""
    calls = []

    def work(stop: Callable[[], bool]) -> bytes:
        calls.append(1)
        return b"x"

    async def scene() -> list[bytes | None]:
        desk = Desk()
        return await asyncio.gather(*(desk.ask("key", work, here) for _ in range(20)))

    assert asyncio.run(scene()) == [b"x"] * 20
    assert len(calls) == 1


def test_a_client_that_goes_away_stops_its_computation() -> None:
    """Within a fraction of a second, and the next in line gets an answer."""

    async def scene() -> tuple[float, bytes | None, bytes | None, int]:
        desk, begun = Desk(), time.perf_counter()

        async def leaves() -> bool:
            return time.perf_counter() - begun > 0.2

        first, second = await asyncio.gather(
            desk.ask("long", patient, leaves), desk.ask("short", lambda stop: b"y", here)
        )
        return time.perf_counter() - begun, first, second, desk.stopped

    took, first, second, stopped = asyncio.run(scene())
    assert (first, second, stopped) == (None, b"y", 1)
    assert took < 3.0


def test_a_client_that_left_while_waiting_costs_nothing() -> None:
    """Its question is never begun."""

    async def gone() -> bool:
        return True

    def never(stop: Callable[[], bool]) -> bytes:
        raise AssertionError("this was computed for nobody")

    assert asyncio.run(Desk().ask("key", never, gone)) is None


def test_the_memory_of_answers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten, the newest is always kept."""
    monkeypatch.setattr(room, "CACHED_BYTES", 100)

    async def scene() -> Desk:
        desk = Desk()
        for key in range(50):
            await desk.ask(key, lambda stop: b"z" * 30, here)
        return desk

    desk = asyncio.run(scene())
    assert desk.held == sum(map(len, desk.kept.values())) <= 100
    assert 49 in desk.kept


def test_a_queue_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, and those who wait already are answered."""
    monkeypatch.setattr(room, "MOST_WAITING", 3)

    async def scene() -> list[object]:
        desk = Desk()

        def slow(stop: Callable[[], bool]) -> bytes:
            time.sleep(0.02)
            return b"x"

        return await asyncio.gather(*(desk.ask(key, slow, here) for key in range(5)), return_exceptions=True)

    found = asyncio.run(scene())
    assert found.count(b"x") == 3
    assert sum(isinstance(one, RequestError) for one in found) == 2


def test_plans_wait_in_a_line_of_their_own(session: Session) -> None:
    """Fifty who ask at once start one computation at a time; beyond the line each is told, and sliders are not."""
    app = create_app(session).app
    desk = app.state.planning  # type: ignore[attr-defined]
    running, most = [0], [0]

    def work(stop: Callable[[], bool]) -> bytes:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.01)
        running[0] -= 1
        return b"x"

    async def scene() -> list[object]:
        return await asyncio.gather(*(desk.ask(key, work, here) for key in range(50)), return_exceptions=True)

    found = asyncio.run(scene())
    assert most[0] == 1
    assert found.count(b"x") == MOST_PLANS
    assert sum(isinstance(one, RequestError) for one in found) == 50 - MOST_PLANS
    assert desk is not app.state.desk  # type: ignore[attr-defined]


def test_a_fault_of_the_work_reaches_the_one_who_asked() -> None:
    """And leaves the desk ready for the next."""

    def faulty(stop: Callable[[], bool]) -> bytes:
        raise ValueError("no")

    async def scene() -> bytes | None:
        desk = Desk()
        with pytest.raises(ValueError, match="no"):
            await desk.ask("a", faulty, here)
        return await desk.ask("a", lambda stop: b"x", here)

    assert asyncio.run(scene()) == b"x"
