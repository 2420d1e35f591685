"""Each table with something of a person is kept apart by the database, or excused by name."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models
from django.db.models import UniqueConstraint
from django.test.utils import isolate_apps

from marfa.domain.ids import new_id, new_reference
from marfa.platform.rowsecurity.inspection import (
    owned_models,
    tables_without_policies,
    telling_keys,
)
from marfa.platform.rowsecurity.ownership import OwnedRows
from marfa.safeguards.fields.register import everything_declared
from marfa.safeguards.fields.separation import NOT_KEPT_APART, check_rows, tables_left_open
from tests.support.harbour.models import Person
from tests.support.rows import on_postgresql, protect, unprotect


def test_no_table_is_left_open() -> None:
    assert list(tables_left_open()) == []
    assert check_rows(None) == []


def test_what_is_excused_exists_and_needs_it() -> None:
    known = {model._meta.label: declared for model, declared in everything_declared()}
    for label, why in NOT_KEPT_APART.items():
        assert apps.get_model(label)
        assert label in known
        assert len(why) > 10


@pytest.mark.parametrize("label", sorted(NOT_KEPT_APART))
def test_a_table_without_an_excuse_is_found(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault, and at once the proof that each excuse is needed."""
    monkeypatch.delitem(NOT_KEPT_APART, label)
    assert list(tables_left_open()) == [label]
    (error,) = [each for each in run_checks() if each.id == "marfa.E020"]
    assert label in str(error.msg)


def test_a_model_that_says_whose_its_rows_are_is_not_left_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = apps.get_model("incidents.Note")
    monkeypatch.delitem(NOT_KEPT_APART, "incidents.Note")
    monkeypatch.setattr(model, "owned_rows", OwnedRows(owner="incident"), raising=False)
    assert list(tables_left_open()) == []


@isolate_apps("tests.support.harbour")
def test_a_key_that_tells_of_others_is_found() -> None:
    class Registered(models.Model):
        owned_rows = OwnedRows()

        id = models.UUIDField(primary_key=True, default=new_id)
        reference = models.CharField(max_length=20, unique=True, default=new_reference)
        organisation = models.UUIDField()
        number = models.CharField(max_length=20)
        passport = models.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "harbour"
            constraints = [
                UniqueConstraint(fields=["organisation", "number"], name="parted"),
                UniqueConstraint(fields=["number"], name="telling"),
            ]

        def __str__(self) -> str:
            return "registered"

    assert list(telling_keys(Registered)) == ["passport", "telling"]
    assert list(telling_keys(Person)) == []


@pytest.mark.django_db
def test_every_model_that_says_so_has_its_policies() -> None:
    assert tables_without_policies(owned_models()) == []


@on_postgresql
@pytest.mark.owner  # it changes tables
@pytest.mark.django_db
def test_a_table_without_its_policies_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "owned_rows", OwnedRows(owner="organisation_id"), raising=False)
    assert tables_without_policies([Person]) == ["harbour_person"]
    protect()
    assert tables_without_policies([Person]) == []
    statements = [
        "ALTER TABLE harbour_person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY marfa_update ON harbour_person",
        "DROP TRIGGER marfa_keep_owner ON harbour_person",
    ]
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT planted")
            cursor.execute(statement)
            assert tables_without_policies([Person]) == ["harbour_person"]
            cursor.execute("ROLLBACK TO SAVEPOINT planted")
    unprotect()
