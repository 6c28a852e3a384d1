"""A claim, the register of claims, and the rule by which a night may cry wolf once in a thousand.

With m claims each holds 0.001 / m of the night's false alarms. A claim looks once at 0.01; only on alarm it looks
again, with fresh draws and four times the runs, at the rest of its share: 0.1 / m. Both looks must alarm. A claim that
one counterexample refutes has no false alarms to spend: it looks once, and what it found is not forgiven because the
second look did not meet it again. A claim also looks at itself with a planted fault of the size that it states, and
must turn red.

    @claim(states="Daily counts are conserved", sees="one person lost in 10^6", runs=10_000)
    def conservation(seed: int, runs: int, planted: bool) -> float:
        ...
        return p_value          # small = the claim fails; 1.0 or 0.0 where it is held to a limit
"""

from __future__ import annotations

import hashlib
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NIGHT_BUDGET = 0.001
FIRST_LOOK = 0.01
MORE_RUNS = 4

Look = Callable[[int, int, bool], float]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement that can be false.

    name    module and function, unique       states  the claim in one sentence
    sees    its power: the fault that it is made to see, which is also the planted one
    runs    size of the first look            look    (seed, runs, planted) -> p-value
    exact   True where one counterexample refutes the claim: p-values are 0 or 1, and the first look decides. Where a
            share or a mean is held to a limit chance can carry it over, and the second look is wanted
    """

    name: str
    states: str
    sees: str
    runs: int
    look: Look
    exact: bool = False


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a claim said: p-values of the looks taken, whether it holds, whether it caught its planted fault."""

    claim: Claim
    looks: tuple[float, ...]
    holds: bool
    caught: bool | None
    seconds: float


REGISTER: dict[str, Claim] = {}


def claim(*, states: str, sees: str, runs: int, exact: bool = False) -> Callable[[Look], Look]:
    """Register a look as a claim; the function stays callable. Raises ValueError on a second claim of one name."""

    def register(look: Look) -> Look:
        name = f"{look.__module__.rsplit('.', 1)[-1].removeprefix('claim_')}.{look.__name__}"
        if name in REGISTER:
            raise ValueError(f"two claims are called {name}")
        REGISTER[name] = Claim(name=name, states=states, sees=sees, runs=runs, look=look, exact=exact)
        return look

    return register


def load_claims(module: str = "*") -> dict[str, Claim]:
    """Import `verify/claim_<module>.py`, by default each there is, and return the claims of these in order of name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob(f"claim_{module}.py"))
    for name in names:
        importlib.import_module(f"verify.{name}")
    prefixes = tuple(f"{name.removeprefix('claim_')}." for name in names)
    return {name: item for name, item in sorted(REGISTER.items()) if name.startswith(prefixes)}


def seed_of(text: str) -> int:
    """63-bit seed of a text: a date in the night, a test's name in CI. Nobody picks one that passes."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") >> 1


def second_look(claims: int) -> float:
    """Level of the second look with this many claims: FIRST_LOOK times it is the claim's share of the night."""
    return min(1.0, NIGHT_BUDGET / claims / FIRST_LOOK)


def judge(item: Claim, source: str, claims: int, runs: int, planted: bool) -> tuple[tuple[float, ...], bool]:
    """P-values of one or two looks, and whether the claim holds. `source` names the seed: a date or a test."""
    first = item.look(seed_of(f"{source}/{item.name}/1"), runs, planted)
    if first >= FIRST_LOOK or item.exact:
        return (first,), first >= FIRST_LOOK
    second = item.look(seed_of(f"{source}/{item.name}/2"), runs * MORE_RUNS, planted)
    return (first, second), second >= second_look(claims)


def run_claim(item: Claim, source: str, *, claims: int = 1, runs: int | None = None, plant: bool = True) -> Verdict:
    """Judge a claim, and once more with its planted fault, which must turn it red.

    source  text that seeds are made from     claims  how many share the night's budget
    runs    size of the first look; None: the claim's own     plant  False leaves the planted fault out
    """
    begin = time.perf_counter()
    size = item.runs if runs is None else runs
    looks, holds = judge(item, source, claims, size, False)
    caught = not judge(item, f"{source}/planted", claims, size, True)[1] if plant else None
    return Verdict(claim=item, looks=looks, holds=holds, caught=caught, seconds=time.perf_counter() - begin)
