"""Routes: every simple path that people may plan, each numbered once, with the number of what remains of it.

A path (i, x1, ..., xn) is at the same time a route from i,
the state of somebody on the link from i to x1 who goes on to
x2, ..., xn, and the state of somebody who stands at i with that route left. So all states are numbers of paths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sarai.model.flight.network import Network
from sarai.world.errors import Fault, RequestError

Ints = NDArray[np.int64]
LARGEST_PATHS = 20_000_000  # A171


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Paths by number; numbers 0 .. places - 1 are the places themselves, with no route left. Shorter paths first.

    origin, end   first and last place          link, last_link  first and last link (-1 for a place)
    after         number of the path from the second place on
    back          the path of somebody sent back to the origin, the second place struck off; -1: it starts with no link
    units         places that use up awareness  hops  links
    length_km     sum of the lengths            parent  the path without its last place (-1 for a place)
    """

    origin: Ints
    end: Ints
    link: Ints
    last_link: Ints
    parent: Ints
    after: Ints
    back: Ints
    units: Ints
    hops: Ints
    length_km: NDArray[np.float64]


@njit(cache=True)
def _grow(
    out_start: Ints, out: Ints, link_end: Ints, free: NDArray[np.bool_], awareness: int, limit: int
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Breadth-first list of simple paths: origin, end, parent, last link, units, first child; and how many."""
    places = len(out_start) - 1
    size = max(4 * places + len(out) * 4, 1024)
    origin = np.empty(size, np.int64)
    end = np.empty(size, np.int64)
    parent = np.empty(size, np.int64)
    last = np.empty(size, np.int64)
    units = np.empty(size, np.int64)
    child = np.empty(size, np.int64)
    for i in range(places):
        origin[i] = i
        end[i] = i
        parent[i] = -1
        last[i] = -1
        units[i] = 0
    count = places
    at = 0
    while at < count and count <= limit:
        child[at] = count
        if units[at] < awareness:
            here = end[at]
            for k in range(out_start[here], out_start[here + 1]):
                link = out[k]
                target = link_end[link]
                walk = at
                seen = False
                while walk >= 0:
                    if end[walk] == target:
                        seen = True
                        break
                    walk = parent[walk]
                if seen:
                    continue
                if count == size:
                    size = size * 2
                    origin = np.concatenate((origin, np.empty(size - count, np.int64)))
                    end = np.concatenate((end, np.empty(size - count, np.int64)))
                    parent = np.concatenate((parent, np.empty(size - count, np.int64)))
                    last = np.concatenate((last, np.empty(size - count, np.int64)))
                    units = np.concatenate((units, np.empty(size - count, np.int64)))
                    child = np.concatenate((child, np.empty(size - count, np.int64)))
                origin[count] = origin[at]
                end[count] = target
                parent[count] = at
                last[count] = link
                units[count] = units[at] + (0 if free[target] else 1)
                count = count + 1
        at = at + 1
    return origin[:count], end[:count], parent[:count], last[:count], units[:count], child[:count], count


@njit(cache=True)
def _child_along(path: int, link: int, last: Ints, child: Ints, count: int) -> int:
    """Number of the path that goes on from `path` along `link`, or -1."""
    if path < 0:
        return -1
    stop = child[path + 1] if path + 1 < count else count
    for number in range(child[path], stop):
        if last[number] == link:
            return number
    return -1


@njit(cache=True)
def _connect(
    places: int, origin: Ints, end: Ints, parent: Ints, last: Ints, child: Ints, out_start: Ints, out: Ints,
    link_end: Ints, link_km: NDArray[np.float64],
) -> tuple[Ints, Ints, Ints, Ints, NDArray[np.float64]]:  # fmt: skip
    """First link, path after the first link, path when sent back, hops and length of every path."""
    count = len(origin)
    first = np.full(count, -1, np.int64)
    after = np.full(count, -1, np.int64)
    back = np.full(count, -1, np.int64)
    hops = np.zeros(count, np.int64)
    km = np.zeros(count, np.float64)
    for path in range(places, count):
        up = parent[path]
        link = last[path]
        hops[path] = hops[up] + 1
        km[path] = km[up] + link_km[link]
        if up < places:
            first[path] = link
            after[path] = end[path]
            back[path] = origin[path]
            continue
        first[path] = first[up]
        after[path] = _child_along(after[up], link, last, child, count)
        if parent[up] < places:
            here = origin[path]
            for k in range(out_start[here], out_start[here + 1]):
                if link_end[out[k]] == end[path]:
                    back[path] = _child_along(here, out[k], last, child, count)
        else:
            back[path] = _child_along(back[up], link, last, child, count)
    return first, after, back, hops, km


def build_paths(network: Network, markers: NDArray[np.bool_], awareness: int) -> Paths:
    """All simple paths with at most `awareness` places that are not markers.

    markers    (place,) places that are a marker on any day: they use up no awareness
    Raises RequestError above LARGEST_PATHS paths.
    """
    places = len(network.out_start) - 1
    origin, end, parent, last, units, child, count = _grow(
        network.out_start, network.out, network.end, markers, awareness, LARGEST_PATHS
    )
    if count > LARGEST_PATHS:
        raise RequestError(
            Fault(
                file="simsetting.yml",
                column="move_rules.awareness_level",
                what="there are too many routes to weigh",
                found=f"more than {LARGEST_PATHS:,} routes at level {awareness}",
                mend="lower awareness_level, or thin out the links",
            )
        )
    first, after, back, hops, km = _connect(
        places, origin, end, parent, last, child, network.out_start, network.out, network.end, network.length_km
    )
    return Paths(
        origin=origin, end=end, link=first, last_link=last, parent=parent, after=after, back=back, units=units,
        hops=hops, length_km=km,
    )  # fmt: skip
