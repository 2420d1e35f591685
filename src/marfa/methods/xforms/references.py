"""Which places of the form an expression reads, told without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marfa.methods.xforms.model import Spot
from marfa.methods.xforms.xpath.syntax import Binary, Call, Filter, Path, Step, Term, direct_parts


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that is read. indexed: only certain instances of a repeat around it are."""

    spot: Spot
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A path that leads to no place of the form."""

    path: str


_OUTSIDE: tuple[Spot, ...] | None = None


class _Finder:
    """Walks a term with the places where the focus may be.

    None for the focus means a secondary instance, whose paths are not followed.
    """

    def __init__(self, root: Spot, current: Spot, indexed: bool = False) -> None:
        self.root = root
        self.current = current
        self.found: list[Reference | Unknown] = []
        self.indexed = indexed

    def term(self, term: Term, focus: tuple[Spot, ...] | None) -> tuple[Spot, ...] | None:
        """Notes what the term reads; gives the places that it leads to."""
        if isinstance(term, Path):
            return self.path(term, focus)
        if isinstance(term, Filter):
            found = self.term(term.start, focus)
            for predicate in term.predicates:
                self.term(predicate, found)
            return found
        if isinstance(term, Call):
            return self.call(term, focus)
        if isinstance(term, Binary) and term.operator == "|":
            sides = [self.term(side, focus) for side in (term.left, term.right)]
            return tuple(spot for side in sides for spot in side or ())
        for part in direct_parts(term):
            self.term(part, focus)
        return ()

    def call(self, call: Call, focus: tuple[Spot, ...] | None) -> tuple[Spot, ...] | None:
        if call.name == "current":
            return (self.current,)
        if call.name == "instance":
            return _OUTSIDE
        if call.name == "indexed-repeat":
            inner = _Finder(self.root, self.current, indexed=True)
            for argument in call.arguments:
                inner.term(argument, focus)
            self.found.extend(inner.found)
            return ()
        before = len(self.found)
        found = [self.term(argument, focus) for argument in call.arguments]
        if call.name == "position":
            # Where an element stands depends on nothing that it holds.
            self.found[before:] = [f for f in self.found[before:] if isinstance(f, Unknown)]
        return found[0] if call.name == "randomize" and found else ()

    def path(self, path: Path, focus: tuple[Spot, ...] | None) -> tuple[Spot, ...] | None:
        here: tuple[Spot, ...] | None
        steps = path.steps
        if path.absolute:
            here, steps = self.top(steps)
        elif path.start is not None:
            here = self.term(path.start, focus)
        else:
            here = focus
        if here is None:
            for step in steps:
                for predicate in step.predicates:
                    self.term(predicate, None)
            return None
        indexed = self.indexed
        for step in steps:
            before, here = here, _step(step, here)
            if not here and before:
                self.found.append(Unknown(_written(path)))
            for predicate in step.predicates:
                self.term(predicate, here)
                indexed = True
        self.found.extend(Reference(spot, indexed) for spot in here)
        return here

    def top(self, steps: tuple[Step, ...]) -> tuple[tuple[Spot, ...], tuple[Step, ...]]:
        above = Spot("", None, "")
        above.children = {self.root.name: self.root}
        return (above,) if steps else (self.root,), steps


def _step(step: Step, here: tuple[Spot, ...]) -> tuple[Spot, ...]:
    found: dict[str, Spot] = {}
    for spot in here:
        for reached in _reached(step, spot):
            if step.name in ("*", reached.name):
                found[reached.path] = reached
    return tuple(found.values())


def _reached(step: Step, spot: Spot) -> Iterator[Spot]:
    if step.axis == "self":
        yield spot
    elif step.axis == "parent":
        if spot.parent is not None:
            yield spot.parent
    elif step.axis == "child" and step.name != "*":
        # Looked up: a form asks thousands of questions in one place.
        if (child := spot.children.get(step.name)) is not None:
            yield child
    elif step.axis == "child":
        yield from spot.children.values()
    else:
        for child in spot.children.values():
            yield from child.walk()


def _written(path: Path) -> str:
    words = {"self": ".", "parent": ".."}
    steps = "/".join(words.get(step.axis, step.name) for step in path.steps)
    return f"/{steps}" if path.absolute else steps


def term_references(term: Term, at: Spot, root: Spot) -> list[Reference | Unknown]:
    """What a term reads that stands in the rules of a place."""
    finder = _Finder(root, at)
    finder.term(term, (at,))
    return finder.found


def places_read(term: Term, at: Spot, root: Spot) -> tuple[tuple[Spot, ...], tuple[Reference, ...]]:
    """The places to which a set of elements leads, and what is read on the way to them."""
    finder = _Finder(root, at)
    led = finder.term(term, (at,)) or ()
    found = [each for each in finder.found if isinstance(each, Reference)]
    inner = found[: len(found) - len(led)] if isinstance(term, Path) else found
    spots = led if isinstance(term, Path) else ()
    return tuple(spots), tuple(inner)
