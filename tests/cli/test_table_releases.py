"""``marfa table`` beside what is out: the register, sets, coarser forms and dated tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from marfa.cli import main as command_line
from tests.methods.disclosure.releases.people import COLUMNS, made_up_people

Marfa = Callable[..., tuple[int, str, str]]


@pytest.fixture
def marfa(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Marfa:
    monkeypatch.setenv("MARFA_LANGUAGE", "en")
    monkeypatch.setattr(command_line, "_stop_when_told", lambda: None)

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


def write_people(path: Path, people: list[tuple[str, ...]]) -> Path:
    lines = [",".join(COLUMNS), *(",".join(person) for person in people)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_people(tmp_path / "cases.csv", made_up_people(94, 1))


def populations(register: Path) -> dict[str, int]:
    data = json.loads(register.read_text(encoding="utf-8"))
    return {entry["key"]: len(entry["releases"]) for entry in data["populations"]}


def test_a_register_knows_its_populations(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.json"
    common = ("table", cases, "--register", register, "--json")
    assert marfa(*common, "--by", "sex,form", "--population", "Victims 2025")[0] == 0
    assert populations(register) == {"Victims 2025": 1}, "the first key is added by itself"
    assert oct(register.stat().st_mode)[-3:] == "600"
    assert marfa(*common, "--by", "sex,age", "--population", " victims  2025 ")[0] == 0
    assert populations(register) == {"Victims 2025": 2}, "neither capitals nor blanks matter"
    before = register.read_bytes()
    out = tmp_path / "t.json"
    code, _out, err = marfa(*common, "--by", "age", "--population", "victims 2026", "--out", out)
    assert code == 1
    assert "--new-population" in err
    assert "Victims 2025" in err
    assert register.read_bytes() == before
    assert not out.exists()
    code, _out, err = marfa(
        *common, "--by", "age", "--population", "victims 2026", "--new-population"
    )
    assert code == 0
    assert "Victims 2025" in err, "what is left apart is named"
    assert populations(register) == {"Victims 2025": 2, "victims 2026": 1}


def test_the_same_table_goes_out_once(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.json"
    common = ("--by", "sex,form", "--register", register, "--population", "p", "--json")
    first = marfa("table", cases, *common)
    again = write_people(tmp_path / "again.csv", made_up_people(94, 1)[::-1])
    second = marfa("table", again, *common)
    assert first[0] == second[0] == 0
    one, two = json.loads(first[1]), json.loads(second[1])
    assert (one["cells"], one["query_id"]) == (two["cells"], two["query_id"])
    assert populations(register) == {"p": 1}


SET = """
[[table]]
by = ["sex", "form"]

[[table]]
name = "age-form"
by = "age,form"

[[table]]
by = ["age", "district"]
"""


def test_a_set_is_protected_together(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    spec, folder = tmp_path / "set.toml", tmp_path / "out"
    spec.write_text(SET, encoding="utf-8")
    code, out, err = marfa("table", cases, "--set", spec, "--out", folder)
    assert code == 0, err
    names = {path.name for path in folder.iterdir()}
    assert {"sex-form.json", "age-form.json", "age-district.csv", "age-form.html"} <= names
    assert "sex-form.json" in out
    other = tmp_path / "again"
    assert marfa("table", cases, "--set", spec, "--out", other)[0] == 0
    for name in names:
        assert (folder / name).read_bytes() == (other / name).read_bytes(), "always the same"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "by = [",
        "[[table]]\nname = 'x'",
        "[[tables]]\nby = ['sex']\nsort = 1",
        "[[table]]\nby=['no']",
        "[[table]]\nby = ['sex']\n[[table]]\nby = 'sex'",
    ],
)
def test_a_wrong_set_ends_in_a_sentence(
    marfa: Marfa, cases: Path, tmp_path: Path, text: str
) -> None:
    spec, folder = tmp_path / "set.toml", tmp_path / "out"
    spec.write_text(text, encoding="utf-8")
    code, _out, err = marfa("table", cases, "--set", spec, "--out", folder)
    assert code == 1
    assert err.startswith("Error: ")
    assert not folder.exists()


def test_coarser_or_refused(marfa: Marfa, tmp_path: Path) -> None:
    """What cannot stand is refused, and nothing is written; joined values say what they are."""
    pairs = ("sex,age", "sex,form", "sex,district", "age,form", "age,district")
    for seed in (4, 8, 9):
        cases = write_people(tmp_path / "cases.csv", made_up_people(60, seed))
        register = tmp_path / f"{seed}.json"
        for by in pairs:
            out = tmp_path / f"{seed}-{by}.json"
            common = ("table", cases, "--by", by, "--register", register, "--population", "p")
            before = register.read_bytes() if register.exists() else b""
            if marfa(*common, "--out", out)[0] == 0:
                continue
            assert not out.exists()
            assert register.read_bytes() == before
            code, _out, err = marfa(*common, "--out", out, "--coarser")
            assert code == 0, err
            data = json.loads(out.read_text(encoding="utf-8"))
            merged = [v for d in data["dimensions"] for v in d["values"] if "of" in v]
            assert merged
            assert all(len(value["of"]) > 1 for value in merged)
            assert "ounted together" in err, "what is lost is said"
            return
    raise AssertionError("no table had to be coarser")


def test_dated_tables_say_what_they_delay(marfa: Marfa, tmp_path: Path) -> None:
    register = tmp_path / "register.json"
    totals = []
    for month in range(4):
        people = made_up_people(90 + 4 * month, 3)[: 90 + 4 * month]
        cases = write_people(tmp_path / "cases.csv", people)
        code, out, err = marfa(
            "table", cases, "--by", "sex,form", "--register", register, "--population", "p",
            "--series", "--period", f"2025-0{month + 1}", "--json",
        )  # fmt: skip
        assert code == 0, err
        data = json.loads(out)
        totals += [row["count"] for row in data["margins"] if set(row) == {"count", "status"}]
        assert bool(month) == ("earlier date (2025-0" in err), err
        assert bool(month) == bool(data.get("delayed"))
    steps = [b - a for a, b in pairwise(totals) if None not in (a, b)]
    assert all(step == 0 or step >= 5 for step in steps)


def test_what_is_left_apart_is_named_and_confirmed(
    marfa: Marfa, cases: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    assert marfa("table", cases, "--by", "sex,form", "--population", "a", "--out", old)[0] == 0
    other = write_people(tmp_path / "other.csv", made_up_people(94, 2))
    common = ("table", other, "--by", "sex,form", "--population", "b", "--against", old)
    code, _out, err = marfa(*common, "--out", new)
    assert code == 1
    assert json.loads(old.read_text(encoding="utf-8"))["query_id"] in err
    assert not new.exists()
    assert marfa(*common, "--out", new, "--new-population")[0] == 0
    assert marfa("audit", new, "--against", old)[0] == 1
    assert marfa("audit", new, "--against", old, "--new-population")[0] == 0


def test_options_that_do_not_go_together(marfa: Marfa, cases: Path, tmp_path: Path) -> None:
    spec = tmp_path / "set.toml"
    spec.write_text(SET, encoding="utf-8")
    for arguments in (
        ("--by", "sex", "--register", tmp_path / "r.json"),
        ("--set", spec),
        ("--set", spec, "--by", "sex", "--out", tmp_path / "o"),
        ("--set", spec, "--round", 5, "--out", tmp_path / "o"),
    ):
        assert marfa("table", cases, *arguments)[0] == 2
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "another"}', encoding="utf-8")
    code, _out, err = marfa(
        "table", cases, "--by", "sex", "--register", broken, "--population", "p"
    )
    assert code == 1
    assert "broken.json" in err


def cells_of(path: Path) -> dict[str, object]:
    data = json.loads(path.read_text(encoding="utf-8"))
    return {
        str({k: v for k, v in row.items() if k not in ("count", "status")}): row["count"]
        for row in (*data["cells"], *data["margins"])
    }


@pytest.fixture
def families(tmp_path: Path) -> Path:
    """All of D6 have one form; of nine in D7 seven are of one family; one earns most."""
    rows = [("D6", "organ", f"a{n}", 30) for n in range(12)]
    rows += [("D5", form, f"b{n}", 20 + n) for form in ("labour", "sexual") for n in range(15)]
    rows += [("D7", "labour", "c" if n < 7 else f"d{n}", 25) for n in range(9)]
    rows += [("D8", "sexual", f"e{n}", 9000 if n == 3 else 1) for n in range(9)]
    lines = ["district,form,family,days", *(",".join(map(str, row)) for row in rows)]
    path = tmp_path / "families.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_whole_group_is_guarded_by_itself(marfa: Marfa, families: Path, tmp_path: Path) -> None:
    """The column form is known as sensitive. Whoever confirms it gets the group, and is told so."""
    out = tmp_path / "t.json"
    assert marfa("table", families, "--by", "district,form", "--out", out)[0] == 0
    guarded = cells_of(out)
    assert (
        guarded["{'district': 'D6'}"] is None
        or guarded["{'district': 'D6', 'form': 'organ'}"] is None
    )
    assert json.loads(out.read_text(encoding="utf-8"))["zeros_withheld"] is True
    code, _out, err = marfa(
        "table", families, "--by", "district,form", "--whole-groups", "--out", out
    )
    assert code == 0
    assert "hold everyone of their group" in err
    shown = cells_of(out)
    assert shown["{'district': 'D6'}"] == shown["{'district': 'D6', 'form': 'organ'}"] == 12


def test_a_household_and_a_large_sum_are_withheld(
    marfa: Marfa, families: Path, tmp_path: Path
) -> None:
    out = tmp_path / "t.json"
    by = ("--by", "district", "--out", out)
    assert marfa("table", families, *by)[0] == 0
    assert cells_of(out)["{'district': 'D7'}"] == 9, "the control"
    assert marfa("table", families, *by, "--household", "family")[0] == 0
    assert cells_of(out)["{'district': 'D7'}"] is None
    assert marfa("table", families, *by, "--sum", "days")[0] == 0
    sums = {
        str(cell["values"]): cell["sum"]
        for cell in json.loads(out.read_text(encoding="utf-8"))["amounts"]["cells"]
    }
    assert "{'district': 'D8'}" not in sums, "9,000 of 9,008 are of one person"
    assert len(sums) in (2, 3), "and another sum hides it"
    page = tmp_path / "t.html"
    told = ("--producer", "The ministry", "--records-from", "Shelters", "--published", "2026-01-31")
    assert (
        marfa("table", families, "--by", "district", "--sum", "days", *told, "--out", page)[0] == 0
    )
    text = page.read_text(encoding="utf-8")
    for word in ("The ministry", "Shelters", "2026-01-31", "Records counted: 60", "within 10%"):
        assert word in text


def test_zeros_are_protected_on_request(marfa: Marfa, families: Path, tmp_path: Path) -> None:
    out = tmp_path / "t.json"
    by = ("--by", "district,form", "--out", out)
    assert marfa("table", families, *by, "--whole-groups")[0] == 0
    assert cells_of(out)["{'district': 'D5', 'form': 'organ'}"] == 0
    assert marfa("table", families, *by, "--zeros", "--whole-groups")[0] == 0
    assert cells_of(out)["{'district': 'D5', 'form': 'organ'}"] is None
    assert marfa("table", families, *by, "--zeros", "--round", "5")[0] == 2


def test_values_under_another_name_are_asked_about(
    marfa: Marfa, cases: Path, tmp_path: Path
) -> None:
    """The same people, women and men under another name, or in another spelling."""
    register, text = tmp_path / "register.json", cases.read_text(encoding="utf-8")
    common = ("--register", register, "--population", "p", "--coarser")
    assert marfa("table", cases, "--by", "sex,age", *common)[0] == 0
    before = register.read_bytes()
    for new in ("\nwomen,", "\nf,"):
        renamed = tmp_path / "renamed.csv"
        renamed.write_text(text.replace("\nF,", new).replace("\nM,", "\nmen,"), encoding="utf-8")
        code, _out, err = marfa("table", renamed, "--by", "sex,district", *common)
        assert code == 1
        assert "--new-values" in err
        assert "F" in err
        assert register.read_bytes() == before
        assert marfa("table", renamed, "--by", "district", *common)[0] == 0, "of other columns not"
        register.write_bytes(before)
    confirmed = marfa("table", renamed, "--by", "sex,district", *common, "--new-values")
    assert "under another name" not in confirmed[2]


def test_parts_of_the_people_are_no_way_round(marfa: Marfa, tmp_path: Path) -> None:
    """All by age, women by age: the few men are not left by subtraction."""
    rows = [("F", age) for age in ("a", "b", "c") for _ in range(20)] + [("M", "a")] * 2
    rows += [("M", "b")] * 30
    cases = tmp_path / "cases.csv"
    cases.write_text("sex,age\n" + "\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    register = tmp_path / "register.json"
    common = ("table", cases, "--by", "age", "--register", register, "--population", "p", "--json")
    everybody, women = (json.loads(marfa(*common, *w)[1]) for w in ((), ("--where", "sex=F")))
    one, two = ({c["age"]: c["count"] for c in t["cells"]} for t in (everybody, women))
    assert one["a"] == 22
    assert two["a"] is None


def test_whole_groups_of_a_large_table_are_refused_by_name(marfa: Marfa, tmp_path: Path) -> None:
    """Where zeros cannot be withheld; and it may be confirmed."""
    rows = [(f"P{p}", f"A{a}", "x" if p else "y") for p in range(60) for a in range(30)]
    rows = [row for row in rows for _ in range(6)]
    cases = tmp_path / "cases.csv"
    cases.write_text("place,age,form\n" + "\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    code, _out, err = marfa("table", cases, "--by", "place,age,form", "--json")
    assert code == 1
    assert "form" in err
    assert "--whole-groups" in err
    assert marfa("table", cases, "--by", "place,age,form", "--whole-groups", "--json")[0] == 0
