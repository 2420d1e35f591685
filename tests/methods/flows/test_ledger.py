"""What a file has to be like, and what is said of one that is not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from marfa.domain.message import InputError
from marfa.methods.flows import open_ledger, read_accounts

HEAD = "id,src,dst,ts,amount,currency\n"


def problems(path: Path, text: str, unit: str = "s") -> list[tuple[str, int | None, str | None]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error, open_ledger(path, unit=unit):
        pass
    return [(each.message.key, each.place.row, each.place.column) for each in error.value.problems]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2,a,b,2024-02-30,5,USD", ("not-a-time", 3, "ts")),
        ("2,a,b,soon,5,USD", ("not-a-time", 3, "ts")),
        ("2,a,b,,5,USD", ("not-a-time", 3, "ts")),
        ("2,a,b,17,5,USD", ("two-clocks", 3, "ts")),
        ("2,a,b,2024-01-02,0,USD", ("not-an-amount", 3, "amount")),
        ("2,a,b,2024-01-02,-5,USD", ("not-an-amount", 3, "amount")),
        ('2,a,b,2024-01-02,"1,5",USD', ("not-an-amount", 3, "amount")),
        ("2,a,b,2024-01-02,nan,USD", ("not-an-amount", 3, "amount")),
        ("2,a,b,2024-01-02,2e12,USD", ("not-an-amount", 3, "amount")),
        ("2,a,b,2024-01-02,5,EUR", ("currency-other", 3, "currency")),
        ("1,a,b,2024-01-02,5,USD", ("id-twice", 3, "id")),
        (",a,b,2024-01-02,5,USD", ("id-empty", 3, "id")),
        ("2,,b,2024-01-02,5,USD", ("account-empty", 3, "src")),
        ("2,a, ,2024-01-02,5,USD", ("account-empty", 3, "dst")),
    ],
)
def test_what_is_wrong_is_told_by_row(
    tmp_path: Path, row: str, expected: tuple[str, int, str]
) -> None:
    text = HEAD + "1,a,b,2024-01-01,5,USD\n" + row + "\n"
    assert problems(tmp_path / "f.csv", text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,src,dst,ts\n1,a,b,1\n", ("column-missing", 1, "amount")),
        ("id,src,dst,ts,amount,ID\n1,a,b,1,1,1\n", ("column-twice", 1, "id")),
        ("", ("file-empty", None, None)),
        ("id,src,dst,ts,amount\n", ("file-empty", None, None)),
        ("id,src,dst,ts,amount\n1,a,b,1,1\n2,a,b,1,1,9,9\n", ("unreadable", 3, None)),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, text: str, expected: tuple[str, int | None, str | None]
) -> None:
    assert problems(tmp_path / "f.csv", text)[0] == expected


def test_many_wrong_rows_are_told_at_once_up_to_a_number(tmp_path: Path) -> None:
    text = HEAD + "".join(f"{n},a,b,x,-1,USD\n" for n in range(50))
    found = problems(tmp_path / "f.csv", text)
    assert len(found) == 20
    assert found[:2] == [("not-a-time", 2, "ts"), ("not-an-amount", 2, "amount")]


def test_an_error_does_not_repeat_what_stands_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,src,dst,ts,amount\n1,Maryam,b,Maryam,Maryam\n", encoding="utf-8")
    with pytest.raises(InputError) as error, open_ledger(path):
        pass
    assert "Maryam" not in str([each.as_json() for each in error.value.problems])


def test_times_are_seconds_of_one_clock(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    texts = {
        "a": "2024-01-01",
        "b": "2024-01-01T00:00:00Z",
        "c": "2024-01-01T02:00:00+02:00",
        "d": "2023-12-31 22:30:00.9-0130",
        "e": "2024-01-01T00:00",
    }
    rows = "".join(f"{key},x,y,{text},1\n" for key, text in texts.items())
    path.write_text("id,src,dst,ts,amount\n" + rows, encoding="utf-8")
    with open_ledger(path) as ledger:
        assert set(ledger.ts.tolist()) == {1_704_067_200}
        assert ledger.ids.tolist() == list("abcde")


@pytest.mark.parametrize(("unit", "seconds"), [("s", 2), ("min", 150), ("day", 216_000)])
def test_numbers_are_times_in_the_unit_that_is_said(
    tmp_path: Path, unit: str, seconds: int
) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id;src;dst;ts;amount\n1;a;b;2.5;0.1\n", encoding="utf-8")
    with open_ledger(path, unit=unit) as ledger:
        assert ledger.ts.tolist() == [seconds]
        assert ledger.amount.tolist() == [100]


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    text, parquet = tmp_path / "f.csv", tmp_path / "f.parquet"
    text.write_text("id,src,dst,ts,amount\n10,1,2,30,747.74\n9,2,1,30,0.005\n", encoding="utf-8")
    duckdb.sql(f"COPY (FROM '{text}') TO '{parquet}' (FORMAT parquet)")
    with open_ledger(text) as one, open_ledger(parquet) as other:
        for name in ("ids", "src", "dst", "ts", "amount", "bin"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()
        assert one.amount.tolist() == [747_740, 5]


def test_no_extension_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,src,dst,ts,amount\n1,a,b,2024-01-01,1\n", encoding="utf-8")
    with open_ledger(path) as ledger:
        loaded = ledger.connection.execute(
            "SELECT extension_name FROM duckdb_extensions() WHERE loaded "
            "AND install_mode <> 'STATICALLY_LINKED'"
        ).fetchall()
    assert loaded == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",person,,", ("account-empty", 3, "account")),
        ("a,person,,", ("account-twice", 3, "account")),
        ("b,person,soon,", ("not-a-day", 3, "open_day")),
        ("b,person,,guilty", ("standing-unknown", 3, "standing")),
    ],
)
def test_accounts_are_checked_by_row(
    tmp_path: Path, row: str, expected: tuple[str, int, str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"account,kind,open_day,standing\na,person,,\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_accounts(path)
    (found,) = error.value.problems
    assert (found.message.key, found.place.row, found.place.column) == expected


def test_opening_days_and_standings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "account,kind,opened,standing,role\na,Person,2024-01-02,,\nb,npo,,Victim,\n"
        "c,person,,,victim of debt\nd,person,,suspect,\n",
        encoding="utf-8",
    )
    found = read_accounts(path)
    assert found["a"].opened == 1_704_153_600
    assert [found[name].is_protected for name in "abcd"] == [False, True, True, False]
