"""The database itself keeps the people of one organisation from another's, in every table."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from marfa.apps.organisations.actions import open_site, open_to_organisation
from marfa.apps.organisations.models import Site
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.platform.rowsecurity.inspection import owned_models
from marfa.platform.rowsecurity.operations import columns_of
from marfa.platform.rowsecurity.ownership import field_of, owned_rows
from marfa.platform.rowsecurity.policies import protect_statements
from marfa.safeguards.vault.access import open_vault
from tests.apps.registry.full_record import everything_about, key_of
from tests.conftest import Operation
from tests.support.rows import on_postgresql
from tests.support.sample_rows import WITH_PEOPLE, Made, tables_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ABOUT_PEOPLE = [model for model in tables_of(*WITH_PEOPLE) if owned_rows(model) is not None]
OF_ALL = {"agreements.Recipient", "agreements.DataAgreement", "consents.RecallNotice"}
"""Tables of the app that are kept for the installation as a whole, or are excused with a reason."""


class World:
    """Everything about one person of the controller, and about one of the guest."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.ours, self.theirs = operation.controller, operation.guest
        self.made: dict[UUID, Made] = {}
        for each in (self.ours, self.theirs):
            site = Site.objects.filter(organisation=each).first()
            site = site or open_site(organisation=each, name="Lamp", time_zone="Asia/Damascus")
            with row_context([each.pk]), open_vault():
                self.made[each.pk] = everything_about(site)

    def open_to_them(self) -> UUID:
        person = key_of(self.made[self.ours.pk])
        open_to_organisation(
            organisation=self.theirs,
            object_kind="Person",
            object_id=person,
            until=clock.now() + DAY,
            owner=self.ours.pk,
        )
        return person


@pytest.fixture
def world(operation: Operation) -> World:
    return World(operation)


def owner_column(model: type[Model]) -> str:
    said = owned_rows(model)
    assert said is not None
    return str(field_of(model, said.owner).column)


def raw(model: type[Model]) -> set[UUID]:
    """Whose rows any statement sees."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{owner_column(model)}" FROM "{model._meta.db_table}"')  # noqa: S608
        return {row[0] for row in cursor.fetchall()}


def test_every_table_with_people_says_whose_it_is() -> None:
    left = {model._meta.label for model in tables_of(*WITH_PEOPLE)} - {
        model._meta.label for model in ABOUT_PEOPLE
    }
    assert left == OF_ALL


@on_postgresql
@pytest.mark.owner  # it makes the policies anew, in a transaction that is undone
def test_the_policies_of_every_table_are_those_that_its_model_asks_for() -> None:
    """Of all apps: made anew from the model they are the same, to the letter."""
    ours = [model for model in owned_models() if model.__module__.startswith("marfa.")]
    assert len(ours) > 15
    with connection.cursor() as cursor:
        for model in ours:
            said = owned_rows(model)
            assert said is not None
            before = policies_of(cursor, model)
            for statement in protect_statements(model._meta.db_table, columns_of(model, said)):
                cursor.execute(statement)
            assert policies_of(cursor, model) == before, model._meta.label


def policies_of(cursor: Any, model: type[Model]) -> set[tuple[str, str, str]]:
    cursor.execute(
        "SELECT policyname, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies"
        " WHERE tablename = %s",
        [model._meta.db_table],
    )
    found = set(cursor.fetchall())
    cursor.execute(
        "SELECT tgname, pg_get_triggerdef(oid), '' FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
        [model._meta.db_table],
    )
    return found | set(cursor.fetchall())


@on_postgresql
def test_a_guest_sees_none_of_the_others_people_by_any_statement(world: World) -> None:
    for model in ABOUT_PEOPLE:
        for each in (world.ours, world.theirs):
            with row_context([each.pk]):
                assert raw(model) == {each.pk}, model._meta.label
        with every_organisation():
            assert raw(model) == {world.ours.pk, world.theirs.pk}, model._meta.label
        assert raw(model) == set(), model._meta.label


@on_postgresql
def test_a_guest_changes_and_takes_none_of_them(world: World) -> None:
    ours, theirs = world.ours.pk, world.theirs.pk
    for model in ABOUT_PEOPLE:
        table, column = model._meta.db_table, owner_column(model)
        with row_context([theirs]), connection.cursor() as cursor:
            for act in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):  # noqa: S608
                cursor.execute(f'{act} WHERE "{column}" = %s', [ours])
                assert cursor.rowcount == 0, model._meta.label
            with refused():
                cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [ours])  # noqa: S608


@on_postgresql
def test_an_opened_person_is_seen_whole_and_is_not_given_away(world: World) -> None:
    person = world.open_to_them()
    ours, theirs = world.ours.pk, world.theirs.pk
    for model in ABOUT_PEOPLE:
        said = owned_rows(model)
        assert said is not None
        shown = {ours, theirs} if said.kind == "Person" else {theirs}
        table, column = model._meta.db_table, owner_column(model)
        with row_context([theirs]):
            assert raw(model) == shown, model._meta.label
            if said.kind == "Person":
                with refused(), connection.cursor() as cursor:
                    cursor.execute(
                        f'UPDATE "{table}" SET "{column}" = %s WHERE "{column}" = %s',  # noqa: S608
                        [theirs, ours],
                    )
    with row_context([theirs]), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_person WHERE id = %s", [person])
        assert cursor.rowcount == 0, "nobody but its owner deletes a person"


@contextlib.contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        yield
