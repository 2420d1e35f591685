"""Of an erased person nothing opens any more, and nobody else loses a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Model

from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.retention import apply_retention, period_of
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.deadlines.actions import set_deadline
from marfa.platform.deadlines.kinds import deadline_kind
from marfa.platform.deadlines.models import Deadline
from marfa.platform.outbox.mail import MAIL, Letter, register_letter
from marfa.platform.outbox.models import Parcel
from marfa.platform.revisions.drafts import save_draft
from marfa.platform.revisions.models import Draft, Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.fields.footprint import footprint_of
from marfa.safeguards.fields.register import model_declaration
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.models import SubjectKey
from tests.apps.registry.full_record import everything_about, key_of
from tests.conftest import Operation
from tests.support.by_two import erase_by_two
from tests.support.canary import CANARIES, scan_database
from tests.support.sample_rows import WITH_PEOPLE, Made, tables_of, vaulted_fields

pytestmark = pytest.mark.django_db

REVIEW = deadline_kind("tests.person_review")


@register_letter("tests.about_person")
def nothing_to_say(*, person: UUID) -> Letter | None:
    return None


@pytest.fixture(autouse=True)
def all_rows(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


@pytest.fixture
def site(operation: Operation) -> Site:
    found = Site.objects.filter(organisation=operation.controller).order_by("created_at", "pk")
    return found[0]


def plant(site: Site, operation: Operation) -> Made:
    """Everything about somebody, with what the house keeps beside the tables of the app."""
    with open_vault():
        made = everything_about(site)
    person = made[Person]
    user = operation.supervisor.pk
    owner = owner_of(person)
    save_draft(user=user, form="p", subject=person.pk, content={"n": str(CANARIES)}, owner=owner)
    set_deadline(kind=REVIEW, subject=person.pk, due_at=clock.now(), owner=owner)
    with transaction.atomic():
        MAIL.post("tests.about_person", lane=person.pk, owner=owner, person=person.pk)
    return made


def tables_about(made: Made) -> list[type[Model]]:
    """The tables whose row tells of the person, by the field register."""
    return [model for model in tables_of(*WITH_PEOPLE) if model_declaration(model).subjects]


def test_every_sealed_field_is_planted_and_comes_back(site: Site, operation: Operation) -> None:
    """Else the other tests here would find nothing because nothing was there."""
    made = plant(site, operation)
    seen: set[str] = set()
    with open_vault():
        for model in tables_of(*WITH_PEOPLE):
            for field in vaulted_fields(model):
                stored: Any = getattr(model._base_manager.get(pk=made[model].pk), field.attname)
                text = stored[0] if isinstance(stored, list) else stored
                assert text in CANARIES.values(), f"{model._meta.label}.{field.name}"
                seen.add(text)
    assert seen == set(CANARIES.values())


def test_none_of_it_is_in_clear_anywhere_in_the_database(site: Site, operation: Operation) -> None:
    plant(site, operation)
    assert scan_database() == []


def test_an_erased_person_leaves_nothing_that_opens(site: Site, operation: Operation) -> None:
    gone, stays = plant(site, operation), plant(site, operation)
    subject = key_of(gone)
    footprint = footprint_of(subject)
    for model in tables_about(gone):
        if model in footprint.rows or _kept(model):
            continue
        raise AssertionError(f"{model._meta.label}: the register does not lead to its row")
    assert erase_by_two(actor=by_command(), subject=subject)
    assert not SubjectKey.objects.filter(subject=subject).exists()
    for model in tables_about(gone):
        if not _kept(model):
            assert not model._base_manager.filter(pk=gone[model].pk).exists(), model._meta.label
        assert model._base_manager.filter(pk=stays[model].pk).exists(), model._meta.label
    keys = [subject, *(row.pk for row in gone.values() if row.pk != site.pk)]
    assert not Revision.objects.filter(about_id=subject).exists()
    assert not Revision.objects.filter(object_id__in=keys).exists()
    assert not Draft.objects.filter(subject=str(subject)).exists()
    assert not Deadline.objects.filter(subject=subject).exists()
    assert not Parcel.objects.filter(lane=subject).exclude(destination="names").exists()
    assert Draft.objects.filter(subject=str(key_of(stays))).exists()
    assert Deadline.objects.filter(subject=key_of(stays)).exists()
    # The index of names is told that the person is gone by a parcel that goes when it is delivered.
    Parcel.objects.filter(lane=subject, destination="names").delete()
    # The request and its answer stay, in codes, as an account of why the person is gone.
    answered = ["privacy.DataRequest.subject", "privacy.RequestAnswer.subject"]
    assert sorted(stored_with(subject)) == answered


def stored_with(subject: UUID) -> list[str]:
    """Columns of our tables in which the key of a person still stands, but for those that must
    name whom not to bring back."""
    found = []
    for model in _all_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() != "UUIDField" and not field.is_relation:
                continue
            try:
                there = model._base_manager.filter(**{field.attname: subject}).exists()
            except (ValueError, TypeError):
                continue
            name = f"{model._meta.label}.{field.name}"
            if there and name not in NAMED_ON:
                found.append(name)
    return found


NAMED_ON = {
    "audit.Entry.subject_id",
    "audit.Entry.object_id",
    "vault.Erasure.subject",
}
"""The log, which is not rewritten, and the erased list, which keeps a backup from bringing back."""


def _all_models() -> list[type[Model]]:
    from django.apps import apps

    return [model for model in apps.get_models() if model.__module__.startswith("marfa.")]


def _kept(model: type[Model]) -> bool:
    from marfa.safeguards.fields.footprint import kept_on_erasure

    return kept_on_erasure(model_declaration(model))


def test_at_the_end_of_the_period_all_of_it_goes(site: Site, operation: Operation) -> None:
    """Counted from when they left the site; whoever is still there stays."""
    gone, stays = plant(site, operation), plant(site, operation)
    now = clock.now()
    Person.objects.filter(pk=key_of(gone)).update(presence="departed", left_at=now)
    period = period_of(model_declaration(Person).retention)
    assert period is not None
    with clock.set_to(now + period - timedelta(seconds=1)):
        apply_retention(actor=by_command())
        assert Person.objects.filter(pk=key_of(gone)).exists()
    with clock.set_to(now + period):
        apply_retention(actor=by_command())
    for model in tables_about(gone):
        if not _kept(model):
            assert not model._base_manager.filter(pk=gone[model].pk).exists(), model._meta.label
    assert not SubjectKey.objects.filter(subject=key_of(gone)).exists()
    assert Person.objects.filter(pk=key_of(stays)).exists()
    assert SubjectKey.objects.filter(subject=key_of(stays)).exists()


def test_what_is_kept_is_told_to_the_person_and_to_nobody_else(
    site: Site, operation: Operation
) -> None:
    """Every table that tells of them has a section; what speaks of others is left out."""
    made = plant(site, operation)
    with open_vault():
        told = answer_access(actor=by_command(), subject=key_of(made), language="en")
    titles = {section.title for section in told.sections}
    for model in tables_about(made):
        if vaulted_fields(model):
            assert str(model._meta.verbose_name_plural) in titles, model._meta.label
    text = str(told.as_json())
    assert CANARIES["name (latin)"] in text
    assert told.left_out["others"] > 0, "whose telephone it is may be another's"
