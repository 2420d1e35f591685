"""What is known of a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from marfa.methods.xforms.xpath.focus import Focus, Value

ANY = 1000
"""As many arguments as one likes."""

Work = Callable[[Focus, list[Value]], Value]
LazyWork = Callable[[Focus, "list[Callable[[Focus], Value]]"], Value]


def _nothing(focus: Focus, arguments: list[Value]) -> Value:
    return ""


@dataclass(frozen=True, slots=True)
class Function:
    """least, most: numbers of arguments; paired: what follows the least comes in pairs;
    lazy: evaluates its own arguments, in the place of ``work``."""

    least: int
    most: int
    work: Work = _nothing
    paired: bool = False
    lazy: LazyWork | None = None
