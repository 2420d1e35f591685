"""``marfa access`` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from marfa.cli.main import marfa
from marfa.safeguards.charter.matrix import RELATIONS, access_matrix
from marfa.safeguards.words import Role
from tests.support.installation import ADMINISTRATOR, sentence
from tests.support.installation import marfa as marfa_command


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    shown = CliRunner().invoke(marfa, ["access", "matrix", "--json"])
    assert shown.exit_code == 0
    found: list[dict[str, object]] = json.loads(shown.stdout)
    return found


def allowed(rows: list[dict[str, object]], action: str, record: str) -> set[str]:
    return {
        name
        for row in rows
        if (row["action"], row["record"], row["kind"]) == (action, record, "Person")
        for name in row["allowed"]  # type: ignore[attr-defined]
    }


def test_the_matrix_says_what_the_rules_promise(rows: list[dict[str, object]]) -> None:
    assert "supervisor" in allowed(rows, "people.open_identity", "at-their-place")
    assert "case_worker" not in allowed(rows, "people.open_identity", "at-their-place")
    assert "case_worker" in allowed(rows, "people.open_identity", "assigned")
    for record in ("protected", "shut-out", "erased", "elsewhere", "of-another"):
        for action in ("people.see", "people.open_identity", "people.count"):
            assert allowed(rows, action, record) <= {"job"} - (
                {"job"} if record == "erased" else set()
            )


def test_administrators_and_visitors_open_no_identity(rows: list[dict[str, object]]) -> None:
    for relation in RELATIONS:
        who = allowed(rows, "people.open_identity", relation.name)
        assert not who & {"administrator", "data_protection_officer", "visitor", "job", "person"}


def test_every_role_is_asked_for_every_action(rows: list[dict[str, object]]) -> None:
    assert len(rows) == len(access_matrix())
    assert {name for row in access_matrix() for name in row.allowed} >= set(Role)


def test_one_role_is_shown_with_its_policies(rows: list[dict[str, object]]) -> None:
    shown = CliRunner().invoke(marfa, ["access", "matrix", "--role", "administrator"])
    assert "role.keys" in shown.stdout
    assert "role.case-open" not in shown.stdout


def test_a_record_of_an_installation_is_explained(installation: Path) -> None:
    """The administrator that ``init`` made, and somebody at reception, each with their own word."""
    at = ("--data", str(installation))
    added = marfa_command("users", "add", "rana", "--role", "reception_officer", *at)
    assert added.returncode == 0, added.stderr

    def told(*arguments: str) -> dict[str, dict[str, Any]]:
        found = marfa_command("access", "explain", *arguments, "--json", *at)
        assert found.returncode == 0, found.stderr
        return {answer["action"]: answer for answer in json.loads(found.stdout)}

    blocking = told(ADMINISTRATOR, "Account:rana")["users.block"]
    assert blocking["allowed"] is True
    assert [policy["id"] for policy in blocking["policies"]] == ["role.manage-people"]
    assert "Administrators manage" in blocking["policies"][0]["says"]
    other = told("rana", f"Account:{ADMINISTRATOR}")
    assert (other["users.block"]["allowed"], other["users.block"]["policies"]) == (False, [])
    assert not any(answer["allowed"] for answer in told("rana", "Log").values())

    shown = marfa_command("access", "explain", "rana", f"Account:{ADMINISTRATOR}", *at)
    assert "users.block: no" in shown.stdout
    assert "Nothing permits it." in shown.stdout
    wrong = {
        ("nobody", "Log"): "no user called nobody",
        ("rana", "Ship:1"): "no kind of record called Ship",
        ("rana", "Site:NONE"): "no record Site:NONE",
    }
    for arguments, words in wrong.items():
        assert words in sentence(marfa_command("access", "explain", *arguments, *at))
