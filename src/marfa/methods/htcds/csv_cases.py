"""Cases put together from the rows of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from marfa.domain.message import Message
from marfa.methods.htcds.cells import from_cell
from marfa.methods.htcds.csv_rows import Header, Rows
from marfa.methods.htcds.layout import MOST_PARTS, SECTIONS, SPECS, Path, Section
from marfa.methods.htcds.plain_data import Plain, put_at_path
from marfa.methods.htcds.redaction import a_value
from marfa.methods.htcds.rules import MOST_PROBLEMS, Finding, make_finding
from marfa.methods.htcds.specs import Spec
from marfa.methods.htcds.whole_file import Seen

_SECTION_OF = {spec.name: section for section in SECTIONS for _, spec in section.specs}


@dataclass
class Gathered:
    """One case as plain data, with the rows from which its parts came.

    findings: what is wrong with how its rows stand together.
    """

    key: str
    row: int
    plain: Plain = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[Path, int] = field(default_factory=dict)

    def row_of(self, path: Path) -> int:
        """The row of a path into the plain data."""
        ends = range(len(path), 0, -1)
        return next((self.rows[path[:end]] for end in ends if path[:end] in self.rows), self.row)

    def column_of(self, path: Path) -> str | None:
        """The column of a path, where it leads to a field."""
        return next((str(step) for step in reversed(path) if step in SPECS), None)

    def add(self, values: dict[str, object], row: int) -> None:
        """Take the values of one row."""
        parts: dict[tuple[str, ...], dict[str, object]] = {}
        for name, value in values.items():
            section = _SECTION_OF[name]
            if row != self.row and not section.many:
                self._note(row, make_finding("continued", (row, name), a_value()))
            else:
                parts.setdefault(section.path, {})[name] = value
        for path, part in parts.items():
            self._take(path, part, row)

    def add_wrong_length(self, row: int, size: int, wanted: int) -> None:
        """Take a row whose cells cannot be told apart; its case is refused with it."""
        what = Message("methods.htcds:found-cells", {"size": size})
        self._note(row, make_finding("row-length", (row,), what, wanted=wanted))

    def _note(self, row: int, found: Finding) -> None:
        if len(self.findings) < MOST_PROBLEMS:
            self.rows[(row,)] = row
            self.findings.append(found)

    def _take(self, path: tuple[str, ...], part: dict[str, object], row: int) -> None:
        section = _BY_PATH[path]
        if not section.many:
            put_at_path(self.plain, path, part)
            return
        listed = hold_list(self.plain, path)
        if len(listed) > MOST_PARTS:
            return  # one too many is enough to be refused
        self.rows[(*path, len(listed))] = row
        listed.append(part)


_BY_PATH: dict[tuple[str, ...], Section] = {section.path: section for section in SECTIONS}


def hold_list(plain: Plain, path: tuple[str, ...]) -> list[object]:
    """The list at a path, made where it is not there."""
    for key in path[:-1]:
        plain = plain.setdefault(key, {})
    found: list[object] = plain.setdefault(path[-1], [])
    return found


def gather_cases(rows: Rows, separator: str) -> Iterator[Gathered]:
    """The cases of a file in their order, each once all of its rows were read."""
    header, seen = rows.header, Seen()
    case: Gathered | None = None
    for number, cells in rows:
        key = cells[header.case] if header.case is not None and header.case < len(cells) else ""
        if case is None or not key or key != case.key:
            if case is not None:
                yield case
            case = Gathered(key, number)
            if header.case is not None:
                case.findings += _key_findings(key, seen)
        if len(cells) == len(header.columns):
            case.add(_values(header, cells, separator), number)
        else:
            case.add_wrong_length(number, len(cells), len(header.columns))
    if case is not None:
        yield case


def _key_findings(key: str, seen: Seen) -> Iterator[Finding]:
    if not key:
        # Rows without a number are not put together: they may be of different people.
        yield make_finding("numbered", (), Message("methods.htcds:found-nothing"))
    elif not seen.add(key):
        yield make_finding("split", (), a_value())


def _values(header: Header, cells: list[str], separator: str) -> dict[str, object]:
    pairs: list[tuple[Spec, str]] = [
        (spec, cell) for spec, cell in zip(header.columns, cells, strict=True) if spec and cell
    ]
    return {spec.name: from_cell(spec, cell, separator) for spec, cell in pairs}
