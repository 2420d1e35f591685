"""A device that was handed over: one page is open on it until its user takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.platform import clock
from tests.apps.accounts.people import Person, code_now, with_app
from tests.conftest import Operation

COMPLAIN = "/desks/reception/complaint/"
ELSEWHERE = (
    "/",
    "/search/",
    "/timeline/",
    "/my/security/",
    "/desks/reception/",
    COMPLAIN + "what-became/",
)


@pytest.fixture
def handed(operation: Operation) -> Client:
    browser = operation.at(Desk.RECEPTION)
    assert browser.post(COMPLAIN, {"hand": "ar"}).headers["Location"] == COMPLAIN
    return browser


def test_nothing_else_opens_and_nothing_leads_there(handed: Client) -> None:
    for path in ELSEWHERE:
        assert handed.get(path).headers["Location"].startswith(reverse("accounts:step_up")), path
    page = handed.get(COMPLAIN).content.decode()
    assert 'lang="ar"' in page
    for path in ELSEWHERE:
        assert f'href="{path}"' not in page, path
    assert handed.post(reverse("accounts:language"), {"language": "en"}).status_code == 302
    assert 'lang="ar"' in handed.get(COMPLAIN).content.decode()


def test_it_stays_so_after_the_complaint_and_where_there_is_no_page(handed: Client) -> None:
    typed = {"text": "CANARY", "about": "guard", "matter": "money", "site": "", "contact": ""}
    made = handed.post(COMPLAIN, typed).content.decode()
    assert "<strong><bdi" in made
    for page in (made, handed.get("/nowhere/").content.decode()):
        assert 'class="desks"' not in page
        assert "shortcuts" not in page.replace("data-shortcuts", "")
    assert handed.get("/").status_code == 302


def test_signing_out_stays_open(handed: Client) -> None:
    handed.post(reverse("accounts:sign_out"))
    assert handed.get(COMPLAIN).headers["Location"].startswith(reverse("accounts:sign_in"))


def test_it_is_taken_back_by_a_proof_and_by_nothing_else(live: None, samir: User) -> None:
    row = with_app(samir)
    person = Person(samir)
    person.by_link()
    person.post("second", code=code_now(row))
    assert person.is_in()
    person.client.post(COMPLAIN, {"hand": "en"})
    assert person.post("step_up", code="000000").status_code == 403
    assert not person.is_in()
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert person.post("step_up", code=code_now(row)).status_code == 302
        assert person.is_in()
