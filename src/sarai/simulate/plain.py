"""The same functions without compilation: a kernel as plain Python, all the way down."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

_REBUILT: dict[Any, Callable[..., Any]] = {}


def plain(function: Any) -> Callable[..., Any]:
    """A numba function as plain Python, with every compiled function that it calls made plain too.

    `function.py_func` alone still calls compiled code; twins and tests want none. A function that is not compiled is
    returned as it is.
    """
    source = getattr(function, "py_func", None)
    if source is None:
        return function  # type: ignore[no-any-return]
    if function in _REBUILT:
        return _REBUILT[function]
    scope: dict[str, Any] = dict(source.__globals__)
    rebuilt = types.FunctionType(source.__code__, scope, source.__name__, source.__defaults__, source.__closure__)
    _REBUILT[function] = rebuilt
    for name in source.__code__.co_names:
        if hasattr(scope.get(name), "py_func"):
            scope[name] = plain(scope[name])
    return rebuilt
