"""``marfa watchlist``, from the door: first where it does not exist and what it refuses."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marfa.cli.main import main
from marfa.domain.handling import HandlingMark
from marfa.methods.watchlists.result_files import COLUMNS
from marfa.platform.datafolder import InstallationKind, new_folder
from tests.methods.watchlists.lists import BODIES, PEOPLE, Made, many, un_xml, write_un
from tests.support.outside import NOWHERE

REFERENCE = os.environ.get("MARFA_REFERENCE_DATA")
Run = Callable[..., tuple[int, str, str]]
NAMES = (
    "subject_id,name,kind,nationality\n"
    "a,Tarek Younes Zubaidi,person,Examplia\n"
    "b,al-Saqr,person,\n"
    "c,Harbour Light Trading Company,person,\n"
    "d,ព្រះនរោត្តម សីហនុ,person,\n"
    "e,Barnaby Okelo,person,\n"
    "f,Somebody Else Entirely,person,\n"
)
CAUTION = ("Whoever receives help is not screened", "No hit is no clearance", "refuse help")
EVERY = (*PEOPLE, *BODIES, *many(30))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command where no installation is, unless a test says otherwise."""
    monkeypatch.setenv("MARFA_DATA", str(NOWHERE))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = 0
        capsys.readouterr()
        try:
            main(["watchlist", *arguments])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return command


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(NAMES, encoding="utf-8")
    return path


@pytest.fixture
def store(run: Run, tmp_path: Path) -> str:
    write_un(tmp_path / "first.xml", EVERY)
    folder = str(tmp_path / "lists")
    assert run("import", "first.xml", "--list", "un", "--store", folder)[0] == 0
    return folder


def installation(path: Path, *desks: str) -> Path:
    with new_folder(path, kind=InstallationKind.LIVE, desks=(*desks, "administration")) as making:
        making.settle()
    return path


@pytest.mark.parametrize("desks", [("reception",), ("protection",), ("reception", "reporting")])
def test_an_installation_that_protects_people_does_not_have_it(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    desks: tuple[str, ...],
) -> None:
    folder = installation(tmp_path / "data", *desks)
    monkeypatch.setenv("MARFA_DATA", str(folder))
    code, out, err = run("list", "--json")
    assert (code, out) == (2, "")
    assert "No such command 'watchlist'" in err
    assert "whoever receives help is not screened" in err
    main(["--help"])
    assert "watchlist" not in capsys.readouterr().out
    # The usual folder counts too, where no variable names one.
    monkeypatch.delenv("MARFA_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder.rename(tmp_path / "marfa")
    assert run("list")[0] == 2


def test_an_installation_of_sanctions_has_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MARFA_DATA", str(installation(tmp_path / "data", "sanctions")))
    assert run("list", "--json") == (0, '{\n  "lists": {}\n}\n', "")


def test_an_installation_of_which_nobody_can_tell_what_it_is_has_it_not(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "instance.json").write_text("{}")
    monkeypatch.setenv("MARFA_DATA", str(tmp_path))
    assert run("list")[0] == 2


def test_nothing_within_such_an_installation_is_read_or_written(
    run: Run, tmp_path: Path, store: str
) -> None:
    folder = installation(tmp_path / "data", "protection")
    inside = folder / "files" / "names.csv"
    inside.parent.mkdir(exist_ok=True)
    inside.write_text(NAMES, encoding="utf-8")
    code, out, err = run("screen", str(inside), "--store", store)
    assert (code, out) == (1, "")
    assert "protects people" in err
    code, _out, err = run("import", "first.xml", "--store", str(folder / "lists"))
    assert code == 1
    assert not (folder / "lists").exists()
    (tmp_path / "names.csv").write_text(NAMES, encoding="utf-8")
    target = folder / "files" / "hits.csv"
    assert run("screen", "names.csv", "--store", store, "--out", str(target))[0] == 1
    assert not target.exists()
    # A link from outside is the place to which it leads.
    (tmp_path / "link.csv").symlink_to(inside)
    assert run("screen", "link.csv", "--store", store)[0] == 1


@pytest.mark.parametrize(
    ("sender", "command"),
    [
        ("help", "screen"),
        ("help", "match"),
        ("help", "import"),
        ("child_protection", "screen"),
        ("statistics", "screen"),
        ("sanctions", "screen"),
    ],
)
def test_a_file_with_our_mark_is_refused_whoever_made_it(
    run: Run, tmp_path: Path, store: str, sender: str, command: str
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    mark = HandlingMark(sender, "facts", at, "statistics", "command")
    marked = tmp_path / "people.csv"
    marked.write_text(f"subject_id,name,marfa_handling\n1,Tariq Zubaydi,{mark}\n")
    before = sorted(Path(store).rglob("*"))
    code, out, err = run(command, "people.csv", "--store", store)
    assert (code, out) == (1, "")
    assert "people.csv" in err
    assert sorted(Path(store).rglob("*")) == before
    # The control: without the column the same table is screened.
    plain = tmp_path / "plain.csv"
    plain.write_text("subject_id,name\n1,Tariq Zubaydi\n")
    assert run("screen", "plain.csv", "--store", store)[0] == 0


@pytest.mark.parametrize("command", [(), ("screen",), ("match",)])
def test_help_says_what_a_hit_is_not(run: Run, command: tuple[str, ...]) -> None:
    code, out, _err = run(*command, "--help")
    told = " ".join(out.split())
    assert code == 0
    assert all(part in told for part in CAUTION)


def test_output_says_it_too(run: Run, store: str, names: Path) -> None:
    _code, _out, err = run("screen", "names.csv", "--store", store)
    assert all(part in err for part in CAUTION)
    data = json.loads(run("screen", "names.csv", "--store", store, "--json")[1])
    assert all(part in data["notice"] for part in CAUTION)


def test_screening_gives_the_columns_that_were_promised(
    run: Run, store: str, names: Path, tmp_path: Path
) -> None:
    code, _out, _err = run(
        "screen", "names.csv", "--list", "un", "--store", store, "--out", "h.csv"
    )
    assert code == 0
    with (tmp_path / "h.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert COLUMNS == ("subject_id", "reference", "name", "score", "band", "evidence")
    found = {row["subject_id"]: row for row in rows}
    assert set(found) == {"a", "b", "d", "e"}
    assert (found["a"]["reference"], found["a"]["band"]) == ("XAi.001", "likely")
    assert (found["b"]["score"], found["b"]["band"]) == ("0.8000", "possible")
    assert (found["d"]["reference"], found["d"]["band"]) == ("", "not-compared")
    assert 0.6 <= float(found["a"]["score"]) <= 1
    assert "Not a probability" in found["a"]["evidence"]
    assert "Examplia" not in (tmp_path / "h.csv").read_text(encoding="utf-8")


def test_json_has_the_same_and_a_threshold_shows_more(run: Run, store: str, names: Path) -> None:
    data = json.loads(run("screen", "names.csv", "--store", store, "--json")[1])
    assert data["screened"] == 6
    assert data["lists"]["un"]["entries"] == len(EVERY)
    assert [each["subject_id"] for each in data["not_compared"]] == ["d"]
    assert {each["decided"]["standing"] for each in data["hits"]} == {"open"}
    more = json.loads(
        run("screen", "names.csv", "--store", store, "--json", "--threshold", "0.4")[1]
    )
    assert len(more["hits"]) >= len(data["hits"])
    assert all(each["score"] >= 0.4 for each in more["hits"])


def test_a_mapping_reads_what_it_names(run: Run, store: str, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(
        "no;who;dob;nat\n1;Mansour Saqr;1971-03-09;Examplia\n", encoding="utf-8"
    )
    fields = ("--map", "subject_id=no", "--map", "name=who")
    bare = json.loads(run("screen", "other.csv", *fields, "--store", store, "--json")[1])
    assert bare["hits"] == []
    born = ("--map", "born=dob")
    dated = json.loads(run("screen", "other.csv", *fields, *born, "--store", store, "--json")[1])
    assert [each["reference"] for each in dated["hits"]] == ["XAi.001"]
    code, out, err = run(
        "screen", "other.csv", *fields, "--map", "nationality=nat", "--store", store
    )
    assert (code, out) == (1, "")
    assert "nationality" in err


def test_from_list_to_list_with_decisions(
    run: Run, store: str, names: Path, tmp_path: Path
) -> None:
    assert run("screen", "names.csv", "--store", store)[0] == 0
    decide = ("decide", "a", "XAi.001", "no-match", "--reason", "older man", "--store", store)
    assert json.loads(run(*decide, "--by", "amal", "--json")[1])["standing"] == "waiting"
    assert run(*decide, "--by", "Amal", "--second", "amal")[0] == 1
    assert json.loads(run(*decide, "--by", "samir", "--json")[1])["standing"] == "decided"
    assert (
        run("decide", "f", "XAi.001", "match", "--reason", "x", "--by", "y", "--store", store)[0]
        == 1
    )
    assert run("rescreen", "--check", "--store", store)[0] == 0

    added = Made("XAi.050", ("Somebody", "Else", "Entirely"))
    amended = (PEOPLE[0].but(comment="Reported dead."), *EVERY[1:], added)
    write_un(tmp_path / "second.xml", amended, "2026-02-01")
    assert run("import", "second.xml", "--store", store)[0] == 0
    code, _out, err = run(*decide, "--by", "amal")
    assert code == 1, "what the list says now is not in the results yet"
    assert "rescreen" in err
    told = json.loads(run("rescreen", "--store", store, "--json")[1])["registers"]["names"]
    assert told["entries_screened"] == 1
    assert [each["subject_id"] for each in told["came"]] == ["f"]
    (reopened,) = told["reopened"]
    assert (reopened["subject_id"], reopened["changed"]) == ("a", ["entry"])
    assert run("rescreen", "--check", "--store", store)[0] == 0

    shown = json.loads(run("show", "XAi.001", "--store", store, "--json")[1])
    assert [each["by"] for each in shown["decisions"]] == ["amal", "samir"]
    (entry,) = shown["entries"]
    assert [len(each["changes"]) for each in entry["versions"]] == [0, 1]
    lines = (Path(store) / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["verdict"] for each in lines] == ["no-match", "no-match"]


def test_the_check_sees_what_was_changed_by_hand(run: Run, store: str, names: Path) -> None:
    run("screen", "names.csv", "--store", store)
    decide = ("decide", "a", "XAi.001", "match", "--by", "x", "--reason", "y", "--store", store)
    assert run(*decide)[0] == 0
    file = Path(store) / "decisions.jsonl"
    file.write_text(file.read_text().replace('"entry_digest": "', '"entry_digest": "0'))
    code, out, _err = run("rescreen", "--check", "--store", store, "--json")
    assert code == 1
    assert [each["what"] for each in json.loads(out)["doubts"]] == ["entry"]
    results = Path(store) / "screenings" / "names" / "results.jsonl"
    results.write_text("".join(results.read_text().splitlines(keepends=True)[1:]))
    code, out, _err = run("rescreen", "--check", "--store", store, "--json")
    assert (code, json.loads(out)["differing"]) == (1, ["names"])


def test_diff_of_two_files(run: Run, store: str, tmp_path: Path) -> None:
    new = (*EVERY[2:], Made("XAi.077", ("New", "Man")), EVERY[0].but(born="1970"))
    write_un(tmp_path / "new.xml", new, "2026-02-01")
    files = ("--page", "page.html", "--feed", "feed.xml")
    code, out, _err = run("diff", "first.xml", "new.xml", "--json", *files)
    data = json.loads(out)
    assert code == 0
    assert data["counts"] == {"added": 1, "removed": 1, "renumbered": 0, "amended": 1}
    assert data["items"]["added"][0]["reference"] == "XAi.077"
    assert data["items"]["removed"][0]["reference"] == "XAi.002"
    assert "XAi.077" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (tmp_path / "feed.xml").read_text(encoding="utf-8").count("<entry>") == 3
    assert run("import", "new.xml", "--store", store)[0] == 0
    kept = run("diff", "un@2026-01-05", "un@2026-02-01", "--store", store, "--json")
    assert json.loads(kept[1]) == data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: len(text) // 2], ("stays",)),
        (lambda text: text.replace("2026-01-05", "2025-01-05"), ("older", "stays")),
        (lambda text: un_xml(EVERY[:9], "2026-02-01"), ("smaller", "stays")),
        (lambda text: un_xml((*EVERY, EVERY[0]), "2026-02-01"), ("twice", "XAi.001")),
        (lambda text: "<!DOCTYPE a []>" + text.partition("?>")[2], ("entities",)),
        (lambda text: "", ("empty",)),
        (lambda text: "\x00\x01 no list", ("no list",)),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(
    run: Run, store: str, tmp_path: Path, change: Callable[[str], str], words: tuple[str, ...]
) -> None:
    before = run("list", "--store", store, "--json")
    (tmp_path / "bad.xml").write_text(change(un_xml(EVERY)), encoding="utf-8")
    code, out, err = run("import", "bad.xml", "--store", store)
    assert (code, out) == (1, "")
    assert "bad.xml" in err
    assert all(word in err for word in words), err
    assert run("list", "--store", store, "--json") == before


def test_an_answer_in_the_shape_of_yente(run: Run, store: str, tmp_path: Path) -> None:
    queries = {
        "q1": {
            "schema": "Person",
            "properties": {"name": ["Tarek Younes Zubaidi"], "nationality": ["xx"]},
        },
        "q2": {"schema": "Company", "properties": {"name": ["Barnabas Okello"]}},
        "q3": {"schema": "Person", "properties": {"name": ["al-Saqr"]}},
        "q4": {"schema": "Person", "properties": {"name": ["ព្រះនរោត្តម"]}},
        "q5": {"schema": "Person", "properties": {"name": ["A B"], "birthDate": ["soon"]}},
    }
    (tmp_path / "r.json").write_text(json.dumps({"queries": queries}), encoding="utf-8")
    code, out, _err = run("match", "r.json", "--store", store)
    found = json.loads(out)["responses"]
    assert code == 0
    first = found["q1"]["results"][0]
    assert (first["id"], first["schema"], first["match"]) == ("un-xai-001", "Person", True)
    assert first["properties"]["weakAlias"] == ["Hamdan Qutayba", "al-Saqr"]
    assert first["datasets"] == ["un"]
    assert {each["schema"] for each in found["q2"]["results"]} <= {"LegalEntity"}
    assert [(each["score"], each["match"]) for each in found["q3"]["results"]] == [(0.8, False)]
    assert (found["q4"]["total"]["value"], found["q4"]["not_compared"]) == (0, True)
    assert found["q5"]["status"] == 400
    changed = {**queries, "q1": {**queries["q1"], "properties": {"name": ["Tarek Younes Zubaidi"]}}}
    (tmp_path / "r.json").write_text(json.dumps({"queries": changed}), encoding="utf-8")
    again = json.loads(run("match", "r.json", "--store", store)[1])["responses"]
    assert again["q1"]["results"] == found["q1"]["results"]
    for wrong in ("[]", "{}", "{", '{"queries": {"a": 1}}'):
        (tmp_path / "r.json").write_text(wrong)
        assert run("match", "r.json", "--store", store)[0] == 1


def test_a_list_leaves_as_followthemoney(run: Run, store: str, tmp_path: Path) -> None:
    assert run("export", "--list", "un", "--out", "un.json", "--store", store)[0] == 0
    text = (tmp_path / "un.json").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["schema"] for row in rows} == {"Person", "LegalEntity", "Sanction"}
    assert len(rows) == 2 * len(EVERY)
    assert "Examplia" not in text
    # It can be taken back.
    assert run("import", "un.json", "--list", "ftm", "--as", "back", "--store", store)[0] == 0
    assert run("export", "--list", "un", "--out", "un.csv", "--store", store)[0] == 0
    with (tmp_path / "un.csv").open(encoding="utf-8", newline="") as stream:
        statements = list(csv.DictReader(stream))
    assert {row["prop"] for row in statements} >= {"id", "name", "weakAlias", "birthDate"}


def test_what_is_absent_is_said(run: Run, store: str, names: Path) -> None:
    assert run("screen", "names.csv", "--store", "nowhere")[0] == 1
    assert run("screen", "names.csv", "--list", "eu", "--store", store)[0] == 1
    assert run("rescreen", "--store", store)[0] == 1
    assert run("show", "XAi.999", "--store", store)[0] == 1
    assert run("diff", "un@2020", "first.xml", "--store", store)[0] == 1
    assert run("screen", "absent.csv", "--store", store)[0] == 2


@pytest.mark.skipif(not REFERENCE, reason="needs MARFA_REFERENCE_DATA")
def test_the_two_published_lists(run: Run) -> None:
    folder = Path(str(REFERENCE)) / "sanctions"
    old, new = (folder / f"un_consolidated_{day}.xml" for day in ("2024-09-26", "2026-02-27"))
    counts = json.loads(run("diff", str(old), str(new), "--json")[1])["counts"]
    assert (counts["added"], counts["removed"], counts["renumbered"]) == (134, 6, 4)
