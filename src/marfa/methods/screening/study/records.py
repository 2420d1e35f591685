"""What is known of the people of a study: coded rows, each checked before any is taken.

interviews: person, day, site, sex, language, interpreter, interviewer, consent, danger, child,
    screened (flagged, not-flagged, open), and ids of items; age_group, by ``age_bands``, if known.
assessments: person, day, assessor, victim, helped. Nothing of the screening.
double: person, rater, and ids of items: two people score one observed or scripted interview.
retest: as double, of a later talk with the same person; it is no agreement of raters.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.domain.prohibited_grounds import names_refused_attribute
from marfa.methods.screening.answers import WORDS
from marfa.methods.screening.library import Library
from marfa.methods.screening.person_codes import is_code
from marfa.methods.screening.quality.accuracy import Decision
from marfa.methods.screening.study.protocol import Protocol
from marfa.methods.screening.table import separated_rows

Record = dict[str, str]
"""One row, with ``kind``; texts alone."""
MOST_PROBLEMS = 50
LONGEST = 64


class Kind(StrEnum):
    """What rows tell."""

    INTERVIEWS = "interviews"
    ASSESSMENTS = "assessments"
    DOUBLE = "double"
    RETEST = "retest"


KINDS = tuple(Kind)
_YES_NO = ("yes", "no")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "consent": _YES_NO,
    "danger": _YES_NO,
    "child": _YES_NO,
    "victim": _YES_NO,
    "helped": (*_YES_NO, ""),
    "screened": tuple(Decision),
    "sex": ("female", "male", "other", "unknown"),
    "interpreter": _YES_NO,
    "age_group": codelist("age_bands").codes,
}
COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    Kind.INTERVIEWS: (
        *("person", "day", "site", "sex", "language", "interpreter", "interviewer"),
        *("consent", "danger", "child", "screened"),
    ),
    Kind.ASSESSMENTS: ("person", "day", "assessor", "victim", "helped"),
    Kind.DOUBLE: ("person", "rater"),
    Kind.RETEST: ("person", "rater"),
}
OPTIONAL: Mapping[Kind, tuple[str, ...]] = {Kind.INTERVIEWS: ("age_group",)}
"""Columns that a table may leave out."""
_CODES = ("person", "interviewer", "assessor", "rater", "site", "language")
_ONCE: Mapping[Kind, tuple[str, ...]] = {
    Kind.INTERVIEWS: ("person",),
    Kind.ASSESSMENTS: ("person", "assessor"),
    Kind.DOUBLE: ("person", "rater"),
    Kind.RETEST: ("person", "rater"),
}


def add_rows(
    protocol: Protocol,
    library: Library,
    records: Sequence[Record],
    lines: Iterable[str],
    kind: Kind,
    *,
    file: str,
    today: date,
) -> list[Record]:
    """The records with those of a table, all or none.

    lines: of a CSV with a header. Raises InputError: where nobody may be enrolled, the instrument
    changed, or for each row that may not be taken, with its place.
    """
    protocol.must_be_of(library)
    if kind is Kind.INTERVIEWS:
        protocol.must_enrol(today)
    reading = _Reading(protocol, library, records, kind, file, today)
    return [*records, *reading.read(lines)]


class _Reading:
    def __init__(
        self,
        protocol: Protocol,
        library: Library,
        records: Sequence[Record],
        kind: Kind,
        file: str,
        today: date,
    ) -> None:
        self.protocol, self.kind, self.file, self.today = protocol, kind, file, today
        self.items = library.instrument(protocol.instrument).item_ids
        self.problems: list[Problem] = []
        self.enrolled = {row["person"]: row for row in records if row["kind"] == Kind.INTERVIEWS}
        self.interviewers = {row["interviewer"] for row in self.enrolled.values()}
        self.assessors = {r["assessor"] for r in records if r["kind"] == Kind.ASSESSMENTS}
        self.there = {self._key(row) for row in records if row["kind"] == kind}

    def read(self, lines: Iterable[str]) -> list[Record]:
        rows = _rows(lines, self.file)
        header = [name.strip().removeprefix("\ufeff").lower() for name in next(rows, [])]
        self._check_header(header)
        self._refuse()
        made: list[Record] = []
        for number, cells in enumerate(rows, start=2):
            if not any(map(str.strip, cells)):
                continue
            if len(cells) != len(header):
                params = {"found": len(cells), "wanted": len(header)}
                self._wrong(Message("methods.screening:row-length", params), number)
                continue
            row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            self._check(row, number)
            made.append({"kind": self.kind.value, **row})
            if len(self.problems) >= MOST_PROBLEMS:
                break
        self._refuse()
        if not made:
            raise InputError.at(Message("methods.screening:table-empty"), file=self.file)
        return made

    def _refuse(self) -> None:
        if self.problems:
            raise InputError(*self.problems)

    def _check_header(self, header: Sequence[str]) -> None:
        for name in COLUMNS[self.kind]:
            if name not in header:
                said = Message("methods.screening:column-missing", {"column": name})
                self._wrong(said, 1)
        for place, name in enumerate(header):
            if name in header[:place]:
                self._wrong(Message("methods.screening:column-twice"), 1, name)
            elif name in (*COLUMNS[self.kind], *OPTIONAL.get(self.kind, ())):
                continue
            elif self.kind is Kind.ASSESSMENTS and (name in self.items or name == "screened"):
                self._wrong(Message("methods.screening:study-not-blind"), 1, name)
            elif self.kind is not Kind.ASSESSMENTS and name in self.items:
                continue
            elif names_refused_attribute(name):
                self._wrong(Message("methods.screening:profiling", {"value": name}), 1, name)
            else:
                self._wrong(Message("methods.screening:column-unknown"), 1, name)

    def _check(self, row: Mapping[str, str], number: int) -> None:
        for name, value in row.items():
            known = tuple(WORDS) if name in self.items else _WORDS.get(name)
            if known is not None and value not in known:
                shown = ", ".join(word for word in known if word)
                params = {"value": value[:40], "known": shown}
                self._wrong(Message("methods.screening:answer-unknown", params), number, name)
            if name in _CODES:
                self._check_code(value, number, name)
        day = self._day(row, number)
        if self.kind is Kind.INTERVIEWS:
            self._check_interview(row, day, number)
        elif row["person"] not in self.enrolled and self.kind is not Kind.DOUBLE:
            # An observed or scripted interview that is scored twice is of nobody in the study.
            self._wrong(Message("methods.screening:study-not-enrolled"), number, "person")
        if self.kind is Kind.ASSESSMENTS:
            self._check_assessment(row, day, number)
        key = self._key(row)
        if key in self.there:
            self._wrong(Message("methods.screening:study-twice"), number, "person")
        self.there.add(key)

    def _check_code(self, value: str, number: int, name: str) -> None:
        if not value or len(value) > LONGEST or value[0] in "=+-@" or not value.isprintable():
            self._wrong(Message("methods.screening:person-code"), number, name)
        elif name in ("person", "interviewer", "assessor", "rater") and not is_code(value):
            self._wrong(Message("methods.screening:person-name"), number, name)

    def _day(self, row: Mapping[str, str], number: int) -> date | None:
        if "day" not in row:
            return None
        try:
            day = date.fromisoformat(row["day"])
        except ValueError:
            self._wrong(Message("methods.screening:study-day"), number, "day")
            return None
        if day > self.today:
            self._wrong(Message("methods.screening:study-day-ahead"), number, "day")
        return day

    def _check_interview(self, row: Mapping[str, str], day: date | None, number: int) -> None:
        if row["consent"] != "yes":
            self._wrong(Message("methods.screening:study-no-consent"), number, "consent")
        if row["danger"] != "no":
            self._wrong(Message("methods.screening:study-danger"), number, "danger")
        if row["child"] != "no" and not self.protocol.children:
            self._wrong(Message("methods.screening:study-child"), number, "child")
        if row["language"] not in self.protocol.words:
            params = {"language": row["language"][:40]}
            self._wrong(Message("methods.screening:study-language", params), number, "language")
        if row["interviewer"] in self.assessors:
            self._wrong(Message("methods.screening:study-panel-asks"), number, "interviewer")
        if day is not None:
            try:
                self.protocol.must_enrol(day)
            except InputError as error:
                self._wrong(error.problems[0].message, number, "day")

    def _check_assessment(self, row: Mapping[str, str], day: date | None, number: int) -> None:
        if row["assessor"] in self.interviewers:
            self._wrong(Message("methods.screening:study-panel-asks"), number, "assessor")
        if row["victim"] == "yes" and row["helped"] != "yes":
            self._wrong(Message("methods.screening:study-not-helped"), number, "helped")
        asked = self.enrolled.get(row["person"])
        if asked is not None and day is not None and day.isoformat() < asked["day"]:
            self._wrong(Message("methods.screening:study-before-interview"), number, "day")

    def _key(self, row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in _ONCE[self.kind])

    def _wrong(self, message: Message, row: int, column: str | None = None) -> None:
        self.problems.append(Problem(message, Place(self.file, row=row, column=column)))


def _rows(lines: Iterable[str], file: str) -> Iterator[list[str]]:
    try:
        yield from separated_rows(lines)
    except csv.Error as error:
        params = {"reason": str(error)}
        raise InputError.at(Message("methods.screening:not-csv", params), file=file) from None
    except UnicodeDecodeError:
        raise InputError.at(Message("methods.screening:not-utf8"), file=file) from None


def write_records(protocol: Protocol, records: Iterable[Record]) -> str:
    """A line a record, after one that names the protocol."""
    head = {"kind": "study", "protocol": protocol.id}
    return "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in (head, *records)
    )


def read_records(protocol: Protocol, text: str, file: str) -> list[Record]:
    """The records of a study. Raises InputError for a line that is none, and where the protocol was
    changed after people were enrolled."""
    records: list[Record] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not all(isinstance(each, str) for each in row.values()):
            raise InputError.at(Message("methods.screening:study-line"), file=file, row=number)
        if number == 1:
            if row.get("protocol") != protocol.id:
                raise InputError.at(
                    Message("methods.screening:study-protocol-changed"), file=protocol.file
                )
        elif not _is_record(row):
            raise InputError.at(Message("methods.screening:study-line"), file=file, row=number)
        else:
            records.append(row)
    return records


def _is_record(row: Record) -> bool:
    """Whether a line has the columns and words of its kind: somebody may have edited the file."""
    if row.get("kind") not in KINDS:
        return False
    columns = COLUMNS[Kind(row["kind"])]
    there = (*columns, *(set(OPTIONAL.get(Kind(row["kind"]), ())) & row.keys()))
    return all(name in row and row[name] in _WORDS.get(name, (row[name],)) for name in there)
