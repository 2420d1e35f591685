"""The vault under any order of writing, tampering, erasing, rotating, backing up and restoring,
beside a plain model of what must be readable."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection, models, transaction

from marfa.crypto.aead import OVERHEAD, key_version_of
from marfa.crypto.columns import Column
from marfa.crypto.errors import NotAuthenticError
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import units
from marfa.platform.datafolder import InstallationKind, new_folder, open_folder
from marfa.platform.keyproviders import ByFile
from marfa.platform.keys import instance, rotation
from marfa.platform.keys.models import KeyVersion
from marfa.safeguards.vault import erasure, key_store, reconciliation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.columns import open_column
from marfa.safeguards.vault.errors import ErasedError
from marfa.safeguards.vault.models import Erasure, RecordKey, RecordWrap, SubjectKey
from marfa.safeguards.vault.records import protect_record
from tests.safeguards.vault.conftest import act_for
from tests.support.sample.models import VaultedIncident, VaultedPerson, VaultedVisit

TABLES: tuple[type[models.Model], ...] = (
    VaultedPerson,
    VaultedVisit,
    VaultedIncident,
    SubjectKey,
    RecordKey,
    RecordWrap,
    Erasure,
)
BUCKETS = {OVERHEAD + size for size in (32, 64, 128)}
TEXTS = ("a", "Zaytouna", "زينب بنت عبد الرحمن", "x" * 27, "y" * 28)
MOST = 4


def rows_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608 - our own table
        return [
            tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
            for row in cursor.fetchall()
        ]


def put_rows(model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {model._meta.db_table} VALUES ({marks})", rows)  # noqa: S608


def empty() -> None:
    for model in reversed(TABLES):
        model._base_manager.all().delete()


def sealed_in(row: models.Model, column: str) -> bytes:
    """The bytes as the database has them."""
    found = type(row)._base_manager.filter(pk=row.pk).values_list(column, flat=True).get()
    return bytes(found)


class World:
    """people: key -> name. visits: key -> (person, note). incidents: key -> (people, narrative).

    seed: decides what happens; a seed is always the same story.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.people: dict[UUID, str] = {}
        self.visits: dict[UUID, tuple[UUID, str]] = {}
        self.incidents: dict[UUID, tuple[frozenset[UUID], str]] = {}
        self.erased: set[UUID] = set()
        self.saved: Any = None

        self.begin()

    def begin(self) -> None:
        empty()
        KeyVersion.objects.all().delete()
        place = self.folder / new_id().hex
        with new_folder(place, kind=InstallationKind.LIVE, desks=("reporting", "administration")):
            pass
        settings.FOLDER = open_folder(place)
        instance.forget_keys()

    def live(self, steps: int) -> None:
        """Do so many things, and look after each whether all is as it should be."""
        for _ in range(steps):
            self.dice.choice(self.possible())()
            self.what_is_stored_tells_nothing()
            self.everybody_reads_as_they_should()

    def possible(self) -> list[Callable[[], None]]:
        """What may happen now; what an app does most often stands twice."""
        found = [self.looks_for_a_name, self.rotates, self.destroys_old_keys, self.backs_up]
        if len(self.people) < MOST:
            found += [self.adds_a_person] * 3
        if self.living():
            found += [self.renames, self.erases]
            found += [self.notes_a_visit] * (len(self.visits) < MOST)
            found += [self.moves_what_is_sealed] * bool(self.visits)
        if len(self.living()) > 1:
            found += [self.writes_about_several] * (len(self.incidents) < MOST)
            found += [self.swaps_two_wraps]
        found += [self.swaps_two_visits] * (VaultedVisit.objects.count() > 1)
        return found + [self.restores] * bool(self.saved)

    # What an app does.

    def adds_a_person(self) -> None:
        name = self.dice.choice(TEXTS)
        row = VaultedPerson.objects.create(code="c", name=name)
        self.people[row.pk] = name

    def renames(self) -> None:
        row = VaultedPerson.objects.get(pk=self.somebody())
        name = self.dice.choice(TEXTS)
        row.name = name
        row.save()
        self.people[row.pk] = name

    def notes_a_visit(self) -> None:
        person, note = self.somebody(), self.dice.choice(TEXTS)
        row = VaultedVisit.objects.create(person_id=person, note=note)
        self.visits[row.pk] = (person, note)

    def writes_about_several(self) -> None:
        text = self.dice.choice(TEXTS)
        people = frozenset(self.dice.sample(self.living(), 2))
        row = VaultedIncident(narrative=text)
        protect_record(record=row.pk, subjects=people)
        row.save()
        self.incidents[row.pk] = (people, text)

    def looks_for_a_name(self) -> None:
        with pytest.raises(FieldError):
            VaultedPerson.objects.filter(name="a").exists()

    # What the protected house does.

    def erases(self) -> None:
        person = self.somebody()
        with open_vault():
            row = VaultedPerson.objects.get(pk=person)
            assert row.name == self.people[person]
            with units.unit_of_work():
                erasure.erase_subject(act=act_for(person), subject=person, reason="request")
            self.erased.add(person)
            # The vault that was open all the while has forgotten the key.
            with pytest.raises(ErasedError):
                _ = row.name
        row.nickname = "again"
        with pytest.raises(ErasedError), transaction.atomic():
            row.save()

    def rotates(self) -> None:
        if not rotation.is_unfinished():
            rotation.switch_key(ByFile())
        rotation.bring_everything(lambda _name, _done: None)
        rotation.retire_versions()
        present = instance.current_version()
        used = {version for counts in rotation.count_by_holder().values() for version in counts}
        assert used <= {present}

    def destroys_old_keys(self) -> None:
        present = settings.FOLDER.instance_key
        gone = rotation.destroy_retired()
        settings.FOLDER = open_folder(settings.FOLDER.path)
        instance.forget_keys()
        assert settings.FOLDER.instance_key == present
        for version in gone:
            with pytest.raises(InputError):
                instance.instance_key(version, "vault/wrap")
        self.saved = self.saved if not gone else None

    def backs_up(self) -> None:
        rows = [rows_of(model) for model in TABLES]
        model = copy.deepcopy((self.people, self.visits, self.incidents))
        self.saved = (rows, model)

    def restores(self) -> None:
        rows, model = self.saved
        empty()
        for table, content in zip(TABLES, rows, strict=True):
            put_rows(table, content)
        self.people, self.visits, self.incidents = copy.deepcopy(model)
        reconciliation.settle_at_start()

    # What somebody who can write to the database tries.

    def moves_what_is_sealed(self) -> None:
        person = VaultedPerson.objects.get(pk=self.somebody())
        mine = sealed_in(person, "name")
        places: list[tuple[Any, str]] = [(person, "nickname")]
        places += [(row, "name") for row in VaultedPerson.objects.exclude(pk=person.pk)]
        places += [(row, "note") for row in VaultedVisit.objects.filter(person=person)]
        row, column = self.dice.choice(places)
        before = rows_of(type(row))
        rows = type(row)._base_manager.filter(pk=row.pk)
        rows.update(**{column: mine})
        with open_vault(), pytest.raises((NotAuthenticError, ErasedError)):
            getattr(rows.get(), column)
        self.put_back(type(row), before)

    def swaps_two_visits(self) -> None:
        rows = list(VaultedVisit.objects.order_by("pk"))[:2]
        before = rows_of(VaultedVisit)
        sealed = [sealed_in(row, "note") for row in rows]
        for row, other in zip(rows, reversed(sealed), strict=True):
            VaultedVisit.objects.filter(pk=row.pk).update(note=other)
        with open_vault(), pytest.raises((NotAuthenticError, ErasedError)):
            _ = VaultedVisit.objects.get(pk=rows[0].pk).note
        self.put_back(VaultedVisit, before)

    def swaps_two_wraps(self) -> None:
        one, other = self.living()[:2]
        rows = {row.pk: bytes(row.wrapped_key) for row in SubjectKey.objects.all()}
        SubjectKey.objects.filter(pk=one).update(wrapped_key=rows[other])
        with pytest.raises(NotAuthenticError):
            key_store.read_subject_keys([one])
        SubjectKey.objects.filter(pk=one).update(wrapped_key=rows[one])

    # What must always hold.

    def what_is_stored_tells_nothing(self) -> None:
        for row in VaultedPerson.objects.all():
            sealed = sealed_in(row, "name")
            assert len(sealed) in BUCKETS
            if len(self.people[row.pk]) > 1:
                assert self.people[row.pk].encode() not in sealed
        for key in SubjectKey.objects.all():
            assert key_version_of(bytes(key.wrapped_key)) == key.key_version
            moved = Column("vault_subjectkey", "wrapped_key", key.key_version + 1)
            above = key_store.wrapping_cipher(key.key_version)
            with pytest.raises(NotAuthenticError):
                moved.unwrap(above, key.pk.hex, bytes(key.wrapped_key))

    def everybody_reads_as_they_should(self) -> None:
        with open_vault():
            for row in VaultedPerson.objects.all():
                self.reads(row, "name", {row.pk}, self.people[row.pk])
            for visit in VaultedVisit.objects.all():
                person, note = self.visits[visit.pk]
                self.reads(visit, "note", {person}, note)
            for incident in VaultedIncident.objects.all():
                people, text = self.incidents[incident.pk]
                self.reads(incident, "narrative", people, text)
            living = {key: name for key, name in self.people.items() if key not in self.erased}
            assert dict(open_column(VaultedPerson.objects.all(), "name")) == living

    def reads(self, row: Any, column: str, people: Any, expected: str) -> None:
        if set(people) <= self.erased:
            with pytest.raises(ErasedError):
                getattr(row, column)
        else:
            assert getattr(row, column) == expected

    def living(self) -> list[UUID]:
        return sorted(self.people.keys() - self.erased)

    def somebody(self) -> UUID:
        return self.dice.choice(self.living())

    @staticmethod
    def put_back(model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
        """What was tampered with, as it was; other tables refer to these rows."""
        names = [field.column for field in model._meta.local_concrete_fields]
        sets = ", ".join(f"{name} = %s" for name in names)
        with connection.cursor() as cursor:
            for row in rows:
                key = row[names.index("id")]
                cursor.execute(
                    f"UPDATE {model._meta.db_table} SET {sets} WHERE id = %s",  # noqa: S608
                    [*row, key],
                )
