# mypy: disable-error-code="no-untyped-call, attr-defined"
"""`@kernel`: numba's `njit`, compiled in about a third of the time. The numbers it computes are the same.

numba compiles every function by itself to machine code, with a door for Python, and optimises it anew inside each
function that calls it. A kernel of ours that another kernel calls is a *part*: it gets no door and no machine code, and
its plain code is laid into the one that calls it. What Python calls is a *root*: it is optimised once, with all of its
parts, and kept on disk. Any kernel can be both. What numba does to a root beyond that (a first, cheaper optimisation of
every function) is left out: the full one does the same work.

A part returns numbers only and allocates nothing, so that nobody has to count references to arrays.
What it took before and takes now: docs/explanation/engine.md.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

from numba.core import types
from numba.core.compiler import CompilerBase
from numba.core.registry import CPUDispatcher

import sarai.simulate.kernel_cache  # noqa: F401
from sarai.simulate.kernel_passes import PartCompiler, RootCompiler
from sarai.simulate.lean_numba import lean, remember_numba
from sarai.simulate.operator_types import remember_operators

remember_operators()
remember_numba()

Function = TypeVar("Function", bound=Callable[..., Any])


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for rings of garbage meanwhile: among the objects of a compilation it takes a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        with lean():
            yield
    finally:
        if was:
            gc.enable()


class Part(CPUDispatcher):
    """A kernel as other kernels see it."""

    def add_overload(self, result: Any) -> None:
        """Remember what was compiled; Python cannot call it."""
        self.overloads[tuple(result.signature.args)] = result


class Kernel(CPUDispatcher):
    """A kernel as Python sees it, with the part that other kernels see."""

    def __init__(
        self,
        py_func: Callable[..., Any],
        locals: Any = None,  # noqa: A002  # numba's name
        targetoptions: Any = None,
        pipeline_class: type[CompilerBase] = RootCompiler,
    ) -> None:
        options = {**(targetoptions or {}), "no_cfunc_wrapper": True}
        super().__init__(py_func, locals, options, pipeline_class)
        inside = {**options, "no_cpython_wrapper": True, "_nrt": False}
        self.part = Part(py_func, locals, inside, PartCompiler)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Types of a call from another kernel. Only what is copied into it is compiled anew for each constant."""
        if not self.targetoptions["forceinline"]:
            args, kws = tuple(map(types.unliteral, args)), {name: types.unliteral(kind) for name, kind in kws.items()}
        return self.part.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """Key of what another kernel calls."""
        return self.part.get_overload(sig)

    def compile(self, sig: Any) -> Any:
        """Compile for a call from Python, or fetch what is on disk."""
        with no_collection():
            return super().compile(sig)


def kernel(
    *, inline: bool = False, nogil: bool = False, checked: bool = False, borrows: bool = False
) -> Callable[[Function], Function]:
    """Compile a function on first use, keep it on disk, and let other kernels call it.

    inline   copy it into every kernel that calls it    nogil    let other Python threads run meanwhile
    checked  division by zero is an error; it gives infinity or NaN otherwise, as in NumPy
    borrows  it makes no array and returns none, so that a root counts no references either: a tenth less to compile
    """

    def compiled(function: Function) -> Function:
        model = "python" if checked else "numpy"
        options = {"nopython": True, "error_model": model, "forceinline": inline, "nogil": nogil, "boundscheck": None}
        options["_nrt"] = not borrows
        function.is_kernel = True  # it is kept under the stamp of all that it may call
        made = Kernel(function, None, options)
        with suppress(RuntimeError):  # there is no place to keep it: it is compiled in every process
            made.enable_caching()
        return cast(Function, made)

    return compiled
