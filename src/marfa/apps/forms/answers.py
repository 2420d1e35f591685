"""What was filled in, in the words of its form: for people who read it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from marfa.apps.forms.form_models import model_of
from marfa.apps.forms.models import FormVersion, Submission
from marfa.apps.forms.queries import answers_of
from marfa.domain.message import InputError
from marfa.methods.xforms import Node, Question, QuestionKind, Surroundings, start
from marfa.methods.xforms.evaluation import Evaluation
from marfa.methods.xforms.places import bind_places, find_node
from marfa.methods.xforms.submission import complete_answers
from marfa.platform import clock

log = logging.getLogger("marfa.forms")
MOST_ANSWERS = 5_000


@dataclass(frozen=True)
class Answered:
    """name: of the question, as the form has it. label, value: what is asked and answered, in the
    reader's language where the form has it. day: the value, where it is one. upload: whether the
    answer is a file, whose name is the value."""

    name: str
    label: str
    value: str
    upload: bool = False
    day: date | None = None


def questions_of(version: FormVersion, language: str) -> dict[str, str]:
    """Path -> what is asked there, in a language where the form has it. What a text takes from
    answers is left out: there are none yet."""
    form = model_of(version)
    state = start(form, Surroundings(clock.now(), form.language(language)))
    found: dict[str, str] = {}
    for question in form.questions():
        with contextlib.suppress(InputError):
            said = state.words(question.label, "", form.language(language))
            found[question.spot.path] = " ".join(said.split())
    return found


class InWords:
    """A submission with the texts of its form, in the reader's language; within ``open_vault()``.

    No rule is run, so that everything stands as it was sent. Where a text of the form cannot be
    made, its name stands there: what cannot be checked is read all the same.
    """

    def __init__(self, submission: Submission) -> None:
        self.form = model_of(submission.version)
        self.root = answers_of(submission)
        self.language = self.form.language(get_language() or "")
        self.strangers = list(bind_places(self.root, self.form))
        for node in self.strangers:
            if node.parent is not None:
                node.parent.children.remove(node)
        complete_answers(self.root, self.form)
        around = Surroundings(submission.received_at, self.language)
        self.evaluation = Evaluation(self.form, self.root, around)

    def answers(self) -> Iterator[Answered]:
        """Each question that was answered; at the end what stands where the form has no place."""
        for node in self.root.walk():
            question: Question | None = node.spot.question
            if (
                question is not None
                and question.kind is not QuestionKind.NOTE
                and node.text.strip()
            ):
                yield self._answered(node, question)
        asked = {question.spot.name for question in self.form.questions()}
        for stranger in self.strangers:
            for node in stranger.walk():
                if not node.children and node.name in asked and node.text.strip():
                    yield Answered(node.name, node.name, node.text.strip())

    def _answered(self, node: Node, question: Question) -> Answered:
        text = node.text.strip()
        return Answered(
            node.name,
            self._label(node, question) or node.name,
            self._value(node, question, text),
            question.kind.is_upload,
            _day(text) if question.kind is QuestionKind.DATE else None,
        )

    def label_at(self, path: str) -> str:
        """The question at a path; empty where none is asked there."""
        node = find_node(self.root, path)
        question: Question | None = node.spot.question if node is not None else None
        return self._label(node, question) if node is not None and question is not None else ""

    def value_at(self, path: str, value: str | None) -> str | None:
        """A value in the words of the question at a path."""
        node = find_node(self.root, path)
        question: Question | None = node.spot.question if node is not None else None
        if node is None or question is None or not value:
            return value
        return self._value(node, question, value)

    def _label(self, node: Node, question: Question) -> str:
        try:
            return self.evaluation.labels.words(question.label, node, self.language)
        except Exception as error:
            log.error("a question could not be shown: %s", type(error).__name__)
            return ""

    def _value(self, node: Node, question: Question, text: str) -> str:
        if question.choices is None:
            return text
        labels = self._choices(node)
        words = [text] if question.kind is QuestionKind.SELECT_ONE else text.split()
        return self._comma.join(labels.get(word, word) for word in words)

    def _choices(self, node: Node) -> dict[str, str]:
        try:
            offered = self.evaluation.choices(node, self.language)
        except Exception as error:
            log.error("choices could not be shown: %s", type(error).__name__)
            return {}
        return {choice.value: choice.label for choice in offered}

    @property
    def _comma(self) -> str:
        codes = {each.name: each.code for each in self.form.languages}
        return "، " if codes.get(self.language, "").startswith(("ar", "fa", "ur")) else ", "


def answered_questions(submission: Submission) -> list[Answered]:
    """Each question that was answered, as it was sent; within ``open_vault()``."""
    found = InWords(submission).answers()
    return [one for one, _number in zip(found, range(MOST_ANSWERS), strict=False)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
