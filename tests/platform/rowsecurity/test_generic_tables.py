"""Tables of rows about anything: drafts, revisions, deadlines, files and deliveries of another
organisation are not there, whatever statement asks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import create_organisation, open_to_organisation
from marfa.apps.organisations.models import Organisation
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.files.actions import give_file, start_upload
from marfa.platform.files.models import StoredFile
from marfa.platform.outbox.mail import MAIL, Letter, register_letter
from marfa.platform.outbox.models import Parcel
from marfa.platform.revisions.actions import create_row, save_changes
from marfa.platform.revisions.drafts import save_draft
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.platform.rowsecurity.ownership import (
    INSTALLATION,
    OwnedRows,
    Owner,
    WithoutOwnerError,
    owner_of,
)
from tests.support.harbour.models import Person
from tests.support.rows import on_postgresql
from tests.support.sample.models import Sample

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TABLES: list[type[Model]] = [Draft, Revision, Deadline, StepReached, StoredFile, Parcel]
REVIEW = deadline_kind("tests.owned_review", Step("late"))


@register_letter("tests.owned")
def nothing_to_say(*, person: UUID) -> Letter | None:
    return None


class World:
    """A person of each of two organisations, with a row about them in each table."""

    def __init__(self) -> None:
        self.user = create_user(username="worker", display_name="Worker")
        self.ours = create_organisation(name="Ours", kind=Organisation.Kind.CONTROLLER)
        self.theirs = create_organisation(name="Theirs", kind=Organisation.Kind.GUEST)
        self.people = {}
        for each in (self.ours, self.theirs):
            with row_context([each.pk]):
                person = Person.objects.create(organisation_id=each.pk)
                self.people[each.pk] = person.pk
                write_about(self.user, Owner(each.pk, "Person", person.pk))

    def open_to_them(self) -> None:
        open_to_organisation(
            organisation=self.theirs,
            object_kind="Person",
            object_id=self.people[self.ours.pk],
            until=clock.now() + DAY,
            owner=self.ours.pk,
        )


def write_about(user: User, owner: Owner) -> None:
    """One row in each table, by the actions that apps use; the revisions as ``_record`` makes
    them."""
    key = owner.key or new_id()
    save_draft(user=user.pk, form="visit", subject=key, content={"a": "b"}, owner=owner)
    set_deadline(kind=REVIEW, subject=key, due_at=clock.now() - DAY, owner=owner)
    climb_ladders()
    file = start_upload(uploader_id=user.pk, size=3, name="", media_type="text/plain", owner=owner)
    assert file.organisation == owner.organisation
    with transaction.atomic():
        MAIL.post("tests.owned", lane=key, owner=owner, person=key)
    write_revision(owner, key)


def write_revision(owner: Owner, key: UUID) -> None:
    Revision.objects.create(
        model="harbour.person",
        object_id=key,
        version=1,
        field="site_id",
        kind=Revision.Kind.CREATED,
        at=clock.now(),
        purpose="test",
        action="test",
        organisation=owner.organisation,
        about_kind=owner.kind,
        about_id=owner.key,
    )


@pytest.fixture
def world() -> World:
    return World()


def raw(table: str) -> set[UUID | None]:
    """Whose rows any statement of the application sees."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT organisation FROM "{table}"')  # noqa: S608
        return {row[0] for row in cursor.fetchall()}


@on_postgresql
@pytest.mark.parametrize("model", TABLES)
def test_a_guest_sees_none_of_the_others_rows(world: World, model: type[Model]) -> None:
    table = model._meta.db_table
    for each in (world.ours, world.theirs):
        with row_context([each.pk]):
            assert raw(table) == {each.pk}
    with every_organisation():
        assert raw(table) == {world.ours.pk, world.theirs.pk}
    assert raw(table) == set(), "nothing without a context"


@on_postgresql
@pytest.mark.parametrize("model", TABLES)
def test_a_guest_changes_none_of_the_others_rows(world: World, model: type[Model]) -> None:
    table = model._meta.db_table
    with row_context([world.theirs.pk]), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET about_kind = about_kind WHERE organisation = %s',  # noqa: S608
            [world.ours.pk],
        )
        assert cursor.rowcount == 0
        cursor.execute(
            f'DELETE FROM "{table}" WHERE organisation = %s',  # noqa: S608
            [world.ours.pk],
        )
        assert cursor.rowcount == 0
        with refused():
            cursor.execute(f'UPDATE "{table}" SET organisation = %s', [world.ours.pk])  # noqa: S608
        with refused():
            cursor.execute(
                f"UPDATE \"{table}\" SET organisation = NULL, about_kind = '',"  # noqa: S608
                " about_id = NULL"
            )


@on_postgresql
def test_nothing_is_written_in_the_others_name(world: World) -> None:
    ours = Owner(world.ours.pk, "Person", world.people[world.ours.pk])
    writes: list[Callable[[], object]] = [
        lambda: save_draft(user=world.user.pk, form="x", subject=None, content={}, owner=ours),
        lambda: set_deadline(kind=REVIEW, subject=new_id(), due_at=clock.now(), owner=ours),
        lambda: MAIL.post("tests.owned", lane=new_id(), owner=ours, person=new_id()),
        lambda: start_upload(
            uploader_id=world.user.pk, size=3, name="", media_type="text/plain", owner=ours
        ),
        lambda: write_revision(ours, new_id()),
    ]
    for write in writes:
        with row_context([world.theirs.pk]), refused():
            write()


@on_postgresql
@pytest.mark.parametrize("model", TABLES)
def test_what_is_about_an_opened_person_is_seen_with_it(world: World, model: type[Model]) -> None:
    world.open_to_them()
    table = model._meta.db_table
    with row_context([world.theirs.pk]):
        assert raw(table) == {world.ours.pk, world.theirs.pk}
        with refused(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET organisation = %s', [world.theirs.pk])  # noqa: S608
    assert raw(table) == set()  # another context, so that the next is told its own moment
    with clock.set_to(clock.now() + 2 * DAY), row_context([world.theirs.pk]):
        assert raw(table) == {world.theirs.pk}


@on_postgresql
def test_a_guest_writes_about_an_opened_person_in_the_owners_name(world: World) -> None:
    """What they change has a history, which stays with the person when the opening ends."""
    world.open_to_them()
    person = world.people[world.ours.pk]
    with row_context([world.theirs.pk]):
        write_revision(Owner(world.ours.pk, "Person", person), new_id())
        with refused():
            write_revision(Owner(new_id(), "Person", person), new_id())
        file = start_upload(
            uploader_id=world.user.pk,
            size=3,
            name="",
            media_type="text/plain",
            owner=Owner(world.theirs.pk),
        )
        give_file(file=file, owner=Owner(world.ours.pk, "Person", person))
    with row_context([world.ours.pk]):
        assert Revision.objects.filter(about_id=person).count() == 2
        assert StoredFile.objects.filter(pk=file.pk).exists()


def test_what_is_about_nobody_is_seen_by_all(world: World) -> None:
    with row_context([world.theirs.pk]):
        write_about(world.user, INSTALLATION)
    for model in TABLES:
        assert model._base_manager.filter(organisation=None).count() == 1, model


@pytest.mark.parametrize("model", TABLES)
def test_no_row_about_an_object_is_without_an_owner(world: World, model: type[Model]) -> None:
    """The database refuses it, so that no forgetful caller can make one."""
    with row_context([world.ours.pk]):
        key = model._base_manager.filter(organisation=world.ours.pk).values_list("pk").get()[0]
        for values in (
            {"organisation": None},
            {"about_id": None},
            {"about_kind": ""},
        ):
            with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
                model._base_manager.filter(pk=key).update(**values)


def test_the_history_of_a_row_is_whose_the_row_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody passes it along: it is read from the row, or the row is refused."""
    organisation, person = new_id(), new_id()
    monkeypatch.setattr(
        Sample,
        "owned_rows",
        OwnedRows(owner="organisation", kind="Person", object_key="id"),
        raising=False,
    )
    monkeypatch.setattr(
        "marfa.platform.rowsecurity.ownership.field_of", lambda model, name: _Named(name)
    )
    with row_context([organisation]):
        row = Sample(id=person, note="a", sex="female")
        row.organisation = organisation  # type: ignore[attr-defined]
        create_row(row, actor=None, purpose="test", action="test")
        save_changes(
            row, base_version=1, changes={"note": "b"}, actor=None, purpose="test", action="test"
        )
        found = set(Revision.objects.values_list("organisation", "about_kind", "about_id"))
        assert found == {(organisation, "Person", person)}
    nobodys = Sample(note="a", sex="female")
    nobodys.organisation = None  # type: ignore[attr-defined]
    with pytest.raises(WithoutOwnerError):
        owner_of(nobodys)


class _Named:
    def __init__(self, name: str) -> None:
        self.attname = name


@contextlib.contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        yield
