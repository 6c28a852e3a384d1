# mypy: disable-error-code="no-untyped-call, attr-defined, misc, arg-type"
"""Items and rows of arrays for kernels: the addresses that numba reckons, without a copy of the array on the stack.

numba stores the description of an array on the stack at every use of it, to load from there what it needs.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

NITEMS, ITEMSIZE, DATA, SHAPE, STRIDES = 2, 3, 4, 5, 6  # where these stand in numba's description of an array


class Builder(ir.IRBuilder):
    """A builder that knows what it put into a structure, and which numbers are not negative."""

    def __init__(self, block: Any) -> None:
        super().__init__(block)
        self.counting: set[Any] = set()  # numbers that count from 0 or above

    def extract_value(self, agg: Any, idx: Any, name: str = "") -> Any:
        """A part of a structure: what was put there, where that is known."""
        place = tuple(idx) if isinstance(idx, tuple | list) else (idx,)
        while isinstance(agg, ir.InsertValue):
            put = tuple(agg.indices)
            if place[: len(put)] == put:
                agg, place = agg.value, place[len(put) :]
                if not place:
                    return agg
            elif put[: len(place)] == place:
                break
            else:
                agg = agg.aggregate
        return super().extract_value(agg, place, name)

    def is_counted(self, number: Any) -> bool:
        """Whether a number is known not to be negative."""
        return number in self.counting or (isinstance(number, ir.Constant) and number.constant >= 0)

    def put_all(self, kind: Any, values: list[Any]) -> Any:
        """A structure of these values."""
        made = ir.Constant(kind, ir.Undefined)
        for place, value in enumerate(values):
            made = self.insert_value(made, value, place)
        return made


def index_kinds(array: Any, place: Any) -> tuple[Any, ...]:
    """Types of the numbers that take an item or a row of an array; none where something else does."""
    kinds = tuple(place) if isinstance(place, types.BaseTuple) else (place,)
    plain = isinstance(array, types.Array) and array.layout in "CA" and array.aligned and 0 < len(kinds) <= array.ndim
    return kinds if plain and all(isinstance(kind, types.Integer) for kind in kinds) else ()


def from_front(context: Any, builder: Builder, kind: Any, index: Any, value: Any, axis: int) -> Any:
    """An index as a number from the front of its axis."""
    number = context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)
    if not kind.signed or builder.is_counted(number):
        return number
    wrapped = builder.add(number, builder.extract_value(value, (SHAPE, axis)))
    return builder.select(builder.icmp_signed("<", number, number.type(0)), wrapped, number)


def address(context: Any, builder: Builder, array: Any, value: Any, kinds: tuple[Any, ...], index: Any) -> Any:
    """Pointer to an item, or to the first item of a row."""
    several = isinstance(index.type, ir.Aggregate)
    each = [builder.extract_value(index, axis) if several else index for axis in range(len(kinds))]
    each = [from_front(context, builder, kind, each[axis], value, axis) for axis, kind in enumerate(kinds)]
    data = builder.extract_value(value, DATA)
    if array.layout == "A":
        steps = [builder.mul(one, builder.extract_value(value, (STRIDES, axis))) for axis, one in enumerate(each)]
        return cgutils.pointer_add(builder, data, sum_of(builder, steps))
    whole = each[0]
    for axis in range(1, array.ndim):
        whole = builder.mul(whole, builder.extract_value(value, (SHAPE, axis)))
        whole = builder.add(whole, each[axis]) if axis < len(each) else whole
    return builder.gep(data, [whole])


def sum_of(builder: Builder, terms: list[Any]) -> Any:
    """The sum of numbers."""
    total = terms[0]
    for term in terms[1:]:
        total = builder.add(total, term)
    return total


def row(context: Any, builder: Builder, taken: Any, value: Any, axes: int, first: Any) -> Any:
    """What is left of an array behind indices to its first axes, which nobody has to free."""
    made = ir.Constant(context.get_value_type(taken), None)
    shape = [builder.extract_value(value, (SHAPE, axes + k)) for k in range(taken.ndim)]
    items = shape[0]
    for more in shape[1:]:
        items = builder.mul(items, more, flags=["nsw"])
    made = builder.insert_value(made, items, NITEMS)
    made = builder.insert_value(made, builder.extract_value(value, ITEMSIZE), ITEMSIZE)
    made = builder.insert_value(made, first, DATA)
    for k, size in enumerate(shape):
        made = builder.insert_value(made, size, (SHAPE, k))
        made = builder.insert_value(made, builder.extract_value(value, (STRIDES, axes + k)), (STRIDES, k))
    return made
