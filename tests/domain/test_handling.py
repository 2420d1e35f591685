"""The handling mark: found again in every kind of file, whatever became of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from marfa.domain import handling
from marfa.domain.doors import BODIES, CONTENTS
from marfa.domain.handling import (
    UNREADABLE,
    HandlingMark,
    check_columns,
    check_use,
    marks_of_stream,
    never_leaving,
    read_marks,
    without_mark,
)
from marfa.domain.message import InputError

AT = datetime(2026, 11, 29, 8, 5, tzinfo=UTC)
MARK = HandlingMark("help", "facts", AT, "statistics", "command", ("indication", "rule"))
TEXT = str(MARK)


def found(content: bytes) -> tuple[HandlingMark, ...]:
    return marks_of_stream(io.BytesIO(content))


def rows(sign: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(["sex", handling.NAME])
    writer.writerows([["female", TEXT]] * 3)
    return out.getvalue()


def sheet() -> bytes:
    book, out = Workbook(), io.BytesIO()
    page = book.create_sheet("people", 0)
    for row in csv.reader(io.StringIO(rows())):
        page.append(row)
    book.save(out)
    return out.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    table = pa.table({"sex": ["female"] * 1000})
    table = table.replace_schema_metadata({handling.NAME: TEXT})
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def saved_again(content: bytes) -> bytes:
    out = io.BytesIO()
    book = load_workbook(io.BytesIO(content))
    book.create_sheet("more")
    book.save(out)
    return out.getvalue()


KEPT = {
    "csv": rows().encode(),
    "csv with a mark of its bytes": b"\xef\xbb\xbf" + rows().encode(),
    "csv saved with semicolons": rows(";").encode(),
    "csv saved with tabs": rows("\t").encode(),
    "csv of which the header was taken": rows().partition("\n")[2].encode(),
    "csv of which one row is left": "\n".join(rows().split("\n")[-2:]).encode(),
    "csv saved as Unicode text": rows().encode("utf-16"),
    "csv packed": gzip.compress(rows().encode()),
    "json": json.dumps({"cases": [], handling.NAME: TEXT}).encode(),
    "json on one line, within": json.dumps([{"a": {handling.NAME: TEXT}}]).encode(),
    "html": f'<meta name="{handling.NAME}" content="{TEXT}">'.encode(),
    "xlsx": sheet(),
    "xlsx saved again": saved_again(sheet()),
    "parquet": parquet(),
    "zip": zipped(("page.html", TEXT.encode())),
    "zip in a zip": zipped(("inner.zip", zipped(("data.json", TEXT.encode())))),
    "xlsx in a zip": zipped(("people.xlsx", sheet())),
}


@pytest.mark.parametrize("kind", KEPT)
def test_it_is_found_in(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "a name that tells nothing.dat"
    file.write_bytes(KEPT[kind])
    assert read_marks(file) == (MARK,)


@pytest.mark.parametrize("kind", KEPT)
def test_a_file_without_it_has_none(kind: str) -> None:
    """The control: the same files, of which the mark was cut out."""
    if kind.startswith(("csv", "json", "html")) and not kind.endswith("packed"):
        plain = KEPT[kind].replace(b"\0", b"").replace(handling.NAME.encode(), b"remark")
        assert found(plain) == ()
    assert found(zipped(("page.html", b"nothing"))) == ()


def test_a_mark_on_the_seam_of_two_pieces_is_found_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "CHUNK", 6000)
    for before in range(0, 13_000, 5):
        assert found(b" " * before + TEXT.encode() + b" more") == (MARK,)


def test_what_says_something_else_is_kept_apart() -> None:
    other = HandlingMark("finance", "evidence", AT, "evidence", "a1b2")
    assert set(found(f"{TEXT}\n{other}\n{TEXT}".encode())) == {MARK, other}


@given(
    st.sampled_from(BODIES),
    st.sampled_from(CONTENTS),
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001
    st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), max_size=4),
)
def test_what_is_written_is_read(
    sender: str, contents: str, at: datetime, never: list[str]
) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=UTC)
    mark = HandlingMark(sender, contents, at, "statistics", "command", tuple(never))
    assert found(f'"{mark}",'.encode()) == (mark,)


@pytest.mark.parametrize(
    "text",
    [
        handling.NAME,
        f"{handling.NAME}:2 from=help what=facts",
        f"{handling.NAME}:1 from=somebody what=facts for=x by=y at=2026-01-01T00:00Z",
        TEXT[:60],
    ],
)
def test_a_mark_that_cannot_be_read_lets_only_those_who_help_use_the_file(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"sex,{text}\nfemale,\n")
    assert read_marks(file) == (UNREADABLE,)
    check_use(file, "help")
    for body in set(BODIES) - {"help", "child_protection"}:
        with pytest.raises(InputError) as raised:
            check_use(file, body)
        assert raised.value.problems[0].message.code == "domain:handling-unreadable"


def test_a_file_is_for_those_to_whom_it_may_go(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(rows())
    for body in ("help", "child_protection", "statistics"):
        assert check_use(file, body) == (MARK,)
    for body in ("sanctions", "enforcement", "investigation", "finance"):
        with pytest.raises(InputError) as raised:
            check_use(file, body)
        (problem,) = raised.value.problems
        assert problem.message.code == "domain:handling-refused"
        assert problem.place.file == "people.csv"


def test_two_marks_are_both_kept_to(tmp_path: Path) -> None:
    file = tmp_path / "joined.csv"
    evidence = HandlingMark("investigation", "evidence", AT, "evidence", "a1b2")
    file.write_text(f"{TEXT}\n{evidence}\n")
    for body in BODIES:
        with pytest.raises(InputError):
            check_use(file, body)


def test_a_bomb_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "MOST_UNPACKED", 1 << 20)
    for name, content in {
        "a.zip": zipped(("zeros", bytes(2 << 20))),
        "b.gz": gzip.compress(bytes(2 << 20)),
        "c.zip": zipped(("in.zip", zipped(("zeros", bytes(2 << 20))))),
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError) as raised:
            read_marks(tmp_path / name)
        assert raised.value.problems[0].message.code == "domain:handling-large"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04cut", b"\x1f\x8bcut", zipped()[:10]])
def test_what_is_broken_is_left_to_who_reads_it(content: bytes) -> None:
    assert found(content) == ()
    assert found(content + TEXT.encode()) == (MARK,)


def test_a_column_that_never_leaves_is_refused_by_name() -> None:
    never = never_leaving([MARK])
    check_columns(["sex", "age_band"], never)
    with pytest.raises(InputError) as raised:
        check_columns(["sex", "Indication "], never, file="x.csv")
    assert raised.value.problems[0].place.column == "Indication "


def test_the_column_of_the_mark_is_no_datum() -> None:
    header = ["sex", handling.NAME, "age"]
    assert without_mark(header, header) == ["sex", "age"]
    assert without_mark(["female", TEXT, "child"], header) == ["female", "child"]
    assert without_mark(["female"], header) == ["female"]


def test_a_mark_holds_words_alone() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        HandlingMark("help", "facts", AT, "statistics", "Mariam of the port")
    with pytest.raises(ValueError, match="UTC"):
        HandlingMark("help", "facts", AT.replace(tzinfo=None), "statistics", "command")
