"""What no form may do: rest anything on who somebody is, or tie help to cooperation.

Nothing that is computed, asked, filtered, counted or shown by a rule may depend on nationality,
religion, ethnicity, origin or what stands in for them (charter, rule 4; resolution 2388, preamble,
paragraph 11). Nothing in a form of assistance may ask whether somebody cooperates, testifies or
complains, or depend on it (rule 1; paragraph 13). To record such an answer is allowed, and so is
what only records it further: which other one, which town of the country. Having no nationality may
add a question.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping

from marfa.domain.message import Message, Place, Problem
from marfa.domain.prohibited_grounds import (
    COOPERATION,
    ORIGINS,
    PLACES,
    Subject,
    names_people,
    subjects_of,
)
from marfa.domain.prohibited_grounds.subjects import says_stateless, speaks_of
from marfa.methods.xforms.convert import Converted
from marfa.methods.xforms.model import FormModel, Part, Question, QuestionKind, Spot
from marfa.methods.xforms.problems import SURVEY
from marfa.methods.xforms.question_subjects import NOTHING, QuestionSubjects
from marfa.methods.xforms.uses import Reading, Use, readings_of
from marfa.methods.xforms.xpath.syntax import Binary, Call, Literal, Negative, Number, Term

NO_PROFILING = "charter-4"
UNCONDITIONAL = "charter-1"
_ASKS_ONLY = frozenset({"constraint", "required", "read_only", "relevant"})
"""Columns whose rules put nothing into the place where they stand."""
_COMPARED = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WITHIN = frozenset({"selected", "contains", "starts-with", "ends-with", "regex", "count-selected"})
_FORM_OF_ANSWER = frozenset({"string-length", "count-selected"})
_YES_NO = frozenset({"yes", "no", "1", "0", "true", "false", "y", "n", "oui", "non", "si"})


def problems_of_form(
    form: FormModel,
    converted: Converted,
    *,
    file: str,
    assistance: bool,
    declared: Mapping[str, frozenset[Subject]] | None = None,
) -> list[Problem]:
    """Every place at which a form breaks rule 1 or rule 4, with its row and column.

    assistance: whether it is filled in for help. declared: by path of question, subjects that are
    known of the field which it fills, whatever its words say.
    """
    return list(_Guard(form, converted, file, assistance, declared or {}).problems())


class _Guard:
    def __init__(
        self,
        form: FormModel,
        converted: Converted,
        file: str,
        assistance: bool,
        declared: Mapping[str, frozenset[Subject]],
    ) -> None:
        self.form = form
        self.converted = converted
        self.file = file
        self.assistance = assistance
        self.told = QuestionSubjects(form, declared)
        self.carried: dict[str, frozenset[Subject]] = {}
        self.groups = {
            part.spot.path: part
            for part in _parts(form.body)
            if not isinstance(part, Question) and part.spot is not None
        }

    def problems(self) -> Iterator[Problem]:
        readings = list(readings_of(self.form))
        self._carry(readings)
        for reading in readings:
            yield from self._of_reading(reading)
        if self.assistance:
            yield from self._asked()

    def _carry(self, readings: list[Reading]) -> None:
        """What flows from an answer into what is computed of it, over any number of steps."""
        flows = [each for each in readings if each.column not in _ASKS_ONLY]
        read_by: dict[str, list[Reading]] = {}
        for reading in flows:
            for path in {use.spot.path for use in reading.uses}:
                read_by.setdefault(path, []).append(reading)
        # Only who reads what changed is asked again: a chain may be as long as the form.
        waiting = deque(flows)
        while waiting:
            reading = waiting.popleft()
            path = reading.at.path
            flown = {subject for use in reading.uses for subject in self._of_use(reading, use)}
            found = self.carried.get(path, NOTHING) | flown
            if found != self.carried.get(path, NOTHING):
                self.carried[path] = found
                waiting.extend(read_by.get(path, ()))

    def _of_use(self, reading: Reading, use: Use) -> frozenset[Subject]:
        """What a reading learns of somebody by reading one answer in the way it does."""
        found = self.told.subjects(use.spot) | self.carried.get(use.spot.path, NOTHING)
        literal = _literal(use)
        question = use.spot.question
        if literal is not None:
            found |= _of_literal(literal)
            if question is not None:
                found |= self.told.of_option(question, literal)
        elif question is not None and reading.column not in ("relevant", "required", "constraint"):
            found |= self.told.of_options(question)
        if Subject.FAMILY_NAME in found and not _looks_into(use, literal):
            found -= {Subject.FAMILY_NAME}
        return found

    def _of_reading(self, reading: Reading) -> Iterator[Problem]:
        reported: set[str] = set()
        for use in reading.uses:
            found = self._of_use(reading, use)
            origins = found & (ORIGINS | {Subject.FAMILY_NAME})
            if (
                origins
                and NO_PROFILING not in reported
                and not self._records_only(reading, use, origins)
            ):
                reported.add(NO_PROFILING)
                yield self._problem("depends-on-origin", reading, use, min(origins), NO_PROFILING)
            if found & COOPERATION and self._ties_help(reading) and UNCONDITIONAL not in reported:
                reported.add(UNCONDITIONAL)
                subject = min(found & COOPERATION)
                yield self._problem("depends-on-cooperation", reading, use, subject, UNCONDITIONAL)

    def _ties_help(self, reading: Reading) -> bool:
        """In a form of assistance everything does; elsewhere what says that it decides on help."""
        if self.assistance:
            return True
        texts = self._texts_at(reading.at)
        return reading.column != "constraint" and any(speaks_of(text, "help") for text in texts)

    def _texts_at(self, spot: Spot) -> list[str]:
        texts = [spot.name, *self.told.texts_of_group(spot)]
        if spot.question is not None:
            texts += self.told.own_texts(spot.question)
        return texts

    def _records_only(self, reading: Reading, use: Use, subjects: frozenset[Subject]) -> bool:
        """Whether the rule does no more than to have the same answer told in full."""
        column, literal = reading.column, _literal(use)
        if column == "relevant" and self._adds_for_stateless(use, literal):
            return True
        if subjects <= {Subject.LANGUAGE} and self._is_of_interpreting(reading.at):
            return True
        if use.spot is reading.at:
            return column in ("constraint", "required") and self._checks_form(use, literal)
        if column in ("relevant", "required"):
            return self._is_neutral(use, literal) and self._is_of_same(reading.at, subjects)
        if column == "choice_filter":
            return literal is None and self._narrows(reading.at, subjects)
        if column == "default":
            own = self.told.subjects(reading.at)
            return not use.around and bool(own & subjects)
        return False

    def _adds_for_stateless(self, use: Use, literal: str | None) -> bool:
        if literal is None or not _is_positive(use):
            return False
        question = use.spot.question
        rows = self.told.options(question).get(literal) if question is not None else None
        return all(any(map(says_stateless, texts)) for texts in rows or [(literal,)])

    def _is_of_interpreting(self, spot: Spot) -> bool:
        return any(speaks_of(text, "interpreting") for text in self._texts_at(spot))

    def _checks_form(self, use: Use, literal: str | None) -> bool:
        """Whether a rule of a question looks at the form of its own answer: long enough, one of
        several, not *none* together with another."""
        call = use.around[0] if use.around else None
        if isinstance(call, Call) and call.name in _FORM_OF_ANSWER:
            return True
        if isinstance(call, Call) and call.name == "regex":
            pattern = call.arguments[-1]
            return isinstance(pattern, Literal) and not _spells(pattern.value)
        if isinstance(call, Binary) and isinstance(_other(call, use.term), (Number, Negative)):
            return True
        return literal is not None and self._is_neutral(use, literal)

    def _is_neutral(self, use: Use, literal: str | None) -> bool:
        """Whether an answer is compared with what tells nothing: *other*, *unknown*, empty."""
        if literal is None:
            return False
        question = use.spot.question
        rows = self.told.options(question).get(literal) if question is not None else None
        plain = literal.strip().lower()
        bare = rows is None or rows == [(literal,)]
        if not plain or (plain.lstrip("-").isdigit() and bare):
            return True
        if question is not None and self.told.of_option(question, literal) & ORIGINS:
            return False
        return plain in _YES_NO or all(
            any(speaks_of(text, "other") or speaks_of(text, "unknown") for text in texts)
            for texts in rows or [(literal,)]
        )

    def _is_of_same(self, spot: Spot, subjects: frozenset[Subject]) -> bool:
        """Whether a place, or all that stands in it, is about the same, or asks which other one."""
        if spot.question is not None:
            if self.told.subjects(spot) & subjects:
                return True
            text = spot.question.kind in (QuestionKind.TEXT, QuestionKind.NOTE)
            return text and any(speaks_of(each, "other") for each in self._texts_at(spot))
        group = self.groups.get(spot.path)
        inner = (
            [part for part in _parts(group.parts) if isinstance(part, Question)] if group else []
        )
        return bool(inner) and all(self._is_of_same(part.spot, subjects) for part in inner)

    def _narrows(self, spot: Spot, subjects: frozenset[Subject]) -> bool:
        """Whether choices are narrowed to what lies within the answer before."""
        own = self.told.subjects(spot)
        if subjects & PLACES:
            parts = any(speaks_of(text, "part_of_country") for text in self._texts_at(spot))
            return bool(own & PLACES) or parts
        return bool(own & subjects)

    def _asked(self) -> Iterator[Problem]:
        for question in self.form.questions():
            if question.kind is QuestionKind.NOTE:
                continue
            found = self.told.subjects(question.spot) & COOPERATION
            if not found:
                found = self.told.of_options(question) & {Subject.COOPERATION}
            if found:
                spot = question.spot
                params = {"name": spot.name, "subject": _subject(min(found))}
                message = Message("methods.xforms:asks-for-cooperation", params)
                yield Problem(message, self._place(spot, "label"), UNCONDITIONAL)

    def _problem(
        self, key: str, reading: Reading, use: Use, subject: Subject, rule: str
    ) -> Problem:
        params = {
            "name": reading.at.name,
            "reads": use.spot.name,
            "subject": _subject(subject),
        }
        message = Message(f"methods.xforms:{key}", params)
        return Problem(message, self._place(reading.at, reading.column), rule)

    def _place(self, spot: Spot, column: str) -> Place:
        if spot.path.endswith("/meta/instanceName"):
            return Place(self.file, 2, "instance_name", spot.path, "settings")
        path = spot.path
        if path not in self.converted.rows and path.endswith("_count"):
            # The number of a repeat is worked out in a place of its own, which has no row.
            path, column = path.removesuffix("_count"), "repeat_count"
        row = self.converted.rows.get(path)
        sheet = SURVEY if self.converted.rows else None
        return Place(self.file, row, self.converted.header(path, column), path, sheet)


def _parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if not isinstance(part, Question):
            yield from _parts(part.parts)


def _subject(subject: Subject) -> Message:
    return Message(f"methods.xforms:subject-{subject.value.replace('_', '-')}")


def _literal(use: Use) -> str | None:
    """The text with which an answer is compared, or in which it is looked for."""
    if not use.around:
        return None
    term = use.around[0]
    others: tuple[Term, ...] = ()
    if isinstance(term, Binary) and term.operator in _COMPARED:
        others = (_other(term, use.term),)
    elif isinstance(term, Call) and term.name in _WITHIN:
        others = tuple(each for each in term.arguments if each is not use.term)
    for other in others:
        if isinstance(other, Literal):
            return other.value
        if isinstance(other, Number):
            return f"{other.value:g}"
    return None


def _other(term: Binary, one: Term) -> Term:
    return term.right if term.left is one else term.left


def _of_literal(literal: str) -> frozenset[Subject]:
    people = names_people(literal)
    return subjects_of(literal) & ORIGINS | ({people} if people else set())


def _looks_into(use: Use, literal: str | None) -> bool:
    """Whether a name is compared with a text, or searched for one: no way to treat a name."""
    call = use.around[0] if use.around else None
    if isinstance(call, Call) and call.name == "regex":
        return bool(literal) and _spells(literal or "")
    return bool(literal and literal.strip()) and not (literal or "").lstrip("-").isdigit()


def _is_positive(use: Use) -> bool:
    """Whether a rule holds only where the comparison does: no *not*, no *if*, nothing counted."""
    if not use.around:
        return False
    first, *rest = use.around
    compared = (isinstance(first, Binary) and first.operator == "=") or (
        isinstance(first, Call) and first.name == "selected"
    )
    return compared and all(
        isinstance(term, Binary) and term.operator in ("and", "or") for term in rest
    )


def _spells(pattern: str) -> bool:
    """Whether a pattern has words of its own, beside classes of letters."""
    bare = re.sub(r"\[[^\]]*\]|\\[pP]\{[^}]*\}|\\.|\{[^}]*\}|\(\?[:=!<]*", " ", pattern)
    return any(letter.isalpha() for letter in bare)
