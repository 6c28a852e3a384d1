"""Desk: answers one question at a time off the event loop, remembers the last ones, stops when nobody waits."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from sarai.simulate.branch import Abandoned
from sarai.world.errors import Fault, RequestError

CACHED_BYTES = 24_000_000
MOST_WAITING = 200
LOOK_SECONDS = 0.05
Work = Callable[[Callable[[], bool]], bytes]
Gone = Callable[[], Awaitable[bool]]


class Desk:
    """One computation at a time has both cores to itself; the others wait in order of arrival."""

    def __init__(self, most_waiting: int | None = None) -> None:
        self.most_waiting = MOST_WAITING if most_waiting is None else most_waiting
        self.turn = asyncio.Lock()
        self.kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self.held = 0
        self.waiting = 0
        self.stopped = 0

    async def ask(self, key: Hashable, work: Work, gone: Gone) -> bytes | None:
        """The answer; None when the client went away, before or during the computation.

        Raises RequestError where too many wait already.
        """
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        if self.waiting >= self.most_waiting:
            raise RequestError(Fault(what="too many questions wait for an answer", mend="ask again in a moment"))
        self.waiting += 1
        try:
            async with self.turn:
                if key not in self.kept and not await self._answer(key, work, gone):
                    return None
                return self.kept[key]
        finally:
            self.waiting -= 1

    async def _answer(self, key: Hashable, work: Work, gone: Gone) -> bool:
        """Compute and keep an answer; False when the client went away."""
        if await gone():
            return False
        left = threading.Event()
        task = asyncio.create_task(asyncio.to_thread(work, left.is_set))
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK_SECONDS)
            if not task.done() and await gone():
                left.set()
        try:
            self._keep(key, task.result())
        except Abandoned:
            self.stopped += 1
            return False
        return True

    def _keep(self, key: Hashable, data: bytes) -> None:
        self.kept[key] = data
        self.held += len(data)
        while self.held > CACHED_BYTES and len(self.kept) > 1:
            self.held -= len(self.kept.popitem(last=False)[1])
