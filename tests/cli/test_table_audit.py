"""``marfa audit`` finds what tables give away that were made without the protection."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from marfa.methods.disclosure.releases import Released, publication
from marfa.methods.disclosure.releases.guards import find_open_guards
from tests.cli.test_table_releases import Marfa, marfa
from tests.methods.disclosure.releases.people import made_up_people, published, two_way
from tests.methods.disclosure.releases.test_guards import few_forms, guarded, households

__all__ = ["marfa"]

COLUMNS = ("sex", "age", "kind", "district")
SEED = 2
Row = tuple[str, ...]
Step = tuple[list[Row], str, str]
"""Records, columns to count by, key of the population."""


def five_tables(people: list[Row]) -> list[Step]:
    return [(people, ",".join(by), "people") for by in two_way(COLUMNS)[:5]]


def sorted_anew(people: list[Row]) -> list[Step]:
    return [(people[:: (-1) ** n], by, key) for n, (_p, by, key) in enumerate(five_tables(people))]


def capital_letter(people: list[Row]) -> list[Step]:
    return [
        (rows, by, key if n % 2 else key.upper())
        for n, (rows, by, key) in enumerate(sorted_anew(people))
    ]


def some_more(people: list[Row]) -> list[Step]:
    return [(people, "sex,kind", "people"), (people + [people[0]] * 3, "sex,kind", "people")]


def months(people: list[Row]) -> list[Step]:
    draw = random.Random(1)
    return [(people[: 60 + month * draw.randint(3, 7)], "sex,kind", "people") for month in range(4)]


def somebody_erased(people: list[Row]) -> list[Step]:
    return [(people, "sex,kind", "people"), (people[1:], "sex,kind", "people")]


def write(path: Path, rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> Path:
    lines = [",".join(columns), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "attack", [five_tables, sorted_anew, capital_letter, some_more, months, somebody_erased]
)
def test_the_attacks_are_found_where_tables_knew_nothing_of_one_another(
    marfa: Marfa, tmp_path: Path, attack: Callable[[list[Row]], list[Step]]
) -> None:
    """Each table by itself; and, as the control, with the register."""
    found = {}
    for protected in (False, True):
        outs: list[Path] = []
        for number, (rows, by, key) in enumerate(attack(made_up_people(94, SEED))):
            cases = write(tmp_path / f"{number}.csv", rows)
            out = tmp_path / f"{protected}-{number}.json"
            beside = ("--register", tmp_path / "register.json", "--coarser") if protected else ()
            command = ("table", cases, "--by", by, "--population", key, "--out", out, *beside)
            if marfa(*command)[0] == 0:
                outs.append(out)
        against = [part for out in outs[:-1] for part in ("--against", out)]
        assert against
        code, _out, err = marfa("audit", outs[-1], *against)
        found[protected] = code, err
    assert found[False][0] == 1, found
    assert any(word in found[False][1] for word in ("ones together", "came or went"))
    assert found[True][0] == 0, found


def test_a_whole_group_is_found(marfa: Marfa, tmp_path: Path) -> None:
    """All children have one form: confirmed at the command, and still said by the audit."""
    cases = write(tmp_path / "cases.csv", few_forms(1), ("sex", "age", "form"))
    for switched_off, code in (("--whole-groups", 1), ("", 0)):
        out = tmp_path / f"t{code}.json"
        options = [switched_off] if switched_off else []
        assert marfa("table", cases, "--by", "age,form", "--out", out, *options)[0] == 0
        answer = marfa("audit", out, "--json")
        assert answer[0] == code, answer
        assert json.loads(answer[1])["safe"] is (code == 0)


def test_a_zero_is_found_that_was_to_be_hidden(marfa: Marfa, tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", few_forms(1), ("sex", "age", "form"))
    out, plain = tmp_path / "zeros.json", tmp_path / "plain.json"
    assert marfa("table", cases, "--by", "age,form", "--out", out, "--zeros")[0] == 0
    assert marfa("audit", out)[0] == 0
    assert marfa("table", cases, "--by", "age,form", "--out", plain, "--whole-groups")[0] == 0
    data = json.loads(plain.read_text(encoding="utf-8"))
    data["query"]["zeros"] = True
    plain.write_text(json.dumps(data), encoding="utf-8")
    code, _out, err = marfa("audit", plain)
    assert code == 1
    assert "Zeros that were to be hidden" in err


def test_a_household_is_found_with_the_register(
    marfa: Marfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register alone knows how many of a count are of one household."""
    people, names = households(3)
    rows = [(*person, name) for person, name in zip(people, names, strict=False)]
    cases = write(tmp_path / "cases.csv", rows, ("sex", "age", "kind", "household"))
    for off in (True, False):
        register, out = tmp_path / f"{off}.register", tmp_path / f"{off}.json"
        command = ("table", cases, "--by", "age,kind", "--household", "household")
        beside = ("--register", register, "--population", "people", "--out", out)
        with monkeypatch.context() as patch:
            if off:
                patch.setattr(publication, "protect_set", _without_households)
            assert marfa(*command, *beside)[0] == 0
        assert marfa("audit", out)[0] == 0, "who has the table alone cannot tell"
        assert marfa("audit", out, "--register", register)[0] == int(off)
    other = tmp_path / "other.json"
    assert marfa("table", cases, "--by", "sex", "--out", other)[0] == 0
    code, _out, err = marfa("audit", other, "--register", register)
    assert code == 1
    assert "does not know the table" in err


def _without_households(
    drafts: Sequence[object], earlier: Sequence[Released], **how: bool
) -> object:
    """Protected as if nobody had asked for households, and noted with them."""
    from dataclasses import replace

    from marfa.methods.disclosure.releases.protection import _plain, protect_set

    plain = [replace(d, query=replace(d.query, household=None), households=()) for d in drafts]  # type: ignore[type-var, attr-defined]
    made = protect_set(plain, earlier, **how)  # type: ignore[arg-type]
    return [replace(m, largest=_plain(d).largest) for m, d in zip(made, drafts, strict=True)]  # type: ignore[arg-type]


def test_groups_are_found_that_several_tables_tell_of() -> None:
    from marfa.methods.disclosure.releases import protect_set

    people = few_forms(2)
    hidden = protect_set([guarded(people, ("age", "form"), sensitive=("form",))], [], coarser=False)
    assert not find_open_guards([_as_seen(each) for each in hidden])
    open_ = protect_set([guarded(people, ("age", "form"))], [], coarser=False)
    assert [m.key for m in find_open_guards([_as_seen(each) for each in open_])] == ["groups-open"]


def _as_seen(release: Released) -> Released:
    return Released(published(release), release.version)
