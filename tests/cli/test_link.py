"""``marfa link``: files in, pairs out, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from marfa.cli.main import main
from marfa.domain.handling import HandlingMark
from marfa.methods.linkage import Record
from tests.methods.linkage.worlds import two_lists

HEADER = ("code", "First Name", "اسم الأب", "Surname", "DOB", "Nationality")
FIELDS = ("given", "father", "family", "birth")


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = 0
    try:
        main([str(each) for each in arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def write(path: Path, records: Sequence[Record], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for each in records:
            cells = [" ".join(texts) for texts in (each.of_field(of) for of in FIELDS)]  # type: ignore[arg-type]
            writer.writerow([each.id, *cells, "SYR"])
    return path


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, set[tuple[str, str]]]:
    left, right, truth = two_lists(150, 31)
    return write(tmp_path / "left.csv", left), write(tmp_path / "right.csv", right), truth


def test_pairs_of_two_lists(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, set[tuple[str, str]]]
) -> None:
    left, right, truth = files
    out = left.with_name("pairs.csv")
    code, printed, err = run(capsys, "link", left, right, "--id", "code", "--out", out, "--json")
    header, *found = rows(out)
    assert code == 0
    assert header == ["left_id", "right_id", "score", "match"]
    assert all((float(row[2]) >= 0.5) == (row[3] == "true") for row in found)
    got = {(row[0], row[1]) for row in found if row[3] == "true"}
    assert len(got & truth) / len(truth) > 0.8
    assert "given=First Name?" in err
    assert "Nationality" in err
    told = json.loads(printed)
    assert told["matches"] == len(got)
    assert told["lists"][0]["not_read"] == ["Nationality"]
    assert out.stat().st_mode & 0o077 == 0


def test_what_stands_beside_a_pair(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, set[tuple[str, str]]]
) -> None:
    left, right, _truth = files
    out, people = left.with_name("pairs.csv"), left.with_name("people.csv")
    arguments = ("--id", "code", "--out", out, "--explain", "--clusters", people)
    code, printed, _err = run(capsys, "link", left, right, *arguments)
    header, *found = rows(out)
    assert code == 0
    assert header[4:] == [
        *("given", "father", "family", "sex", "birth", "household", "document", "address", "signs")
    ]
    assert float(found[0][4]) > 0
    assert "no probability" in _err
    persons = rows(people)[1:]
    assert len(persons) == 300
    matched = {row[0]: row[1] for row in found if row[3] == "true"}
    number = {row[2]: row[0] for row in persons}
    assert all(number[one] == number[other] for one, other in matched.items())
    assert printed.startswith(f"{len(found)} pairs written")


def test_a_sample_is_judged(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, set[tuple[str, str]]]
) -> None:
    left, right, truth = files
    out, sample = left.with_name("pairs.csv"), left.with_name("sample.csv")
    run(capsys, "link", left, right, "--id", "code", "--out", out, "--sample", sample)
    header, *drawn = rows(sample)
    with sample.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([*r[:4], "yes" if (r[0], r[1]) in truth else "no"] for r in drawn)
    code, printed, _err = run(capsys, "link", "--judged", sample, "--json")
    told = json.loads(printed)
    assert code == 0
    assert told["precision"]["low"] <= told["precision"]["share"] <= told["precision"]["high"]
    code, printed, _err = run(capsys, "link", "--judged", sample)
    assert f"--link-recall {told['recall']['fraction']}" in printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n1,Ali\n1,Omar\n", "row 3"),
        ("code,name\n1,Ali\n,Omar\n", "row 3"),
        ("code,name\n1,Ali,2\n", "row 2"),
        ('code,name\n1,"Ali\n', "row 2"),
        ("id,name\n1,Ali\n", "column code"),
        ("code,town\n1,Tripoli\n", "names"),
        ("", "empty"),
        ("code,name\n", "no records"),
        ("code,name\n1,Ali\n\n\n1,Omar\n", "row 5"),
        ("code,name,dob\n" + "".join(f"{n},Ali Omar,1990\n" for n in range(300)), "be looked for"),
        ("code,name\n1,Ali\n2,Omar\n", "too few"),
        ("code,dob,family\n" + "".join(f"{n},,\n" for n in range(30)), "be looked for"),
    ],
)
def test_a_table_that_is_wrong_is_told_by_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    file, out = tmp_path / "list.csv", tmp_path / "pairs.csv"
    file.write_text(text, "utf-8")
    code, _printed, err = run(capsys, "link", file, "--id", "code", "--out", out)
    assert code == 1
    assert said in err
    assert "list.csv" in err
    assert "Traceback" not in err
    assert sorted(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "text",
    [
        "code,name\nHiddenId,Ali\nHiddenId,Omar\n",
        "1,HiddenGiven,HiddenFamily,1990-05-06\n2,Ali,Kashlaf,1990-05-06\n",
        "code,name\n1,Hidden,2\n",
        "code,name\n1," + "Hidden" * 1000 + "\n",
    ],
)
def test_errors_repeat_no_cell(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    for key in ("code", "1"):
        code, printed, err = run(capsys, "link", file, "--id", key, "--out", tmp_path / "pairs.csv")
        assert code == 1
        assert "Hidden" not in printed + err
    code, printed, err = run(capsys, "link", "--judged", file)
    assert code == 1
    assert "Hidden" not in printed + err
    file.write_text("left_id,right_id,stratum,pairs_in_stratum,same\na,b,1,9,Hidden\n", "utf-8")
    code, printed, err = run(capsys, "link", "--judged", file)
    assert code == 1
    assert "row 2" in err
    assert "Hidden" not in printed + err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "given=First Name", "--map", "family=First Name"), "First Name"),
        (("--map", "given=nowhere"), "nowhere"),
        (("--as-of", "0001-01-01"), "1900"),
        (("--one-to-one",), "--one-to-one"),
    ],
)
def test_wrong_options_are_told(
    capsys: pytest.CaptureFixture[str],
    files: tuple[Path, Path, set[tuple[str, str]]],
    options: Sequence[str],
    said: str,
) -> None:
    out = files[0].with_name("pairs.csv")
    code, _printed, err = run(capsys, "link", files[0], "--id", "code", "--out", out, *options)
    assert code != 0
    assert said in err
    assert not out.exists()


def test_one_list_under_two_paths_is_one_list(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, set[tuple[str, str]]]
) -> None:
    other, out = files[0].with_name("other.csv"), files[0].with_name("pairs.csv")
    other.symlink_to(files[0])
    code, _printed, _err = run(capsys, "link", files[0], other, "--id", "code", "--out", out)
    assert code == 2
    assert not out.exists()


def test_ids_that_spreadsheets_would_run_and_ids_of_two_lists(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    records = [
        Record.of("=cmd|'/C calc'!A0" if n == 0 else str(n), **dict(record.texts))
        for n, record in enumerate(two_lists(40, 31)[0])
    ]
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
        write(folder / "list.csv", records)
    lists = [folder / "list.csv" for folder in folders]
    out, sample = tmp_path / "pairs.csv", tmp_path / "sample.csv"
    arguments = ("--id", "code", "--out", out, "--sample", sample, "--within")
    code, _printed, _err = run(capsys, "link", *lists, *arguments)
    assert code == 0
    header, *found = rows(out)
    assert header[4:] == ["left_file", "right_file"] == rows(sample)[0][5:]
    assert {tuple(row[4:]) for row in found if row[0] == row[1]} == {tuple(map(str, lists))}
    cells = {row[0] for row in found}
    assert "'=cmd|'/C calc'!A0" in cells
    assert not any(cell.startswith("=") for cell in cells)


def test_files_are_written_together_or_not_at_all(
    capsys: pytest.CaptureFixture[str],
    files: tuple[Path, Path, set[tuple[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = files[0].parent
    out, people, pipe = folder / "pairs.csv", folder / "people.csv", folder / "pipe"
    out.write_text("before", "utf-8")
    before = sorted(folder.iterdir())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    arguments = ("link", *files[:2], "--id", "code", "--out", out, "--clusters")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, _printed, err = run(capsys, *arguments, people)
    assert code == 1
    assert "No space left" in err
    assert out.read_text("utf-8") == "before"
    assert sorted(folder.iterdir()) == before
    os.mkfifo(pipe)
    code, _printed, _err = run(capsys, *arguments, pipe)
    assert code == 2
    assert pipe.is_fifo(), "what is no file is not replaced by one"
    assert out.read_text("utf-8") == "before"
    pipe.unlink()
    (folder / "link.csv").symlink_to(out)
    code, _printed, _err = run(capsys, *arguments[:-2], folder / "link.csv")
    assert code == 0
    assert (folder / "link.csv").is_symlink()
    assert rows(out)[0][0] == "left_id"


@pytest.mark.parametrize("pair", ["religion=code", "name=Nationality", "family=الجنسية", "x=code"])
def test_what_may_not_be_compared_is_refused(
    capsys: pytest.CaptureFixture[str],
    files: tuple[Path, Path, set[tuple[str, str]]],
    pair: str,
) -> None:
    out = files[0].with_name("pairs.csv")
    code, _printed, err = run(capsys, "link", files[0], "--id", "code", "--map", pair, "--out", out)
    assert code == 1
    assert "--map" in err
    assert not out.exists()


def test_a_list_to_screen_against_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    mark = HandlingMark("sanctions", "watchlist", datetime(2026, 1, 1, tzinfo=UTC), "x", "command")
    file = tmp_path / "listed.csv"
    file.write_text(f"code,name,marfa_handling\n1,Ali,{mark}\n", "utf-8")
    out = tmp_path / "pairs.csv"
    code, _printed, err = run(capsys, "link", file, "--id", "code", "--out", out)
    assert code == 1
    assert "listed.csv" in err
    assert not out.exists()


def test_a_list_is_never_written_over(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, set[tuple[str, str]]]
) -> None:
    before = files[0].read_bytes()
    code, _printed, _err = run(capsys, "link", files[0], "--id", "code", "--out", files[0])
    assert code == 2
    assert files[0].read_bytes() == before


def test_dates_that_are_none_are_told_and_the_rest_is_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, out = tmp_path / "list.csv", tmp_path / "pairs.csv"
    others = "".join(f"{n},Omar Haddad,{1950 + n}-05-06\n" for n in range(3, 25))
    text = "code,name,dob\n1,Ali Kashlaf,1990-13-45\n2,Ali Kashlaf,1990-05-06\n" + others
    file.write_text(text + "25,,\n", "utf-8")
    code, printed, _err = run(capsys, "link", file, "--id", "code", "--out", out, "--json")
    assert code == 0
    told = json.loads(printed)
    assert told["not_understood"] == [{"file": "list.csv", "row": 2, "field": "birth"}]
    assert told["not_sought"] == [{"file": "list.csv", "row": 26}]
    assert told["taught_little"] is True
    code, _printed, err = run(capsys, "link", file, "--id", "code", "--out", out)
    assert "1 record was not looked for" in err
    assert "few pairs to learn from" in err
