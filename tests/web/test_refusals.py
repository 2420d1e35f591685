"""A refusal says which rule of the charter refuses, and nothing about a record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse

from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.domain.catalogue import LANGUAGES
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

RULE = {
    "en": "Rule 1 of the charter: unconditional help.",
    "ar": "القاعدة 1 من الميثاق: مساعدة بلا شروط.",
}
ROLES = {"en": "Your roles do not include it.", "ar": "أدوارك لا تشمل ذلك"}
OF_THE_CHARTER = {"en": "of the charter", "ar": "من الميثاق"}


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_that_would_end_for_a_condition_is_refused_by_its_rule(
    office: Office, language: str
) -> None:
    row = ask_help(
        actor=office.worker, case=office.case(), wanted=HelpRequest("shelter"), begin=True
    )
    worker = signed_in(office.operation.desks[Desk.PROTECTION])
    worker.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    there = reverse("cases:help", args=[row.reference])
    told = {"do": "end", "text": "She left", "reason": "no_testimony"}
    refused = worker.post(there, told)
    assert refused.status_code == 403
    assert RULE[language] in refused.content.decode()
    assert ROLES[language] not in refused.content.decode(), "they do include it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_no_role_for_it_is_told_of_roles_and_of_no_rule(
    operation: Operation, language: str
) -> None:
    client = signed_in(operation.outsider)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("organisations:people")).content.decode()
    assert OF_THE_CHARTER[language] not in page


def test_a_protected_person_is_answered_as_nobody_is(office: Office) -> None:
    """On every page that is about somebody, whatever is sent to it."""
    person = office.person
    case = office.case()
    Person.objects.filter(pk=person.pk).update(protected=True, protected_at=clock.now())
    stranger = signed_in(office.operation.supervisor)
    nobody = "2" * len(person.reference)
    theirs = ("people:person", "people:change", "proceedings:show")
    of_case = ("cases:case", "cases:help_ask", "cases:urgency")
    addresses = [*((name, person.reference) for name in theirs)]
    addresses += [(name, case.reference) for name in of_case]
    for name, known in addresses:
        for sent in (None, {"do": "counsel", "text": "A word", "reason": "no_testimony"}):
            answers = []
            for reference in (known, nobody):
                address = reverse(name, args=[reference])
                answer = stranger.get(address) if sent is None else stranger.post(address, sent)
                page = answer.content.decode().replace(reference, "REFERENCE")
                answers.append((answer.status_code, without_nonces(page)))
            assert answers[0] == answers[1], (name, sent)
            assert answers[0][0] in (404, 405), "a page that is only read takes nothing"
            assert OF_THE_CHARTER["en"] not in answers[0][1]


def without_nonces(page: str) -> str:
    """A page without what is drawn anew for each request."""
    page = re.sub(r'nonce="[^"]*"', "", page)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
