"""Each allowed set of desks is made and started, and has what is written for it: no more, no less.

In each run the two that must never meet: reception with protection, and finance.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.brought import brought_by_apps, expected_for
from tests.support.desks import ALLOWED_SETS
from tests.support.installation import environment, get, marfa, sentence, serving
from tests.support.shared_copies import Once

ROOT = Path(__file__).parents[3]
ABOUT_PEOPLE = re.compile(
    r"person|household|case(?!d)|survivor|victim|child|complain|consent|screen"
)
"""Words that tell of people who seek protection, wherever they stand in the name of a column."""

FINANCE = frozenset({"finance", "administration"})
OF_PEOPLE = frozenset({"reception", "protection", "administration"})
ALWAYS = (OF_PEOPLE, FINANCE)


def name_of(desks: frozenset[str]) -> str:
    return ",".join(sorted(desks - {"administration"}))


def asked(path: Path, *more: str) -> dict[str, Any]:
    """What there is in an installation; ``--pages``: and what all its pages answer."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.support.asked", *more],
        cwd=ROOT,
        env=environment(MARFA_DATA=str(path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def check_pages(told: dict[str, Any]) -> None:
    """Everybody gets an answer, everywhere, and each entry of a menu leads somebody somewhere."""
    assert set(told["answers"]) == set(told["roles"])
    for user, answers in told["answers"].items():
        assert answers["home"] == 200
        assert set(answers.values()) <= {200, 302, 401, 403, 405}, user
    for page in (page for menu in told["menus"].values() for page in menu):
        answered = {answers[page] for answers in told["answers"].values()}
        assert answered & {200, 302}, f"the menu leads nobody to {page}"


def check_had(path: Path, desks: frozenset[str], *more: str) -> dict[str, Any]:
    """It is sound, and has what is written for these desks."""
    told, expected = asked(path, *more), expected_for(desks)
    assert told["checks"] == []
    assert set(told["apps"]) == expected.apps
    assert set(told["tables"]) == expected.tables
    assert set(told["addresses"]) == expected.addresses
    assert set(told["roles"]) == expected.roles
    assert {desk: set(menu) for desk, menu in told["menus"].items()} == expected.menus
    return told


def check_set(path: Path, desks: frozenset[str], *more: str) -> dict[str, Any]:
    """It is sound, has what is written for these desks, and answers whoever comes."""
    told = check_had(path, desks, *more)
    with serving("serve", path, "--no-worker", "--no-finder") as served:
        assert get(f"{served.origin}/health/") == (200, "ok")
        status, page = get(f"{served.origin}/desks/administration/")
        assert status == 200
        assert "sign-in" in page  # whoever is signed out is led there
        absent = "reception" if "finance" in desks else "finance"
        expected_there = 200 if absent in desks else 404
        assert get(f"{served.origin}/desks/{absent}/")[0] == expected_there
    return told


@pytest.mark.parametrize("desks", ALWAYS, ids=name_of)
def test_what_stands_apart_has_what_is_written_for_it(
    once: Once, tmp_path: Path, desks: frozenset[str]
) -> None:
    path = once.installation(tmp_path / "data", "--desks", name_of(desks))
    check_pages(check_set(path, desks, "--pages"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "desks", [each for each in ALLOWED_SETS if each not in ALWAYS], ids=name_of
)
def test_each_allowed_set_has_what_is_written_for_it(
    once: Once, tmp_path: Path, desks: frozenset[str]
) -> None:
    path = once.installation(tmp_path / "data", "--desks", name_of(desks))
    check_pages(check_set(path, desks, "--pages"))


def test_finance_has_no_table_of_people(once: Once, tmp_path: Path) -> None:
    """Neither by the names of tables and columns, nor in what PostgreSQL and SQLite hold beside."""
    told = asked(once.installation(tmp_path / "data", "--desks", "finance"))
    tables: dict[str, list[str]] = told["tables"]
    theirs = expected_for(OF_PEOPLE).tables - expected_for(FINANCE).tables
    assert len(theirs) > 60
    assert not theirs & set(tables)
    named = [f"{table}.{each}" for table, columns in tables.items() for each in columns]
    assert [each for each in named if ABOUT_PEOPLE.search(each)] == []
    of_people = expected_for(OF_PEOPLE).apps - expected_for(FINANCE).apps
    assert [name for name in told["jobs"] if name.split(".")[0] in of_people] == []


def test_what_is_written_tells_people_apart_from_the_rest() -> None:
    """The expectation itself: no app of people comes with a desk that keeps other data."""
    apart = {"investigations", "finance", "sanctions", "reporting", "coordination"}
    with_people = {
        name: each
        for name, each in brought_by_apps().items()
        if any(ABOUT_PEOPLE.search(table) for table in each.tables)
    }
    assert {"registry", "cases", "screening", "consents"} <= set(with_people)
    for name, each in with_people.items():
        assert not each.comes_with(apart), name


def test_a_command_about_people_says_that_no_desk_works_with_them(
    once: Once, tmp_path: Path
) -> None:
    path = once.installation(tmp_path / "data", "--desks", "finance")
    for command in (("finder",), ("forms", "instruments")):
        said = sentence(marfa(*command, "--data", str(path)))
        assert "These would: reception, protection" in said


def test_no_data_folder_asks_for_the_apps_of_all_desks(once: Once, tmp_path: Path) -> None:
    path = once.installation(tmp_path / "data", "--desks", "finance")
    file = path / "instance.json"
    instance = json.loads(file.read_text())
    for desks in (["*"], ["every"], [*instance["desks"], "*"]):
        file.write_text(json.dumps({**instance, "desks": desks}), encoding="utf-8")
        assert "There is no desk called" in sentence(marfa("users", "list", "--data", str(path)))
    file.write_text(json.dumps({**instance, "every_app": True}), encoding="utf-8")
    assert set(asked(path)["apps"]) == expected_for(FINANCE).apps
