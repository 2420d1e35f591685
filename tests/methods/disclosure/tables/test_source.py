"""The same records in every kind of file give the same counts; what is wrong is said."""

from __future__ import annotations

import csv
import hashlib
import threading
from collections import Counter
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.disclosure.tables import TableQuery, count, open_source

ROWS = [
    ("F", "شمال, حلب", "2021", "x;y"),
    ("F", "شمال, حلب", "2021", "x"),
    ("M", 'a "b"|c', "2022", "y"),
    ("", "a;b", "2022", "0"),
    (" ", "NA", "2022", ""),
    ("M", "NA", "2022", "007"),
]
HEADER = ("sex", "place, as written", "year", "link")


def csv_file(folder: Path, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path = folder / "records.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(HEADER)
        writer.writerows(ROWS)
    return path


def counted(path: Path, by: tuple[str, ...] = HEADER[:2], **options: object) -> Counter[object]:
    keywords = {k: v for k, v in options.items() if k in {"encoding", "delimiter", "sheet"}}
    others = {k: v for k, v in options.items() if k not in keywords}
    with open_source(path, **keywords) as source:  # type: ignore[arg-type]
        query = TableQuery(by, source.digest, **others)  # type: ignore[arg-type]
        cells = count(source, query).cells
    found: Counter[object] = Counter()
    for row in cells.leaves.tolist():
        labels = tuple(
            d.labels[n] for d, n in zip(cells.dimensions, cells.nodes[row].tolist(), strict=True)
        )
        found[labels] = int(cells.counts[row])
    return found


def expected(*axes: int) -> Counter[object]:
    return Counter(tuple(row[axis].strip() or None for axis in axes) for row in ROWS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_values_with_separators_scripts_and_gaps(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path, delimiter=delimiter)
    assert counted(path, delimiter=delimiter) == expected(0, 1)
    assert counted(path, ("link",), delimiter=delimiter) == expected(3)


def test_the_delimiter_is_found(tmp_path: Path) -> None:
    assert counted(csv_file(tmp_path, delimiter="\t"), ("year",)) == expected(2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert counted(csv_file(tmp_path, encoding), encoding=encoding) == expected(0, 1)


def test_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for sex, place, year, link in ROWS:
        book.active.append([sex, place, int(year), link])
    book.save(tmp_path / "records.xlsx")
    assert counted(tmp_path / "records.xlsx") == expected(0, 1)
    assert counted(tmp_path / "records.xlsx", ("year",)) == expected(2)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_columnar_files(tmp_path: Path, ending: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    columns = list(zip(*ROWS, strict=True))
    data = pyarrow.table(
        {
            HEADER[0]: columns[0],
            HEADER[1]: columns[1],
            HEADER[2]: [float(year) for year in columns[2]],
            HEADER[3]: columns[3],
        }
    )
    path = tmp_path / f"records.{ending}"
    if ending == "parquet":
        from pyarrow import parquet

        parquet.write_table(data, path)
    else:
        from pyarrow import feather

        feather.write_feather(data, str(path), compression="uncompressed")
    assert counted(path) == expected(0, 1)
    assert counted(path, ("year",)) == expected(2)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_a_column_of_lists_holds_several_values(tmp_path: Path, ending: str) -> None:
    """As files of facts have them: one value is that value, none is not reported."""
    pyarrow = pytest.importorskip("pyarrow")
    data = pyarrow.table({"given": [["shelter"], ["legal", "shelter"], [], None, ["shelter"]]})
    path = tmp_path / f"facts.{ending}"
    if ending == "parquet":
        from pyarrow import parquet

        parquet.write_table(data, path)
    else:
        from pyarrow import feather

        feather.write_feather(data, str(path), compression="uncompressed")
    expected = {("shelter",): 2, ("_several",): 1, (None,): 2}
    assert counted(path, ("given",)) == expected
    assert counted(path, ("given",), separator="|") == expected
    assert counted(path, ("given",), several=("given",)) == expected
    assert counted(path, ("given",), where=(("given", "shelter"),)) == {("shelter",): 2}


def test_missing_codes_filters_and_several_values(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    assert counted(path, ("link",), missing=("0",))[(None,)] == 2
    assert counted(path, ("link",), several=("link",))[("_several",)] == 1
    assert counted(path, ("sex",), where=(("year", "2021"),)) == Counter({("F",): 2})


def problem(
    path: Path, by: tuple[str, ...] = ("sex",), **options: object
) -> tuple[str, int | None]:
    with pytest.raises(InputError) as caught:
        counted(path, by, **options)
    first = caught.value.problems[0]
    return first.message.key, first.place.row


def test_mixed_encodings_name_the_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    with path.open("ab") as out:
        out.write("M,\xe9t\xe9,2022,x\r\n".encode("latin-1"))
    assert problem(path, ("place, as written",)) == ("not-utf8", 8)
    assert problem(path, ("sex",)) == ("not-utf8", 8), "in a column that is not counted, too"


@pytest.mark.parametrize("bad", [b"\xe9", b"\xf0\x9f", b"\xc0\xaf", b"\xed\xa0\x80"])
def test_a_bad_byte_is_found_wherever_blocks_end(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "blocks.csv"
    # Characters of three bytes do not fit the blocks that are read; lines are longer than they are.
    line = ("\u0800" * 350_000 + ",F\n").encode()
    for lines in range(2):
        path.write_bytes(b"note,sex\n" + line * lines + b"x" + bad + b",F\n")
        assert problem(path) == ("not-utf8", lines + 2)
    path.write_bytes(b"note,sex\n" + line + b"x,F\n" + bad)
    assert problem(path) == ("not-utf8", 4), "also where the file ends"


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    with open_source(path) as source:
        assert source.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_without_line_ends_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "one-line.csv"
    path.write_bytes(b"x" * 3_000_000)
    assert problem(path)[0] == "unreadable"


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    assert problem(path, ("age",))[0] == "column-unknown"
    assert problem(tmp_path / "no.csv")[0] == "no-file"
    assert problem(path, where=(("year", "1900"),))[0] == "nobody"
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert problem(tmp_path / "empty.csv")[0] == "file-empty"
    (tmp_path / "twice.csv").write_text("sex,sex\nF,F\n", encoding="utf-8")
    assert problem(tmp_path / "twice.csv")[0] == "column-twice"
    (tmp_path / "ragged.csv").write_text("sex,age\nF,1,2,3\nM\n", encoding="utf-8")
    assert problem(tmp_path / "ragged.csv")[0] == "unreadable"
    (tmp_path / "false.xlsx").write_text("no workbook", encoding="utf-8")
    assert problem(tmp_path / "false.xlsx")[0] == "unreadable"
    (tmp_path / "false.parquet").write_text("no parquet", encoding="utf-8")
    assert problem(tmp_path / "false.parquet")[0] == "unreadable"


def test_a_person_in_two_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id,form\n1,a\n1,a\n2,b\n", encoding="utf-8")
    assert counted(path, ("form",), unit="id") == Counter({("a",): 1, ("b",): 1})
    path.write_text("id,form\n1,a\n1,b\n2,b\n", encoding="utf-8")
    assert problem(path, ("form",), unit="id")[0] == "person-twice"


def test_a_stopped_count_is_a_stop_and_no_fault(tmp_path: Path) -> None:
    with open_source(csv_file(tmp_path)) as source:
        timer = threading.Timer(0.3, source.connection.interrupt)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            source.rows("SELECT count(*) FROM range(9000000000000) WHERE random() > 2")
        timer.join()


def test_lines_that_end_in_different_ways_are_read(tmp_path: Path) -> None:
    """Also where a field holds a line end of its own."""
    path = tmp_path / "mixed.csv"
    path.write_bytes(b'sex,note\r\nF,"one\ntwo"\nM,b\r\nF,c\nM,d\r\n')
    with open_source(path) as source:
        found = source.rows("SELECT sex, count(*) FROM records GROUP BY sex ORDER BY sex")
    assert found == [("F", 2), ("M", 2)]
