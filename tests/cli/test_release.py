"""``marfa release``: the files, what is refused, what is spent, and values hard to keep."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from marfa.cli import main as command_line
from marfa.domain.handling import NAME, HandlingMark
from marfa.methods.disclosure.private import mixture
from marfa.platform import clock
from tests.methods.disclosure.private.made import random_rows

pytest.importorskip("opendp")

Marfa = Callable[..., tuple[int, str, str]]
COLUMNS = ("sex", "age", "form", "a", "b", "c")


@pytest.fixture
def marfa(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Marfa:
    monkeypatch.setenv("MARFA_LANGUAGE", "en")
    monkeypatch.setattr(command_line, "_stop_when_told", lambda: None)
    # How well the model fits is tested elsewhere.
    monkeypatch.setattr(mixture, "STEPS", 20)

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = 0
        try:
            command_line.main([*map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        assert "fault" not in err
        return code, out, err

    return run


def write_rows(path: Path, header: tuple[str, ...], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "cases.csv", COLUMNS, random_rows(800, 1))


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_three_files_come_out(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, text, err = marfa("release", cases, "--epsilon", 8, "--out", out, "--json")
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {
        "aggregates.csv",
        "synthetic.csv",
        "report.json",
    }
    figures = read_rows(out / "aggregates.csv")
    true = [dict(zip(COLUMNS, row, strict=True)) for row in random_rows(800, 1)]
    held = 0
    for row in figures:
        combination = json.loads(row["combination"])
        assert 1 <= len(combination) <= 3
        count, low, high = (int(row[name]) for name in ("count", "low", "high"))
        assert low <= count <= high
        held += low <= sum(combination.items() <= each.items() for each in true) <= high
    assert len(figures) > 100
    assert held / len(figures) > 0.85
    released = {frozenset(json.loads(row["combination"]).items()) for row in figures}
    made = read_rows(out / "synthetic.csv")
    assert tuple(made[0]) == COLUMNS
    assert abs(len(made) - 800) < 60
    for row in made:
        items = [(name, value) for name, value in row.items() if value]
        assert all(frozenset({item}) in released for item in items)
        assert all(
            frozenset({a, b, c}) in released
            for a in items
            for b in items
            for c in items
            if len({a, b, c}) == 3
        )
    report = json.loads(text)
    assert report["promise"]["epsilon"] == 8
    assert report["records"]["low"] <= report["records"]["count"] <= report["records"]["high"]
    assert json.loads((out / "report.json").read_text()) == {
        name: value for name, value in report.items() if name != "files"
    }
    assert "Taken as public" in err
    assert "Without --ledger" in err


def test_the_same_twice_is_not_the_same(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    """There is no seed of the noise."""
    for name in "ab":
        assert (
            marfa("release", cases, "--epsilon", 1, "--length", 1, "--out", tmp_path / name)[0] == 0
        )
    one, two = ((tmp_path / name / "aggregates.csv").read_text() for name in "ab")
    assert one != two


def test_an_overdraft_is_refused_and_nothing_is_written(
    marfa: Marfa, cases: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "r.json"
    common = ("release", cases, "--length", 1, "--ledger", ledger, "--population", "v")
    first = marfa(*common, "--epsilon", 1, "--budget", 1.2, "--out", tmp_path / "a")
    assert first[0] == 0, first[2]
    before = ledger.read_bytes()
    code, _out, err = marfa(*common, "--epsilon", 1, "--out", tmp_path / "b")
    assert code == 1
    assert "does not suffice" in err
    assert "1e-06" in err
    assert ledger.read_bytes() == before
    assert not (tmp_path / "b").exists()
    assert marfa(*common, "--epsilon", 1, "--period", "2025", "--out", tmp_path / "c")[0] == 0
    code, _out, err = marfa(
        "release",
        cases,
        "--epsilon",
        1,
        "--ledger",
        ledger,
        "--population",
        "w",
        "--out",
        tmp_path / "d",
    )
    assert code == 1
    assert "--new-population" in err


def test_exact_tables_of_the_same_people(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    register = tmp_path / "r.json"
    table = ("table", cases, "--by", "sex", "--register", register, "--population", "p")
    release = (
        "release",
        cases,
        "--epsilon",
        1,
        "--length",
        1,
        "--ledger",
        register,
        "--population",
        "p",
    )
    assert marfa(*release, "--out", tmp_path / "a")[0] == 0
    code, _out, err = marfa(*table)
    assert code == 1
    assert "the epsilon does not cover the exact tables" in err
    code, _out, err = marfa(*table, "--mixed")
    assert code == 0, err
    assert "the epsilon does not cover the exact tables" in err
    code, _out, err = marfa(*release, "--out", tmp_path / "b")
    assert code == 0
    assert "the epsilon does not cover the exact tables" in err
    notes = json.loads((tmp_path / "b" / "report.json").read_text())["notes"]
    assert "methods.disclosure.private:mixed" in notes
    other = ("table", cases, "--by", "sex", "--register", register, "--population", "q")
    assert marfa(*other, "--new-population")[0] == 0
    code, _out, err = marfa(*release[:-1], "q", "--out", tmp_path / "c")
    assert code == 1
    assert "--mixed" in err
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--epsilon", 0), "Epsilon"),
        (("--epsilon", "nan"), "Epsilon"),
        (("--epsilon", 100), "Epsilon"),
        (("--epsilon", 1e-9), "Epsilon"),
        (("--epsilon", 12, "--delta", 1e-12), "Delta"),
        (("--epsilon", 1, "--delta", 0), "Delta"),
        (("--epsilon", 1, "--delta", 0.5), "Delta"),
        (("--epsilon", 1, "--columns", "sex,wrong"), "wrong"),
        (("--epsilon", 1, "--several", "wrong=;"), "wrong"),
    ],
)
def test_wrong_input_is_named(
    marfa: Marfa, cases: Path, tmp_path: Path, options: tuple[object, ...], says: str
) -> None:
    ledger = tmp_path / "r.json"
    code, _out, err = marfa("release", cases, *options, "--out", tmp_path / "o", "--ledger", ledger)
    assert code == 1
    assert says in err
    assert not (tmp_path / "o").exists()
    assert not ledger.exists(), "nothing was spent"


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--columns", "", "names no column"),
        ("--columns", ",", "names no column"),
        ("--budget", "nan", "above 0"),
        ("--budget", "inf", "above 0"),
        ("--budget", -1, "above 0"),
    ],
)
def test_wrong_use_is_named(
    marfa: Marfa, cases: Path, tmp_path: Path, option: str, value: object, says: str
) -> None:
    """No column named is not all columns, and a budget without end is none."""
    common = ("--epsilon", 1, "--out", tmp_path / "o", "--ledger", tmp_path / "r.json")
    code, _out, err = marfa("release", cases, *common, option, value)
    assert code == 2
    assert says in err
    assert not (tmp_path / "o").exists()
    assert not (tmp_path / "r.json").exists()


def test_a_column_named_twice_is_one(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    options = ("--epsilon", 8, "--columns", "sex,age", "--columns", "sex", "--out", tmp_path / "a")
    assert marfa("release", cases, *options)[0] == 0
    with (tmp_path / "a" / "synthetic.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == ["sex", "age"]


def test_domains_are_kept(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    domains = tmp_path / "d.json"
    common = ("release", cases, "--epsilon", 8, "--length", 1, "--domains", domains)
    domains.write_text(json.dumps({"sex": ["v0", "v1", "v2", "v3"], "age": ["v0", "v1"]}))
    code, _out, err = marfa(*common, "--out", tmp_path / "a")
    assert code == 0, err
    assert "which values occur in form, a, b, c." in err
    domains.write_text(json.dumps({"sex": ["v0", "v1"]}))
    code, _out, err = marfa(*common, "--out", tmp_path / "b")
    assert code == 1
    assert "not declared" in err
    assert "v2" in err
    for wrong in (
        "[",
        "[]",
        "[" * 100_000,
        '{"sex": "v0"}',
        '{"sex": ["a", "a"]}',
        '{"sex": [1.5]}',
        '{"sex": ["v0", "v1", "v2", "\\ud800"]}',
    ):
        domains.write_text(wrong)
        assert marfa(*common, "--out", tmp_path / "b")[0] == 1
    domains.write_text(json.dumps({"no": ["v0"]}))
    assert marfa(*common, "--out", tmp_path / "b")[0] == 1


def test_columns_that_never_leave(marfa: Marfa, tmp_path: Path) -> None:
    mark = str(HandlingMark("help", "facts", clock.now(), "statistics", "command", never=("age",)))
    rows = [[*row, mark] for row in random_rows(100, 2)]
    file = write_rows(tmp_path / "facts.csv", (*COLUMNS, NAME), rows)
    common = ("release", file, "--epsilon", 4, "--length", 1)
    code, _out, err = marfa(*common, "--columns", "sex,age", "--out", tmp_path / "a")
    assert code == 1
    assert "age" in err
    code, _out, err = marfa(*common, "--out", tmp_path / "a")
    assert code == 0, err
    assert "may not leave: age" in err
    assert "age" not in read_rows(tmp_path / "a" / "synthetic.csv")[0]


def test_names_and_numbers_are_refused(marfa: Marfa, tmp_path: Path) -> None:
    rows = [[f"Person {number}", "f"] for number in range(200)]
    file = write_rows(tmp_path / "names.csv", ("name", "sex"), rows)
    code, _out, err = marfa("release", file, "--epsilon", 1, "--out", tmp_path / "a")
    assert code == 1
    assert "name" in err
    assert "Person" not in err
    assert (
        marfa("release", file, "--epsilon", 1, "--columns", "sex", "--out", tmp_path / "a")[0] == 0
    )


HARD = [
    "a;b",
    'said "no"',
    "two\nlines",
    "comma, here",
    "2015-03-01",
    "12",
    "النزوح",
    "'",
    "{x}: 1",
]


def test_values_that_are_hard_to_keep(marfa: Marfa, tmp_path: Path) -> None:
    rows = [[HARD[n % 9], HARD[(n * 7) % 9], "", "x|y" if n % 2 else "y"] for n in range(900)]
    file = write_rows(tmp_path / "hard.csv", ("one", "col = 2", "never", "many"), rows)
    code, _out, err = marfa(
        "release", file, "--epsilon", 10, "--out", tmp_path / "a", "--several", "many=|"
    )
    assert code == 0, err
    figures = read_rows(tmp_path / "a" / "aggregates.csv")
    found = {json.loads(row["combination"]).get("one") for row in figures} - {None}
    assert found == set(HARD)
    many = {json.loads(row["combination"]).get("many") for row in figures} - {None}
    assert many == {"x", "y"}
    made = read_rows(tmp_path / "a" / "synthetic.csv")
    assert {row["one"] for row in made} - {""} == set(HARD)
    assert {row["never"] for row in made} == {""}
    assert {row["many"] for row in made} <= {"", "x", "y", "x|y"}
    assert "x|y" in {row["many"] for row in made}


@pytest.mark.parametrize("rows", [[["a", ""]], [["", ""]], [["", ""]] * 300, []])
def test_next_to_nothing(marfa: Marfa, tmp_path: Path, rows: list[list[str]]) -> None:
    file = write_rows(tmp_path / "few.csv", ("one", "two"), rows)
    code, out, err = marfa("release", file, "--epsilon", 1, "--out", tmp_path / "a", "--json")
    assert code == 0, err
    assert json.loads(out)["records"]["count"] >= 0
    assert (tmp_path / "a" / "aggregates.csv").read_text().startswith("combination,count,low,high")


@pytest.mark.parametrize(
    "length", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_two_hundred_columns(marfa: Marfa, tmp_path: Path, length: int) -> None:
    rows = [["1" if (n * m) % 7 < 2 else "" for m in range(1, 201)] for n in range(300)]
    file = write_rows(tmp_path / "wide.csv", tuple(f"c{n}" for n in range(200)), rows)
    code, out, err = marfa(
        "release", file, "--epsilon", 4, "--length", length, "--out", tmp_path / "a", "--json"
    )
    assert code == 0, err
    counted = [each["counted"] for each in json.loads(out)["figures"]]
    # Of three columns, those are counted that the pairs let one expect to be largest.
    assert counted == [200, 4_000, 4_000][:length]


def test_a_folder_with_a_release_is_kept(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "r.json"
    common = ("release", cases, "--epsilon", 1, "--length", 1, "--ledger", ledger)
    assert marfa(*common, "--out", tmp_path / "a")[0] == 0
    before = ledger.read_bytes(), (tmp_path / "a" / "aggregates.csv").read_bytes()
    assert marfa(*common, "--out", tmp_path / "a")[0] == 1
    assert (ledger.read_bytes(), (tmp_path / "a" / "aggregates.csv").read_bytes()) == before
    assert marfa(*common, "--out", tmp_path / "no" / "folder")[0] == 1
