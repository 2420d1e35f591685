"""Every kind of subject keeps the same contract, and one that breaks a part of it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from marfa.apps.accounts.actions import create_user
from marfa.apps.complaints.actions import make_complaint, note_on_complaint
from marfa.apps.complaints.models import Complaint
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewName, NewPerson, change_person, register_person
from marfa.apps.registry.models import Person
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards import subjects
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role
from tests.conftest import Operation
from tests.support.subject_contract import BREAKS, CHECKS, FAULTS, Check, Tried, broken

pytestmark = pytest.mark.django_db(transaction=True)


def site_of(operation: Operation) -> Site:
    found = Site.objects.filter(organisation=operation.controller).order_by("created_at", "pk")
    return found[0]


def two_people(operation: Operation) -> Tried:
    officer = operation.desks[Desk.RECEPTION]

    def made(name: str) -> Person:
        return register_person(
            actor=actor_of(officer),
            purpose=Purpose.REGISTRATION,
            site=site_of(operation),
            told=NewPerson(names=(NewName(name),), sex="female"),
        )

    row, other = made("Amberjack"), made("Bonito")

    def change() -> None:
        with open_vault():
            change_person(
                actor=actor_of(officer),
                purpose=Purpose.REGISTRATION,
                person=Person.objects.get(pk=row.pk),
                base_version=1,
                changes={"languages": ["apc"]},
            )

    return Tried(row, other, officer, operation.outsider, operation.guest, change)


def two_complaints(operation: Operation) -> Tried:
    reader = create_user(username="reader", display_name="Reader of complaints")
    grant_role(user=reader, role=Role.FOCAL_POINT, organisation=operation.controller)

    def made(text: str) -> Complaint:
        return make_complaint(
            actor=actor_of(operation.desks[Desk.RECEPTION]),
            organisation=operation.controller,
            site=site_of(operation),
            about="guard",
            matter="money",
            text=text,
            contact="by the well",
        )

    row, other = made("The guard asked for money"), made("The food is cold")

    def change() -> None:
        note_on_complaint(actor=actor_of(reader), complaint=row, text="We spoke with him")

    # A colleague of the same desk who works there: it is not theirs to know of.
    return Tried(row, other, reader, operation.supervisor, operation.guest, change)


MAKERS: dict[str, Callable[[Operation], Tried]] = {
    "Person": two_people,
    "Complaint": two_complaints,
}


def test_each_kind_that_an_app_brings_is_tried() -> None:
    assert {kind.name for kind in subjects.subject_kinds()} == set(MAKERS)


def tried(kind: str, operation: Operation) -> Tried:
    with every_organisation():
        return MAKERS[kind](operation)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_kind_keeps_its_contract(
    kind: str, check: Check, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(subjects.kind_named(kind), tried(kind, operation), monkeypatch)


CONTROL = "Complaint"


@pytest.mark.parametrize("wrong", BREAKS)
def test_a_broken_kind_is_found(
    wrong: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, parts = BREAKS[wrong]
    kind, subject = subjects.kind_named(CONTROL), tried(CONTROL, operation)
    with broken(kind, parts(kind), monkeypatch) as control, pytest.raises(AssertionError):
        CHECKS[name](control, subject, monkeypatch)


@pytest.mark.parametrize("wrong", FAULTS)
def test_a_mechanism_that_fails_a_kind_is_found(
    wrong: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, plant = FAULTS[wrong]
    kind, subject = subjects.kind_named(CONTROL), tried(CONTROL, operation)
    plant(monkeypatch, kind)
    with pytest.raises(AssertionError):
        CHECKS[name](kind, subject, monkeypatch)


def test_a_name_is_one_kinds() -> None:
    kind = subjects.kind_named(CONTROL)
    subjects.register(kind)
    with pytest.raises(ValueError, match="is taken"):
        subjects.register(replace(kind, model="quay.Guest"))
