# mypy: disable-error-code="no-untyped-call, attr-defined"
"""From numba's code of a kernel to LLVM's: the same operations, told with fewer words.

numba gives nearly every variable a place on the stack: it clears the place, reads it before each write and clears it
again behind the last use, in case somebody has to free what stood there. A variable of ours that is assigned once is
the value itself. A count through a range needs no division. What a root has to free, arrays that it made, stays with
numba.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from llvmlite import ir as llvm
from llvmlite.ir.instructions import Ret
from numba.core import cgutils, errors, ir, types
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.lowering import Lower

from sarai.simulate.kernel_arrays import SHAPE, Builder, address, index_kinds, row


class RootLower(Lower):
    """Lowering of a root."""

    def _find_singly_assigned_variable(self) -> None:
        assigned = Counter(each.target.name for block in self.blocks.values() for each in block.find_insts(ir.Assign))
        self._freed = {name for name in assigned if self.is_freed(self.typeof(name))}
        once = {name for name, times in assigned.items() if times == 1}
        if self._freed:
            super()._find_singly_assigned_variable()
            once -= self._freed - self._singly_assigned_vars
        self._singly_assigned_vars = once
        self._blk_local_varmap: dict[str, Any] = {}

    def is_freed(self, kind: Any) -> bool:
        """Whether values of a type hold what has to be freed, such as an array."""
        return bool(self.context.enable_nrt and self.context.data_model_manager[kind].contains_nrt_meminfo())

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function."""
        super().setup_function(fndesc)
        self.builder = Builder(self.entry_block)
        self.call_helper = self.call_conv.init_call_helper(self.builder)

    def lower_function_body(self) -> Any:
        """Lower all blocks, each behind those that every way to it leads through."""
        for offset in self.blocks:
            self.blkmap[offset] = self.function.append_basic_block(f"B{offset}")
        self.pre_lower()
        entry = self.builder.basic_block
        order = list(compute_cfg_from_blocks(self.blocks).topo_order())
        for offset in [*order, *sorted(set(self.blocks) - set(order))]:
            self.builder.position_at_end(self.blkmap[offset])
            self.lower_block(self.blocks[offset])
        self.post_lower()
        return entry

    def lower_block(self, block: Any) -> None:
        """Lower the instructions of a block; the place of an error is told only where there is one."""
        self.pre_block(block)
        try:
            for instruction in block.body:
                self.loc = instruction.loc
                self.lower_inst(instruction)
        except Exception as error:
            told = partial(errors.LoweringError, loc=instruction.loc)
            with errors.new_error_context(
                'lowering "{inst}" at {loc}', inst=instruction, loc=instruction.loc, errcls_=told
            ):
                raise error
        self.post_block(block)

    def lower_inst(self, inst: Any) -> None:
        """Lower an instruction."""
        if isinstance(inst, ir.Assign) and inst.target.name not in self._freed:
            name = inst.target.name
            self.storevar(self.lower_assign(self.typeof(name), inst), name)
        elif isinstance(inst, ir.Del):
            if inst.value in self._freed:
                self.delvar(inst.value)
        elif isinstance(inst, ir.SetItem):
            self.lower_setitem(inst.target, inst.index, inst.value, self.fndesc.calltypes[inst])
        else:
            super().lower_inst(inst)

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store a value into a variable."""
        if name in self._freed:
            super().storevar(value, name, argidx=argidx)
        elif name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value, self.getvar(name))

    def lower_expr(self, resty: Any, expr: Any) -> Any:
        """Lower an expression."""
        own = _EXPRESSIONS.get(expr.op)
        found = own(self, resty, expr) if own else None
        return super().lower_expr(resty, expr) if found is None else found

    def lower_getattr(self, resty: Any, expr: Any) -> Any:
        """The shape of an array; None for anything else."""
        if expr.attr == "shape" and isinstance(self.typeof(expr.value.name), types.Array):
            return self.builder.extract_value(self.loadvar(expr.value.name), SHAPE)
        return None

    def lower_plain_call(self, resty: Any, expr: Any) -> Any:
        """A range, the length of an array, or the whole part of a number; None for any other call."""
        function = self.typeof(expr.func.name)
        key = function.typing_key if isinstance(function, types.Function) else None
        signature = self.fndesc.calltypes[expr]
        if expr.kws or not expr.args or signature.return_type != resty:
            return None
        if key is len and isinstance(signature.args[0], types.Array):
            return self.builder.extract_value(self.loadvar(expr.args[0].name), (SHAPE, 0))
        if key is int and isinstance(signature.args[0], types.Number | types.Boolean):
            value = self._cast_var(expr.args[0], signature.args[0])
            return self.context.cast(self.builder, value, signature.args[0], resty)
        if key is range:
            given = [self._cast_var(name, kind) for name, kind in zip(expr.args, signature.args, strict=True)]
            given = given if len(given) > 1 else [given[0].type(0), *given]
            full = given if len(given) > 2 else [*given, given[0].type(1)]
            return self.builder.put_all(self.context.get_value_type(resty), full)
        return None

    def lower_getiter(self, resty: Any, expr: Any) -> Any:
        """A count through a range in steps of a constant; None for anything else."""
        kind = self.typeof(expr.value.name)
        if not isinstance(kind, types.RangeType) or not kind.dtype.signed:
            return None
        builder, value = self.builder, self.loadvar(expr.value.name)
        start, stop, step = (builder.extract_value(value, k) for k in range(3))
        by = getattr(step, "constant", 0)
        if by == 0:
            return None
        size, none, one = builder.sub(stop, start), step.type(0), step.type(1 if by > 0 else -1)
        more = builder.icmp_signed(">" if by > 0 else "<", size, none)
        count = size if by == 1 else builder.add(builder.sdiv(builder.sub(size, one), step), step.type(1))
        count = builder.select(more, count, none)
        with builder.goto_entry_block():
            places = [builder.alloca(start.type) for _ in range(2)]
        if by > 0 and builder.is_counted(start):
            builder.counting.add(places[0])
        builder.store(start, places[0])
        builder.store(count, places[1])
        return builder.put_all(self.context.get_value_type(resty), [places[0], stop, step, places[1]])

    def lower_iternext(self, resty: Any, expr: Any) -> Any:
        """The next number of a range; None for anything else."""
        kind = self.typeof(expr.value.name)
        if not isinstance(kind, types.RangeIteratorType) or not kind.yield_type.signed:
            return None
        builder, value = self.builder, self.loadvar(expr.value.name)
        place, step, left = (builder.extract_value(value, k) for k in (0, 2, 3))
        count, number = builder.load(left), builder.load(place)
        builder.store(builder.sub(count, count.type(1), flags=["nsw"]), left)
        if place in builder.counting:
            builder.counting.add(number)
        builder.store(builder.add(number, step, flags=["nsw"]), place)
        valid = builder.icmp_signed(">", count, count.type(0))
        return builder.put_all(self.context.get_value_type(resty), [number, valid])

    def lower_first(self, resty: Any, expr: Any) -> Any:
        """The first of a pair."""
        return self.builder.extract_value(self.loadvar(expr.value.name), 0)

    def lower_second(self, resty: Any, expr: Any) -> Any:
        """The second of a pair."""
        return self.builder.extract_value(self.loadvar(expr.value.name), 1)

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """An item or a row of an array, or what numba makes of it."""
        array, place = self.typeof(value.name), self.typeof(index.name)
        kinds = index_kinds(array, place)
        if not kinds or self.is_freed(resty):
            return super().lower_getitem(resty, expr, value, index, signature)
        whole = self.loadvar(value.name)
        first = address(self.context, self.builder, array, whole, kinds, self.loadvar(index.name))
        if isinstance(resty, types.Array):
            return row(self.context, self.builder, resty, whole, len(kinds), first)
        found = self.context.unpack_value(self.builder, array.dtype, first)
        return self.context.cast(self.builder, found, array.dtype, resty)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> None:
        """Set an item of an array, or do what numba does."""
        array, place, kind = (self.typeof(each.name) for each in (target_var, index_var, value_var))
        kinds = index_kinds(array, place)
        if not kinds or len(kinds) < array.ndim or not isinstance(kind, types.Number | types.Boolean):
            super().lower_setitem(target_var, index_var, value_var, signature)
            return
        whole, given = self.loadvar(target_var.name), self.loadvar(value_var.name)
        first = address(self.context, self.builder, array, whole, kinds, self.loadvar(index_var.name))
        item = self.context.cast(self.builder, given, kind, signature.args[2])
        item = self.context.cast(self.builder, item, signature.args[2], array.dtype)
        self.context.pack_value(self.builder, array.dtype, item, first)


_EXPRESSIONS = {
    "getattr": RootLower.lower_getattr, "call": RootLower.lower_plain_call, "getiter": RootLower.lower_getiter,
    "iternext": RootLower.lower_iternext, "pair_first": RootLower.lower_first, "pair_second": RootLower.lower_second,
}  # fmt: skip


class RaisesError(Exception):
    """A part may raise, so that its calls have to say whether it did."""


class PartLower(RootLower):
    """Lowering of a part that raises nothing: it takes its arguments and returns its numbers, and nothing beside."""

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function. One that takes arrays loops over them: it is called, never copied into its callers."""
        self.function = declare_quiet(self.context, self.module, fndesc)
        self.start_function(fndesc)

    def start_function(self, fndesc: Any) -> None:
        """Begin the first block."""
        self.entry_block = self.function.append_basic_block("entry")
        self.builder = Builder(self.entry_block)
        self.call_helper = self.call_conv.init_call_helper(self.builder)
        if not fndesc.inline and any(isinstance(kind, types.Array) for kind in fndesc.argtypes):
            self.function.attributes.add("noinline")

    def extract_function_arguments(self) -> Any:
        """Arrays and numbers from what is handed over."""
        packer = self.context.get_arg_packer(self.fndesc.argtypes)
        self.fnargs = packer.from_arguments(self.builder, self.function.args)
        return self.fnargs

    def lower_inst(self, inst: Any) -> None:
        """Lower an instruction."""
        if isinstance(inst, ir.Return):
            kind = self.typeof(inst.value.name)
            value = self.context.get_return_value(self.builder, kind, self.loadvar(inst.value.name))
            self.returns.append(self.builder.ret(value))
        else:
            super().lower_inst(inst)

    def lower_normal_function(self, fndesc: Any) -> None:
        """Lower the function; what else returns from it would tell of an error."""
        self.returns: list[Any] = []
        try:
            super().lower_normal_function(fndesc)
        except Exception as error:  # what would tell of an error finds no place for it
            raise RaisesError(fndesc.qualname) from error
        ends = [block.terminator for block in self.function.blocks]
        if any(isinstance(end, Ret) and end not in self.returns for end in ends):
            raise RaisesError(fndesc.qualname)


class RaisingLower(PartLower):
    """Lowering of a part that may raise: it returns as numba's functions do."""

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function."""
        self.function = self.context.declare_function(self.module, fndesc)
        self.start_function(fndesc)

    extract_function_arguments = RootLower.extract_function_arguments
    lower_inst = RootLower.lower_inst
    lower_normal_function = RootLower.lower_normal_function


def declare_quiet(context: Any, module: Any, fndesc: Any) -> Any:
    """A part that raises nothing, as its callers see it."""
    packer = context.get_arg_packer(fndesc.argtypes)
    returned = context.data_model_manager[fndesc.restype].get_return_type()
    kind = llvm.FunctionType(returned, packer.argument_types)
    function = cgutils.get_or_insert_function(module, kind, fndesc.mangled_name)
    if fndesc.inline:
        function.attributes.add("alwaysinline")
    return function


def call_quiet(fndesc: Any, library: Any) -> Any:
    """How a kernel calls such a part."""

    def call(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        function = declare_quiet(context, builder.module, fndesc)
        packer = context.get_arg_packer(fndesc.argtypes)
        found = builder.call(function, packer.as_arguments(builder, values))
        return context.get_returned_value(builder, fndesc.restype, found)

    call.signature, call.libs = fndesc.argtypes, (library,)
    return call
