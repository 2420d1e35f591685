"""``marfa names``: two names, a table, a list."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from marfa.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text(
        'id,first,note,second\n7,محمد علي,"a, ""b""",Mohamed Ali\n8,Ivan Petrov,,Ivan Sidorov\n'
        "9,,empty,Ali\n",
        encoding="utf-8",
    )
    return path


def test_two_names(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "names", "compare", "محمد علي", "Mohamed Ali", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["match"] is True
    assert data["score"] > 0.9
    assert [part["right"] for part in data["parts"]] == ["mohamed", "ali"]


def test_two_names_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "names", "compare", "Salim Khalil", "سالم")
    assert code == 0
    assert "\u2068Khalil\u2069 is only in the first of the two names" in out
    assert "Not a probability" in out


@pytest.mark.parametrize(("family", "match"), [("كشلاف", False), ("ميلاد", True)])
def test_a_family_name_in_another_script_counts(
    capsys: pytest.CaptureFixture[str], family: str, match: bool
) -> None:
    code, out, _err = run(
        capsys, "names", "compare", "Mohamed Milad", f"Mohamed {family}", "--json"
    )
    data = json.loads(out)
    assert code == 0
    assert data["match"] is match
    assert family in {part["right_written"] for part in data["parts"]}


def test_a_table_keeps_rows_order_and_columns(
    capsys: pytest.CaptureFixture[str], pairs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    arguments = ["--pairs", str(pairs), "--left", "first", "--right", "second", "--out", str(out)]
    code, printed, _err = run(capsys, "names", "compare", *arguments)
    assert (code, printed) == (0, "")
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["id", "first", "note", "second", "score", "match"]
    assert [row[:4] for row in rows[1:]] == [
        ["7", "محمد علي", 'a, "b"', "Mohamed Ali"],
        ["8", "Ivan Petrov", "", "Ivan Sidorov"],
        ["9", "", "empty", "Ali"],
    ]
    assert [row[5] for row in rows[1:]] == ["true", "false", "false"]
    assert float(rows[1][4]) > 0.9


def test_a_table_may_replace_itself(capsys: pytest.CaptureFixture[str], pairs: Path) -> None:
    arguments = ["--pairs", str(pairs), "--left", "first", "--right", "second", "--out", str(pairs)]
    code, out, _err = run(capsys, "names", "compare", *arguments, "--json")
    assert code == 0
    assert json.loads(out)["rows"] == 3
    assert pairs.read_text(encoding="utf-8").startswith("id,first,note,second,score,match\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"first,second\na,b,c\n", "row 2"),
        (b"first,second\n\xff,b\n", "UTF-8"),
        (b"first,other\na,b\n", "no column second"),
        (b"first,second,score\na,b,1\n", "already has a column score"),
        (b"first,second,first\na,b,c\n", "more than one column first"),
        (b'first,second\na,b\nc,"d\ne,f\ng,h\n', "row 3"),
        (b'first,second\n"' + b"a" * 200_000, "cannot be read"),
    ],
)
def test_a_bad_table_is_told_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, words: str
) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    arguments = ["--pairs", str(source), "--left", "first", "--right", "second", "--out", str(out)]
    code, _out, err = run(capsys, "names", "compare", *arguments)
    assert code == 1
    assert words in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["pairs.csv"]


@pytest.mark.parametrize(
    ("source", "target", "found", "wanted"),
    [
        ("pairs.csv", "out.csv", ";", ";"),
        ("pairs.csv", "out.tsv", ",", "\t"),
        ("pairs.tsv", "out.csv", "\t", ","),
    ],
)
def test_what_divides_cells(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    source: str,
    target: str,
    found: str,
    wanted: str,
) -> None:
    path, out = tmp_path / source, tmp_path / target
    path.write_text("\ufeff" + found.join(["first", "second"]) + f"\nAli{found}Ali\n", "utf-8")
    arguments = ["--pairs", str(path), "--left", "first", "--right", "second", "--out", str(out)]
    assert run(capsys, "names", "compare", *arguments)[0] == 0
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=wanted))
    assert rows == [["first", "second", "score", "match"], ["Ali", "Ali", "1.0000", "true"]]


@pytest.mark.parametrize(
    "arguments",
    [["a"], [], ["a", "b", "--left", "x"], ["--left", "x", "--right", "y", "--out", "z"]],
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(capsys, "names", "compare", *arguments)[0] == 2


def test_context_refuses_profiling(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"left": {"nationality": "any"}}', encoding="utf-8")
    code, _out, err = run(capsys, "names", "compare", "a b", "a b", "--context", str(path))
    assert code == 1
    assert "nationality is not accepted" in err
    path.write_text("[1]", encoding="utf-8")
    assert run(capsys, "names", "compare", "a b", "a b", "--context", str(path))[0] == 2


def test_context_is_weighed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"left": {"born": "1950"}, "right": {"born": "1980"}}', encoding="utf-8")
    arguments = ["names", "compare", "Ivan Petrov", "Ivan Petrov", "--json", "--context", str(path)]
    data = json.loads(run(capsys, *arguments)[1])
    assert data["name_score"] == 1.0
    assert data["score"] < 0.8


def test_search_a_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "ref,name\nA1,Ivan Petrov\nA2,Mohamed Abderrahmane\nA3,李明\n", encoding="utf-8"
    )
    arguments = ["--names", str(path), "--query", "محمد عبد الرحمن", "-k", "10", "--json"]
    code, out, _err = run(capsys, "names", "search", *arguments)
    data = json.loads(out)
    assert code == 0
    assert data["names"] == 3
    best = data["hits"][0]
    assert (best["row"], best["name"], best["match"]) == (3, "Mohamed Abderrahmane", True)
    assert best["record"] == {"ref": "A2", "name": "Mohamed Abderrahmane"}


def test_search_another_column_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("ref\tperson\nA3\t李明\n", encoding="utf-8")
    arguments = ["--names", str(path), "--query", "Ming Li", "--column", "person"]
    code, out, _err = run(capsys, "names", "search", *arguments)
    assert code == 0
    assert out == "1.00  likely  李明  (row 2)\n"


ALIASES = (
    "ref,name\n"
    "A1,Zerai Tekle\nA1,Zerai Woldemariam\nA1,Guduf\n"
    "A2,Tekle\nA3,Omar Mahamat\nA4,Hassan Omar Muhammad al-Barghathi\n"
    ",Idris Haddad\n"
)


def searched(
    capsys: pytest.CaptureFixture[str], path: Path, query: str, *more: str
) -> list[dict[str, object]]:
    arguments = ["--names", str(path), "--query", query, "--json", *more]
    code, out, _err = run(capsys, "names", "search", *arguments)
    assert code == 0
    hits: list[dict[str, object]] = json.loads(out)["hits"]
    return hits


def test_search_without_the_own_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Who is rare comes first although the own name is wanting, and is not called likely."""
    path = tmp_path / "list.csv"
    path.write_text(ALIASES, encoding="utf-8")
    for query in ("Oumar Mohamed Barghathi", "عمر محمد البرغثي"):
        first, *others = searched(capsys, path, query)
        assert (first["row"], first["band"], first["match"]) == (7, "possible", False)
        assert "methods.names:remark-lineage" in str(first["remarks"])
        assert float(str(first["standing"])) > float(str(first["score"]))
        # The control: who shares the common parts alone stands behind.
        assert 6 in [hit["row"] for hit in others]


def test_search_takes_the_names_of_one_bearer_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ALIASES, encoding="utf-8")
    query = "Tekle Woldemariam"
    apart = searched(capsys, path, query)
    assert apart[0]["name"] == "Tekle"
    together = searched(capsys, path, query, "--bearer-column", "ref")
    refs = [hit["record"]["ref"] for hit in together]  # type: ignore[index]
    assert (refs[0], refs.count("A1")) == ("A1", 1)
    # A row without a bearer is by itself.
    assert searched(capsys, path, "Idris Haddad", "--bearer-column", "ref")[0]["row"] == 8
    code, _out, err = run(
        capsys, "names", "search", "--names", str(path), "--query", "x", "--bearer-column", "none"
    )
    assert code == 1
    assert "none" in err


def test_search_shows_the_real_default_for_the_column(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("person,ref\nIvan Petrov,1\n", encoding="utf-8")
    code, out, _err = run(capsys, "names", "search", "--names", str(path), "--query", "petrov ivan")
    assert code == 0
    assert "Ivan Petrov" in out
