"""Files that are no file of cases, or were made to do harm: a sentence with its place for each."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.message import InputError, Problem
from marfa.methods.htcds import (
    Case,
    Marfa,
    read_csv,
    read_json,
    scan_csv,
    scan_json,
    write_csv,
    write_json,
)
from marfa.methods.htcds.json_text import LARGEST
from marfa.methods.htcds.utf8 import CHUNK, LONGEST_LINE, Hashed, lines
from tests.methods.htcds.cases import TODAY

START = b'{"standard": "HTCDS", "version": "2.0", "cases": ['
ROW = b"case,cas_Status,prs_FirstName\n1,Active,\n"


def faults(read: Any, data: bytes, **options: Any) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        list(read(io.BytesIO(data), today=TODAY, file="f", **options))
    for problem in error.value.problems:
        assert problem.place.file == "f" or problem.message.key == "more"
        for language in LANGUAGES:
            assert "{" not in render_problem(problem, language).replace('{"standard', "")
    return error.value.problems


def key_and_row(problems: tuple[Problem, ...]) -> tuple[str, int | None]:
    key = problems[0].message.params.get("rule", problems[0].message.key)
    return str(key), problems[0].place.row


@pytest.mark.parametrize(
    ("data", "key", "row"),
    [
        (b"", "json-document", 1),
        (b"[]", "json-document", 1),
        (b"\n\n  hello", "json-document", 3),
        (b"{}", "json-wrong", 1),
        (b'{"cases": []}', "json-head", 1),
        (b'{"standard": "HTCDS",\n"version": "1.0", "cases": []}', "json-head", 2),
        (b'{"standard": "HTCDS", "version": "2.0"}', "json-document", 1),
        (b'{"standard": "HTCDS",\n"standard": "HTCDS"}', "json-head-key", 2),
        (b'{"standard": "HTCDS", "made_by": "x"}', "json-head-key", 1),
        (b'{"standard": "HTCDS", "version": "2.0", "profile": "other/1"}', "json-head", 1),
        (b'{"standard": "HTCDS", "version": "2.0", "cases": {}}', "json-wrong", 1),
        (START + b"\n{]", "json-wrong", 2),
        (START + b'\n{"cas_Status": "Active"}\n{"cas_Status": "Active"}]}', "json-wrong", 3),
        (START + b'{"cas_Status": "Active"},]}', "json-wrong", 1),
        (START + b'\n{"cas_Status": Active}]}', "json-wrong", 2),
        (START + b'\n{"cas_Status": "Act', "json-cut", 2),
        (START + b'{"cas_Status": "Active"}', "json-cut", 1),
        (START + b'{"cas_Status": "Active"}]', "json-cut", 1),
        (START + b"]}\n}", "json-after", 2),
        (START + b"]}" + START, "json-after", 1),
        (START + b"7]}", "object", 1),
        (START + b'"Zaynab"]}', "object", 1),
        (START + b'{"cas_Status": NaN}]}', "text", 1),
        (START + b"{\"victim\": {\"vic_AgeWhenTrafficked\": 1e999}}]}", "whole", 1),
        (START + b'{"victim": {"vic_AgeWhenTrafficked": ' + b"9" * 5000 + b"}}]}", "whole", 1),
        (START + b'{"person": {"prs_MailingLatitude": Infinity}}]}', "degrees", 1),
        (START + b'{"cas_Status": "Active\\ud800"}]}', "code", 1),
        (START + b'{"cas_Status": "Active\x00"}]}', "json-wrong", 1),
        (b"\xff\xfe{\x00}\x00", "utf-16", None),
        (b"\x00\x00\xfe\xff", "utf-16", None),
        (START + b'\n{"cas_Status": "\xe9"}]}', "not-utf8", 2),
        (START + b'\n{"cas_Status": "\xc3', "not-utf8", 2),
        (START + b'\n{"cas_Status": "\xed\xa0\x80"}]}', "not-utf8", 2),
    ],
)  # fmt: skip
def test_what_is_no_json_of_cases(data: bytes, key: str, row: int | None) -> None:
    assert key_and_row(faults(read_json, data, identity=True)) == (key, row)


@pytest.mark.parametrize(
    ("data", "key", "row"),
    [
        (b"", "csv-empty", None),
        (b"\n\n", "csv-empty", None),
        (b"\xef\xbb\xbf", "csv-empty", None),
        (b"case\n1\n", "csv-no-field", 1),
        (b"Zaynab,Kareem\n", "csv-column-unknown", 1),
        (b"cas_Status,cas_Status\n", "csv-column-twice", 1),
        (b"case,cas_Status,case\n", "csv-column-twice", 1),
        (b"case;cas_Status\n1;Active\n", "csv-delimiter", 1),
        (b"case\tcas_Status\n1\tActive\n", "csv-delimiter", 1),
        (ROW + b"2,Active,x,y\n", "row-length", 3),
        (ROW + b"2\n", "row-length", 3),
        (ROW + b'2,"Active\n', "csv-quote-open", 3),
        (ROW + b'2,"Act"ive,\n', "csv-quote", 3),
        (ROW + b'2,Active,"' + b"x" * 200_000 + b'"\n', "csv-cell-large", 3),
        (ROW + b'2,Active,"' + b"x\n" * 100_000, "csv-cell-large", 3),
        (ROW + b"2,Active," + b"x" * 10_000_000, "line-long", 3),
        (ROW + b"2,Active,\xe9\n", "not-utf8", 3),
        (ROW + b"2,Active,a\x00b\n", "signs", 3),
        (ROW + "2,Active,a\u202eb\n".encode(), "turned", 3),
        (b"\xff\xfec\x00", "utf-16", None),
        (b'vic_MethodsOfControl\n"DebtBondage,Other"\n', "separator", 2),
        (b"vic_MethodsOfControl\nDebtBondage|Other\n", "separator", 2),
        (b"vic_MethodsOfControl\nDebtBondage;;Other\n", "code", 2),
    ],
)  # fmt: skip
def test_what_is_no_csv_of_cases(data: bytes, key: str, row: int | None) -> None:
    assert key_and_row(faults(read_csv, data, identity=True)) == (key, row)


def test_a_wrong_header_says_which_columns() -> None:
    found = faults(read_csv, b"cas_Status,Zaynab,cas_Status,con_Consent,x\n")
    told = [(each.message.key, each.message.params["n"]) for each in found]
    assert told == [("csv-column-unknown", 2), ("csv-column-twice", 3), ("csv-column-unknown", 5)]
    assert "Zaynab" not in " ".join(render_problem(each) for each in found)


@pytest.mark.parametrize("depth", [100, 5_000, 1_000_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"person":', b"}")])
def test_deep_nesting(depth: int, opening: bytes, closing: bytes) -> None:
    data = START + opening * depth + b"1" + closing * depth + b"]}"
    assert key_and_row(faults(read_json, data))[0] in {
        "object",
        "unknown",
        "json-deep",
        "json-large",
    }


def test_a_text_of_ten_million_signs_in_json() -> None:
    data = START + b'\n{"cas_Status": "' + b"x" * 10_000_000 + b'"}]}'
    assert key_and_row(faults(read_json, data)) == ("json-large", 2)


def test_a_long_text_just_within_the_limits_is_taken() -> None:
    text = "x" * 32_768
    cases = START + json.dumps({"cas_Status": "Closed", "cas_ReasonForCaseClosure": text}).encode()
    (case,) = read_json(io.BytesIO(cases + b"]}"), today=TODAY, identity=True)
    assert case.reason_for_case_closure == text
    row = b"cas_Status,cas_ReasonForCaseClosure\nClosed," + text.encode()
    assert list(read_csv(io.BytesIO(row), today=TODAY, identity=True)) == [case]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_of_any_system_with_and_without_a_mark(end: bytes, bom: bytes) -> None:
    rows = bom + end.join([b"cas_Status,con_Consent", b"Active,TRUE", b"", b",", b"Closed,false"])
    expected = [Case(status="Active", consent=True), Case(status="Closed", consent=False)]
    for data in (rows, rows + end, rows + end * 3):
        assert list(read_csv(io.BytesIO(data), today=TODAY)) == expected
    document = bom + START + end + b'{"cas_Status": "Active", "con_Consent": true}' + end + b"]}"
    assert list(read_json(io.BytesIO(document), today=TODAY)) == expected[:1]


@given(st.text("a\r\n", max_size=12), st.integers(1, 4))
@example("a\r\na\r", 2)
def test_lines_are_those_of_pythons_own_reader(text: str, size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return super().read(size)

    expected = list(io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline=""))
    assert list(lines(Hashed(Slow(text.encode())), None)) == expected


@pytest.mark.parametrize("space", [0, 1, CHUNK - 60, CHUNK - 50, CHUNK - 1, CHUNK, 3 * CHUNK])
def test_pieces_may_end_anywhere(space: int) -> None:
    case = '{"cas_Status": "Closed", "cas_ReasonForCaseClosure": "\\u0627\\ud83d\\ude00 عربي é"}'
    data = START + b" " * space + f"{case},{case}]}}".encode()
    first, second = read_json(io.BytesIO(data), today=TODAY, identity=True)
    assert first == second
    assert first.reason_for_case_closure == "\u0627😀 عربي é"


class Changing(io.BytesIO):
    """A file that another program writes to after it was read once."""

    def __init__(self, first: bytes, second: bytes) -> None:
        super().__init__(first)
        self._second = second

    def seek(self, offset: int, whence: int = 0) -> int:
        super().seek(0)
        self.truncate()
        self.write(self._second)
        return super().seek(offset, whence)


@pytest.mark.parametrize("second", [b"Active\nActive\n", b"Active\nx\n", b"", b"Active\n\xff"])
def test_a_file_that_changes_while_it_is_read(
    second: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marfa.methods.htcds.whole_file.MOST_KEPT", 0)
    stream = Changing(b"cas_Status\nActive\n", b"cas_Status\n" + second)
    with pytest.raises(InputError) as error:
        list(read_csv(stream, today=TODAY))
    assert error.value.problems[0].message.key == "changed"


@pytest.mark.parametrize("most", [0, 1, 2, 3, 1000])
def test_a_long_file_is_read_as_a_short_one(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marfa.methods.htcds.whole_file.MOST_KEPT", most)
    data = b"cas_Status\nActive\nClosed\nFollowUp\n"
    cases = read_csv(io.BytesIO(data), today=TODAY)
    assert [case.status for case in cases] == ["Active", "Closed", "FollowUp"]
    with pytest.raises(InputError):
        read_csv(io.BytesIO(data + b"x\n"), today=TODAY)


def test_a_file_is_read_from_where_it_stands() -> None:
    stream = io.BytesIO(b"before\ncas_Status\nActive\n")
    stream.readline()
    assert list(read_csv(stream, today=TODAY)) == [Case(status="Active")]


def test_no_cases_at_all() -> None:
    assert list(read_json(io.BytesIO(START + b"]}"), today=TODAY)) == []
    assert list(read_csv(io.BytesIO(b"cas_Status\n"), today=TODAY)) == []
    stream = io.BytesIO()
    assert write_json([], stream, today=TODAY) == 0
    stream.seek(0)
    assert list(read_json(stream, today=TODAY)) == []


def test_too_large_a_case_is_not_written() -> None:
    from dataclasses import replace

    from marfa.methods.htcds import Comment

    large = replace(Case(), comments=(Comment(comment="x" * 32_768),) * 200)
    assert LARGEST < 32_768 * 200
    with pytest.raises(InputError) as error:
        write_json([large], io.BytesIO(), today=TODAY, identity=True)
    assert error.value.problems[0].message.key == "json-large"


@pytest.mark.parametrize("scan", [scan_json, scan_csv])
def test_memory_does_not_grow_with_the_file(scan: Any) -> None:
    class Endless(io.RawIOBase):
        """Cases without end, made as they are read."""

        def __init__(self, count: int) -> None:
            self._parts = self._make(count)

        def _make(self, count: int) -> Iterator[bytes]:
            is_json = scan is scan_json
            yield START if is_json else b"marfa_reference\n"
            for n in range(count):
                comma = b"," if n else b""
                case = f'{{"extensions": {{"marfa": {{"marfa_reference": "r{n}"}}}}}}'.encode()
                yield comma + case if is_json else f"r{n}\n".encode()
            yield b"]}" if is_json else b""

        def read(self, _size: int = -1) -> bytes:
            return b"".join(itertools.islice(self._parts, 500))

    peaks = []
    for count in (1_000, 6_000):
        tracemalloc.start()
        number = sum(1 for _ in scan(Endless(count), today=TODAY))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert number == count
    # The digests of references are kept: 60 to 120 bytes a case.
    assert peaks[1] - peaks[0] < 5_000 * 200


def test_a_line_may_be_long_but_not_without_end() -> None:
    data = b"x" * (LONGEST_LINE + 2 * CHUNK)
    with pytest.raises(InputError):
        list(lines(Hashed(io.BytesIO(data)), None))


def test_what_a_program_gives_that_is_no_case_is_told() -> None:
    from marfa.methods.htcds import problems

    wrong = Case(marfa=Marfa(reference=7))  # type: ignore[arg-type]
    assert [each.place.field for each in problems(wrong, today=TODAY)] == [
        "/extensions/marfa/marfa_reference"
    ]


def test_a_long_case_that_is_wrong_at_its_start_is_told_as_wrong() -> None:
    data = START + b'\n{"cas_Status": x' + b" " * 6_000_000 + b"}]}"
    assert key_and_row(faults(read_json, data)) == ("json-wrong", 2)


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_a_writer_counts_and_names_the_case_that_is_wrong(write: Any) -> None:
    right, wrong = Case(status="Active"), Case(status="Open")
    assert write([right, right, right], io.BytesIO(), today=TODAY) == 3
    with pytest.raises(InputError) as error:
        write([right, right, wrong], io.BytesIO(), today=TODAY)
    assert [each.place.field for each in error.value.problems] == ["/cases/2/cas_Status"]
