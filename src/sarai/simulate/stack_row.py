# mypy: disable-error-code="no-untyped-call"
"""A short row of doubles on the stack of a kernel: scratch that nobody passes in and nobody frees.

Loops over such rows are vectorised without a check for overlap. They want their length as a variable: a loop of known
length is unrolled first, and then nothing is left that a vector could hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj
from numpy.typing import NDArray

LANES = 32  # doubles in a row: four vector registers of 512 bits
_ROW = types.Array(types.float64, 1, "C")


@intrinsic
def _stack_row_code(typingctx: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        room = cgutils.alloca_once(builder, ir.ArrayType(ir.DoubleType(), LANES))
        room.align = 64
        row = arrayobj.make_array(_ROW)(context, builder)
        size, each = context.get_constant(types.intp, LANES), context.get_constant(types.intp, 8)
        data = builder.bitcast(room, ir.DoubleType().as_pointer())
        arrayobj.populate_array(row, data=data, shape=[size], strides=[each], itemsize=each, meminfo=None)
        return row._getvalue()

    return _ROW(), codegen


stack_row = cast(Callable[[], NDArray[np.float64]], _stack_row_code)
"""`LANES` doubles, not set, on a line of the cache of their own; gone when the kernel that asks for them ends."""
