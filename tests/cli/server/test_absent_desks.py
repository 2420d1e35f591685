"""An installation has the apps of its own desks: tables, addresses, menus, jobs and roles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import environment, get, marfa, sentence, serving
from tests.support.shared_copies import Once

ROOT = Path(__file__).parents[3]
OF_PEOPLE = (
    *("agreements", "registry", "consents", "reception", "search", "figures", "name_search"),
    *("forms", "screening", "cases", "assistance", "referrals", "proceedings", "complaints"),
)


def asked(once: Once, folder: Path, desks: str) -> dict[str, Any]:
    """What there is in a new installation, and what all its pages answer."""
    path = once.installation(folder / desks.replace(",", "-"), "--desks", desks)
    found = subprocess.run(
        [sys.executable, "-m", "tests.support.asked"],
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
    """The installation is sound, and everybody gets an answer, everywhere."""
    assert told["checks"] == []
    assert set(told["answers"]) == set(told["roles"])
    for user, answers in told["answers"].items():
        assert answers["home"] == 200
        assert set(answers.values()) <= {200, 302, 401, 403, 405}, user
    for page in (page for menu in told["menus"].values() for page in menu):
        answered = {answers[page] for answers in told["answers"].values()}
        assert answered & {200, 302}, f"the menu leads nobody to {page}"


def of_people(names: list[str]) -> set[str]:
    """What of this belongs to an app about people."""
    begins = tuple(f"{app}{mark}" for app in OF_PEOPLE for mark in "_:")
    return {name for name in names if name.startswith(begins)}


def test_where_nobody_works_with_people_nothing_of_them_is_there(
    once: Once, tmp_path: Path
) -> None:
    told = asked(once, tmp_path, "finance")
    check_pages(told)
    assert of_people(told["tables"]) == of_people(told["pages"]) == set()
    assert of_people([name.replace(".", ":") for name in told["jobs"]]) == set()
    assert not set(OF_PEOPLE) & set(told["apps"])
    assert told["roles"] == ["finance_analyst", "administrator", "data_protection_officer"]
    assert told["menus"]["finance"] == []


def test_reception_and_protection_have_what_is_about_people(once: Once, tmp_path: Path) -> None:
    told = asked(once, tmp_path, "reception,protection")
    check_pages(told)
    assert {"registry_person", "cases_case", "screening_screening"} <= set(told["tables"])
    assert set(OF_PEOPLE) <= set(told["apps"])
    assert "figures.count_sites" in told["jobs"]
    assert "finding:find" in told["menus"]["reception"]


def test_reception_alone_has_no_cases(once: Once, tmp_path: Path) -> None:
    told = asked(once, tmp_path, "reception")
    check_pages(told)
    assert not [name for name in told["tables"] if name.startswith(("cases_", "proceedings_"))]
    assert "registry_person" in told["tables"]


def test_a_command_about_people_says_that_no_desk_works_with_them(
    once: Once, tmp_path: Path
) -> None:
    path = once.installation(tmp_path / "data", "--desks", "finance")
    for command in (("finder",), ("forms", "instruments")):
        said = sentence(marfa(*command, "--data", str(path)))
        assert "These would: reception, protection" in said


def test_a_server_without_people_answers(once: Once, tmp_path: Path) -> None:
    path = once.installation(tmp_path / "data", "--desks", "finance")
    with serving("serve", path) as served:
        assert get(f"{served.origin}/health/") == (200, "ok")
        assert get(f"{served.origin}/desks/finance/")[0] == 200  # to the sign-in
        assert get(f"{served.origin}/find/")[0] == 404
    assert served.log().split() == ["Stopped."]


@pytest.mark.parametrize("mark", [{"every_app": True}, {"desks": ["*"]}, {"desks": ["every"]}])
def test_no_data_folder_asks_for_the_apps_of_all_desks(
    once: Once, tmp_path: Path, mark: dict[str, object]
) -> None:
    """What it says beside its desks is not read, and desks that there are not are refused."""
    path = once.installation(tmp_path / "data", "--desks", "finance")
    file = path / "instance.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **mark}), encoding="utf-8")
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "print(settings.EVERY_APP, 'marfa.apps.registry' in settings.INSTALLED_APPS)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(MARFA_DATA=str(path), DJANGO_SETTINGS_MODULE="marfa.web.settings"),
        capture_output=True,
        text=True,
        check=False,
    )
    if "desks" in mark:
        assert found.returncode != 0
        assert "InputError" in found.stderr
    else:
        assert found.stdout.split() == ["False", "False"]
