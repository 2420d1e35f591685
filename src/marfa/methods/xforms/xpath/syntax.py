"""What an expression is made of, once read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    value: str


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Term


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Term, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Step:
    """axis: ``child``, ``parent``, ``self`` or ``descendant``; name: ``*`` for any."""

    axis: str
    name: str = "*"
    predicates: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (absolute), from the focus, or from what ``start`` gives."""

    steps: tuple[Step, ...]
    absolute: bool = False
    start: Term | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What ``start`` gives, narrowed by predicates: ``(//a)[1]``."""

    start: Term
    predicates: tuple[Term, ...]


Term = Number | Literal | Negative | Binary | Call | Path | Filter


def direct_parts(term: Term) -> Iterator[Term]:
    """The terms directly below a term, predicates included."""
    if isinstance(term, Negative):
        yield term.operand
    elif isinstance(term, Binary):
        yield term.left
        yield term.right
    elif isinstance(term, Call):
        yield from term.arguments
    elif isinstance(term, Filter):
        yield term.start
        yield from term.predicates
    elif isinstance(term, Path):
        if term.start is not None:
            yield term.start
        for step in term.steps:
            yield from step.predicates


def function_calls(term: Term) -> Iterator[Call]:
    """Every function call in a term."""
    stack: list[Term] = [term]
    while stack:
        found = stack.pop()
        if isinstance(found, Call):
            yield found
        stack.extend(direct_parts(found))
