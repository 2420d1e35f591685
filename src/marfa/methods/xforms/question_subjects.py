"""What each question of a form asks about that no decision may rest on.

By its name, by its words in each language, by its pictures, by what its choices are, by the answer
that its words show, and by what is declared of it; where it says little by itself, by the group
that it stands in or the note before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from marfa.domain.prohibited_grounds import COOPERATION, ORIGINS, Subject, plain_words, subjects_of
from marfa.domain.prohibited_grounds.lists import (
    subject_of_list,
    subjects_of_choice,
    subjects_of_somebody,
)
from marfa.domain.prohibited_grounds.subjects import excuses, speaks_of
from marfa.methods.xforms.model import (
    FormModel,
    Group,
    Part,
    Question,
    QuestionKind,
    Repeat,
    Spot,
    Wording,
)
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.uses import shown_in, texts_of
from marfa.methods.xforms.xpath import Expression
from marfa.methods.xforms.xpath.syntax import Literal, function_calls

NOTHING: frozenset[Subject] = frozenset()
Texts = tuple[str, ...]
ListKey = str | tuple[str, ...]
"""By what the choices of a question are known: the names of their lists, or its own path."""
_LITTLE = 2
"""A question of no more words may need what stands around it to be understood."""


class QuestionSubjects:
    """The subjects of the places of one form. declared: by path, what is known of a field."""

    def __init__(self, form: FormModel, declared: Mapping[str, frozenset[Subject]]) -> None:
        self.form = form
        self.declared = declared
        self._known: dict[str, frozenset[Subject]] = {}
        # By list and not by question: a hundred questions may share one of a thousand choices.
        self._lists: dict[ListKey, Subject | None] = {}
        self._options: dict[ListKey, dict[str, list[Texts]]] = {}
        self._of_options: dict[ListKey, frozenset[Subject]] = {}

    def subjects(self, spot: Spot) -> frozenset[Subject]:
        """What a place is about, by what is said of it and not by what flows into it."""
        if spot.path not in self._known:
            self._known[spot.path] = NOTHING  # a question that shows itself ends here
            self._known[spot.path] = self._find(spot)
        return self._known[spot.path]

    def _find(self, spot: Spot) -> frozenset[Subject]:
        question = spot.question
        found = set(self.declared.get(spot.path, ()))
        if question is None:
            found |= subjects_of(spot.name)
            if spot.children:
                found |= self._of_texts(self.texts_of_group(spot), spot)
            return _settled(found, ())
        texts = tuple(self.texts(question))
        if question.kind not in (QuestionKind.NOTE, QuestionKind.ACKNOWLEDGE):
            found |= self._of_texts(list(texts), spot)
            named = self._of_texts([spot.name], spot)
            found |= {one for one in named if not any(excuses(text, one) for text in texts)}
        found |= self._of_list(question, texts)
        for shown in shown_in(self.form, question):
            found |= self.subjects(shown)
        return _settled(found, (spot.name, *texts))

    def _of_texts(self, texts: list[str], spot: Spot) -> set[Subject]:
        found: set[Subject] = set()
        for text in texts:
            found |= subjects_of(text)
            found |= subjects_of_somebody(text)
        return found

    def _of_list(self, question: Question, texts: tuple[str, ...]) -> set[Subject]:
        subject = self._subject_of_list(question)
        if subject is None or (subject is Subject.COUNTRY and _says_more(texts)):
            return set()
        return {subject}

    def _subject_of_list(self, question: Question) -> Subject | None:
        key = _list_key(question)
        if key not in self._lists:
            rows = self.options(question).values()
            self._lists[key] = subject_of_list([texts for row in rows for texts in row])
        return self._lists[key]

    def texts(self, question: Question) -> Iterator[str]:
        """All words of a question, and those around it where it says little itself."""
        own = list(self.own_texts(question))
        yield from own
        if all(_says_little(text) for text in own):
            yield from self._around.get(question.spot.path, ())

    def own_texts(self, question: Question) -> Iterator[str]:
        for text in texts_of(self.form, question.label):
            yield from _words(text.parts)
            yield from text.media.values()
        for wording in (question.hint,):
            for text in texts_of(self.form, wording):
                yield from (said for said in _words(text.parts) if not _forbids(said))

    def texts_of_group(self, spot: Spot) -> list[str]:
        """The words above the questions that stand in a place."""
        return self._labels.get(spot.path, [])

    def options(self, question: Question) -> Mapping[str, list[Texts]]:
        """Each choice by its value: its value and labels as texts, as often as it is offered."""
        key = _list_key(question)
        if key not in self._options:
            found: dict[str, list[Texts]] = {}
            for value, texts in self._choices(question):
                found.setdefault(value, []).append(texts)
            self._options[key] = found
        return self._options[key]

    def _choices(self, question: Question) -> Iterator[tuple[str, Texts]]:
        choices = question.choices
        if choices is None:
            return
        if choices.nodes is None:
            for one in choices.fixed:
                yield one.value, (one.value, *self._label_texts(one.wording))
            return
        for name in _lists(choices.nodes):
            for item in getattr(self.form.instances.get(name), "children", ()):
                yield self._item(item)

    def _label_texts(self, wording: Wording) -> Iterator[str]:
        for text in texts_of(self.form, wording):
            yield from _words(text.parts)
            yield from text.media.values()

    def _item(self, item: Node) -> tuple[str, Texts]:
        value = _cell(item, "name")
        texts = [value, _cell(item, "label")]
        key = _cell(item, "itextId")
        for language in self.form.translations.values():
            if key in language:
                texts += [*_words(language[key].parts), *language[key].media.values()]
        return value, tuple(text for text in texts if text)

    def of_option(self, question: Question, value: str) -> frozenset[Subject]:
        """What the choice of one value tells of somebody. A language tells no more than that."""
        if self._subject_of_list(question) is Subject.LANGUAGE:
            return NOTHING
        rows = self.options(question).get(value, [(value,)])
        return NOTHING.union(*map(subjects_of_choice, rows))

    def of_options(self, question: Question) -> frozenset[Subject]:
        """What the choice of any value tells of somebody."""
        key = _list_key(question)
        if key not in self._of_options:
            each = (self.of_option(question, value) for value in self.options(question))
            self._of_options[key] = NOTHING.union(*each)
        return self._of_options[key]

    @cached_property
    def _around(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        self._look(self.form.body, (), found)
        return found

    def _look(
        self, parts: tuple[Part, ...], above: tuple[str, ...], found: dict[str, tuple[str, ...]]
    ) -> None:
        note: tuple[str, ...] = ()
        for part in parts:
            if isinstance(part, Question):
                found[part.spot.path] = (*above, *note)
                is_note = part.kind is QuestionKind.NOTE
                note = tuple(self.own_texts(part)) if is_note else ()
            else:
                own = tuple(self._label_texts(part.label))
                note = ()
                self._look(part.parts, own or above, found)

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        stack: list[Part] = list(self.form.body)
        while stack:
            part = stack.pop()
            if isinstance(part, (Group, Repeat)):
                if part.spot is not None:
                    found[part.spot.path] = [part.spot.name, *self._label_texts(part.label)]
                stack.extend(part.parts)
        return found


def _settled(found: set[Subject], texts: tuple[str, ...]) -> frozenset[Subject]:
    """Without what the words themselves take back: a language in which to speak, a country of an
    event, a threat with the police."""
    if Subject.LANGUAGE in found and any(speaks_of(text, "interpreting") for text in texts):
        found.discard(Subject.LANGUAGE)
    if Subject.COUNTRY in found and any(speaks_of(text, "elsewhere") for text in texts):
        found.discard(Subject.COUNTRY)
    if found & COOPERATION and any(speaks_of(text, "threat") for text in texts):
        found -= COOPERATION
    return frozenset(found)


def _says_more(texts: tuple[str, ...]) -> bool:
    """Whether the words tell which country is meant: of work, of the journey, of a threat."""
    return any(speaks_of(text, "elsewhere") for text in texts)


def _says_little(text: str) -> bool:
    return len(plain_words(text).split()) <= _LITTLE or speaks_of(text, "other")


def _forbids(text: str) -> bool:
    """Whether a hint tells the officer what not to ask."""
    return speaks_of(text, "forbids")


def _words(parts: tuple[str | Expression, ...]) -> Iterator[str]:
    said = " ".join(part for part in parts if isinstance(part, str)).strip()
    if said:
        yield said


def _cell(item: Node, name: str) -> str:
    node = item.child(name)
    return node.string().strip() if node is not None else ""


def _list_key(question: Question) -> ListKey:
    nodes = question.choices.nodes if question.choices is not None else None
    return tuple(_lists(nodes)) if nodes is not None else question.spot.path


def _lists(nodes: Expression) -> list[str]:
    """The names of the lists that an expression takes items from."""
    return [
        call.arguments[0].value
        for call in function_calls(nodes.term)
        if call.name == "instance" and call.arguments and isinstance(call.arguments[0], Literal)
    ]


__all__ = ["NOTHING", "ORIGINS", "QuestionSubjects"]
