"""Erasing: what a person's key sealed is gone, and stays gone in a database from before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import units
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault import erasure
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.erasedlist import ErasedList, ToList
from marfa.safeguards.vault.erasure import erase_subject, list_erasures
from marfa.safeguards.vault.errors import ErasedError
from marfa.safeguards.vault.models import Erasure, RecordKey, RecordWrap, SubjectKey
from marfa.safeguards.vault.reconciliation import begin_new_list, settle_at_start
from marfa.safeguards.vault.records import add_subject, protect_record
from tests.safeguards.vault.conftest import act_for
from tests.support.sample.models import VaultedIncident, VaultedPerson

pytestmark = pytest.mark.django_db(transaction=True)


def person(code: str = "A") -> VaultedPerson:
    return VaultedPerson.objects.create(code=code, name=f"name of {code}")


def erase(*people: VaultedPerson) -> None:
    for each in people:
        with units.unit_of_work():
            erase_subject(act=act_for(each.pk), subject=each.pk, reason="request")


def test_what_the_key_sealed_is_gone_and_no_key_is_made_again(erased: ErasedList) -> None:
    gone, stays = person("A"), person("B")
    erase(gone)
    assert SubjectKey.objects.get().pk == stays.pk
    with open_vault():
        with pytest.raises(ErasedError):
            _ = VaultedPerson.objects.get(code="A").name
        assert VaultedPerson.objects.get(code="B").name == "name of B"
    gone.nickname = "again"
    with pytest.raises(ErasedError):
        gone.save()
    (listed,) = erased.read()
    assert (listed.number, listed.subject, listed.reason) == (1, gone.pk, "request")
    row = Erasure.objects.get()
    assert (row.number, bytes(row.digest or b"")) == (1, listed.digest)


def test_an_open_vault_loses_the_key_at_once() -> None:
    gone = person()
    with open_vault():
        found = VaultedPerson.objects.get()
        assert found.name == "name of A"
        erase(gone)
        with pytest.raises(ErasedError):
            _ = found.name


def test_of_a_record_about_several_each_takes_a_part_and_the_last_takes_it_away() -> None:
    people = [person(code) for code in "ABC"]
    incident = VaultedIncident(narrative="what happened")
    protect_record(record=incident.pk, subjects=[each.pk for each in people])
    incident.save()
    erase(people[1], people[0])
    with open_vault():
        assert VaultedIncident.objects.get().narrative == "what happened"
    with pytest.raises(ErasedError):
        add_subject(record=incident.pk, subject=people[0].pk)
    erase(people[2])
    assert not RecordWrap.objects.exists()
    assert not RecordKey.objects.exists()
    with open_vault(), pytest.raises(ErasedError):
        _ = VaultedIncident.objects.get().narrative


def test_what_is_undone_is_not_listed(erased: ErasedList) -> None:
    stays = person()

    def erase_and_fail() -> None:
        with units.unit_of_work():
            erase_subject(act=act_for(stays.pk), subject=stays.pk, reason="request")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        erase_and_fail()
    assert erased.read() == ()
    assert settle_at_start().erased_again == 0
    with open_vault():
        assert VaultedPerson.objects.get().name == "name of A"


def test_an_erasure_that_could_not_be_listed_is_listed_at_the_next_start(
    erased: ErasedList, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = person()

    def full(*_: object) -> None:
        raise OSError(28, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(ErasedList, "_write_behind", full)
        with pytest.raises(OSError, match="no room"):
            erase(gone)
    assert erased.read() == ()
    assert not SubjectKey.objects.exists()
    assert settle_at_start().listed == 1
    assert [each.subject for each in erased.read()] == [gone.pk]
    assert settle_at_start() == type(settle_at_start())(0, 0)


def test_an_older_database_gets_the_erasures_again(erased: ErasedList) -> None:
    people = [person(code) for code in "ABC"]
    old = list(SubjectKey.objects.all())
    erase(people[0], people[2])
    Erasure.objects.all().delete()
    SubjectKey.objects.all().delete()
    SubjectKey.objects.bulk_create(old)
    shredded: list[object] = []
    erasure.shred_when_replayed("test", shredded.append)
    try:
        assert settle_at_start().erased_again == 2
    finally:
        erasure._shredders.pop("test")
    assert shredded == [people[0].pk, people[2].pk]
    assert SubjectKey.objects.get().pk == people[1].pk
    assert [row.number for row in Erasure.objects.order_by("number")] == [1, 2]
    again = Entry.objects.filter(action="vault.erase_again")
    assert {entry.subject_id for entry in again} == {people[0].pk, people[2].pk}
    assert settle_at_start().erased_again == 0


def refusal() -> str:
    with pytest.raises(InputError) as found:
        settle_at_start()
    return found.value.problems[0].message.key


def test_a_list_that_is_missing_cut_or_changed_is_refused(erased: ErasedList) -> None:
    erase(person("A"), person("B"), person("C"))
    whole = erased.file.read_text()
    lines = whole.splitlines(keepends=True)
    erased.file.unlink()
    assert refusal() == "erased-list-missing"
    forged = json.loads(lines[2]) | {"subject": new_id().hex}
    wrong = {
        "erased-list-cut": ["".join(lines[:2]), "".join(lines[:2]) + lines[2][:-1], ""],
        "erased-list-damaged": [
            "".join(lines[1:]),
            lines[0] + lines[2],
            lines[1] + lines[0] + lines[2],
            whole.replace("request", "mistake"),
            "".join(lines[:2]) + json.dumps(forged) + "\n",
            whole + "not a line\n",
        ],
    }
    for key, texts in wrong.items():
        for text in texts:
            erased.file.write_text(text)
            erased.file.chmod(0o600)
            assert refusal() == key, text
    erased.file.write_text(whole)
    assert settle_at_start().erased_again == 0
    erased.file.chmod(0o644)
    assert refusal() == "key-readable"


def test_a_cut_list_is_found_by_the_database_or_by_the_head_alone(erased: ErasedList) -> None:
    erase(person("A"), person("B"))
    whole = erased.file.read_text()
    cut = whole.splitlines(keepends=True)[0]
    head = erased.head.read_text()
    erased.file.write_text(cut)
    erased.head.unlink()
    assert refusal() == "erased-list-cut"
    erased.head.write_text(head)
    erased.head.chmod(0o600)
    Erasure.objects.all().delete()
    assert refusal() == "erased-list-cut"


def test_another_list_of_the_same_length_is_refused(erased: ErasedList) -> None:
    erase(person("A"))
    erased.write_anew([ToList(new_id(), datetime(2026, 1, 1, tzinfo=UTC), "request")])
    assert refusal() == "erased-list-other"


def test_what_a_power_cut_left_of_a_line_is_taken_away(erased: ErasedList) -> None:
    erase(person("A"))
    whole = erased.file.read_text()
    erased.file.write_text(whole + '{"number": 2, "sub')
    assert settle_at_start().erased_again == 0
    erase(person("B"))
    assert erased.file.read_text().startswith(whole)
    assert len(erased.read()) == 2


def test_a_lost_list_is_begun_anew_from_what_is_known(erased: ErasedList) -> None:
    people = [person(code) for code in "AB"]
    erase(*people)
    erased.file.unlink()
    assert refusal() == "erased-list-missing"
    assert begin_new_list() == 2
    assert {each.subject for each in erased.read()} == {each.pk for each in people}
    assert settle_at_start().erased_again == 0
    assert Entry.objects.filter(action="vault.list_lost").count() == 1


def test_erasing_again_and_reasons(erased: ErasedList) -> None:
    gone = person()
    erase(gone)
    erase(gone)
    assert len(erased.read()) == 1
    assert list_erasures() == 0
    with transaction.atomic(), pytest.raises(ValueError, match="code"):
        erase_subject(act=act_for(gone.pk), subject=gone.pk, reason="Amal asked for it")


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="belongs to the run on SQLite: files of PostgreSQL are another user's",
)
def test_neither_names_nor_a_destroyed_wrap_stay_in_the_files_of_sqlite() -> None:
    gone = person("Zaytouna")
    wrapped = bytes(SubjectKey.objects.get().wrapped_key)
    file = Path(connection.settings_dict["NAME"])

    def on_disk() -> bytes:
        return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))

    assert wrapped in on_disk()
    assert b"name of Zaytouna" not in on_disk()
    erase(gone)
    assert wrapped not in on_disk()


def test_the_list_names_nobody(erased: ErasedList) -> None:
    gone = person()
    erase(gone)
    assert "name of" not in erased.file.read_text() + erased.head.read_text()
    assert erased.file.stat().st_mode & 0o777 == 0o600
    assert erased.file.parent.stat().st_mode & 0o777 == 0o700
