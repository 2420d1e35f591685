"""Sealed fields: saved, read, and used for nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Concat, Length, Upper
from django.test.utils import isolate_apps

from marfa.crypto.errors import NotAuthenticError
from marfa.domain.ids import new_id
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.columns import open_column
from marfa.safeguards.vault.errors import ErasedError, MovedError, NoOwnerError, VaultClosedError
from marfa.safeguards.vault.fields import Vaulted, VaultTextField, sealed_value
from marfa.safeguards.vault.models import SubjectKey
from marfa.safeguards.vault.records import add_subject, protect_record, subjects_of
from tests.support.sample.models import VaultedIncident, VaultedPerson, VaultedVisit

NAME = "زينب Marwa-Κανάρι"
BORN = date(2009, 3, 4)
CONTACTS = {"phone": "+218 91 555 01 23", "aunt": ["Salma", None, 3]}

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> VaultedPerson:
    return VaultedPerson.objects.create(code="A", name=NAME, born_on=BORN, contacts=CONTACTS)


def stored(row: models.Model, column: str) -> bytes:
    """The bytes in the database, past all of our code."""
    table, quote = row._meta.db_table, connection.ops.quote_name
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quote(column)} FROM {quote(table)} WHERE id = %s", [key])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def put(row: models.Model, column: str, value: bytes) -> None:
    table, quote = row._meta.db_table, connection.ops.quote_name
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table)} SET {quote(column)} = %s WHERE id = %s",  # noqa: S608
            [value, key],
        )


def test_what_is_saved_comes_back_and_none_stays_null(person: VaultedPerson) -> None:
    found = VaultedPerson.objects.get(code="A")
    with open_vault():
        assert (found.name, found.born_on, found.contacts) == (NAME, BORN, CONTACTS)
        assert found.nickname is None
    assert VaultedPerson.objects.filter(nickname__isnull=True).count() == 1
    assert not VaultedPerson.objects.filter(Q(name__isnull=True)).exists()


def test_the_database_has_no_plaintext_and_not_the_length(person: VaultedPerson) -> None:
    found = stored(person, "name") + stored(person, "born_on") + stored(person, "contacts")
    for part in (NAME.encode(), "زينب".encode(), b"Marwa", b"2009", b"555", b"Salma"):
        assert part not in found
    sizes = set()
    for length in range(1, 25):
        person.name = "x" * length
        person.save()
        sizes.add(len(stored(person, "name")))
    assert sizes <= {33 + 32, 33 + 64}


def test_it_is_read_in_an_open_vault_alone(person: VaultedPerson) -> None:
    found = VaultedPerson.objects.get(pk=person.pk)
    for row, name in ((found, "name"), (person, "name"), (found, "contacts")):
        with pytest.raises(VaultClosedError):
            getattr(row, name)
    with open_vault():
        assert found.name == NAME
    with pytest.raises(VaultClosedError):
        _ = found.name


def test_nothing_shows_itself(person: VaultedPerson) -> None:
    fresh = VaultedPerson(code="B", name=NAME)
    with open_vault() as vault:
        vault.key_of_subject(person.pk)
        shown = "".join(map(repr, (fresh, fresh.__dict__, person.__dict__, vault, vars(vault))))
    shown += str(person.__dict__["name"]) + f"{person.__dict__['name']}"
    for part in ("زينب", "Marwa", "x01"):
        assert part not in shown
    with pytest.raises(TypeError):
        pickle.dumps(fresh)
    assert NAME.encode() not in pickle.dumps(person)


def test_a_value_is_sealed_when_saved_and_kept_in_clear_no_longer() -> None:
    person = VaultedPerson(code="A", name=NAME)
    assert person.name == NAME
    assert not SubjectKey.objects.exists()
    person.save()
    assert NAME not in repr(vars(person))
    with pytest.raises(VaultClosedError):
        _ = person.name
    person.name = "Other"
    person.save(update_fields=["name"])
    with open_vault():
        assert VaultedPerson.objects.get().name == "Other"


def test_deferred_and_refreshed_rows(person: VaultedPerson) -> None:
    found = VaultedPerson.objects.only("code").get()
    found.refresh_from_db()
    later = VaultedPerson.objects.defer("name").get()
    found.save()
    with open_vault():
        assert (found.name, later.name) == (NAME, NAME)


REFUSED: list[Callable[[Any], Any]] = [
    lambda rows: rows.filter(name=NAME),
    lambda rows: rows.filter(name=None),
    lambda rows: rows.filter(name__in=[NAME]),
    lambda rows: rows.exclude(name__icontains="a"),
    lambda rows: rows.filter(Q(code="A") | Q(name__startswith="a")),
    lambda rows: rows.filter(born_on__year=2009),
    lambda rows: rows.filter(born_on__gt=BORN),
    lambda rows: rows.filter(contacts__phone="1"),
    lambda rows: rows.filter(code=F("name")),
    lambda rows: rows.filter(name__length__gt=3),
    lambda rows: rows.filter(visits__note="x"),
    lambda rows: rows.get(name=NAME),
    lambda rows: rows.get_or_create(name=NAME),
    lambda rows: rows.update_or_create(name=NAME, defaults={"code": "B"}),
    lambda rows: rows.annotate(x=F("name")),
    lambda rows: rows.annotate(x=Upper("name")),
    lambda rows: rows.annotate(x=Length("name")),
    lambda rows: rows.annotate(x=Concat("code", "name", output_field=models.TextField())),
    lambda rows: rows.annotate(x=Case(When(name="a", then=Value(1)))),
    lambda rows: rows.annotate(x=Count("name")),
    lambda rows: rows.aggregate(Max("born_on")),
    lambda rows: rows.alias(x=F("visits__note")),
    lambda rows: list(rows.order_by("name")),
    lambda rows: list(rows.order_by(F("name").desc())),
    lambda rows: list(rows.order_by("visits__note")),
    lambda rows: rows.latest("born_on"),
    lambda rows: list(rows.dates("born_on", "year")),
    lambda rows: rows.update(name=NAME),
    lambda rows: rows.update(code=F("name")),
    lambda rows: rows.update(name=F("code")),
    lambda rows: rows.update(name=b"in clear"),
    lambda rows: rows.filter(Exists(VaultedVisit.objects.filter(note=OuterRef("name")))),
    lambda rows: rows.values("name__upper"),
]


@pytest.mark.parametrize("use", REFUSED, ids=range(len(REFUSED)))
def test_nothing_is_found_sorted_or_worked_out_by_it(
    person: VaultedPerson, use: Callable[[Any], Any]
) -> None:
    with open_vault(), pytest.raises((FieldError, TypeError)):
        use(VaultedPerson.objects.all())


def test_values_are_sealed_bytes(person: VaultedPerson) -> None:
    found = VaultedPerson.objects.values_list("name", flat=True).get()
    assert isinstance(found, bytes)
    assert found == stored(person, "name")
    assert repr(found) == "Sealed(hidden)"
    assert VaultedPerson.objects.annotate(n=Count("visits")).get().n == 0


def test_many_at_once() -> None:
    VaultedPerson.objects.bulk_create(
        [VaultedPerson(code=str(n), name=f"name {n}") for n in range(20)]
    )
    rows = list(VaultedPerson.objects.all())
    rows[0].name = "changed"
    with open_vault(), pytest.raises(FieldError), transaction.atomic():
        VaultedPerson.objects.bulk_update(rows, ["name"])
    with open_vault():
        found = dict(open_column(VaultedPerson.objects.all(), "name"))
        assert found == {row.pk: f"name {row.code}" for row in rows}
        assert {row.name for row in VaultedPerson.objects.all()} == set(found.values())
    made, new = VaultedPerson.objects.get_or_create(code="new", defaults={"name": NAME})
    assert new
    with open_vault():
        assert made.name == NAME


def test_the_batch_opens_what_rows_open_and_leaves_the_erased_out(person: VaultedPerson) -> None:
    other = VaultedPerson.objects.create(code="B", name="B", nickname="b")
    with pytest.raises(VaultClosedError):
        list(open_column(VaultedPerson.objects.all(), "name"))
    with open_vault():
        rows = VaultedPerson.objects.order_by("code")
        assert list(open_column(rows, "nickname")) == [(person.pk, None), (other.pk, "b")]
    SubjectKey.objects.filter(pk=person.pk).delete()
    with open_vault():
        assert list(open_column(rows, "name")) == [(other.pk, "B")]
        with pytest.raises(ErasedError):
            _ = VaultedPerson.objects.get(pk=person.pk).name


def test_a_sealed_value_that_was_moved_does_not_open(person: VaultedPerson) -> None:
    """Another row, another column, another table, another person, another bit."""
    person.nickname = "n"
    person.save()
    other = VaultedPerson.objects.create(code="B", name="B", nickname="b")
    visit = VaultedVisit.objects.create(person=person, note="note")
    second = VaultedVisit.objects.create(person=person, note="second")
    name = stored(person, "name")
    moves: list[tuple[Vaulted, str, bytes]] = [
        (other, "name", name),
        (person, "nickname", name),
        (visit, "note", name),
        (second, "note", stored(visit, "note")),
        (person, "name", name[:-1] + bytes([name[-1] ^ 1])),
        (person, "name", name[:1] + b"\0\0\0\2" + name[5:]),
    ]
    for row, column, value in moves:
        before = stored(row, column)
        put(row, column, value)
        with open_vault(), pytest.raises(NotAuthenticError):
            getattr(type(row)._default_manager.get(pk=row.pk), column)
        with open_vault(), pytest.raises(NotAuthenticError):
            list(open_column(type(row)._default_manager.all(), column))
        put(row, column, before)


def test_a_row_given_to_another_person_is_sealed_anew_or_refused(person: VaultedPerson) -> None:
    other = VaultedPerson.objects.create(code="B", name="B")
    made = VaultedVisit.objects.create(person=person, note="note")
    for visit in (made, VaultedVisit.objects.get()):
        visit.person = other
        with pytest.raises(MovedError), transaction.atomic():
            visit.save()
    visit.note = "note"
    visit.save()
    with open_vault():
        assert VaultedVisit.objects.get().note == "note"


def test_a_wrap_that_was_moved_does_not_open(person: VaultedPerson) -> None:
    other = VaultedPerson.objects.create(code="B", name="B")
    wrapped = SubjectKey.objects.get(pk=other.pk).wrapped_key
    SubjectKey.objects.filter(pk=person.pk).update(wrapped_key=wrapped)
    with open_vault(), pytest.raises(NotAuthenticError):
        _ = VaultedPerson.objects.get(pk=person.pk).name


def test_a_copied_row_is_refused_and_not_lost(person: VaultedPerson) -> None:
    copy = VaultedPerson.objects.get(pk=person.pk)
    copy.pk = new_id()
    with pytest.raises(MovedError), transaction.atomic():
        copy.save(force_insert=True)
    with open_vault():
        name = VaultedPerson.objects.get(pk=person.pk).name
    copy.name, copy.born_on, copy.contacts = name, None, None
    copy.save(force_insert=True)
    with open_vault():
        assert VaultedPerson.objects.get(pk=copy.pk).name == NAME


def test_a_row_without_an_owner_is_refused() -> None:
    with pytest.raises(NoOwnerError):
        VaultedVisit(note="x").save()


def test_a_sealed_value_for_an_update(person: VaultedPerson) -> None:
    rows = VaultedPerson.objects.filter(pk=person.pk)
    rows.update(name=sealed_value(person, "name", "Updated"), nickname=None)
    with open_vault():
        assert rows.get().name == "Updated"
    with pytest.raises(FieldError):
        sealed_value(person, "code", "x")


def test_a_record_about_several_people() -> None:
    people = [VaultedPerson.objects.create(code=str(n), name=str(n)) for n in range(3)]
    incident = VaultedIncident(narrative="what happened")
    with pytest.raises(ErasedError), transaction.atomic():
        incident.save()
    protect_record(record=incident.pk, subjects=[people[0].pk, people[1].pk])
    add_subject(record=incident.pk, subject=people[2].pk)
    add_subject(record=incident.pk, subject=people[2].pk)
    incident.save()
    assert subjects_of(incident.pk) == [person.pk for person in people]
    for person in people:
        with open_vault():
            assert VaultedIncident.objects.get().narrative == "what happened"
            assert dict(open_column(VaultedIncident.objects.all(), "narrative")) == {
                incident.pk: "what happened"
            }
        SubjectKey.objects.filter(pk=person.pk).delete()
    with open_vault():
        with pytest.raises(ErasedError):
            _ = VaultedIncident.objects.get().narrative
        assert list(open_column(VaultedIncident.objects.all(), "narrative")) == []
    with pytest.raises(ValueError, match="somebody"):
        protect_record(record=uuid4(), subjects=[])


@isolate_apps("marfa.safeguards.vault")
def test_wrong_models_are_found_when_django_starts() -> None:
    class Wrong(models.Model):
        name = VaultTextField(unique=True)

        class Meta:
            app_label = "vault"

        def __str__(self) -> str:
            return "wrong"

    found = {error.id for error in Wrong.check()}
    assert {"vault.E003", "vault.E004"} <= found


def test_json_that_is_none_and_text_that_is_empty(person: VaultedPerson) -> None:
    person.contacts, person.nickname = [], ""
    person.save()
    found = VaultedPerson.objects.get()
    with open_vault():
        assert (found.contacts, found.nickname) == ([], "")
    person.contacts = float("nan")
    with pytest.raises(ValueError, match="JSON"):
        person.save()
