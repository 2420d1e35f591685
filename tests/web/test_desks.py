"""The system check on the desks of an installation, and the mark that lets all of them through."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from marfa.platform.datafolder import InstallationKind, new_folder
from marfa.web.checks import desks_may_stand_together
from tests.support.desks import ALL_SETS, is_allowed
from tests.support.installation import environment


@pytest.fixture
def unmarked(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(settings, "EVERY_APP", False)
    return monkeypatch


def have(desks: frozenset[str], monkeypatch: pytest.MonkeyPatch) -> None:
    instance = replace(settings.FOLDER.instance, desks=tuple(sorted(desks)))
    monkeypatch.setattr(settings, "FOLDER", replace(settings.FOLDER, instance=instance))


def test_the_check_lets_the_allowed_sets_through_alone(unmarked: pytest.MonkeyPatch) -> None:
    for desks in ALL_SETS:
        have(desks, unmarked)
        assert (desks_may_stand_together(None) == []) == is_allowed(desks), desks


def test_the_check_is_made_at_every_start(unmarked: pytest.MonkeyPatch) -> None:
    have(frozenset({"finance", "reception", "administration"}), unmarked)
    (error,) = [each for each in run_checks() if each.id == "marfa.E031"]
    assert "reception, finance" in error.msg


def test_under_the_mark_all_desks_pass_and_no_server_starts() -> None:
    assert settings.EVERY_APP
    assert not [each for each in run_checks() if each.id == "marfa.E031"]
    with pytest.raises(ImproperlyConfigured):
        import_module("marfa.web.wsgi")


def test_neither_environment_nor_folder_carries_the_mark(tmp_path: Path) -> None:
    """The mark is a module of settings; a server sets up its own, whatever the environment says."""
    data = tmp_path / "data"
    with new_folder(data, kind=InstallationKind.DEMONSTRATION, desks=("finance", "administration")):
        pass
    asks = (
        "from marfa.cli.server.installation import set_up\n"
        "from pathlib import Path\n"
        f"set_up(Path({str(data)!r}))\n"
        "from django.conf import settings\n"
        "print(settings.EVERY_APP, len(settings.DESKS))"
    )
    found = subprocess.run(
        [sys.executable, "-c", asks],
        env=environment(DJANGO_SETTINGS_MODULE="marfa.web.workshop"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert found.stdout.split() == ["False", "2"]
