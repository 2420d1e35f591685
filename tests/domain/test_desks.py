"""Which desks may share a database, and that what they bring is declared once."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from marfa.domain.catalogue import LANGUAGES, render_problem
from marfa.domain.codelists import codelist
from marfa.domain.desks import Desk, check_desks, declared_words, words_of_desks
from marfa.domain.message import InputError
from marfa.safeguards.words import Purpose, Role
from tests.support.desks import ALL_SETS, is_allowed

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "desks.md"
DECLARING = ("marfa.domain.desks", "marfa.safeguards.words", "marfa.apps.manifest")
"""The modules from which the enumerations are imported."""

ENUMERATIONS: dict[str, tuple[type[StrEnum], str]] = {
    "Desk": (Desk, "desks"),
    "Purpose": (Purpose, "purposes"),
    "Role": (Role, "roles"),
}


def allows(desks: frozenset[str]) -> bool:
    try:
        check_desks(desks)
    except InputError:
        return False
    return True


def test_of_all_sets_those_are_allowed_that_the_design_allows() -> None:
    assert len(ALL_SETS) == 128
    assert [allows(desks) for desks in ALL_SETS] == [is_allowed(desks) for desks in ALL_SETS]
    assert sum(map(allows, ALL_SETS)) == 27


def test_the_page_writes_out_those_sets_and_no_others() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## The 27 sets")[1]
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", table, re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 28))
    written = [frozenset(re.findall(r"`(\w+)`", desks)) | {"administration"} for _, desks in rows]
    assert len(set(written)) == len(written)
    assert set(written) == {desks for desks in ALL_SETS if allows(desks)}


@pytest.mark.parametrize(
    ("desks", "key", "named"),
    [
        ("finance reception reporting administration", "desks-apart", ["reception", "finance"]),
        ("sanctions investigations administration", "desks-apart", ["investigations", "sanctions"]),
        ("administration", "desks-none", ["administration"]),
        ("reception", "desk-missing", ["administration"]),
        ("reception kitchen administration", "desk-unknown", ["kitchen"]),
    ],
)
def test_a_refusal_names_the_desks_and_says_why(desks: str, key: str, named: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        check_desks(desks.split())
    (problem,) = caught.value.problems
    assert problem.message.key == key
    params = problem.message.params
    assert params.get("desk", params.get("desks")) == ", ".join(named)
    for language in LANGUAGES:
        sentence = render_problem(problem, language)
        assert all(desk in sentence for desk in named)


def test_the_reason_is_said_in_arabic() -> None:
    with pytest.raises(InputError) as caught:
        check_desks(["finance", "protection", "administration"])
    (problem,) = caught.value.problems
    assert "طلبًا للمساعدة" in render_problem(problem, "ar")


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_an_enumeration_has_the_codes_of_its_list(name: str) -> None:
    words, listed = ENUMERATIONS[name]
    assert tuple(words) == codelist(listed).codes == declared_words(listed)
    assert all(member.name == member.value.upper() for member in words)


def undeclared(file: Path) -> list[str]:
    """The members of the enumerations that a file names and nobody declares."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    called = {
        each.asname or each.name: ENUMERATIONS[each.name][0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in DECLARING
        for each in node.names
        if each.name in ENUMERATIONS
    }
    return [
        f"{file.name}:{node.lineno} {node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.attr.isupper() and node.value.id in called
        if node.attr not in called[node.value.id].__members__
    ]


def test_no_member_is_named_that_is_not_declared() -> None:
    """The type checker cannot know the members, since they are declared in another file."""
    files = [file for folder in ("src", "tests", "tools") for file in (ROOT / folder).rglob("*.py")]
    assert [each for file in files for each in undeclared(file)] == []


def test_a_member_that_is_not_declared_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text("from marfa.safeguards.words import Role as R\nR.CASE_WORKER, R.CASE_WROKER\n")
    assert undeclared(file) == ["wrong.py:2 R.CASE_WROKER"]


def test_each_role_works_at_one_desk_and_every_desk_has_one() -> None:
    desks = [str(entry.attributes["desk"]) for entry in codelist("roles").entries]
    assert set(desks) == set(Desk)


def test_what_desks_bring_is_theirs_alone() -> None:
    assert words_of_desks("roles", ["finance"]) == ("finance_analyst",)
    assert words_of_desks("purposes", ["finance", "administration"]) == (
        "financial_investigation",
        "administration",
        "data_protection",
        "security",
    )
    firewalled = {entry.code for entry in codelist("recipient_kinds").entries if entry.attributes}
    assert firewalled.isdisjoint(words_of_desks("recipient_kinds", list(Desk)))
