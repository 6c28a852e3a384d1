"""Members of the flight law shared out to a crew, and put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sarai.crew.crew import ALONE, Crew
from sarai.model.flight.law import FlightLaw
from sarai.simulate.flight.ensemble import FlightEnsemble
from sarai.simulate.flight.run import simulate_flight

PARTS_A_HAND = 4  # parts for each hand of the crew: a slow one then keeps nobody waiting for long; A327


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some members of a run: one law for all, or one for each."""

    laws: tuple[FlightLaw, ...]
    ids: tuple[int, ...]
    seed: int
    threads: int
    keep_travel: bool
    keep_links: bool


def run_part(part: Part) -> FlightEnsemble:
    """The members of a part."""
    return simulate_flight(
        part.laws, seed=part.seed, members=part.ids, threads=part.threads, keep_travel=part.keep_travel,
        keep_links=part.keep_links,
    )  # fmt: skip


def spread_flight(
    laws: FlightLaw | Sequence[FlightLaw], *, seed: int, members: int, crew: Crew = ALONE, threads: int = 1,
    keep_travel: bool = False, keep_links: bool = True,
) -> FlightEnsemble:  # fmt: skip
    """`simulate_flight` of members 0, 1, ... by a crew; any crew gives the same bytes.

    laws  one law for all members, or as many laws as members
    """
    many = (laws,) if isinstance(laws, FlightLaw) else tuple(laws)
    if crew is ALONE or members < 2 or (len(many) > 1 and len(many) != members):
        return simulate_flight(
            many, seed=seed, members=members, threads=threads, keep_travel=keep_travel, keep_links=keep_links
        )
    parts = [
        Part(laws=many if len(many) == 1 else many[low:high], ids=tuple(range(low, high)), seed=seed, threads=threads,
             keep_travel=keep_travel, keep_links=keep_links)
        for low, high in shares(members, crew.size * PARTS_A_HAND)
    ]  # fmt: skip
    return join_members(list(crew.results(run_part, parts)))


def shares(members: int, count: int) -> list[tuple[int, int]]:
    """Bounds [low, high) of at most `count` shares of the members, as even as can be, none empty."""
    edges = [members * k // count for k in range(count + 1)]
    return [(low, high) for low, high in pairwise(edges) if low < high]


def join_members(parts: Sequence[FlightEnsemble]) -> FlightEnsemble:
    """One ensemble of the members of all parts, in their order."""
    return replace(
        parts[0],
        place=np.concatenate([part.place for part in parts], axis=-1),
        link=np.concatenate([part.link for part in parts], axis=-1),
        total=np.concatenate([part.total for part in parts], axis=-1),
        travel=np.concatenate([part.travel for part in parts], axis=-1),
        members=np.concatenate([part.members for part in parts]),
    )
