# mypy: disable-error-code="no-untyped-call, attr-defined, name-defined, misc"
"""What numba does beside compiling, over and over, is done once or left out. The code that it makes is the same.

A memory for what never changes: whether an implementation takes a location, whether a value can be a literal, which
operands an instruction names, which implementations do not exist. Left out while our kernels compile: events that
nobody listens to, coloured messages of errors that are caught at once, the search for implementations that were
registered since the last search, and, for kernels that are kept on disk, numba's implementations altogether.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

from numba.core import base, caching, errors, event, ir, postproc, transforms, types
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.cpu import CPUContext
from numba.core.runtime.nrt import rtsys
from numba.core.types.abstract import Literal

_ARRAYS = "__array__"  # name under which numba looks, in vain, for a structure of each kind of array
_VARIABLE, _INSTRUCTION, _ITEMS, _VALUES, _LEAF = range(5)
_KINDS = ((ir.Var, _VARIABLE), (ir.Inst, _INSTRUCTION), ((list, tuple), _ITEMS), (dict, _VALUES))
_KIND_OF: dict[type, int] = {}


class Plain(errors._DummyColorScheme):
    """Messages without colours."""

    code = errmsg = filename = indicate = highlight = reset = staticmethod(lambda message: message)


def kind_of(value: Any) -> int:
    """Which of the kinds a part of an instruction is."""
    kind = type(value)
    if kind not in _KIND_OF:
        _KIND_OF[kind] = next((number for base, number in _KINDS if isinstance(value, base)), _LEAF)
    return _KIND_OF[kind]


def list_variables(instruction: Any, value: Any) -> list[Any]:
    """Variables in a part of an instruction, in order, with repeats: `ir.Inst._rec_list_vars`."""
    kind = kind_of(value)
    if kind == _VARIABLE:
        return [value]
    if kind == _INSTRUCTION:
        return value.list_vars()  # type: ignore[no-any-return]
    if kind == _LEAF:
        return []
    found: list[Any] = []
    for item in value.values() if kind == _VALUES else value:
        inside = _KIND_OF.get(type(item))
        if inside == _VARIABLE:
            found.append(item)
        elif inside != _LEAF:
            found.extend(list_variables(instruction, item))
    return found


def maybe_literal(value: Any) -> Any:
    """The literal type of a value, or None: without raising an error for each value that has none."""
    return types.literal(value) if isinstance(value, Literal) or type(value) in Literal.ctor_map else None


def remember_numba() -> None:
    """Put the memories in place. Done once, on import."""
    ir.Inst._rec_list_vars = list_variables  # type: ignore[method-assign]
    types.maybe_literal = maybe_literal
    base._has_loc = lru_cache(maxsize=8192)(base._has_loc)
    find, search = base.OverloadSelector.find, base.BaseContext.get_function

    def find_once(self: Any, signature: Any) -> Any:
        missed = self.__dict__.setdefault("_missed", {})
        if missed.get(signature) == len(self.versions):
            raise errors.NumbaNotImplementedError("no implementation")
        try:
            return find(self, signature)
        except errors.NumbaNotImplementedError:
            missed[signature] = len(self.versions)
            raise

    def get_function(self: Any, function: Any, signature: Any, _firstcall: bool = True) -> Any:
        if isinstance(function, str) and function == _ARRAYS and not self._defns[_ARRAYS].versions:
            raise NotImplementedError(function)  # numba's own word for `not found`, which its callers catch
        return search(self, function, signature, _firstcall)

    base.OverloadSelector.find = find_once  # type: ignore[method-assign]
    base.BaseContext.get_function = get_function  # type: ignore[method-assign]


def _nothing(*_arguments: Any, **_names: Any) -> None:
    """Instead of an event."""


def _load_once(context: Any) -> None:
    """Import numba's implementations when something first compiles; later take in what was registered since."""
    if not _LOADED:
        _load_arrays()
        _LOAD(context)
        _LOADED.append(True)
    for registry in list(context._registries):
        context.install_registry(registry)


_LOAD = CPUContext.load_additional_registries


def _load_arrays() -> None:
    """Load numba's array functions without SciPy's linear algebra, which tells numba only whether to offer `np.cov`.

    Nothing is done where either is loaded already, and SciPy can be imported afterwards as ever.
    """
    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules:
        return
    sys.modules[_BLAS] = None  # type: ignore[assignment]  # an import of it now fails at once, without loading SciPy
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules[_BLAS]


_BLAS = "scipy.linalg.cython_blas"


def _load_kept(cache: Any, signature: Any, context: Any) -> Any:
    """The kernel of a signature from the disk, or None. It is machine code: it needs none of numba's implementations.

    Where nothing is kept, what compiles loads them by itself.
    """
    rtsys.initialize(context)
    with cache._guard_against_spurious_io_errors():
        return cache._load_overload(signature, context)


def _with_constants(result: Any) -> list[Any]:
    """What to keep with a kernel: of the functions in it, those of numba's included, that fetch Python objects.

    To load one is to import its module. A function that fetches no Python object has no use for it.
    """
    return [kept for kept in _REFERENCED(result) if kept.consts]


_REFERENCED = CompileResult._find_referenced_environments


def _tidy(processor: Any, emit_dels: bool = False, extend_lifetimes: bool = False) -> None:
    """After a pass: tidy the loops. Who lives where is reckoned only when somebody asks: once, before lowering."""
    code = processor.func_ir
    if emit_dels or code.is_generator:
        _POST_PROCESS(processor, emit_dels, extend_lifetimes)
        return
    code.blocks = transforms.canonicalize_cfg(code.blocks)
    code.variable_lifetime = postproc.VariableLifetime(code.blocks)
    code.generator_info = None


_POST_PROCESS = postproc.PostProcessor.run


@contextmanager
def _instead(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Put a value in the place of what a module or a class holds under a name, meanwhile."""
    was = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, was)


@contextmanager
def lean() -> Iterator[None]:
    """Compile without what our kernels have no use for; one thread at a time, as numba compiles anyway."""
    with global_compiler_lock, ExitStack() as scope:
        if not _WITHIN:
            for name in ("start_event", "end_event"):
                scope.enter_context(_instead(event, name, _nothing))
            scope.enter_context(_instead(postproc.PostProcessor, "run", _tidy))
            scope.enter_context(_instead(errors, "_termcolor_inst", Plain()))
            scope.enter_context(_instead(CPUContext, "load_additional_registries", _load_once))
            scope.enter_context(_instead(CompileResult, "_find_referenced_environments", _with_constants))
            scope.enter_context(_instead(caching.Cache, "load_overload", _load_kept))
        _WITHIN.append(True)
        try:
            yield
        finally:
            _WITHIN.pop()


_WITHIN: list[bool] = []
_LOADED: list[bool] = []
