"""``marfa network``: its answers, its refusals, and nobody named who must not be."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from marfa.cli.main import main
from tests.methods.networks.support import folder

PROTECTED = ("Wadi", "Possi", "Vica", "Chidi", "Unna")
TIES = (
    "source,target\nSala,Vica\nVica,Chidi\nVica,Possi\nVica,Unna\nVica,Wadi\nSala,v1\nv1,Tomo\n"
    "Tomo,acc\nacc,Vica\n"
)
NODES = (
    "id,kind,standing,ground,nationality,religion,ethnicity\n"
    "Sala,person,suspect,file 7,A,B,C\nTomo,person,suspect,,A,B,C\nv1,vehicle,,,,,\n"
    "acc,account,,,,,\nWadi,person,witness,,A,B,C\nPossi,person,possible_victim,,A,B,C\n"
    "Vica,person,victim,,A,B,C\nChidi,person,child,,A,B,C\nUnna,person,unknown,,A,B,C\n"
)

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    try:
        main(["network", *map(str, arguments)])
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys: Capture, *arguments: object) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    ties, nodes = tmp_path / "ties.csv", tmp_path / "nodes.csv"
    ties.write_text(TIES, encoding="utf-8")
    nodes.write_text(NODES, encoding="utf-8")
    return ties, nodes


def test_separate(capsys: Capture, files: tuple[Path, Path]) -> None:
    ties, nodes = files
    found = answer(capsys, "separate", ties, "--nodes", nodes, "-k", 1, "--persons")
    assert list(found)[1:11] == [
        "pairs_before",
        "pairs_after",
        "exact",
        "bound",
        "sets",
        "sets_total",
        "all_counted",
        "candidates",
        "kept_out",
        "stability",
    ]
    assert (found["pairs_before"], found["pairs_after"], found["bound"]) == (36, 28, 28)
    assert found["sets_total"] == len(found["sets"]) == 4
    assert {name for names in found["sets"] for name in names} == {"Sala", "Tomo", "v1", "acc"}
    assert (found["exact"], found["candidates"], found["kept_out"]) == (True, 4, 5)
    assert set(found["beside"]) == {"degree", "betweenness", "adaptive_betweenness", "greedy"}
    assert found["stability"]["replicates"] == 200
    assert found["suspects_without_ground"] == 1
    assert "never for the use of force" in found["notice"]
    things = answer(capsys, "separate", ties, "--nodes", nodes, "-k", 1)
    assert sorted(things["sets"]) == [["acc"], ["v1"]]
    assert (things["candidates"], things["kept_out"]) == (2, 7)


def test_where_nothing_may_stand_nothing_is_named(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("source,target\na,b\n", encoding="utf-8")
    (tmp_path / "n.csv").write_text("id,kind,standing\na,person,victim\n", encoding="utf-8")
    found = answer(capsys, "separate", tmp_path / "t.csv", "--nodes", tmp_path / "n.csv", "-k", 2)
    assert (found["sets"], found["sets_total"], found["candidates"]) == ([], 0, 0)
    assert found["pairs_before"] == found["pairs_after"] == 1


def test_mexico_without_its_two_recruited_victims(capsys: Capture, tmp_path: Path) -> None:
    with (folder() / "mexico_human_trafficking.nodes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = [
        f"{r['id']},person,{'victim' if 'ictima' in r['role_es'] else 'suspect'}" for r in rows
    ]
    nodes = tmp_path / "nodes.csv"
    nodes.write_text("id,kind,standing\n" + "\n".join(lines), encoding="utf-8")
    ties = folder() / "mexico_human_trafficking.edges.csv"
    for k, left in ((2, 465), (3, 435)):
        asked = ("separate", ties, "--nodes", nodes, "-k", k, "--persons", "--seconds", 5)
        found = answer(capsys, *asked)
        assert (found["pairs_after"], found["exact"], found["kept_out"]) == (left, True, 2)
        assert not {"32", "33"} & {name for names in found["sets"] for name in names}
    totals = answer(capsys, "measure", ties)
    assert (round(totals["density"], 4), round(totals["degree_centralisation"], 4)) == (
        0.4011,
        0.4432,
    )


@pytest.mark.parametrize("persons", [(), ("--persons",)])
def test_no_protected_id_stands_anywhere(
    capsys: Capture, files: tuple[Path, Path], tmp_path: Path, persons: tuple[str, ...]
) -> None:
    ties, nodes = files
    texts = []
    for arguments in (
        ("measure", ties, "--nodes", nodes, "--out", tmp_path / "f.csv", *persons),
        ("measure", ties, "--nodes", nodes, "--html", tmp_path / "f.html", "--json", *persons),
        ("separate", ties, "--nodes", nodes, "-k", 2, *persons),
        ("separate", ties, "--nodes", nodes, "-k", 2, "--json", *persons),
        ("attack", ties, "--by", "betweenness", "--recompute"),
        ("measure", ties, "--html", tmp_path / "g.html"),
        ("measure", ties, "--json"),
    ):
        code, out, err = run(capsys, *arguments)
        assert code == 0, err
        texts += [out, err]
    texts += [
        (tmp_path / name).read_text(encoding="utf-8") for name in ("f.csv", "f.html", "g.html")
    ]
    for name in PROTECTED:
        assert not any(re.search(rf"\b{name}\b", text) for text in texts), name
    assert ("Sala" in texts[0]) == bool(persons)
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "degree", "betweenness", "closeness", "core", "community"]
    suspects = {"Sala", "Tomo"} if persons else set()
    assert {row["id"] for row in rows} == {"v1", "acc"} | suspects


WRONG_NODES = {
    "standing": NODES.replace("Vica,person,victim", "Vica,person,Victim"),
    "kind": NODES.replace("Vica,person,victim", "Vica,Person,victim"),
    "twice": NODES + "Vica,person,suspect,,,,\n",
    "lacking": NODES.replace("Vica,person,victim", "Vica,person,"),
    "row": NODES + "Vica\n",
    "unknown end": "\n".join(row for row in NODES.splitlines() if "Vica" not in row),
}


@pytest.mark.parametrize("wrong", WRONG_NODES)
@pytest.mark.parametrize("command", ["measure", "separate"])
def test_what_is_not_sure_is_refused_without_a_name(
    capsys: Capture, files: tuple[Path, Path], wrong: str, command: str
) -> None:
    ties, nodes = files
    nodes.write_text(WRONG_NODES[wrong], encoding="utf-8")
    size = ("-k", 1) if command == "separate" else ()
    code, out, err = run(capsys, command, ties, "--nodes", nodes, "--persons", *size)
    assert (code, out) == (1, "")
    assert not any(name in err for name in (*PROTECTED, "Sala", "Tomo"))


def test_religion_nationality_and_ethnicity_change_no_byte(
    capsys: Capture, files: tuple[Path, Path], tmp_path: Path
) -> None:
    ties, nodes = files
    seen = set()
    for values in ("A,B,C", "C,A,B", ",,", "victim,child,suspect", "X\u202e,Y,Z"):
        nodes.write_text(NODES.replace("A,B,C", values), encoding="utf-8")
        made: list[str] = []
        for arguments in (
            ("measure", ties, "--nodes", nodes, "--persons", "--json"),
            ("measure", ties, "--nodes", nodes, "--persons", "--html", tmp_path / "x.html"),
            ("separate", ties, "--nodes", nodes, "--persons", "-k", 2, "--json"),
            ("convert", ties, tmp_path / "x.graphml", "--nodes", nodes),
            ("convert", ties, tmp_path / "x.ftm", "--nodes", nodes),
        ):
            code, out, err = run(capsys, *arguments)
            assert code == 0
            made += [out, err]
        for name in ("x.html", "x.graphml", "x.ftm"):
            made.append((tmp_path / name).read_text(encoding="utf-8"))
        seen.add("\0".join(made))
    assert len(seen) == 1


def test_the_order_of_rows_changes_no_byte(
    capsys: Capture, files: tuple[Path, Path], tmp_path: Path
) -> None:
    ties, nodes = files
    rows = [f"{row},{i / 10}" for i, row in enumerate(TIES.splitlines()[1:])]
    rows += ["Tomo,v1,0.95"]
    chance = Random(2)
    seen = set()
    for _ in range(4):
        chance.shuffle(rows)
        ties.write_text("source,target,certainty\n" + "\n".join(rows), encoding="utf-8")
        header, *people = NODES.splitlines()
        nodes.write_text("\n".join([header, *chance.sample(people, 9)]), encoding="utf-8")
        made = ""
        for command in (("separate", "-k", 2), ("measure",)):
            asked = (ties, "--nodes", nodes, "--persons", *command[1:])
            found = answer(capsys, command[0], *asked)
            found["notes"] = [note["code"] for note in found["notes"]]
            made += json.dumps(found)
        run(capsys, "convert", ties, tmp_path / "x.ftm", "--nodes", nodes)
        made += (tmp_path / "x.ftm").read_text(encoding="utf-8")
        seen.add(made)
    assert len(seen) == 1


SPELLINGS = [
    "--victims",
    "--victim",
    "--all",
    "--include-victims",
    "--include=victim",
    "--include-all",
    "--everyone",
    "--unknown",
    "--with-unknown",
    "--no-protect",
    "--no-safety",
    "--force",
    "--override",
    "--unsafe",
    "--persons=victim",
    "--persons=all",
    "--persons=unknown",
    "--person",
    "--PERSONS",
    "--persons-all",
    "--standing=victim",
    "--standing",
    "--allow=child",
    "--candidates=victim",
    "--kept-out=0",
    "--no-kept-out",
    "-p",
    "-a",
    "-f",
    "victim",
]


@pytest.mark.parametrize("option", SPELLINGS)
@pytest.mark.parametrize("command", ["measure", "separate"])
def test_no_option_lets_a_victim_in(
    capsys: Capture, files: tuple[Path, Path], option: str, command: str
) -> None:
    ties, nodes = files
    size = ("-k", 1) if command == "separate" else ()
    code, out, err = run(capsys, command, ties, "--nodes", nodes, *size, option)
    assert (code, out) == (2, "")
    assert not any(name in err for name in PROTECTED)


def test_without_nodes_figures_of_the_whole_alone(
    capsys: Capture, files: tuple[Path, Path], tmp_path: Path
) -> None:
    ties, _nodes = files
    found = answer(capsys, "measure", ties)
    assert "figures" not in found
    assert (found["nodes"], found["ties"], found["components"], found["largest"]) == (9, 9, 1, 9)
    for wrong in (("--out", tmp_path / "f.csv"), ("--persons",)):
        code, out, _err = run(capsys, "measure", ties, *wrong)
        assert (code, out) == (2, "")
    assert not (tmp_path / "f.csv").exists()
    assert run(capsys, "separate", ties, "-k", 1)[0] == 2


def test_attack(capsys: Capture) -> None:
    ties = folder() / "montagna_phonecalls.edges.csv"
    found = answer(capsys, "attack", ties, "--by", "betweenness", "--recompute")
    assert found["curve"][0] == {"removed": 0, "largest_share": 1.0}
    shares = [row["largest_share"] for row in found["curve"][1:8]]
    wanted = [0.764, 0.573, 0.427, 0.393, 0.247, 0.135, 0.124]
    assert shares == pytest.approx(wanted, abs=6e-4)
    assert run(capsys, "attack", ties)[0] == 2


def test_convert(capsys: Capture, files: tuple[Path, Path], tmp_path: Path) -> None:
    ties, nodes = files
    target = tmp_path / "x.ftm"
    found = answer(capsys, "convert", ties, target, "--nodes", nodes)
    assert (found["nodes"], found["ties"], found["kept_out"]) == (5, 3, 4)
    back = answer(capsys, "convert", target, tmp_path / "back.csv")
    assert back["written"] == [str(tmp_path / "back.csv"), str(tmp_path / "back.nodes.csv")]
    again = answer(capsys, "convert", tmp_path / "back.csv", tmp_path / "again.ftm")
    assert again["nodes"] == 5
    assert (tmp_path / "again.ftm").read_bytes() == target.read_bytes()
    code, _out, err = run(capsys, "convert", ties, tmp_path / "y.graphml")
    assert code == 0
    assert "no one could be left out" in err
    assert run(capsys, "convert", ties, tmp_path / "y.doc", "--nodes", nodes)[0] == 1
    assert run(capsys, "convert", ties, ties, "--nodes", nodes)[0] == 2
    assert ties.read_text(encoding="utf-8") == TIES
    assert run(capsys, "convert", ties, tmp_path / "no" / "y.ftm")[0] == 1


def test_the_map_is_small_enough_to_look_at(capsys: Capture, tmp_path: Path) -> None:
    chance = Random(1)
    names = [f"v{i}" for i in range(600)]
    rows = [f"{a},{chance.choice(names)}" for a in names for _ in range(2)]
    (tmp_path / "t.csv").write_text("source,target\n" + "\n".join(rows), encoding="utf-8")
    nodes = "\n".join(f"{name},vehicle" for name in names)
    (tmp_path / "n.csv").write_text(f"id,kind\n{nodes}\n", encoding="utf-8")
    page = tmp_path / "x.html"
    for asked in (("--nodes", tmp_path / "n.csv"), ()):
        code, _out, err = run(capsys, "measure", tmp_path / "t.csv", *asked, "--html", page)
        assert code == 0, err
        text = page.read_text(encoding="utf-8")
        drawing = text[text.index("<svg") : text.index("</svg>")]
        assert 5 < len(re.findall(r"<\w", drawing)) <= 300
        assert "<table>" in text
        assert "v17" not in drawing
        assert "http" not in text.replace("http-equiv", "")


def test_in_arabic_the_page_runs_from_the_right(
    capsys: Capture, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARFA_LANGUAGE", "ar")
    ties, nodes = files
    page = tmp_path / "x.html"
    assert run(capsys, "measure", ties, "--nodes", nodes, "--html", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    assert "لتوقيف أحد" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("separate", "-k", "0"),
        ("separate", "-k", "two"),
        ("separate", "-k", "1", "--layer", "none"),
        ("separate", "-k", "1", "--drop", "2"),
        ("attack", "--by", "beauty"),
    ],
)
def test_wrong_use(capsys: Capture, files: tuple[Path, Path], arguments: tuple[str, ...]) -> None:
    ties, nodes = files
    known = ("--nodes", nodes) if arguments[0] == "separate" else ()
    code, out, err = run(capsys, arguments[0], ties, *known, *arguments[1:])
    assert code == (1 if "--layer" in arguments else 2)
    assert out == ""
    assert err
