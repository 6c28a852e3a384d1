"""What is left out around a compilation comes back after it, and what is remembered is what numba finds."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import njit
from numba.core import caching, errors, event, ir, postproc, types
from numba.core.bytecode import ByteCode, FunctionIdentity
from numba.core.cpu import CPUContext
from numba.core.interpreter import Interpreter

from sarai.simulate.binomial import binomial, settle
from sarai.simulate.kernel import kernel
from sarai.simulate.kernel_passes import RootLower
from sarai.simulate.lean_numba import lean, maybe_literal
from sarai.simulate.plain import plain

PROGRAM = """
import sys
import numpy
from sarai.simulate.flight.arrays import path_keys
ints = numpy.zeros(2, dtype=numpy.int64)
keys = path_keys(ints - 1, ints, numpy.array([7, 9], dtype=numpy.uint64))
assert keys.tolist() == [7, 7]
assert "scipy.linalg" not in sys.modules, "linear algebra was loaded"
state = "compiled" if "numba.np.arraymath" in sys.modules else "from the cache"
from scipy import linalg
import scipy.linalg.cython_blas
assert numpy.allclose(linalg.inv(numpy.eye(2)), numpy.eye(2))
from sarai.simulate.kernel import kernel
assert kernel()(lambda x: 1.0 if x < 2.0 else x)(1.5) == 1.0  # one that is not kept compiles after one that is
import numba
assert numba.njit(lambda x: numpy.cumsum(x))(numpy.ones(3)).tolist() == [1.0, 2.0, 3.0]
print(state)
"""


def code_of(function: object) -> ir.FunctionIR:
    """numba's intermediate code of a function."""
    identity = FunctionIdentity.from_function(function)
    return Interpreter(identity).interpret(ByteCode(identity))


def list_slowly(value: object) -> list[ir.Var]:
    """Variables in a part of an instruction, as numba's own rule says."""
    if isinstance(value, ir.Var):
        return [value]
    if isinstance(value, ir.Inst):
        return list_slowly(value._kws if isinstance(value, ir.Expr) else value.__dict__)
    if isinstance(value, list | tuple | dict):
        parts = value.values() if isinstance(value, dict) else value
        return [found for part in parts for found in list_slowly(part)]
    return []


def test_variables_of_instructions_are_those_of_numba() -> None:
    """Same variables, same order, repeats kept, for every instruction of two long kernels."""
    seen = 0
    for function in (plain(binomial), plain(settle)):
        for block in code_of(function).blocks.values():
            for instruction in block.body:
                seen += 1
                assert instruction.list_vars() == list_slowly(instruction)
    assert seen > 50


def test_literals_are_those_of_numba() -> None:
    """A value has a literal type, or None; a type that is a literal already is refused as before."""
    for value in (3, True, "a", slice(1, 2)):
        assert maybe_literal(value) == types.literal(value)
    for value in (3.0, None, np.float32(1.0), object()):
        assert maybe_literal(value) is None
        with pytest.raises(errors.LiteralTypingError):
            types.literal(value)
    with pytest.raises(ValueError, match="Literal type"):
        maybe_literal(types.literal(3))


def test_numba_is_whole_again_afterwards() -> None:
    """Events, colours, clean-up and registries are numba's own before and after, whatever happens within."""
    before = (event.start_event, errors._termcolor_inst, postproc.PostProcessor.run)
    registries, fetch = CPUContext.load_additional_registries, caching.Cache.load_overload
    with pytest.raises(ZeroDivisionError), lean(), lean():
        assert event.start_event is not before[0]
        raise ZeroDivisionError
    assert (event.start_event, errors._termcolor_inst, postproc.PostProcessor.run) == before
    assert CPUContext.load_additional_registries is registries
    assert caching.Cache.load_overload is fetch


def test_events_of_other_compilations_are_told() -> None:
    """A timer on numba's compiler still hears of a function that is not ours."""
    heard: list[float] = []
    with event.install_timer("numba:compile", heard.append):
        assert njit(lambda x: x + 1.0)(1.0) == 2.0
    assert heard


def test_a_function_of_numba_may_call_a_kernel() -> None:
    """A part reaches an ordinary numba function with all that it calls."""

    @njit
    def twice(u: float) -> float:
        return settle(u, 50.0, 0.4) + settle(u, 50.0, 0.4)

    assert twice(0.3) == 2.0 * plain(settle)(0.3, 50.0, 0.4)


def test_an_error_tells_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that cannot be lowered names the instruction and its line."""

    @kernel()
    def wrong(x: float) -> float:
        return x * 2.0

    def fail(*_: object) -> None:
        raise errors.UnsupportedError("not today")

    monkeypatch.setattr(RootLower, "lower_inst", fail)
    with pytest.raises(errors.NumbaError, match=r"not today[\s\S]*lowering \"x = arg[\s\S]*test_lean_numba.py"):
        wrong(1.0)


def test_a_kernel_from_the_cache_starts_without_the_compiler_and_a_new_one_compiles(tmp_path: Path) -> None:
    """Neither loads linear algebra; SciPy and the compiler work as ever afterwards."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    for state in ("compiled", "from the cache"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=environment
        )
        assert done.stdout.strip() == state, done.stderr
