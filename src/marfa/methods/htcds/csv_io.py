"""Cases as CSV (RFC 4180, UTF-8), one row a case and further rows for further parts.

Columns are fields of the standard. Column ``case`` numbers the cases: what a case has several of
(events, plans, referrals) stands in rows of the same number below its first, one a row, and all
else in the first alone. Without that column each row is a case.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import BinaryIO

from marfa.domain import handling
from marfa.domain.message import InputError, Place, Problem
from marfa.methods.htcds.cells import to_cell
from marfa.methods.htcds.csv_cases import Gathered, gather_cases
from marfa.methods.htcds.csv_rows import CASE, Rows
from marfa.methods.htcds.identity import coded
from marfa.methods.htcds.layout import SECTIONS, SPECS
from marfa.methods.htcds.plain_data import Plain, held, to_plain
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.rules import MOST_PROBLEMS, Finding, judged, reference_twice
from marfa.methods.htcds.utf8 import Hashed
from marfa.methods.htcds.values import Terms
from marfa.methods.htcds.whole_file import Refused, Seen, problems_of, taken_whole

SEPARATORS = (";", "|")
"""Between the codes of one cell; Salesforce, on whose types the standard is written, has ``;``."""


def read_csv(
    stream: BinaryIO,
    *,
    today: date,
    identity: bool = False,
    delimiter: str = ",",
    separator: str = ";",
    file: str | None = None,
) -> Iterator[Case]:
    """The cases of a file, given only where the whole file is right.

    delimiter: between cells, one of DELIMITERS. separator: between the codes of one cell, one of
    SEPARATORS. All else as ``read_json``: InputError with every problem, the row counted with the
    header and the column named; the stream is read twice.
    """
    scan = partial(
        _scan,
        terms=Terms(today, identity),
        delimiter=delimiter,
        separator=separator,
        file=file,
    )
    return taken_whole(stream, scan, file)


def scan_csv(
    stream: BinaryIO,
    *,
    today: date,
    identity: bool = False,
    delimiter: str = ",",
    separator: str = ";",
    file: str | None = None,
) -> Iterator[Case | Refused]:
    """Each case as it comes, or what is wrong with it. Raises InputError where the file cannot
    be read on; what came before stands."""
    terms = Terms(today, identity)
    return _scan(Hashed(stream), terms=terms, delimiter=delimiter, separator=separator, file=file)


def columns(*, identity: bool = False) -> tuple[str, ...]:
    """The header that is written: every field, without those that identify unless asked for."""
    fields = (spec.name for spec in SPECS.values() if identity or not spec.identifying)
    return (CASE, *fields)


def write_csv(
    cases: Iterable[Case],
    stream: BinaryIO,
    *,
    today: date,
    identity: bool = False,
    delimiter: str = ",",
    separator: str = ";",
    bom: bool = False,
    mark: str = "",
) -> int:
    """Write the cases; returns how many.

    bom: begin with a byte order mark, by which some spreadsheets know UTF-8. All else as
    ``write_json``: what identifies is left out unless asked for, and the first case that breaks
    a rule raises InputError.
    """
    marked = {handling.NAME: mark} if mark else {}
    header = (*columns(identity=identity), *marked)
    writer = csv.DictWriter(_Encoded(stream), header, delimiter=delimiter)
    if bom:
        stream.write(b"\xef\xbb\xbf")
    writer.writeheader()
    terms, seen = Terms(today, identity), Seen()
    written = 0
    for case in cases:
        case = case if identity else coded(case)
        plain = to_plain(case)
        found = problems_of(judged(plain, terms, case)[0], plain, seen, f"/cases/{written}")
        if found:
            raise InputError(*found)
        written += 1
        for row in _rows(plain, separator):
            writer.writerow({CASE: str(written)} | row | marked)
    return written


class _Encoded:
    """The text of a writer as UTF-8."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode())


def _rows(plain: Plain, separator: str) -> Iterator[dict[str, str]]:
    """A case in rows: in the first all that it has once, in each a part of every kind."""
    once: dict[str, str] = {}
    parts: list[list[dict[str, str]]] = []
    for section in SECTIONS:
        given = held(plain, section.path)
        if not given:
            continue
        specs = {spec.name: spec for _, spec in section.specs}
        cells = [
            {
                name: to_cell(specs[name], value, separator)
                for name, value in part.items()
                if name in specs
            }
            for part in (given if section.many else [given])
        ]
        if section.many:
            parts.append(cells)
        else:
            once |= cells[0]
    for place, of_one in enumerate(zip_longest(*parts, fillvalue={}) if parts else [()]):
        row: dict[str, str] = dict(once) if place == 0 else {}
        for cells_of_part in of_one:
            row |= cells_of_part
        yield row


def _scan(
    stream: Hashed, *, terms: Terms, delimiter: str, separator: str, file: str | None
) -> Iterator[Case | Refused]:
    rows = Rows(stream, delimiter, file)
    seen = Seen()
    for number, each in enumerate(gather_cases(rows, separator), start=1):
        found = list(each.findings)
        case = None
        if each.plain or not found:
            more, case = judged(each.plain, terms)
            found += [*more, *reference_twice(each.plain, seen.add)]
        if found or case is None:
            yield Refused(number, _placed(each, found, file))
        else:
            yield case


def _placed(case: Gathered, found: list[Finding], file: str | None) -> tuple[Problem, ...]:
    return tuple(
        Problem(each.message, Place(file, case.row_of(each.path), case.column_of(each.path)))
        for each in found[:MOST_PROBLEMS]
    )
