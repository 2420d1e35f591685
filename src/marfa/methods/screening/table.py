"""Scoring a table, one row a person and one column an item, as it streams by."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TextIO

from marfa.domain.handling import is_mark_column
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds import names_refused_attribute
from marfa.methods.screening.answers import AGES, WORDS, Age, Answer
from marfa.methods.screening.instrument import Item
from marfa.methods.screening.person_codes import is_code
from marfa.methods.screening.result import Result
from marfa.methods.screening.score import Panel, Profile, join_answers, join_results
from marfa.methods.screening.use import Use
from marfa.methods.screening.views import UNLABELLED, next_step_code

PERSON, AGE = "person", "age"
MOST_PROBLEMS = 50
"""Problems shown of one table; the rest would only be more of the same."""

_MOST_SPELLINGS = 1000


def score_table(
    stream: TextIO, panel: Panel, *, use: Use, file: str
) -> Iterator[tuple[str, Result]]:
    """Each person's code and result, in the order of the rows.

    stream: CSV with a header: ``person`` (a code, not a name), ``age`` (adult, child,
    disputed, unknown or empty) and ids of items (yes, no, unknown, refused, empty for not
    asked). A missing column means that nobody was asked. Spreadsheets of many regions write
    semicolons or tabs in place of commas; the header tells.
    Raises InputError with the places of all problems. A row is yielded before later rows are
    read, so a caller keeps nothing of a table until the iterator has ended.
    """
    try:
        yield from _Reading(separated_rows(stream), panel, use, file).results()
    except csv.Error as error:
        params = {"reason": str(error)}
        raise InputError.at(Message("methods.screening:not-csv", params), file=file) from None
    except UnicodeDecodeError:
        raise InputError.at(Message("methods.screening:not-utf8"), file=file) from None


def separated_rows(stream: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV, whichever sign a spreadsheet wrote between its cells."""
    lines = iter(stream)
    head = next(lines, "")
    others = [sign for sign in ";\t" if sign in head and "," not in head]
    separator = others[0] if others else ","
    return csv.reader(itertools.chain([head], lines), delimiter=separator, strict=True)


class _Reading:
    def __init__(self, rows: Iterator[list[str]], panel: Panel, use: Use, file: str) -> None:
        self._rows, self._panel, self._use, self._file = rows, panel, use, file
        self._problems: list[Problem] = []
        self._words = {word: int(answer) for word, answer in WORDS.items()}
        self._seen: set[str] = set()

    def results(self) -> Iterator[tuple[str, Result]]:
        self._read_header()
        for number, row in enumerate(self._rows, start=2):
            if not any(map(str.strip, row)):
                continue
            if len(row) != len(self._header):
                params = {"found": len(row), "wanted": len(self._header)}
                self._wrong(Message("methods.screening:row-length", params), number)
                continue
            person = self._person(row[self._person_at], number)
            age = self._age(row, number)
            codes = self._codes(row, number)
            # After the first problem nothing is scored; the rest is read for further problems.
            if not self._problems:
                yield person, self._score(codes, age)
            elif len(self._problems) >= MOST_PROBLEMS:
                break
        if self._problems:
            raise InputError(*self._problems)

    def _score(self, codes: list[int], age: Age) -> Result:
        profiles = self._panel.for_age(age)
        found = [
            profile.score(self._pick[profile](codes), may_be_child=age.may_be_child)
            for profile in profiles
        ]
        return join_results(found, age, self._use)

    def _read_header(self) -> None:
        header = next(self._rows, None)
        if not header:
            raise InputError.at(Message("methods.screening:table-empty"), file=self._file)
        self._header = [name.strip().removeprefix("\ufeff").lower() for name in header]
        for index, name in enumerate(self._header):
            self._check_column(name, index)
        if PERSON not in self._header:
            self._wrong(Message("methods.screening:column-missing", {"column": PERSON}), 1)
        if self._problems:
            raise InputError(*self._problems)
        self._person_at = self._header.index(PERSON)
        self._age_at = self._header.index(AGE) if AGE in self._header else None
        self._answers_at = [
            index
            for index, name in enumerate(self._header)
            if name not in (PERSON, AGE) and not is_mark_column(name)
        ]
        self._pick = {profile: self._picker(profile) for profile in self._panel.profiles}

    def _check_column(self, name: str, index: int) -> None:
        if name in self._header[:index]:
            self._wrong(Message("methods.screening:column-twice"), 1, name)
        elif name in (PERSON, AGE) or name in self._panel.item_ids or is_mark_column(name):
            # Before its words are read: an item may be about a belief that a recruiter abused.
            return
        elif names_refused_attribute(name):
            self._wrong(Message("methods.screening:profiling", {"value": name}), 1, name)
        else:
            self._wrong(Message("methods.screening:column-unknown"), 1, name)

    def _picker(self, profile: Profile) -> Callable[[list[int]], Sequence[int]]:
        """From the answers of a row, in its order, to those of a profile, in the profile's.

        One more answer, "not asked", is put behind a row's answers for items without column.
        """
        names = [self._header[index] for index in self._answers_at]
        items = profile.instrument.items
        if any(one in names for item in items for one in item.asks):
            return _joiner(items, names)
        places = [names.index(item) if item in names else -1 for item in profile.order]
        if len(places) == 1:
            return lambda codes: (codes[places[0]],)
        return itemgetter(*places)

    def _codes(self, row: list[str], number: int) -> list[int]:
        words = self._words
        try:
            codes = [words[row[index]] for index in self._answers_at]
        except KeyError:
            codes = [self._code(row[index], number, index) for index in self._answers_at]
        codes.append(int(Answer.NOT_ASKED))
        return codes

    def _code(self, cell: str, number: int, index: int) -> int:
        code = self._words.get(cell, self._words.get(cell.strip().lower()))
        if code is None:
            params = {"value": cell[:40], "known": "yes, no, unknown, refused"}
            column = self._header[index]
            self._wrong(Message("methods.screening:answer-unknown", params), number, column)
            return int(Answer.NOT_ASKED)
        if len(self._words) < _MOST_SPELLINGS:
            self._words[cell] = code
        return code

    def _age(self, row: list[str], number: int) -> Age:
        if self._age_at is None:
            return Age.UNKNOWN
        cell = row[self._age_at]
        age = AGES.get(cell, AGES.get(cell.strip().lower()))
        if age is None:
            params = {"value": cell[:40], "known": "adult, child, disputed, unknown"}
            self._wrong(Message("methods.screening:answer-unknown", params), number, AGE)
            return Age.UNKNOWN
        return age

    def _person(self, cell: str, number: int) -> str:
        person = cell.strip()
        if not person or len(person) > 64 or person[0] in "=+-@" or not person.isprintable():
            self._wrong(Message("methods.screening:person-code"), number, PERSON)
        elif not is_code(person):
            self._wrong(Message("methods.screening:person-name"), number, PERSON)
        elif person in self._seen:
            self._wrong(Message("methods.screening:person-twice"), number, PERSON)
        self._seen.add(person)
        return person

    def _wrong(self, message: Message, row: int, column: str | None = None) -> None:
        self._problems.append(Problem(message, Place(self._file, row=row, column=column)))


def _joiner(items: Sequence[Item], names: Sequence[str]) -> Callable[[list[int]], Sequence[int]]:
    """The same for a table that has columns of what is asked instead of an indicator."""
    places = [
        [names.index(one) if one in names else -1 for one in item.answered_by] for item in items
    ]

    def pick(codes: list[int]) -> Sequence[int]:
        given = ([Answer(codes[place]) for place in each] for each in places)
        return [int(join_answers(whole, rest) if rest else whole) for whole, *rest in given]

    return pick


COLUMNS = (
    *("person", "age", "mode", "indication", "urgency", "worst_indication", "worst_urgency"),
    *("settled", "next_step", "label", "rules", "positive_dimensions", "yes", "open"),
)
"""Columns of a table of results; ``open`` counts the items without a yes or a no; ``label`` is
empty until no open answer could change it."""


def row_of(person: str, result: Result) -> list[str]:
    """A result as a row of COLUMNS. What is empty has no band or no label."""
    outcome, worst = result.outcome, result.worst
    rules = {rule.code: None for one in result.profiles for rule in one.grounds}
    fired = {item.id: None for one in result.profiles for item in one.fired()}
    # A label is published for adults; a child's reading by the adult's list has none.
    labelled = () if result.age is Age.CHILD else result.profiles
    labels = {label or UNLABELLED: None for one in labelled for label in one.labels}
    positive = {name: None for one in result.profiles for name in one.positive_dimensions()}
    return [
        person,
        result.age.code,
        "pilot" if result.pilot else "live",
        outcome.indication.code if outcome else "",
        outcome.urgency.code if outcome else "",
        worst.indication.code if worst else "",
        worst.urgency.code if worst else "",
        "yes" if result.settled else "no",
        next_step_code(result),
        ";".join(labels) if len(labels) == 1 else "",
        ";".join(rules),
        ";".join(positive),
        ";".join(fired),
        str(max(one.number_open() for one in result.profiles)),
    ]
