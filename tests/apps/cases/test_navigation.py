"""From each page of a case one comes back to where one came from, and its parts have one name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation

from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import case_parts
from marfa.apps.manifest import Desk, desk_navigation, desk_tour
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def back_of(page: str) -> str:
    return page.split('<a class="back" href="')[1].split('"')[0]


@pytest.mark.django_db
def test_back_leads_to_the_case(office: Office, operation: Operation) -> None:
    case = office.case()
    there = reverse("cases:case", args=[case.reference])
    client = signed_in(operation.desks[Desk.PROTECTION])
    boss = signed_in(operation.supervisor)
    presumption = reverse("cases:begin", args=[case.person.reference])
    responsible = reverse("cases:responsible", args=[case.reference])
    assert back_of(client.get(presumption).content.decode()) == there
    assert back_of(boss.get(responsible).content.decode()) == there


@pytest.mark.django_db
def test_who_may_not_read_the_case_is_led_elsewhere(office: Office, operation: Operation) -> None:
    case = office.case()
    Case.objects.filter(pk=case.pk).update(worker=None)
    presumption = reverse("cases:begin", args=[case.person.reference])
    page = signed_in(operation.desks[Desk.RECEPTION]).get(presumption).content.decode()
    assert back_of(page) == reverse("people:person", args=[case.person.reference])
    assert reverse("cases:case", args=[case.reference]) not in page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_tour_names_what_the_page_names(language: str) -> None:
    with translation.override(language):
        texts = {step.code: str(step.text) for step in desk_tour(Desk.PROTECTION)}
        parts = {part.name: str(part.label) for part in case_parts()}
        pages = {item.url_name: str(item.label) for item in desk_navigation(Desk.PROTECTION)}
        for code, part in (("help", "help"), ("refer", "referrals"), ("contact", "following")):
            assert parts[part] in texts[code]
        assert pages["hand_overs:all"] in texts["take_up"]
