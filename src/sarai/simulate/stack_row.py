# mypy: disable-error-code="no-untyped-call"
"""A short row of numbers on the stack of a kernel: scratch that nobody passes in and nobody frees.

Loops over such rows are vectorised without a check for overlap. They want their length as a variable: a loop of known
length is unrolled first, and then nothing is left that a vector could hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

LANES = 32  # doubles in a row: four vector registers of 512 bits
SINGLES = 64  # the same in single precision


def make_stack_row(kind: Any, length: int) -> Any:
    """A function for kernels that returns an array of a numba type on the stack, unset, on a cache line of its own."""
    array, each = types.Array(kind, 1, "C"), kind.bitwidth // 8
    name = str(kind)

    def new_row() -> Any:
        return np.empty(length, name)

    @intrinsic
    def stack(typingctx: Any) -> Any:
        from numba.np import arrayobj  # not needed, and not imported, where kernels are kept on disk

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            item = context.get_data_type(kind)
            room = cgutils.alloca_once(builder, ir.ArrayType(item, length))
            room.align = 64
            row = arrayobj.make_array(array)(context, builder)
            size, step = context.get_constant(types.intp, length), context.get_constant(types.intp, each)
            data = builder.bitcast(room, item.as_pointer())
            arrayobj.populate_array(row, data=data, shape=[size], strides=[step], itemsize=step, meminfo=None)
            return row._getvalue()

        return array(), codegen

    stack.py_func = new_row  # type: ignore[attr-defined]  # what `plain` calls
    return stack


stack_row: Callable[[], NDArray[np.float64]] = make_stack_row(types.float64, LANES)
stack_singles: Callable[[], NDArray[np.float32]] = make_stack_row(types.float32, SINGLES)
stack_doubles: Callable[[], NDArray[np.float64]] = make_stack_row(types.float64, SINGLES)
stack_places: Callable[[], NDArray[np.int64]] = make_stack_row(types.int64, SINGLES)
