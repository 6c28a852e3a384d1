"""What must hold before a simulation takes its first step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import numpy as np

from sarai.model.parameters import Parameters
from sarai.model.returns import NEVER, ReturnsModel
from sarai.world.civil import day_number
from sarai.world.errors import Fault, RequestError

LARGEST_POPULATION = 2**31 - 1  # counts are kept as int32
LARGEST_SEED = 2**63 - 1
LARGEST_MEMBER = 2**32 - 1


def day_of(day: int | date) -> int:
    """A civil day number from a date or a number."""
    return day_number(day) if isinstance(day, date) else int(day)


def check_workers(threads: int | None, block_members: int | None) -> None:
    """Raise RequestError for numbers of threads or members a block below 1."""
    faults = [
        Fault(column=name, what=f"{name} must be 1 or more", found=str(value), wanted="1 or more, or nothing")
        for name, value in (("threads", threads), ("block_members", block_members))
        if value is not None and value < 1
    ]
    if faults:
        raise RequestError(faults)


def check_memory(shape: tuple[int, int, int], item_bytes: int, block_bytes: int, memory_bytes: int | None) -> None:
    """Raise RequestError where an ensemble and the blocks at work need more than the memory there is.

    shape  (day, kept, member)    item_bytes  of one number    block_bytes  of all blocks that run at one time
    """
    days, rows, members = shape
    what = f"{days} days x {rows} rows x {members} members"
    mend = "keep fewer observables (observe=), run fewer members, or reduce as you go (simulate.stream)"
    check_room("the ensemble", what, members, days * rows * item_bytes, block_bytes, mend, memory_bytes)


def check_room(
    thing: str, what: str, members: int, member_bytes: int, other_bytes: int, mend: str, memory_bytes: int | None = None
) -> None:
    """Raise RequestError where members x member_bytes + other_bytes is more than the memory there is."""
    limit = physical_memory() if memory_bytes is None else memory_bytes
    needed = members * member_bytes + other_bytes
    if limit is not None and needed > limit:
        fit = max(0, (limit - other_bytes) // max(member_bytes, 1))
        raise RequestError(
            Fault(
                what=f"{thing} needs more memory than there is",
                found=f"{needed:,} bytes: {what}",
                wanted=f"at most {limit:,} bytes; {fit:,} members would fit",
                mend=mend,
            )
        )


def physical_memory() -> int | None:
    """Bytes of memory of this machine, None where the system does not say. It decides only whether a run is refused."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def check_request(
    model: ReturnsModel,
    parameters: Parameters,
    first_day: int,
    last_day: int,
    seed: int,
    mode: str,
    accuracy: str,
    stages: str,
) -> None:
    """Raise RequestError with every fault of a request: days, seed, words, shapes, bounds."""
    faults = [
        *day_faults(first_day, last_day),
        *word_faults("mode", mode, ("draws", "mean")),
        *word_faults("accuracy", accuracy, ("exact", "fast")),
        *word_faults("stages", stages, ("border", "all")),
        *shape_faults(model, parameters),
    ]
    if not 0 <= seed <= LARGEST_SEED:
        faults.append(Fault(column="seed", what="the seed is out of range", found=str(seed), wanted="0 to 2^63 - 1"))
    if faults:
        raise RequestError(faults)
    parameters.validate()
    people = float(parameters.population.sum(axis=0).max())
    if people > LARGEST_POPULATION:
        raise RequestError(
            Fault(
                column="population",
                what="one member has more persons than can be counted",
                found=f"{people:.0f}",
                wanted=f"at most {LARGEST_POPULATION}",
                mend="count in thousands, or split the case",
            )
        )


def day_faults(first_day: int, last_day: int) -> Iterator[Fault]:
    """Days that are out of order or no days."""
    if not 1 <= first_day <= last_day <= NEVER:
        yield Fault(
            column="first_day, last_day",
            what="the days to simulate are out of order",
            found=f"{first_day} to {last_day}",
            wanted="civil days, the first on or before the last",
        )


def word_faults(column: str, found: str, wanted: tuple[str, ...]) -> Iterator[Fault]:
    """A word that is none of those wanted."""
    if found not in wanted:
        yield Fault(column=column, what=f"no such {column}", found=found, wanted=" or ".join(wanted))


def shape_faults(model: ReturnsModel, parameters: Parameters) -> Iterator[Fault]:
    """Arrays of parameters that do not fit the model, and member ids that are out of range."""
    for name, array in parameters.arrays():
        prior = model.priors[name]
        wanted = (*prior.centre.shape, parameters.member_count)
        found = array.shape[1:] if "day" in prior.axes else array.shape
        if found != wanted:
            yield Fault(
                column=name, what=f"parameter {name} does not fit the model", found=str(array.shape),
                wanted=f"{', '.join(prior.axes)}, member: {wanted}",
            )  # fmt: skip
    ids = np.asarray(parameters.member_ids)
    if ids.size and int(ids.max()) > LARGEST_MEMBER:
        yield Fault(column="member_ids", what="a member id is out of range", found=str(ids.max()), wanted="below 2^32")
