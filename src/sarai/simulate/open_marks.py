# mypy: disable-error-code="no-untyped-call"
"""Which of the next 32 members of a row are still uniforms, as the bits of one number.

The masks of a few comparisons of vector registers stand side by side: they are the number. A loop that sets bit after
bit lets each fill 64 bits of a register first and adds the registers up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

LOOK = 32  # members that are looked at together


def _marks(row: NDArray[np.float64], first: int) -> int:
    part = row[first : first + LOOK].tolist()
    return sum(1 << i for i, u in enumerate(part) if u - u * u > 0.0)


@intrinsic
def _register_masks(typingctx: Any, row: Any, first: Any) -> Any:
    if row.layout != "C":
        return None  # numba says that there is no such function for a row with gaps

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        many = ir.VectorType(ir.DoubleType(), LOOK)
        place = builder.bitcast(builder.gep(data, [args[1]]), many.as_pointer())
        u = builder.load(place, align=8)
        between = builder.fcmp_ordered(">", builder.fsub(u, builder.fmul(u, u)), ir.Constant(many, [0.0] * LOOK))
        return builder.zext(builder.bitcast(between, ir.IntType(LOOK)), ir.IntType(64))

    return types.int64(row, types.int64), codegen


_register_masks.py_func = _marks  # type: ignore[attr-defined]  # what `plain` calls
open_marks: Callable[[NDArray[np.float64], int], int] = cast(Any, _register_masks)
"""Bit i is 1 where 0 < row[first + i] < 1, by one comparison: u - u u > 0. The row goes on for LOOK members."""
