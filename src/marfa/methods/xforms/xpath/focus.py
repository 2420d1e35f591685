"""Where an expression stands while it is evaluated, and what it may know of the world."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from marfa.methods.xforms.tree import Node

Value = str | float | bool | list[Node]
MOST_STEPS = 20_000_000
"""Elements that may be looked at while one form is evaluated once."""


class UnevaluableError(Exception):
    """The expression has no value here. ``reason`` is the key of a message, ``detail`` its word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is outside the form.

    now: the time, with its zone; dates of the form are days of this zone.
    language: of labels that a calculation quotes; empty for the form's default.
    random, uuid: sources of ``random()`` and ``uuid()``.
    properties: what the device tells of itself: ``deviceid``, ``username``, ``email`` ...
    """

    now: datetime
    language: str = ""
    random: Callable[[], float] = random.SystemRandom().random
    uuid: Callable[[], str] = lambda: str(uuid.uuid4())
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("the time of a form has a zone")


class Labels(Protocol):
    """What a form knows of its texts, for the functions that quote them."""

    def choice_label(self, focus: Focus, node: Node, value: str) -> str: ...

    def choice_label_at(self, focus: Focus, path: str, value: str) -> str: ...

    def text(self, focus: Focus, key: str) -> str: ...


@dataclass(slots=True)
class Run:
    """One evaluation of one form: its documents, its labels, and the steps that are left."""

    root: Node
    instances: Mapping[str, Node]
    around: Surroundings
    labels: Labels | None = None
    left: int = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raises UnevaluableError when the form asks for more than it may."""
        self.left -= steps
        if self.left < 0:
            raise UnevaluableError("too-much-work")


class Focus:
    """The element, its place in the list that a predicate narrows, and where it all began."""

    __slots__ = ("current", "node", "position", "run", "size")

    def __init__(
        self, run: Run, node: Node, current: Node | None = None, position: int = 1, size: int = 1
    ) -> None:
        self.run = run
        self.node = node
        self.current = node if current is None else current
        self.position = position
        self.size = size
