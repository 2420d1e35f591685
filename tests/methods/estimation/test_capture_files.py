"""Files of capture histories, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.estimation import read_captures

GOOD = "a,b,c,count\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,6\n"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "lists.csv"
    file.write_bytes(text.encode())
    return file


def test_counts_by_history(tmp_path: Path) -> None:
    data = read_captures(written(tmp_path, GOOD))
    assert data.table.lists == ("a", "b", "c")
    assert data.table.counts == (40, 30, 6, 20, 0, 0, 0)


def test_one_row_a_person_is_the_same(tmp_path: Path) -> None:
    rows = ["1,0,0"] * 40 + ["0,1,0"] * 30 + ["0,0,1"] * 20 + ["1,1,0"] * 6
    people = read_captures(written(tmp_path, "a,b,c\n" + "\n".join(rows)))
    assert people.table == read_captures(written(tmp_path, GOOD)).table


@pytest.mark.parametrize("change", ["\ufeff", ""])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_other_ways_to_write_a_table(tmp_path: Path, change: str, mark: str) -> None:
    text = change + GOOD.replace(",", mark).replace("\n", "\r\n")
    assert read_captures(written(tmp_path, text)).table.observed == 96


def test_the_count_column_can_have_another_name(tmp_path: Path) -> None:
    text = GOOD.replace("count", "people")
    assert read_captures(written(tmp_path, text), count="people").table.observed == 96


def test_strata_and_referrals(tmp_path: Path) -> None:
    text = "a,b,sex,count,sent\n1,1,f,9,4\n1,0,f,3,0\n0,1,m,5,\n1,1,m,2,1\n"
    data = read_captures(written(tmp_path, text), strata=["sex"], referred="sent")
    assert [(values, table.counts) for values, table in data.strata] == [
        (("f",), (3, 0, 9)),
        (("m",), (0, 5, 2)),
    ]
    assert data.referred is not None
    assert list(data.referred.counts) == [0, 0, 5]
    assert [list(table.counts) for table in data.strata_referred] == [[0, 0, 4], [0, 0, 1]]


WRONG = {
    "not-zero-one": ("a,b,c,count\n1,2,0,40\n", 2, "b"),
    "count-negative": ("a,b,c,count\n1,1,0,3\n1,0,0,-4\n", 3, "count"),
    "count-fractional": ("a,b,c,count\n1,0,0,4.5\n", 2, "count"),
    "count-not-number": ("a,b,c,count\n1,0,0,many\n", 2, "count"),
    "all-zero-row": ("a,b,c,count\n1,0,0,4\n0,0,0,7\n", 3, None),
    "row-length": ("a,b,c,count\n1,0,4\n", 2, None),
    "column-twice": ("a,b,a,count\n1,0,1,4\n", None, "a"),
    "file-empty": ("a,b,c,count\n", None, None),
    "refused-many-lists": (",".join(f"l{i}" for i in range(13)) + ",count\n1\n", None, None),
    "refused-one-list": ("count\n1\n", None, None),
}


@pytest.mark.parametrize(("key", "case"), WRONG.items(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, key: str, case: tuple[str, int | None, str | None]
) -> None:
    text, row, column = case
    with pytest.raises(InputError) as caught:
        read_captures(written(tmp_path, text))
    problem = caught.value.problems[0]
    assert problem.message.key == key
    assert (problem.place.file, problem.place.row, problem.place.column) == (
        "lists.csv",
        row,
        column,
    )


def test_blank_and_infinite_counts_are_no_numbers(tmp_path: Path) -> None:
    for value in ("", "NA", "nan", "inf", "1e400"):
        with pytest.raises(InputError) as caught:
            read_captures(written(tmp_path, f"a,b,c,count\n1,0,0,{value}\n"))
        assert caught.value.problems[0].message.key == "count-not-number"


def test_missing_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_captures(written(tmp_path, GOOD), count="n", strata=["sex"], referred="sent")
    assert {problem.place.column for problem in caught.value.problems} == {"n", "sex", "sent"}


def test_more_referred_than_shared(tmp_path: Path) -> None:
    for row in ("1,1,4,5", "1,0,4,1"):
        with pytest.raises(InputError) as caught:
            read_captures(written(tmp_path, f"a,b,count,sent\n{row}\n"), referred="sent")
        assert caught.value.problems[0].message.key == "referred-too-many"


def test_not_a_text_file(tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    file.write_bytes(b"\xff\xfe\x00a,b")
    with pytest.raises(InputError) as caught:
        read_captures(file)
    assert caught.value.problems[0].message.key == "file-unreadable"


def test_a_file_wrong_throughout_is_told_in_part(tmp_path: Path) -> None:
    text = "a,b,c,count\n" + "7,0,0,1\n" * 500
    with pytest.raises(InputError) as caught:
        read_captures(written(tmp_path, text))
    assert len(caught.value.problems) == 20
