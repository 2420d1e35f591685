"""The pages of backups and of phones: what administrators are told, and in which language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk, my_work
from marfa.domain.message import InputError, Message
from marfa.platform import clock, lan
from marfa.platform.backups import record
from tests.conftest import Operation

BACKUPS, PHONES = "upkeep:backups", "upkeep:phones"
LATE = "There is no recent backup"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The pages read files of the data folder: a fresh one, in a real installation."""
    (tmp_path / "keys").mkdir(mode=0o700)
    settings.FOLDER = replace(settings.FOLDER, path=tmp_path)
    settings.DEMONSTRATION = False
    return tmp_path


@pytest.fixture
def administrator(operation: Operation) -> Client:
    return operation.at(Desk.ADMINISTRATION)


def page(client: Client, name: str, **more: str) -> str:
    response = client.get(reverse(name), headers=more)
    assert response.status_code == 200
    return response.content.decode()


def made(hours: float) -> record.Made:
    at = clock.now() - timedelta(hours=hours)
    return record.Made(at, "/media/stick", "marfa-20261201T000000Z.backup", 3_400_000)


def test_age_and_lateness_of_backups(
    administrator: Client, operation: Operation, folder: Path, settings: Any
) -> None:
    waits = operation.desks[Desk.ADMINISTRATION]
    assert LATE in page(administrator, BACKUPS)
    assert [item.url for item in my_work(waits)].count(reverse(BACKUPS)) == 1
    record.note_made(folder, made(hours=49))
    assert LATE not in page(administrator, BACKUPS), "by hand, a week is allowed"
    settings.MARFA = settings.MARFA.model_copy(update={"backup_folder": "/srv/backups"})
    text = page(administrator, BACKUPS)
    assert LATE in text
    assert "/srv/backups" in text
    record.note_made(folder, made(hours=25))
    text = page(administrator, BACKUPS)
    assert LATE not in text
    assert "/media/stick/marfa-20261201T000000Z.backup" in text
    assert reverse(BACKUPS) not in [item.url for item in my_work(waits)]


def test_what_failed_is_said_until_it_no_longer_does(administrator: Client, folder: Path) -> None:
    problem = Message("cli.server:backup-no-folder", {"path": "/media/stick"})
    with pytest.raises(InputError), record.noting_failure(folder):
        raise InputError.at(problem)
    assert "There is no folder /media/stick to put the backup into." in page(administrator, BACKUPS)
    arabic = page(administrator, BACKUPS, **{"Accept-Language": "ar"})
    assert "لا يوجد مجلد /media/stick لوضع النسخة الاحتياطية فيه" in arabic
    with pytest.raises(KeyError), record.noting_failure(folder, rehearsal=True):
        raise KeyError("Amberjack")
    text = page(administrator, BACKUPS)
    assert "The last rehearsal failed" in text
    assert "Amberjack" not in text
    record.note_made(folder, made(hours=0))
    now = clock.now()
    record.note_rehearsed(folder, record.Rehearsed(now, now, 1234, 5, 67, 8))
    text = page(administrator, BACKUPS)
    assert "failed" not in text.split("<main", 1)[1].split("</main", 1)[0]
    assert "it came back whole" in text
    assert "1,234" in text
    assert "marfa restore --rehearse" not in text


def test_a_phone_is_shown_the_code_and_the_fingerprint(
    administrator: Client, folder: Path, settings: Any
) -> None:
    assert "marfa serve --lan" in page(administrator, PHONES)
    address = ip_address("192.168.4.1")
    found = lan.renew_authority(settings.FOLDER, "workspace.local", (address,))
    settings.MARFA = settings.MARFA.model_copy(update={"lan_name": "workspace.local"})
    text = page(administrator, PHONES).replace("<br>", "")
    for shown in (found.fingerprint, "http://192.168.4.1:8080/", "<svg", "workspace.local"):
        assert shown in text


def test_other_desks_see_neither(operation: Operation) -> None:
    for desk in set(Desk) - {Desk.ADMINISTRATION}:
        for name in (BACKUPS, PHONES):
            assert operation.at(desk).get(reverse(name)).status_code == 403
    assert Client().get(reverse(BACKUPS)).status_code == 302
