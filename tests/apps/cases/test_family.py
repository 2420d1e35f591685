"""Family links on the page of a case: by name for who may see both, else the code or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user, exclude_from_object
from marfa.apps.registry.actions import (
    NewName,
    NewPerson,
    claim_relationship,
    settle_relationship,
)
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import Person, Relationship
from marfa.domain.codes import format_code
from marfa.domain.dates import PartialDate
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

SISTER, COUSIN = "Widad Canary-Sister", "Salma Canary-Cousin"


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def related(office: Office, case: Case, name: str, kind: str, *, verified: bool = True) -> Person:
    told = NewPerson((NewName(name),), "female", PartialDate.gregorian(1985), "stated")
    other = office.register(told)
    registering = Purpose.REGISTRATION
    row = claim_relationship(
        actor=office.officer, person=other, to=case.person, kind=kind, purpose=registering
    )
    if verified:
        settle_relationship(
            actor=office.supervisor,
            row=row,
            state=Relationship.State.VERIFIED,
            basis="Both said so",
            purpose=registering,
        )
    return other


def part_of(office: Office, user: object, case: Case) -> str:
    page = signed_in(user).get(reverse("cases:case", args=[case.reference]))  # type: ignore[arg-type]
    text = unescape(page.content.decode())
    return text.partition('id="family"')[2].partition('id="identification"')[0]


def test_a_name_stands_where_both_may_be_seen_else_the_code(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    worker = operation.desks[Desk.PROTECTION]
    sister = related(office, case, SISTER, "sibling")
    cousin = related(office, case, COUSIN, "cousin", verified=False)
    shown = part_of(office, worker, case)
    assert format_code(sister.code) in shown
    assert SISTER not in shown, "the worker is assigned to one of the two"
    assert format_code(cousin.code) not in shown, "what is claimed is no tie yet"
    assign_user(user=worker, object_kind="Person", object_id=sister.pk)
    before = list(Entry.objects.values_list("pk", flat=True))
    assert SISTER in part_of(office, worker, case)
    told = Entry.objects.exclude(pk__in=before).filter(action="people.open_identity")
    assert sister.pk in {entry.subject_id for entry in told}, "whose name was shown is on record"
    assert SISTER in part_of(office, operation.supervisor, case)


def test_of_who_is_protected_or_shut_nothing_is_told(office: Office, operation: Operation) -> None:
    case, alone = office.case(), office.case(office.register())
    worker, boss = operation.desks[Desk.PROTECTION], operation.supervisor
    none = part_of(office, worker, alone)
    assert "No verified relatives are known." in none
    sister = related(office, case, SISTER, "sibling")
    protect_person(
        actor=office.supervisor,
        person=sister,
        reason="They look for her",
        review_on=clock.now().date() + timedelta(days=9),
        staying=[boss, operation.colleague],
    )
    assert SISTER in part_of(office, boss, case), "the control"
    hidden = part_of(office, worker, case).replace(case.reference, alone.reference)
    assert hidden == none, "as if there were nobody"
    cousin = related(office, case, COUSIN, "cousin")
    exclude_from_object(object_kind="Person", object_id=cousin.pk, user=worker)
    assert part_of(office, worker, case).replace(case.reference, alone.reference) == none


def test_a_case_names_its_person_to_who_may_open_it(office: Office, operation: Operation) -> None:
    person = office.register(
        NewPerson((NewName(SISTER),), "female", PartialDate.gregorian(1985), "stated")
    )
    case = office.case(person)

    def told(user: object) -> str:
        page = signed_in(user).get(reverse("cases:case", args=[case.reference]))  # type: ignore[arg-type]
        return unescape(page.content.decode())

    before = list(Entry.objects.values_list("pk", flat=True))
    assert SISTER in told(operation.desks[Desk.PROTECTION])
    opened = Entry.objects.exclude(pk__in=before).filter(action="people.open_identity")
    assert [entry.subject_id for entry in opened] == [person.pk]
    assert SISTER not in told(operation.desks[Desk.ADMINISTRATION]), "no case is shown at all"
