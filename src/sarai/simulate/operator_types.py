"""What type an operator gives is found once, not at every use.

numba tries all rules of an operator, some thirty of them, each time that the operator stands in a kernel, and compares
its thirty compiler flags for each. For numbers, and for numbers taken from or put into arrays, the answer never
changes. Remembering it saves nearly half of what numba spends in Python on our kernels.
"""

from __future__ import annotations

import operator
from typing import Any

from numba.core import types
from numba.core.types.functions import BaseFunction

_NUMBERS = types.Number | types.Boolean | types.RangeType | types.RangeIteratorType
_OF_ARRAYS = frozenset({operator.getitem, operator.setitem, len})
_PLACES = types.Array | types.SliceType | types.BaseTuple | _NUMBERS
_FOUND: dict[Any, Any] = {}


def is_plain(operation: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether the type of an operation follows from its arguments alone: numbers, or the items of arrays."""
    known = _PLACES if operation in _OF_ARRAYS else _NUMBERS
    return all(isinstance(argument, known) for argument in arguments)


def remember_operators() -> None:
    """Put a memory before numba's search. Done once, on import."""
    search = BaseFunction.get_call_type

    def get_call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
        arguments = tuple(args)
        if kws or not is_plain(self.typing_key, arguments):
            return search(self, context, args, kws)
        key = (self.key, arguments)
        if key not in _FOUND:
            _FOUND[key] = search(self, context, args, kws)
        return _FOUND[key]

    BaseFunction.get_call_type = get_call_type  # type: ignore[method-assign]
