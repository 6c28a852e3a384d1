"""Fixed routes: one route to each destination, the best of the day, and the major routes that everybody knows.

After Flee's manual (`fixed_routes`, "Defining Major Routes"): the ordinary routes of a place are those within
awareness; a major route adds its end where no ordinary route reaches it, from its own first place or from any place
whose ordinary route ends there, and counts as a quarter of its length.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sarai.model.flight.case import FlightCase
from sarai.model.flight.network import Network
from sarai.model.flight.paths import LARGEST_PATHS, Paths
from sarai.world.errors import Fault, RequestError

Ints = NDArray[np.int64]
ORDINARY, OWN = -1, -2
MAJOR_SHORTENS = 4.0  # a major route weighs like one of a quarter of its length (flee/crawling.py)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Routes that may enter the table of their first place, in the order in which they are tried.

    path   (route,) number of the path
    via    (route,) ORDINARY; OWN for a major route from its first place; else the path of the ordinary route that
           leads to the first place of the major route, and has to be in the table for it. Where a route is made in
           two ways, because one major route is the tail of another, the way with the longer major route counts
    """

    path: Ints
    via: Ints


@dataclass(frozen=True, kw_only=True)
class _Major:
    """A major route from `first`, as links."""

    first: int
    links: tuple[int, ...]


def major_links(case: FlightCase, network: Network) -> list[_Major]:
    """Every major route in both directions. A step without a link was refused when the case was read."""
    link_of = {
        (int(one), int(two)): k for k, (one, two) in enumerate(zip(network.start, network.end, strict=True))
    }  # fmt: skip
    found = []
    for places in case.major_routes:
        for way in (places, places[::-1]):
            links = tuple(link_of[pair] for pair in itertools.pairwise(way))
            found.append(_Major(first=way[0], links=links))
    return found


class _Extended:
    """Paths with others added, each with all that remains of it, its beginnings and its way back."""

    def __init__(self, paths: Paths, network: Network) -> None:
        self.paths, self.network = paths, network
        self.known = len(paths.end)
        self.places = len(network.out_start) - 1
        self.number: dict[tuple[int, tuple[int, ...]], int] = {}
        self.added: list[tuple[int, tuple[int, ...], int, int, int]] = []  # origin, links, parent, after, back
        self.parents = paths.parent[self.places :]

    def links_of(self, path: int) -> tuple[int, ...]:
        """Links of an ordinary path."""
        links: list[int] = []
        while path >= self.places:
            links.append(int(self.paths.last_link[path]))
            path = int(self.paths.parent[path])
        return tuple(reversed(links))

    def _ordinary(self, origin: int, links: tuple[int, ...]) -> int:
        path = origin
        for link in links:
            low, high = np.searchsorted(self.parents, [path, path + 1])
            hit = np.flatnonzero(self.paths.last_link[self.places + low : self.places + high] == link)
            if len(hit) == 0:
                return -1
            path = int(self.places + low + hit[0])
        return path

    def add(self, origin: int, links: tuple[int, ...]) -> int:
        """Number of the path; it and what hangs on it are added where they are new."""
        key = (origin, links)
        if key not in self.number:
            path = self._ordinary(origin, links)
            self.number[key] = path if path >= 0 else self._append(origin, links)
        return self.number[key]

    def _append(self, origin: int, links: tuple[int, ...]) -> int:
        parent = self.add(origin, links[:-1])
        second = int(self.network.end[links[0]])
        after = self.add(second, links[1:])
        back = origin
        if len(links) > 1:
            third = int(self.network.end[links[1]])
            leaving = self.network.out[self.network.out_start[origin] : self.network.out_start[origin + 1]]
            direct = [int(link) for link in leaving if self.network.end[link] == third]
            back = self.add(origin, (direct[-1], *links[2:])) if direct else -1
        self.added.append((origin, links, parent, after, back))
        path = self.known + len(self.added) - 1
        if path > LARGEST_PATHS:
            raise RequestError(
                Fault(file="input_csv/major_routes.csv", what="there are too many routes to weigh",
                      found=f"more than {LARGEST_PATHS:,}", mend="lower awareness_level, or list fewer major routes")
            )  # fmt: skip
        return path

    def finished(self) -> Paths:
        """All paths; units of the added ones are not counted, because a major route needs no awareness."""
        end, km = self.network.end, self.network.length_km

        def more(old: Ints, values: Iterable[int]) -> Ints:
            return np.concatenate([old, np.array(list(values), dtype=np.int64)])

        return replace(
            self.paths,
            origin=more(self.paths.origin, (one[0] for one in self.added)),
            end=more(self.paths.end, (int(end[one[1][-1]]) for one in self.added)),
            link=more(self.paths.link, (one[1][0] for one in self.added)),
            last_link=more(self.paths.last_link, (one[1][-1] for one in self.added)),
            parent=more(self.paths.parent, (one[2] for one in self.added)),
            after=more(self.paths.after, (one[3] for one in self.added)),
            back=more(self.paths.back, (one[4] for one in self.added)),
            units=more(self.paths.units, (0 for _ in self.added)),
            hops=more(self.paths.hops, (len(one[1]) for one in self.added)),
            length_km=np.concatenate([self.paths.length_km, [float(km[list(one[1])].sum()) for one in self.added]]),
        )


def with_major_routes(case: FlightCase, network: Network, paths: Paths) -> tuple[Paths, Candidates]:
    """Paths with those of the major routes, and the candidates among the added ones: own major routes first."""
    majors = major_links(case, network)
    extended = _Extended(paths, network)
    via_of: dict[int, int] = {extended.add(major.first, major.links): OWN for major in majors}
    for major in majors:
        beyond = {major.first, *(int(network.end[link]) for link in major.links)}
        for path in np.flatnonzero((paths.end == major.first) & (paths.hops > 0)).tolist():  # the shortest first
            links = extended.links_of(path)
            passed = {int(network.start[link]) for link in links}
            if not passed & beyond:
                via_of.setdefault(extended.add(int(paths.origin[path]), (*links, *major.links)), path)
    new = [(path, via) for path, via in via_of.items() if path >= extended.known]
    return extended.finished(), Candidates(
        path=np.array([path for path, _ in new], dtype=np.int64), via=np.array([via for _, via in new], dtype=np.int64)
    )


def in_order(paths: Paths, network: Network, chosen: Ints, added: Candidates, direction: float) -> Candidates:
    """Candidates by first place; ordinary ones first, the heaviest route to an end before the others.

    chosen     ordinary paths      direction  above 0 where a longer route weighs less, below where it weighs more
    Of routes with equal weight the one along the links that stand first in `routes.csv` wins, as in Flee.
    """
    path = np.concatenate([chosen, added.path])
    via = np.concatenate([np.full(len(chosen), ORDINARY, dtype=np.int64), added.via])
    km = np.sign(direction) * paths.length_km[path]
    rows = _rows_along(paths, network)[path]
    order = np.lexsort((*(rows[:, k] for k in range(rows.shape[1] - 1, -1, -1)), km, via != ORDINARY,
                        paths.origin[path]))  # fmt: skip
    return Candidates(path=path[order], via=via[order])


def _rows_along(paths: Paths, network: Network) -> NDArray[np.int32]:
    """Row in routes.csv of each link along each path, -1 after its end: (path, hop)."""
    deepest = int(paths.hops.max(initial=0))
    rows = np.full((len(paths.end), max(deepest, 1)), -1, dtype=np.int32)
    for hop in range(1, deepest + 1):
        at = np.flatnonzero(paths.hops == hop)
        rows[at] = rows[paths.parent[at]]
        rows[at, hop - 1] = paths.last_link[at] // 2
    return rows
