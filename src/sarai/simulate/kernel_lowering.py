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

from numba.core import errors, ir, types
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
        """A range, or the length of an array; None for any other call."""
        function = self.typeof(expr.func.name)
        key = function.typing_key if isinstance(function, types.Function) else None
        signature = self.fndesc.calltypes[expr]
        if key is len and isinstance(signature.args[0], types.Array):
            return self.builder.extract_value(self.loadvar(expr.args[0].name), (SHAPE, 0))
        if key is range and not expr.kws:
            given = [self._cast_var(name, kind) for name, kind in zip(expr.args, signature.args, strict=True)]
            given = given if len(given) > 1 else [given[0].type(0), *given]
            full = given if len(given) > 2 else [*given, given[0].type(1)]
            return self.builder.put_all(self.context.get_value_type(resty), full)
        return None

    def lower_getiter(self, resty: Any, expr: Any) -> Any:
        """A count through a range in steps of one; None for anything else."""
        if not isinstance(self.typeof(expr.value.name), types.RangeType):
            return None
        builder, value = self.builder, self.loadvar(expr.value.name)
        start, stop, step = (builder.extract_value(value, k) for k in range(3))
        if getattr(step, "constant", None) != 1:
            return None
        size = builder.sub(stop, start)
        count = builder.select(builder.icmp_signed(">", size, size.type(0)), size, size.type(0))
        with builder.goto_entry_block():
            places = [builder.alloca(start.type) for _ in range(2)]
        if builder.is_counted(start):
            builder.counting.add(places[0])
        builder.store(start, places[0])
        builder.store(count, places[1])
        return builder.put_all(self.context.get_value_type(resty), [places[0], stop, step, places[1]])

    def lower_iternext(self, resty: Any, expr: Any) -> Any:
        """The next number of a range; None for anything else."""
        if not isinstance(self.typeof(expr.value.name), types.RangeIteratorType):
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


class PartLower(RootLower):
    """Lowering of a part. One that takes arrays loops over them: it is called, never copied into its callers."""

    def setup_function(self, fndesc: Any) -> None:
        """Declare the function."""
        super().setup_function(fndesc)
        if not fndesc.inline and any(isinstance(kind, types.Array) for kind in fndesc.argtypes):
            self.function.attributes.add("noinline")
