# mypy: disable-error-code="no-untyped-call, attr-defined"
"""How a kernel becomes machine code: numba's passes that roots and parts need, and where the code of a part is kept.

See `kernel.py` for what roots and parts are.
"""

from __future__ import annotations

from typing import Any

from llvmlite.binding import ModuleRef
from numba.core import errors, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.runtime.nrt import rtsys
from numba.core.typed_passes import (
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

from sarai.simulate.kernel_lowering import PartLower, RaisesError, RaisingLower, RootLower, call_quiet

BEFORE_TYPES = (
    TranslateByteCode, FixupArgs, IRProcessing, RewriteSemanticConstants, DeadBranchPrune, GenericRewrites,
    ReconstructSSA, DeadBranchPrune,
)  # fmt: skip
AFTER_TYPES = (NopythonTypeInference, PreLowerStripPhis)
ROOT_BEFORE = (
    TranslateByteCode, FixupArgs, IRProcessing, InlineClosureLikes, RewriteSemanticConstants, DeadBranchPrune,
    GenericRewrites, RewriteDynamicRaises, MakeFunctionToJitFunction, ReconstructSSA, DeadBranchPrune,
)  # fmt: skip


class RootLibrary(JITCodeLibrary):
    """Code of a root: optimised once, when all of its parts are in it."""

    def _optimize_functions(self, module: ModuleRef) -> None:
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Take in every part once, however many parts call it, and optimise."""
        take_in(self._final_module, self)
        self._linking_libraries = []
        super().finalize()

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class PartLibrary(RootLibrary):
    """Code of a part: kept as it is for the roots that call it, never made to run by itself."""

    def finalize(self) -> None:
        """Nothing is linked into a part: a root takes in all that it reaches."""
        self._raise_if_finalized()
        self._finalize_final_module()

    def own_module(self) -> ModuleRef:
        """The code of this part alone."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> ModuleRef:
        whole = self.own_module().clone()
        take_in(whole, self)
        return whole

    def _finalize_final_module(self) -> None:
        if allocates(self):
            raise TypeError(f"{self.name}: a kernel called by kernels allocates nothing: nobody would free it")
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No machine code, no address."""
        return 0


def reached(library: Any) -> dict[Any, None]:
    """The libraries that one links, and those that its parts link, each once, in order."""
    found: dict[Any, None] = {}
    for each in library._linking_libraries:
        found[each] = None
        if isinstance(each, PartLibrary):
            found.update(reached(each))
    return found


def allocates(library: Any) -> bool:
    """Whether the code of a part, or what numba put beside it, asks for memory."""
    others = [each for each in library._linking_libraries if not isinstance(each, PartLibrary)]
    modules = [library._final_module, *(each._final_module for each in others if each is not rtsys.library)]
    return any(function.name.startswith("NRT_MemInfo_alloc") for module in modules for function in module.functions)


def take_in(module: ModuleRef, library: Any) -> None:
    """Link all that a library reaches into a module."""
    for each in reached(library):
        own = each.own_module() if isinstance(each, PartLibrary) else each._get_module_for_linking()
        module.link_in(own, preserve=True)


@register_pass(mutates_CFG=True, analysis_only=False)
class RootLowering(NativeLowering):
    """Lower a root into a library of its own kind, which numba can keep on disk."""

    _name = "sarai_root_lowering"

    @property
    def lowering_class(self) -> type[RootLower]:
        """How a root is lowered."""
        return RootLower

    def run_pass(self, state: Any) -> bool:
        """Make the library and fill it."""
        state.library = RootLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lower a part, and make it known to the roots under a key of its own."""

    _name = "sarai_part_lowering"
    lowering_class: type[PartLower] = PartLower

    def run_pass(self, state: Any) -> bool:
        """Make the library and fill it, without machine code."""
        if not returns_numbers(state.return_type):
            raise TypeError(f"{state.func_id.func_qualname}: a kernel called by kernels returns numbers only")
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        try:
            self.lowering_class = PartLower
            super().run_pass(state)
        except RaisesError:
            self.lowering_class = RaisingLower
            super().run_pass(state)
        lowered, key = state["cr"], object()
        if self.lowering_class is PartLower:
            call = call_quiet(lowered.fndesc, state.library)
            state.targetctx._defns[key].append(call, call.signature)
        else:
            state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=key)
        return True


def returns_numbers(kind: Any) -> bool:
    """Whether a numba type is a number, nothing, or a tuple of numbers."""
    if isinstance(kind, types.BaseTuple):
        return all(returns_numbers(each) for each in kind)
    return isinstance(kind, types.Number | types.Boolean | types.NoneType)


class RootCompiler(CompilerBase):
    """numba's passes that a root needs."""

    def define_pipelines(self) -> list[PassManager]:
        """One list of passes, in order."""
        frees = (IRLegalization,) if self.state.flags.nrt else ()  # it finds out when to free what
        return [in_order("sarai root", *ROOT_BEFORE, *AFTER_TYPES, NopythonRewrites, *frees, RootLowering)]


class PartCompiler(CompilerBase):
    """numba's passes that a part needs: no closures, no whole-array arithmetic, no messages made as it runs."""

    def define_pipelines(self) -> list[PassManager]:
        """One list of passes, in order."""
        return [in_order("sarai part", *BEFORE_TYPES, *AFTER_TYPES, PartLowering)]


class Passes(PassManager):
    """numba's runner of passes, without timers and checks after each of them."""

    def _runPass(self, index: int, one: Any, state: Any) -> None:  # numba's name
        one.analysis = self._analysis
        with errors.new_error_context("Pass {name}", name=one.name()):
            one.run_pass(state)


def in_order(name: str, *passes: type) -> PassManager:
    """A pass manager of these passes and numba's last one."""
    manager = Passes(name)
    for each in (*passes, NoPythonBackend):
        manager.add_pass(each, each.__name__)
    manager.finalize()
    return manager
