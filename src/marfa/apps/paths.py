"""What stands in the code under a path: ``package.module:name``, or a module by its own name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def resolve_path(path: str) -> Any:
    """What a path names, found once. ``package.module:Some.attribute`` reaches into a class.

    Raises ImportError where there is no such module, AttributeError where it holds no such thing.
    """
    module, _colon, names = path.partition(":")
    found: Any = import_module(module)
    for name in names.split(".") if names else ():
        found = getattr(found, name)
    return found
