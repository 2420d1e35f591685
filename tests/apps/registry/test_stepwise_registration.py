"""One question a page: the same registration as on one page, kept from page to page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person, PersonName
from marfa.apps.registry.views.person_registration import FORM
from marfa.apps.registry.views.stepwise_registration import STEPS
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.vault.access import open_vault
from tests.conftest import Operation

NAME = "Amberjack Lowwater"
ANSWERS: tuple[dict[str, object], ...] = (
    {"name": NAME, "other_name": ""},
    {"sex": "female"},
    {"born": "34", "basis": "stated"},
    {"languages": ["apc", "fra"]},
)


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]):
        yield


def hidden(text: str) -> dict[str, list[str]]:
    """What the form of a page sends along by itself."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def send(client: Client, number: int, answers: dict[str, object], **more: str) -> str:
    """Answer a page; where it leads to."""
    url = reverse("reception:step", args=[number])
    along = hidden(client.get(url, more).content.decode())
    answer = client.post(url, {**along, **answers, "do": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def through(client: Client) -> str:
    """All pages; the one on which answers are checked."""
    for number, answers in enumerate(ANSWERS, 1):
        following = send(client, number, answers)
    assert following == reverse("reception:check")
    return client.get(following).content.decode()


def test_a_person_is_registered_question_by_question(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    text = through(client)
    assert NAME in text
    assert text.count('class="answer-change"') == sum(len(each.fields) for each in STEPS)
    assert not Person.objects.exists()
    answer = client.post(reverse("reception:person"), {**hidden(text), "do": "save"})
    person = Person.objects.get()
    assert answer.headers["Location"] == reverse("people:one_registered", args=[person.reference])
    with open_vault():
        assert PersonName.objects.get().text == NAME
        assert person.sex == "female"
        assert Person.objects.get().languages == ["apc", "fra"]
        assert (person.born or "").startswith("199")
    assert not Draft.objects.filter(form=FORM).exists()


def test_sent_twice_it_registers_nobody_twice(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    sent = {**hidden(through(client)), "do": "save"}
    for _time in range(2):
        assert client.post(reverse("reception:person"), sent).status_code == 302
    assert Person.objects.count() == 1


def test_the_page_with_all_of_them_goes_on_where_this_one_stopped(operation: Operation) -> None:
    """The lid was closed after the second question; the draft is that of the one page too."""
    client = operation.at(Desk.RECEPTION)
    send(client, 1, ANSWERS[0])
    send(client, 2, ANSWERS[1])
    text = client.get(reverse("reception:person")).content.decode()
    assert f'value="{NAME}"' in text
    assert "Continue, one question a page" in text
    again = client.get(reverse("reception:step", args=[2])).content.decode()
    assert 'value="female" aria-pressed="true"' in again


def test_an_answer_is_changed_and_leads_back(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    through(client)
    assert send(client, 2, {"sex": "male"}, back="check") == reverse("reception:check")
    assert (
        '<input type="hidden" name="sex" value="male">'
        in client.get(reverse("reception:check")).content.decode()
    )


def test_what_cannot_be_read_is_said_on_its_page_and_not_kept(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    url = reverse("reception:step", args=[3])
    along = hidden(client.get(url).content.decode())
    wrong = client.post(url, {**along, "born": "thirty-ish", "do": "on"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "error-summary" in text
    assert 'value="thirty-ish"' in text
    kept = client.post(
        url, {**along, "born": "thirty-ish", "do": "draft"}, headers={"X-Draft": "1"}
    )
    assert kept.json()["version"] == 1


def test_without_answers_there_is_nothing_to_check(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    answer = client.get(reverse("reception:check"))
    assert answer.headers["Location"] == reverse("reception:step", args=[1])
    for number in (0, len(STEPS) + 1):
        assert client.get(reverse("reception:step", args=[number])).status_code == 404
    assert operation.at(Desk.PROTECTION).get(reverse("reception:check")).status_code == 403


def test_a_page_that_kept_itself_meanwhile_goes_on(operation: Operation) -> None:
    """The script keeps what is typed while the button is pressed; and another page of the same form
    was answered in between: only the answers of this page change."""
    client = operation.at(Desk.RECEPTION)
    url = reverse("reception:step", args=[1])
    along = hidden(client.get(url).content.decode())
    kept = client.post(url, {**along, "name": "Amber", "do": "draft"}, headers={"X-Draft": "1"})
    assert kept.json()["version"] == 1
    send(client, 2, ANSWERS[1])
    assert client.post(url, {**along, "name": NAME, "do": "on"}).status_code == 302
    content = Draft.objects.get(form=FORM)
    assert content.version == 3
    text = client.get(reverse("reception:check")).content.decode()
    assert f'<input type="hidden" name="name" value="{NAME}">' in text
    assert '<input type="hidden" name="sex" value="female">' in text


def test_a_page_left_open_does_not_keep_over_what_came_later(operation: Operation) -> None:
    client = operation.at(Desk.RECEPTION)
    url = reverse("reception:step", args=[1])
    along = hidden(client.get(url).content.decode())
    send(client, 1, ANSWERS[0])
    late = client.post(url, {**along, "name": "Amber", "do": "draft"}, headers={"X-Draft": "1"})
    assert late.status_code == 409
