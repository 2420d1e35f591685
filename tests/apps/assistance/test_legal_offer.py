"""Whoever may have no State's papers is offered legal help, beside the flag that says so."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from django.urls import reverse

from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.registry.actions import change_person
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
OFFER = "No State’s papers: offer legal help, and the way to a status."


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def page_of(office: Office, case: Case) -> str:
    browser = office.operation.at(Desk.PROTECTION)
    there = reverse("cases:case", args=[case.reference])
    return unescape(browser.get(there).content.decode())


def say(office: Office, case: Case, code: str) -> None:
    case.person.refresh_from_db()
    change_person(
        actor=office.worker,
        purpose=Purpose.ASSISTANCE,
        person=case.person,
        base_version=case.person.version,
        changes={"statelessness": code},
    )


@pytest.mark.parametrize("code", ["stateless", "at_risk", "undetermined"])
def test_it_is_offered_until_it_was_asked_for_or_declined(office: Office, code: str) -> None:
    case = office.case()
    assert OFFER not in page_of(office, case), "nothing is known of it"
    say(office, case, code)
    page = page_of(office, case)
    assert OFFER in page
    there = f"{reverse('cases:help_ask', args=[case.reference])}?kind=legal_advice"
    assert there in page
    form = office.operation.at(Desk.PROTECTION).get(there).content.decode()
    assert '<option value="legal_advice" selected>' in form
    ask_help(actor=office.worker, case=case, wanted=HelpRequest("residence_and_status"), begin=True)
    assert OFFER not in page_of(office, case)


@pytest.mark.parametrize("code", ["has_nationality", "unknown"])
def test_of_whom_it_is_not_said_nothing_is_offered_for_it(office: Office, code: str) -> None:
    case = office.case()
    say(office, case, code)
    page = page_of(office, case)
    assert OFFER not in page
    assert "Nationality" not in page.partition("record-main")[0].partition("summary")[2]
