"""A form as pages that follow each other, for asking without a program in the browser.

A group is a page. Questions without a group are put together, a few to a page. What depends on an
answer stands on a later page than that answer, since rules are run between pages. Each instance
of a repeat has the pages of the repeat, and before them stands one on which instances are added
and taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marfa.methods.xforms.model import FormModel, Group, Part, Question, Repeat, Spot, Wording
from marfa.methods.xforms.places import generic_path
from marfa.methods.xforms.references import Reference, term_references
from marfa.methods.xforms.state import State
from marfa.methods.xforms.xpath import Expression

MOST_LOOSE = 5
"""Questions without a group on one page."""


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Questions that are asked together. titles: of the groups around them, outermost first."""

    number: int
    titles: tuple[Wording, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RepeatScreen:
    """Where instances of a repeat are added and taken away, and the screens of each."""

    number: int
    titles: tuple[Wording, ...]
    repeat: Repeat
    inside: tuple[AnyScreen, ...]


AnyScreen = Screen | RepeatScreen


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of one filling-in. key: its place in an address, ``4`` or ``4.2``; it says which
    screen and which instances, and nothing that was answered. within: the path of the instance."""

    key: str
    screen: AnyScreen
    within: str

    def path(self, spot: Spot) -> str:
        """Where the answer of a place stands on this page."""
        return instance_path(spot.path, self.within)

    @property
    def repeat_path(self) -> str:
        """Of a repeat's own page: the path under which its instances stand."""
        return self.path(self.screen.repeat.spot) if isinstance(self.screen, RepeatScreen) else ""


def instance_path(path: str, within: str) -> str:
    """The path of a place within an instance of the repeats around it."""
    return within + path[len(generic_path(within)) :] if within else path


def form_screens(form: FormModel) -> tuple[AnyScreen, ...]:
    """The pages of a form, worked out once."""
    known = form.known.get("screens")
    if not isinstance(known, tuple):
        known = form.known["screens"] = tuple(_Layout(form).screens(form.body, (), loose=True))
    return known


def stops(state: State) -> list[Stop]:
    """The pages that there are with the answers as they stand, in their order."""
    return list(_stops(state, form_screens(state.form), "", ""))


def _stops(state: State, found: tuple[AnyScreen, ...], within: str, places: str) -> Iterator[Stop]:
    for screen in found:
        stop = Stop(f"{screen.number}{places}", screen, within)
        if isinstance(screen, Screen):
            if any(state.relevant(stop.path(question.spot)) for question in screen.questions):
                yield stop
            continue
        yield from _repeated(state, stop, screen, places)


def _repeated(state: State, stop: Stop, screen: RepeatScreen, places: str) -> Iterator[Stop]:
    path = stop.repeat_path
    if not state.may_stand(path):
        return
    if screen.repeat.count is None and not screen.repeat.fixed:
        yield stop
    for place, instance in enumerate(state.instances(path), start=1):
        if state.relevant(instance):
            yield from _stops(state, screen.inside, instance, f"{places}.{place}")


class _Layout:
    def __init__(self, form: FormModel) -> None:
        self.form = form
        self.number = 0
        self.known: dict[str, frozenset[str]] = {}

    def screens(
        self, parts: tuple[Part, ...], titles: tuple[Wording, ...], *, loose: bool
    ) -> Iterator[AnyScreen]:
        """Screens of parts in their order. loose: a few questions to each."""
        page: list[Question] = []
        for part in parts:
            if isinstance(part, Question):
                full = loose and len(page) >= MOST_LOOSE
                if page and (full or self.depends(part, page)):
                    yield self.screen(titles, page)
                    page = []
                page.append(part)
                continue
            if page:
                yield self.screen(titles, page)
                page = []
            yield from self.part(part, titles)
        if page:
            yield self.screen(titles, page)

    def part(self, part: Group | Repeat, titles: tuple[Wording, ...]) -> Iterator[AnyScreen]:
        inner = (*titles, part.label)
        if isinstance(part, Group):
            yield from self.screens(part.parts, inner, loose=False)
            return
        self.number += 1
        number = self.number
        inside = tuple(self.screens(part.parts, inner, loose=False))
        yield RepeatScreen(number, inner, part, inside)

    def screen(self, titles: tuple[Wording, ...], page: list[Question]) -> Screen:
        self.number += 1
        return Screen(self.number, titles, tuple(page))

    def depends(self, question: Question, page: list[Question]) -> bool:
        """Whether what is shown of a question depends on an answer of the same page."""
        read = self.read(question)
        return any(other.spot.path in read for other in page)

    def read(self, question: Question) -> frozenset[str]:
        """All places on which it depends whether and how a question is shown."""
        found: set[str] = set()
        spot = question.spot
        expressions = [above.bind.relevant for above in (*spot.ancestors, spot)]
        if question.choices is not None:
            expressions += [question.choices.nodes, question.choices.seed]
        for wording in (question.label, question.hint):
            expressions += _filled_in(self.form, wording)
        stack = [(expression, spot) for expression in expressions if expression is not None]
        seen: set[tuple[str, str]] = set()
        while stack:
            expression, at = stack.pop()
            if (expression.source, at.path) in seen:
                continue
            seen.add((expression.source, at.path))
            for read in term_references(expression.term, at, self.form.root):
                if isinstance(read, Reference):
                    found.add(read.spot.path)
                    stack += _decides(read.spot)
        return frozenset(found)


def _decides(spot: Spot) -> list[tuple[Expression, Spot]]:
    """The expressions that decide what a place holds."""
    found = [(above.bind.relevant, above) for above in (*spot.ancestors, spot)]
    found.append((spot.bind.calculate, spot))
    return [(expression, at) for expression, at in found if expression is not None]


def _filled_in(form: FormModel, wording: Wording) -> list[Expression | None]:
    """The expressions in a text, in every language."""
    parts = list(wording.parts)
    if wording.key is not None:
        name = str(getattr(getattr(wording.key.term, "arguments", (None,))[0], "value", ""))
        for texts in form.translations.values():
            if name in texts:
                parts += texts[name].parts
    return [part for part in parts if isinstance(part, Expression)]
