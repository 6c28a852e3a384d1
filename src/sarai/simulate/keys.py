"""Keys of a draw: stable hashes of names, days as numbers, alternatives in stable order.

A key never depends on a position in a list, on the start date of a run or on how many neighbours there are. So adding a
site, reordering places or moving the first day leaves every other draw as it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

SUB_STEPS_PER_DAY = 1024  # room for sub-steps in one day word; 96 quarter hours need 96
LARGEST_DAY = 2**22 - 1  # date.max.toordinal() = 3,652,059 lies below


@lru_cache(maxsize=65_536)  # a fit asks for the same keys at every step
def cell_key(stage: str, *stable_ids: str) -> np.uint64:
    """64-bit key of a cell: the hash of its stage and stable ids, in the order given.

    The same on every machine and in every Python (BLAKE2b, 8 bytes, each part preceded by its length, so that
    ("a", "bc") and ("ab", "c") differ).
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in (stage, *stable_ids):
        text = part.encode("utf-8")
        digest.update(len(text).to_bytes(8, "little"))
        digest.update(text)
    return np.uint64(int.from_bytes(digest.digest(), "little"))


def purpose_key(purpose: str) -> np.uint64:
    """64-bit key of a purpose ("departure", "household clumping", ...): draws of two purposes never meet."""
    return cell_key("purpose", purpose)


def day_word(day: dt.date | int, sub_step: int = 0) -> int:
    """The day word of a draw: civil date number (proleptic ordinal) times 1024 plus the sub-step.

    day       a date, or its ordinal, 0 .. 4,194,303
    sub_step  0 .. 1,023
    Raises ValueError outside these ranges.
    """
    number = day if isinstance(day, int) else day.toordinal()
    if not 0 <= number <= LARGEST_DAY:
        raise ValueError(f"day number {number} is outside 0 .. {LARGEST_DAY}")
    if not 0 <= sub_step < SUB_STEPS_PER_DAY:
        raise ValueError(f"sub-step {sub_step} is outside 0 .. {SUB_STEPS_PER_DAY - 1}")
    return number * SUB_STEPS_PER_DAY + sub_step


def stable_order(ids: Sequence[str], added: Iterable[str] = ()) -> list[int]:
    """Positions of `ids` in the order in which a multinomial visits them: by id, those in `added` last (by id too).

    Raises ValueError where an id stands twice or where an added id is not among `ids`.
    """
    late = set(added)
    if len(set(ids)) != len(ids):
        raise ValueError("an id stands twice among the alternatives")
    if not late <= set(ids):
        raise ValueError(f"added alternatives that are not in the list: {sorted(late - set(ids))}")
    return sorted(range(len(ids)), key=lambda i: (ids[i] in late, ids[i]))
