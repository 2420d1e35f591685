"""The head of a case's page: whom it is about, how urgent it is, and what the person wants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.assistance.actions.plans import set_goal
from marfa.apps.assistance.models import Contact
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import CHILD, Office
from tests.apps.registry.test_person_page import summary_in
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def shown(operation: Operation, case: Case) -> str:
    answer = operation.at(Desk.PROTECTION).get(reverse("cases:case", args=[case.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_says_that_it_is_about_a_child_alone(operation: Operation, office: Office) -> None:
    case = office.case(office.register(CHILD))
    Case.objects.filter(pk=case.pk).update(urgency="now")
    facts = summary_in(shown(operation, case))
    assert facts[0] == "Child"
    assert facts[-2:] == ["Unaccompanied", "Now"]
    assert "Female" in facts
    grown = summary_in(shown(operation, office.case()))
    assert grown[0] == "Adult"
    assert "Unaccompanied" not in grown


def test_what_the_person_wants_first_stands_at_the_head(
    operation: Operation, office: Office
) -> None:
    case = office.case()
    assert "What the person wants first" not in shown(operation, case)
    for words in ("a door with a lock", "to see her sister"):
        set_goal(actor=office.worker, case=case, area="shelter", text=words)
    head = shown(operation, case).partition("Next step")[0]
    assert "a door with a lock" in head
    assert "to see her sister" not in head


def test_a_closed_case_counts_as_no_urgency(operation: Operation, office: Office) -> None:
    case = office.case()
    before = summary_in(shown(operation, case))
    assert "Adult" in before[:-1]
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=case.opened_at)
    assert summary_in(shown(operation, case)) == before[:-1]


def test_times_are_told_from_now(operation: Operation, office: Office) -> None:
    """From when it was opened, and until a contact that is planned; then how late it is."""
    case = office.case()
    due = clock.now() + timedelta(hours=5)
    contact = plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)
    page = shown(operation, case)
    assert re.search(r'Opened</dt><dd>[^<]+<span class="hint">[^<]* ago</span>', page)
    assert '<span class="hint">in 5 hours</span></li>' in page
    late = clock.now() - timedelta(days=250)
    Contact.objects.filter(pk=contact.pk).update(due_at=late)
    assert '<span class="hint">8 months late</span></li>' in shown(operation, case)


def test_a_colleague_of_another_site_is_told_nothing(operation: Operation, office: Office) -> None:
    there = reverse("cases:case", args=[office.case().reference])
    assert signed_in(operation.colleague).get(there).status_code == 404
