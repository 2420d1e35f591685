"""The tool writes all migrations of ours anew, and they come to what the models say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django.utils import translation

from marfa.platform.migration.autodetector import Autodetector
from marfa.platform.migration.tableparts import differing_parts
from tools import squash_migrations as tool

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("marfa.")}


@pytest.fixture(scope="module")
def found() -> dict[str, list[Migration]]:
    return tool.initial_migrations()


def come_to(migrations: dict[str, list[Migration]]) -> ProjectState:
    """The state after all of them; the order matters to a database alone."""
    state = ProjectState()
    for each in migrations.values():
        for migration in each:
            for operation in migration.operations:
                operation.state_forwards(migration.app_label, state)
    return state


def differences(migrations: dict[str, list[Migration]]) -> set[str]:
    """Apps for which something would still be due."""
    with translation.override(None):
        detector = Autodetector(come_to(migrations), ProjectState.from_apps(apps))
        return set(detector._detect_changes()) & OURS  # type: ignore[attr-defined]


def test_one_migration_an_app_with_models(found: dict[str, list[Migration]]) -> None:
    with_models = {model._meta.app_label for model in apps.get_models()} & OURS
    assert set(found) == with_models
    assert [migration.name for each in found.values() for migration in each] == [
        "0001_initial"
    ] * len(found)


def test_they_come_to_what_the_models_say(found: dict[str, list[Migration]]) -> None:
    assert differences(found) == set()
    state = come_to(found)
    state.real_apps = {model._meta.app_label for model in apps.get_models()} - OURS
    assert differing_parts(state) == []


def test_they_are_the_same_in_each_language(found: dict[str, list[Migration]]) -> None:
    with translation.override("ar"):
        assert tool.texts(tool.initial_migrations()) == tool.texts(found)


def test_what_is_left_out_is_seen(found: dict[str, list[Migration]]) -> None:
    """The planted fault: of every app its last operation is forgotten once."""
    for label, (migration,) in found.items():
        operations: Any = migration.operations
        forgotten = operations.pop()
        assert label in differences(found), label
        operations.append(forgotten)


def test_the_same_models_give_the_same_text(found: dict[str, list[Migration]]) -> None:
    texts = tool.texts(found)
    assert texts == tool.texts(tool.initial_migrations())
    assert len(texts) == len(found)
    for path, text in texts.items():
        assert path.is_relative_to(tool.SOURCE)
        scope: dict[str, type[Migration]] = {}
        exec(compile(text, str(path), "exec"), scope)  # noqa: S102 - what the tool wrote
        assert scope["Migration"].initial


def test_all_that_was_there_gives_way(tmp_path: Path) -> None:
    """Apps that have moved or lost their models leave no migration behind."""
    old = ["apps/cases/migrations/0001_initial.py", "apps/cases/migrations/0002_wish.py"]
    gone = ["apps/people/migrations/0001_initial.py", "apps/people/migrations/__init__.py"]
    other = ["apps/people/models.py"]
    for name in (*old, *gone, *other):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before = 1\n")
    written = {
        tmp_path / old[0]: "now = 1\n",
        tmp_path / "apps/registry/migrations/0001_initial.py": "now = 1\n",
    }
    (tmp_path / "apps/registry").mkdir()
    tool.replace(written, tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")}
    made = {f"apps/registry/migrations/{name}.py" for name in ("__init__", "0001_initial")}
    assert left == {old[0], "apps/cases/migrations/__init__.py", *other, *made}
    assert (tmp_path / old[0]).read_text() == "now = 1\n"


def test_apps_that_need_each_other_are_named_with_the_fields() -> None:
    there = {
        ("cases", "people"): ["Case.person"],
        ("people", "organisations"): ["Person.organisation", "Person.owned_rows"],
        ("files", "organisations"): ["StoredFile.owned_rows"],
        ("organisations", "accounts"): ["RoleGrant.user"],
    }
    assert tool.circles(there) == []
    assert tool.circles({**there, ("organisations", "cases"): ["Team.case"]}) == [
        "cases needs people: Case.person",
        "organisations needs cases: Team.case",
        "people needs organisations: Person.organisation, Person.owned_rows",
    ]


def test_what_models_need_of_other_apps_is_found() -> None:
    found = tool.needs()
    assert "RoleGrant.user" in found["organisations", "accounts"]
    assert found["files", "organisations"] == ["StoredFile.owned_rows"]
    assert tool.circles(found) == []


def test_once_a_version_is_released_it_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (tool.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert not tool.RELEASED.search(text)
    (tmp_path / "CHANGELOG.md").write_text(f"{text}\n## 0.1.0 (2026-12-01)\n", encoding="utf-8")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert tool.main() == 1
    assert "released" in capsys.readouterr().out
