"""From the routing table of a case to the cells and edges of a reception network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sarai.model.reception_network import ReceptionNetwork
from sarai.model.roads import Roads, constant
from sarai.world.errors import Fault, InputError
from sarai.world.reception import DestinationShare, Routing, Stage
from sarai.world.world import World

ONWARD = "onward"
NOT_STATED = "not_stated"  # the destination of a case that states no shares
SHARE_TOLERANCE = 1e-6  # shares are printed with at most six digits; they are then scaled to sum to 1 exactly

Edges = tuple[tuple[str, float], ...]
Class = tuple[str, str]  # document status, kind of return


def pick_routing(rows: Sequence[Routing], status: str, kind: str) -> Edges:
    """Where people of one status and kind go from one place: the most specific rows, sorted by target, sum 1.

    Rows that name status and kind come before rows that name the status, then the kind, then neither.
    """
    for want_status, want_kind in ((status, kind), (status, "all"), ("all", kind), ("all", "all")):
        found = [row for row in rows if row.status == want_status and row.kind == want_kind]
        if found:
            total = sum(row.share for row in found)
            return tuple(sorted((row.to_id, row.share / total) for row in found if row.share > 0.0))
    return ((ONWARD, 1.0),)


def share_faults(world: World) -> Iterator[Fault]:
    """Routing and destination shares that are negative, not finite or do not sum to 1."""
    sums: dict[tuple[str, str, str], float] = {}
    for row in world.routing:
        key = (row.from_id, row.status, row.kind)
        sums[key] = sums.get(key, 0.0) + (row.share if row.share >= 0.0 else math.nan)
    for key, total in sorted(sums.items()):
        if not abs(total - 1.0) <= SHARE_TOLERANCE:
            yield sum_fault("routing.csv", f"routing shares from {key[0]} for status {key[1]}, kind {key[2]}", total)
    onward: dict[str, float] = {}
    for share in world.destination_shares:
        onward[share.crossing] = onward.get(share.crossing, 0.0) + (share.share if share.share >= 0.0 else math.nan)
    for crossing, total in sorted(onward.items()):
        if not abs(total - 1.0) <= SHARE_TOLERANCE:
            yield sum_fault("destinations.csv", f"destination shares from crossing {crossing}", total)


def sum_fault(file: str, what: str, total: float) -> Fault:
    """A sum of shares that is not 1."""
    return Fault(
        file=file,
        column="share",
        what=f"{what} do not sum to 1",
        found=f"{total:.9g}",
        wanted="shares of 0 or more with sum 1",
        mend="correct the shares, or add the row that is missing",
    )


def destination_groups(world: World, crossings: tuple[str, ...]) -> dict[str, tuple[str, Edges]]:
    """For each crossing the name of its destination shares (the table's crossing id, or `all`) and the shares."""
    tables: dict[str, list[DestinationShare]] = {}
    for row in world.destination_shares:
        tables.setdefault(row.crossing, []).append(row)
    if not tables:
        return dict.fromkeys(crossings, ("all", ((NOT_STATED, 1.0),)))
    groups = {}
    for crossing in crossings:
        name = crossing if crossing in tables else "all"
        rows = tables.get(name, [])
        total = sum(row.share for row in rows)
        shares = tuple(sorted((row.destination, row.share / total) for row in rows if row.share > 0.0))
        groups[crossing] = (name, shares or ((NOT_STATED, 1.0),))
    return groups


def order_stages(stages: Sequence[Stage], routing: Sequence[Routing]) -> list[str]:
    """Stage ids so that people only move forwards; among those that may come next, the smallest id first.

    Raises InputError naming the stages of a circle.
    """
    ids = sorted(stage.id for stage in stages)
    known = set(ids)
    after = {
        key: sorted({row.to_id for row in routing if row.from_id == key and row.to_id in known and row.share > 0})
        for key in ids
    }
    waiting = {key: sum(key in targets for targets in after.values()) for key in ids}
    order: list[str] = []
    while ready := [key for key in ids if waiting[key] == 0 and key not in order]:
        order.append(ready[0])
        for target in after[ready[0]]:
            waiting[target] -= 1
    if len(order) < len(ids):
        circle = ", ".join(key for key in ids if key not in order)
        raise InputError(
            Fault(
                file="routing.csv",
                what="the routing leads people in a circle",
                found=circle,
                wanted="stages that people pass in one direction",
                mend="take out the row that leads back",
            )
        )
    return order


def stage_capacity(world: World, stage: Stage) -> tuple[float, bool]:
    """Capacity of a stage in persons (nan where not known), and whether it is per day."""
    value, unit = stage.capacity.value, stage.capacity.unit
    if value is None:
        return math.nan, unit in ("persons_day", "desks")
    if unit == "families":
        return value * constant(world, "household_size"), False
    if unit == "desks":
        hours = stage.closes_hour - stage.opens_hour
        return value * hours * constant(world, "desk_persons_hour"), True
    return value, unit == "persons_day"


class NetworkBuilder:
    """Walks the routing from every crossing and class, and unfolds stages into cells of people routed alike."""

    def __init__(self, world: World, roads: Roads, crossings: tuple[str, ...], classes: Sequence[Class]) -> None:
        self.world, self.roads, self.crossings, self.classes = world, roads, crossings, classes
        self.stages = {stage.id: stage for stage in world.stages}
        self.rows: dict[str, list[Routing]] = {}
        for row in world.routing:
            self.rows.setdefault(row.from_id, []).append(row)
        self.groups = destination_groups(world, crossings)
        self.order = {key: rank for rank, key in enumerate(order_stages(world.stages, world.routing))}
        self.signatures: dict[tuple[str, Class], str] = {}
        self.cells: dict[tuple[str, str, str], Edges] = {}
        self.first_label: dict[tuple[str, str, str], Class] = {}

    def behaviour(self, stage: str, label: Class) -> str:
        """A text that is equal for two classes when they are routed alike from this stage to the end."""
        key = (stage, label)
        if key not in self.signatures:
            parts = []
            for target, share in pick_routing(self.rows.get(stage, []), *label):
                onward = "" if target == ONWARD else "(" + self.behaviour(target, label) + ")"
                parts.append(f"{target}{onward}:{share:.17g}")
            self.signatures[key] = ",".join(parts)
        return self.signatures[key]

    def target(self, to_id: str, group: str, label: Class, place: str = "") -> str:
        """The name of a cell (`cell|stage|group|behaviour`) or of an onward source (`source|place|group`)."""
        if to_id == ONWARD:
            return f"source|{place}|{group}"
        behaviour = self.behaviour(to_id, label)
        key = (to_id, group, behaviour)
        self.first_label[key] = min(label, self.first_label.get(key, label))
        if key not in self.cells:
            self.cells[key] = ()
            site = self.stages[to_id].site
            self.cells[key] = tuple(
                (self.target(further, group, label, site), share)
                for further, share in pick_routing(self.rows.get(to_id, []), *label)
            )
        return "cell|" + "|".join(key)

    def entries(self) -> list[Edges]:
        """The edges of every crossing and class, crossings first."""
        listed = []
        for crossing in self.crossings:
            group = self.groups[crossing][0]
            for label in self.classes:
                rows = pick_routing(self.rows.get(crossing, []), *label)
                listed.append(tuple((self.target(to, group, label, crossing), share) for to, share in rows))
        return listed

    def build(self) -> ReceptionNetwork:
        """The network. Raises InputError where a place people are sent on to cannot be reached."""
        entries = self.entries()
        names = sorted(self.cells, key=lambda key: (self.order[key[0]], key[0], key[1], self.first_label[key]))
        cell_edges = [self.cells[key] for key in names]
        found = {to for edges in [*entries, *cell_edges] for to, _ in edges if to.startswith("source|")}
        sources = sorted(found, key=lambda name: name.split("|")[::-1])  # those with the same shares side by side
        position = {"cell|" + "|".join(key): index for index, key in enumerate(names)}
        position |= {name: len(names) + index for index, name in enumerate(sources)}
        every = [*entries, *cell_edges]
        starts = np.concatenate([[0], np.cumsum([len(edges) for edges in every])]).astype(np.int64)
        flat = [edge for edges in every for edge in edges]
        stages = tuple(sorted(self.stages))
        capacity = [stage_capacity(self.world, self.stages[key]) for key in stages]
        onward = self.onward(sources)
        return ReceptionNetwork(
            stages=stages,
            destinations=onward["ids"],
            stage_capacity=np.array([value for value, _ in capacity], dtype=np.float64),
            capacity_daily=np.array([daily for _, daily in capacity], dtype=np.bool_),
            stage_stay_days=np.array([self.stages[key].stay_days for key in stages], dtype=np.float64),
            cell_stage=np.array([stages.index(key[0]) for key in names], dtype=np.int64),
            cell_name=tuple("|".join((key[0], key[1], *self.first_label[key])) for key in names),
            entry_start=starts[: len(entries) + 1],
            edge_start=starts[len(entries) :],
            edge_to=np.array([position[to] for to, _ in flat], dtype=np.int64),
            edge_share=np.array([share for _, share in flat], dtype=np.float64),
            source_name=tuple(sources),
            source_start=onward["start"],
            onward_destination=onward["to"],
            onward_share=onward["share"],
            onward_days=onward["days"],
        )

    def onward(self, sources: Sequence[str]) -> dict[str, Any]:
        """Destinations, shares and road days of every onward source."""
        shares: dict[str, Edges] = dict(self.groups.values())
        ids = tuple(sorted({to for edges in shares.values() for to, _ in edges}))
        starts, to, share, days, faults = [0], [], [], [], []
        for source in sources:
            _, place, group = source.split("|")
            for destination, part in shares[group]:
                leg = 0.0 if destination == NOT_STATED else self.roads.leg(place, destination)[1]
                if not math.isfinite(leg):
                    faults.append(unreachable_fault(place, destination))
                to.append(ids.index(destination))
                share.append(part)
                days.append(leg)
            starts.append(len(to))
        if faults:
            raise InputError(faults)
        return {
            "ids": ids,
            "start": np.array(starts, dtype=np.int64),
            "to": np.array(to, dtype=np.int64),
            "share": np.array(share, dtype=np.float64),
            "days": np.array(days, dtype=np.float64),
        }


def unreachable_fault(from_id: str, to_id: str) -> Fault:
    """A place that people should go to, with neither a route nor coordinates to estimate one."""
    return Fault(
        file="routes.csv",
        what=f"{to_id} cannot be reached from {from_id}",
        found="no route between them, and no coordinates of both",
        wanted="a route, or latitude and longitude of both places",
        mend=f"add a row from {from_id} to {to_id} to routes.csv",
    )
