"""Keys of persons: made once, found by many, gone when the unit of work ends."""

from __future__ import annotations

import contextlib
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from marfa.domain.ids import new_id
from marfa.safeguards.vault.access import current_vault, forget_everywhere, open_vault
from marfa.safeguards.vault.errors import ErasedError, VaultClosedError
from marfa.safeguards.vault.models import SubjectKey
from marfa.safeguards.vault.records import protect_record
from marfa.safeguards.vault.rows import column_of
from tests.support.sample.models import VaultedPerson


@pytest.mark.django_db
def test_keys_are_read_once_in_a_unit_of_work(django_assert_num_queries: object) -> None:
    people = [VaultedPerson.objects.create(code=str(n), name=str(n)) for n in range(5)]
    with open_vault() as vault, open_vault() as inner:
        assert inner is vault
        with django_assert_num_queries(1):  # type: ignore[operator]
            vault.load(person.pk for person in people)
        found = list(VaultedPerson.objects.all())
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert {person.name for person in found} == set("01234")
    with pytest.raises(ErasedError):
        vault.key_of_subject(new_id())
    with pytest.raises(VaultClosedError):
        current_vault()


@pytest.mark.django_db
def test_a_key_that_is_forgotten_is_forgotten_in_open_vaults() -> None:
    person = VaultedPerson.objects.create(code="A", name="A")
    with open_vault():
        found = VaultedPerson.objects.get()
        assert found.name == "A"
        SubjectKey.objects.all().delete()
        forget_everywhere(person.pk)
        with pytest.raises(ErasedError):
            _ = found.name


@pytest.mark.django_db(transaction=True)
def test_two_that_make_the_key_of_one_person_at_once_get_the_same() -> None:
    person = new_id()
    opened: list[object] = []

    def write(column: str) -> None:
        try:
            with open_vault() as vault:
                vault.key_for_subject(person)
                opened.append(column)
        finally:
            connection.close()

    threads = [Thread(target=write, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    assert SubjectKey.objects.count() == 1


@pytest.mark.django_db
def test_a_key_whose_making_was_rolled_back_seals_nothing() -> None:
    """Whoever goes on after a row that failed would otherwise seal with a key that is nowhere."""
    person = VaultedPerson(code="A", name="Amal")
    with open_vault():
        with contextlib.suppress(IntegrityError), transaction.atomic():
            person.save()
            raise IntegrityError
        again = VaultedPerson(pk=person.pk, code="A", name="Amal")
        again.save(force_insert=True)
    with open_vault():
        assert VaultedPerson.objects.get().name == "Amal"


@pytest.mark.django_db(transaction=True)
def test_a_key_of_a_transaction_that_failed_seals_nothing() -> None:
    person = VaultedPerson(code="A", name="Amal")
    with open_vault():
        with contextlib.suppress(IntegrityError), transaction.atomic():
            person.save()
            raise IntegrityError
        VaultedPerson(pk=person.pk, code="A", name="Amal").save(force_insert=True)
    with open_vault():
        assert VaultedPerson.objects.get().name == "Amal"


@pytest.mark.django_db
def test_the_key_of_a_record_that_was_rolled_back_is_forgotten() -> None:
    people, record = [new_id(), new_id()], new_id()
    with open_vault() as vault:
        with contextlib.suppress(IntegrityError), transaction.atomic():
            protect_record(record=record, subjects=people)
            vault.key_of_record(record)
            raise IntegrityError
        protect_record(record=record, subjects=people)
        column = column_of("table", "column")
        sealed = column.seal(vault.key_of_record(record), record.hex, b"told")
    with open_vault() as vault:
        assert column.open(vault.key_of_record(record), record.hex, sealed) == b"told"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outer", [True, False])
def test_a_row_that_failed_is_saved_again_under_a_key_that_is_stored(outer: bool) -> None:
    """The very object, in the same unit of work or in a later one."""
    person = VaultedPerson(code="A", name="Amal")
    with open_vault() if outer else contextlib.nullcontext():
        with contextlib.suppress(IntegrityError), transaction.atomic():
            person.save()
            raise IntegrityError
        person.save(force_insert=True)
    with open_vault():
        assert VaultedPerson.objects.get().name == person.name == "Amal"
