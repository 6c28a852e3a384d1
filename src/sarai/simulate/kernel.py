# mypy: disable-error-code="no-untyped-call"
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
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from llvmlite.binding import ModuleRef
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.lowering import Lower
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import (
    InlineOverloads,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonRewrites,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FixupArgs,
    GenericRewrites,
    InlineClosureLikes,
    IRProcessing,
    MakeFunctionToJitFunction,
    ReconstructSSA,
    RewriteDynamicRaises,
    RewriteSemanticConstants,
    TranslateByteCode,
)

import sarai.simulate.kernel_cache  # noqa: F401
from sarai.simulate.operator_types import remember_operators

remember_operators()

Function = TypeVar("Function", bound=Callable[..., Any])
BEFORE_TYPES = (
    TranslateByteCode, FixupArgs, IRProcessing, RewriteSemanticConstants, DeadBranchPrune, GenericRewrites,
    ReconstructSSA, DeadBranchPrune,
)  # fmt: skip
AFTER_TYPES = (NopythonTypeInference, PreLowerStripPhis, InlineOverloads)
ROOT_BEFORE = (
    TranslateByteCode, FixupArgs, IRProcessing, InlineClosureLikes, RewriteSemanticConstants, DeadBranchPrune,
    GenericRewrites, RewriteDynamicRaises, MakeFunctionToJitFunction, ReconstructSSA, DeadBranchPrune,
)  # fmt: skip


class RootLibrary(JITCodeLibrary):
    """Code of a root: optimised once, when all of its parts are in it."""

    def _optimize_functions(self, module: ModuleRef) -> None:
        module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class PartLibrary(RootLibrary):
    """Code of a part: kept as it is for the roots that call it, never made to run by itself."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        if any(function.name.startswith("NRT_MemInfo_alloc") for function in self._final_module.functions):
            raise TypeError(f"{self.name}: a kernel called by kernels allocates nothing: nobody would free it")
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No machine code, no address."""
        return 0


class PartLower(Lower):
    """Lowering of a part. One that takes arrays loops over them: it is called, never copied into its callers."""

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function."""
        super().setup_function(fndesc)
        if not fndesc.inline and any(isinstance(kind, types.Array) for kind in fndesc.argtypes):
            self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class RootLowering(NativeLowering):
    """Lower a root into a library of its own kind, which numba can keep on disk."""

    _name = "sarai_root_lowering"

    def run_pass(self, state: Any) -> bool:
        """Make the library and fill it."""
        state.library = RootLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lower a part, and make it known to the roots under a key of its own."""

    _name = "sarai_part_lowering"

    @property
    def lowering_class(self) -> type[PartLower]:
        """How a part is lowered."""
        return PartLower

    def run_pass(self, state: Any) -> bool:
        """Make the library and fill it, without machine code."""
        if not returns_numbers(state.return_type):
            raise TypeError(f"{state.func_id.func_qualname}: a kernel called by kernels returns numbers only")
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered, key = state["cr"], object()
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=key)
        return True


def returns_numbers(kind: Any) -> bool:
    """Whether a numba type is a number, nothing, or a tuple of numbers."""
    if isinstance(kind, types.BaseTuple):
        return all(returns_numbers(each) for each in kind)  # type: ignore[attr-defined]
    return isinstance(kind, types.Number | types.Boolean | types.NoneType)


class RootCompiler(CompilerBase):
    """numba's passes that a root needs."""

    def define_pipelines(self) -> list[PassManager]:
        """One list of passes, in order."""
        return [in_order("sarai root", *ROOT_BEFORE, *AFTER_TYPES, NopythonRewrites, IRLegalization, RootLowering)]


class PartCompiler(CompilerBase):
    """numba's passes that a part needs: no closures, no whole-array arithmetic, no messages made as it runs."""

    def define_pipelines(self) -> list[PassManager]:
        """One list of passes, in order."""
        return [in_order("sarai part", *BEFORE_TYPES, *AFTER_TYPES, IRLegalization, PartLowering)]


def in_order(name: str, *passes: type) -> PassManager:
    """A pass manager of these passes and numba's last one."""
    manager = PassManager(name)
    for each in (*passes, NoPythonBackend):
        manager.add_pass(each, each.__name__)
    manager.finalize()
    return manager


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for rings of garbage meanwhile: among the objects of a compilation it takes a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
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
        """Types of a call from another kernel."""
        return self.part.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """Key of what another kernel calls."""
        return self.part.get_overload(sig)

    def compile(self, sig: Any) -> Any:
        """Compile for a call from Python, or fetch what is on disk."""
        with no_collection():
            return super().compile(sig)


def kernel(*, inline: bool = False, nogil: bool = False, checked: bool = False) -> Callable[[Function], Function]:
    """Compile a function on first use, keep it on disk, and let other kernels call it.

    inline   copy it into every kernel that calls it    nogil    let other Python threads run meanwhile
    checked  division by zero is an error; it gives infinity or NaN otherwise, as in NumPy
    """

    def compiled(function: Function) -> Function:
        model = "python" if checked else "numpy"
        options = {"nopython": True, "error_model": model, "forceinline": inline, "nogil": nogil, "boundscheck": None}
        made = Kernel(function, None, options)
        made.enable_caching()
        return cast(Function, made)

    return compiled
