"""The command flows, from the door."""

from __future__ import annotations

import csv
import json
import os
import random
from pathlib import Path

import duckdb
import pytest
from benchmarks.flows_data import Life, make_society
from click.testing import CliRunner, Result

from marfa.cli.main import main, marfa
from marfa.methods.flows import COLUMNS, KINDS
from tests.methods.flows.ledgers import Row, mixed_rows, write_rows


def run(*arguments: str) -> Result:
    return CliRunner().invoke(marfa, ["flows", *arguments], catch_exceptions=False)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "ledger.csv", mixed_rows(random.Random(10), 40))


def test_patterns_are_written_a_row_a_transaction(tmp_path: Path, ledger: Path) -> None:
    out = tmp_path / "found.csv"
    told = json.loads(run("patterns", str(ledger), "--out", str(out), "--json").stdout)
    assert out.read_text().splitlines()[0] == "finding,pattern,id,src,dst"
    rows = rows_of(out)
    source = {row["id"]: row for row in rows_of(ledger)}
    assert all(source[r["id"]]["src"] == r["src"] for r in rows)
    assert told["transactions"] == len(source)
    assert told["accounts"] == len({r[end] for r in source.values() for end in ("src", "dst")})
    assert list(told["patterns"]) == list(KINDS)
    for kind, counts in told["patterns"].items():
        mine = [r for r in rows if r["pattern"] == kind]
        assert counts["findings"] == len({r["finding"] for r in mine}) > 0
        assert counts["transactions"] == len({r["id"] for r in mine})
    assert len(told["digest"]) == 64
    assert told["parameters"]["structuring_limit"] == 10_000


def test_kinds_window_and_limit_are_those_that_are_asked(ledger: Path) -> None:
    asked = ("patterns", str(ledger), "--kind", "cycle,structuring", "--window", "36h", "--json")
    told = json.loads(run(*asked).stdout)
    assert list(told["patterns"]) == ["cycle", "structuring"]
    assert told["parameters"]["cycle_window"] == 36 * 3_600
    other = json.loads(run(*asked, "--limit", "500").stdout)
    assert other["parameters"]["structuring_limit"] == 500
    assert other["digest"] != told["digest"]


@pytest.mark.parametrize(
    ("option", "value"),
    [("--kind", "fan"), ("--window", "2w"), ("--window", "0d"), ("--unit", "h"), ("--master", "x")],
)
def test_wrong_options_end_with_two(ledger: Path, option: str, value: str) -> None:
    found = run("patterns", str(ledger), option, value)
    assert found.exit_code == 2


def test_a_wrong_file_ends_with_one_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / "found.csv"
    bad.write_text("id,src,dst,ts,amount\n1,a,b,1,1\n1,a,b,1,x\n", encoding="utf-8")
    out.write_text("before", encoding="utf-8")
    for arguments in (
        ["patterns", str(bad), "--out", str(out)],
        ["features", str(bad), "--out", str(out)],
        ["typologies", str(bad), "--accounts", str(bad), "--out", str(tmp_path / "cases")],
        ["trace", str(bad), "--from", "1"],
    ):
        with pytest.raises(SystemExit) as end:
            main(["flows", *arguments])
        assert end.value.code == 1
        said = capsys.readouterr()
        assert "bad.csv, row" in said.err
        assert "Traceback" not in said.err
        assert said.out == ""
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "found.csv"]


def test_features_have_a_row_an_id(tmp_path: Path, ledger: Path) -> None:
    outs = []
    for batch in ("1", "128", ""):
        out = tmp_path / f"features{batch}.parquet"
        asked = ("features", str(ledger), "--out", str(out), *(("--batch", batch) if batch else ()))
        told = json.loads(run(*asked, "--json").stdout)
        outs.append(out.read_bytes())
    assert len(set(outs)) == 1
    with duckdb.connect() as own:
        found = own.read_parquet(str(out))
        assert found.columns == ["id", *COLUMNS] == told["columns"]
        assert {row[0] for row in found.fetchall()} == {row["id"] for row in rows_of(ledger)}


def test_typologies_write_three_tables(tmp_path: Path) -> None:
    made = make_society(random.Random(3), Life(cases=1, people=120))
    ledger, accounts, out = tmp_path / "l.csv", tmp_path / "a.csv", tmp_path / "cases"
    made.write(ledger)
    made.write_accounts(accounts)
    asked = ("typologies", str(ledger), "--accounts", str(accounts), "--out", str(out), "--json")
    told = json.loads(run(*asked).stdout)
    cases, rows, people = (rows_of(out / f"{n}.csv") for n in ("cases", "transactions", "accounts"))
    assert list(cases[0]) == ["case", "typology", "indicators_met", "indicators_missing", "benign"]
    assert list(rows[0]) == ["case", "id"]
    assert list(people[0]) == ["account", "case", "role", "handling", "why"]
    names = [case["case"] for case in cases]
    assert names == [case["case"] for case in told["cases"]]
    assert {row["case"] for row in rows} == {row["case"] for row in people} == set(names)
    for case in told["cases"]:
        assert case["confirms"]
        assert case["refutes"]
        assert case["urgent"] == (case["typology"] == "ocse")
    for row in people:
        told_of_duty = "the duty is the law's" in row["why"]
        assert told_of_duty == (row["handling"] != "report")
        if row["role"] in {"victim", "family", "unknown"}:
            assert row["handling"] in {"two_people", "protect", "remedy"}
    assert {row["handling"] for row in people} >= {"report", "protect", "two_people"}
    assert "the law's and not the finding's" in told["notice"]
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    run(*asked)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_small_sums_are_small_in_the_currency_of_the_file(tmp_path: Path) -> None:
    """The same people in a currency of which 34 make a dollar: the same cases at that rate."""
    made = make_society(random.Random(3), Life(cases=1, people=90))
    ledger, accounts = tmp_path / "l.csv", tmp_path / "a.csv"
    made.write(ledger)
    made.write_accounts(accounts)
    head, *lines = (line.split(",") for line in ledger.read_text().splitlines())
    place = head.index("amount")
    local = [
        [*row[:place], str(round(float(row[place]) * 34, 2)), *row[place + 1 :]] for row in lines
    ]
    other = tmp_path / "local.csv"
    other.write_text("\n".join(",".join(row) for row in (head, *local)) + "\n")

    def cases(file: Path, *options: str) -> list[tuple[str, str]]:
        out = tmp_path / "cases"
        arguments = ("typologies", str(file), "--accounts", str(accounts), "--out", str(out))
        assert run(*arguments, *options).exit_code == 0
        return [(row["case"], row["id"]) for row in rows_of(out / "transactions.csv")]

    assert cases(other, "--dollar", "34") == cases(ledger)
    assert not any(case.startswith("ocse") for case, _ in cases(other))
    for wrong in ("0", "-1", "nan", "inf", "x"):
        asked = ("typologies", str(ledger), "--accounts", str(accounts), "--out", str(tmp_path))
        assert run(*asked, "--dollar", wrong).exit_code == 2


def test_a_trace_adds_up(tmp_path: Path) -> None:
    rows = [
        Row("1", "a", "b", 0, 60_000),
        Row("2", "x", "b", 1, 40_000),
        Row("3", "b", "c", 2, 80_000),
    ]
    ledger = write_rows(tmp_path / "l.csv", rows)
    told = json.loads(run("trace", str(ledger), "--from", "3", "--back", "--json").stdout)
    assert (told["method"], told["direction"], told["amount"]) == ("fifo", "back", 80)
    assert {t["id"]: t["traced"] for t in told["transactions"]} == {"1": 60, "2": 20, "3": 80}
    assert sum(told["ends"].values()) == 80
    shown = run("trace", str(ledger), "--from", "2", "--method", "prorata")
    assert "3,b,c,80,32" in shown.stdout
    assert "pro rata" in shown.stderr


def test_indicators_are_all_there() -> None:
    told = json.loads(run("indicators", "--json").stdout)["indicators"]
    assert len(told) == 77
    assert {each["family"] for each in told if each["computed"]} >= {"movement", "counterparts"}
    shown = run("indicators")
    assert all(each["id"] in shown.stdout for each in told)


REFERENCE = os.environ.get("MARFA_REFERENCE_DATA")


@pytest.mark.slow
@pytest.mark.skipif(not REFERENCE, reason="no reference data")
def test_no_victim_of_the_reference_data_is_reported(tmp_path: Path) -> None:
    """With memos and without: the same cases, and nobody with ``report`` who is a victim."""
    folder = Path(str(REFERENCE)) / "financial" / "trafficking"
    bare = tmp_path / "bare.parquet"
    source = folder / "transactions.parquet"
    duckdb.read_parquet(str(source)).project("* REPLACE ('' AS memo)").write_parquet(str(bare))
    protected = {
        row["account"]
        for row in rows_of(folder / "account_roles.csv")
        if row["role"] in {"victim", "family"}
    }
    answers = []
    for source in (folder / "transactions.parquet", bare):
        out = tmp_path / source.stem
        accounts = str(folder / "accounts.csv")
        assert (
            run("typologies", str(source), "--accounts", accounts, "--out", str(out)).exit_code == 0
        )
        answers.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
        reported = {
            r["account"] for r in rows_of(out / "accounts.csv") if r["handling"] == "report"
        }
        assert reported
        assert not reported & protected
    assert answers[0] == answers[1]
