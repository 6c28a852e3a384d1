"""Philox4x32-10: a counter-based generator. A draw is a function of its key, never of what was drawn before.

Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3" (doi:10.1145/2063384.2063405).
The published Random123 test vectors pass (tests/simulate/test_philox.py). Words are 32-bit values held in uint64,
so that no product overflows and plain Python computes the same bits without a warning.

Scheme 1 (`SCHEME_VERSION`):
  stream  = first 64 bits of Philox(counter = seed, purpose; key = "sarai", version)
  counter = (member // 2, day, low word of cell, high word of cell), key = stream
  uniform = 53 bits of output words 0 and 1 for an even member, 2 and 3 for an odd one, as x * 2^-53, and 2^-54 where
            x = 0: always inside (0, 1)
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from sarai.simulate.kernel import kernel

Key: TypeAlias = int | np.uint64
"""A word of a key, in a kernel or in Python."""

SCHEME_VERSION = 1
"""Version of keys and transformations together. Any change that moves one bit of one draw adds 1."""

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_26 = np.uint64(26)
_5 = np.uint64(5)
_1 = np.uint64(1)
_6 = np.uint64(6)
_SARAI = np.uint64(0x73617261)  # the letters "sara": the constant half of the key that makes streams
_VERSION = np.uint64(SCHEME_VERSION)
_TWO_M53 = 2.0**-53
_TWO_M54 = 2.0**-54


@kernel(inline=True)
def philox_block(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four 32-bit words from a 128-bit counter and a 64-bit key, each given as 32-bit words in uint64."""
    for _ in range(10):
        product0 = _M0 * (c0 & _LOW)
        product1 = _M1 * (c2 & _LOW)
        c0 = (product1 >> _32) ^ c1 ^ k0
        c1 = product1  # upper halves are left dirty and masked where they are multiplied: two operations less a round
        c2 = (product0 >> _32) ^ c3 ^ k1
        c3 = product0
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0 & _LOW, c1 & _LOW, c2 & _LOW, c3 & _LOW


@kernel()
def stream_bits(seed: Key, purpose: Key) -> np.uint64:
    """`stream_key` for kernels."""
    seed_bits = np.uint64(seed)
    purpose_bits = np.uint64(purpose)
    w0, w1, _, _ = philox_block(
        seed_bits & _LOW, seed_bits >> _32, purpose_bits & _LOW, purpose_bits >> _32, _SARAI, _VERSION
    )
    return (w1 << _32) | w0


def stream_key(seed: Key, purpose: Key) -> np.uint64:
    """64-bit stream of a seed and a purpose; compute it once, outside the loops, and draw with `uniform_at`.

    seed, purpose   0 .. 2^64 - 1 (purpose from `purpose_key`)
    """
    return np.uint64(stream_bits(np.uint64(seed), np.uint64(purpose)))


@kernel(inline=True)
def unit_interval(high: np.uint64, low: np.uint64) -> float:
    """53 bits of two 32-bit words as x * 2^-53 in (0, 1); 2^-54 in the place of 0."""
    x = float(np.int64(((high >> _5) << _26) | (low >> _6)))
    return x * _TWO_M53 if x > 0.0 else _TWO_M54


@kernel(inline=True)
def pair_at(stream: Key, pair: Key, day: Key, cell: Key) -> tuple[float, float]:
    """The uniforms of members 2 pair and 2 pair + 1: one block serves two members."""
    key = np.uint64(stream)
    place = np.uint64(cell)
    w0, w1, w2, w3 = philox_block(
        np.uint64(pair) & _LOW, np.uint64(day) & _LOW, place & _LOW, place >> _32, key & _LOW, key >> _32
    )
    return unit_interval(w0, w1), unit_interval(w2, w3)


@kernel(inline=True)
def uniform_at(stream: Key, member: Key, day: Key, cell: Key) -> float:
    """One 53-bit uniform in (0, 1) for this member, day and cell of a stream.

    member  0 .. 2^32 - 1, an id that travels with the member's parameters
    day     0 .. 2^32 - 1, from `day_word` (civil date number and sub-step)
    cell    64-bit key from `cell_key`
    """
    member_bits = np.uint64(member) & _LOW
    key = np.uint64(stream)
    place = np.uint64(cell)
    w0, w1, w2, w3 = philox_block(
        member_bits >> _1, np.uint64(day) & _LOW, place & _LOW, place >> _32, key & _LOW, key >> _32
    )
    odd = (member_bits & _1) == _1
    return unit_interval(w2 if odd else w0, w3 if odd else w1)


@kernel()
def uniform(seed: Key, purpose: Key, member: Key, day: Key, cell: Key) -> float:
    """One 53-bit uniform in (0, 1): the draw as a function of its five keys.

    From Python give keys of 2^63 and more as np.uint64, as `cell_key` and `purpose_key` do.
    """
    return uniform_at(stream_bits(seed, purpose), member, day, cell)
