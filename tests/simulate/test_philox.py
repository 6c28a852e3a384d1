"""Philox against the published vectors and against a second, plain implementation; the layout of keys."""

import numpy as np
import pytest

from sarai.simulate.philox import SCHEME_VERSION, philox_block, stream_key, uniform, uniform_at
from sarai.simulate.plain import plain

# Random123 1.14, tests/kat_vectors, lines "philox4x32 10": counter, key, output
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def words(values):
    """32-bit words as the block takes them."""
    return [np.uint64(value) for value in values]


def second_philox(counter, key):
    """Philox4x32-10 again, from the paper, on Python integers."""
    low = 2**32 - 1
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = (high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0)
        key = ((key[0] + 0x9E3779B9) & low, (key[1] + 0xBB67AE85) & low)
    return counter


def second_uniform(seed, purpose, member, day, cell):
    """The documented scheme again: which key stands in which word, and which words make the uniform."""
    low = 2**32 - 1
    made = second_philox((seed & low, seed >> 32, purpose & low, purpose >> 32), (0x73617261, SCHEME_VERSION))
    out = second_philox((member // 2, day, cell & low, cell >> 32), (made[0], made[1]))
    high, rest = (out[2], out[3]) if member % 2 else (out[0], out[1])
    return ((high >> 5) * 2**26 + (rest >> 6)) / 2**53


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_published_vectors(counter, key, output):
    """The block gives the published Random123 vectors, compiled and in plain Python, and so does our second one."""
    assert tuple(int(w) for w in philox_block(*words(counter), *words(key))) == output
    assert tuple(int(w) for w in plain(philox_block)(*words(counter), *words(key))) == output
    assert second_philox(counter, key) == output


def test_uniform_is_the_documented_function_of_its_keys():
    """Every key stands in its own word: a swapped or dropped word, or the wrong half of a block, shows here."""
    rng = np.random.default_rng(20231101)
    for _ in range(300):
        seed, purpose, cell = (int(x) for x in rng.integers(0, 2**63, 3))
        member, day = (int(x) for x in rng.integers(0, 2**32, 2))
        keys = (np.uint64(seed), np.uint64(purpose), member, day, np.uint64(cell))
        assert uniform(*keys) == second_uniform(seed, purpose, member, day, cell)
        stream = stream_key(seed, purpose)
        assert uniform_at(stream, member, day, np.uint64(cell)) == uniform(*keys)
    assert plain(uniform)(*keys) == uniform(*keys)


@pytest.mark.parametrize("position", range(5))
def test_each_key_matters(position):
    """Changing any one key, in its lowest or in its highest bit, changes the uniform."""
    keys = [np.uint64(value) for value in (7, 11, 13, 738_000 * 1024, 17)]
    bits = 32 if position in (2, 3) else 64
    base = uniform(*keys)
    for bit in (0, 1, bits // 2, bits - 1):
        changed = list(keys)
        changed[position] = np.uint64(int(keys[position]) ^ (1 << bit))
        assert uniform(*changed) != base


def test_streams_below_and_above_half_of_the_range_both_work():
    """A 64-bit key works whether or not it fits a signed integer, and as a Python integer where it does."""
    for stream in (np.uint64(5), np.uint64(2**63 + 5)):
        for cell in (7, np.uint64(7), np.uint64(2**63 + 9)):
            assert 0.0 < uniform_at(stream, 3, 4, cell) < 1.0
    assert uniform_at(np.uint64(5), 3, 4, 7) == uniform_at(np.uint64(5), 3, 4, np.uint64(7))


def test_uniforms_stay_inside_the_open_interval():
    """All-zero words give 2^-54, all-one words 1 - 2^-53."""
    from sarai.simulate.philox import unit_interval

    zero, full = np.uint64(0), np.uint64(2**32 - 1)
    assert unit_interval(zero, zero) == 2.0**-54
    assert unit_interval(full, full) == 1.0 - 2.0**-53
    assert unit_interval(zero, np.uint64(64)) == 2.0**-53
