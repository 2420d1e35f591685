"""Citizenships and the Washington Group's questions: fields that are answered in several inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewName, NewPerson, change_person, register_person
from marfa.apps.registry.form_fields import QUESTIONS
from marfa.apps.registry.models import Person
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation, signed_in


@pytest.fixture(autouse=True)
def rows_of_the_controller(operation: Operation) -> Iterator[None]:
    with row_context([operation.controller.pk]):
        yield


@pytest.fixture
def person(operation: Operation) -> Person:
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at").first()
    assert site is not None
    actor = actor_of(operation.desks[Desk.RECEPTION])
    told = NewPerson((NewName("Tamarisk"),), "female")
    return register_person(actor=actor, purpose=Purpose.REGISTRATION, site=site, told=told)


def stored(person: Person, name: str) -> object:
    with open_vault():
        return getattr(Person.objects.get(pk=person.pk), name)


def send(client: Client, operation: Operation, person: Person, page: str, **values: str) -> int:
    url = reverse(f"people:{page}", args=[person.reference])
    version = Person.objects.get(pk=person.pk).version
    sent = {"do": "save", "person": operation.supervisor.reference, "base_version": version}
    return client.post(url, {**sent, **values}).status_code


def test_the_questions_are_those_of_the_list() -> None:
    """Six domains, and answers coded 1 to 4 as the Washington Group codes them."""
    assert tuple(QUESTIONS) == codelist("wg_domains").codes
    levels = codelist("wg_levels")
    coded = [levels.entry(code).attributes["wg_code"] for code in levels.codes]
    assert coded == [1, 2, 3, 4]


def test_each_answer_is_kept_and_an_open_one_is_not_made_up(
    operation: Operation, person: Person
) -> None:
    client = signed_in(operation.supervisor)
    answers = {"functioning-seeing": "a_lot_of_difficulty", "functioning-hearing": ""}
    assert send(client, operation, person, "functioning", **answers) == 302
    assert stored(person, "functioning") == {"seeing": "a_lot_of_difficulty"}
    url = reverse("people:functioning", args=[person.reference])
    text = client.get(url).content.decode()
    assert text.count(" checked") == len(QUESTIONS)
    assert 'name="functioning-seeing" value="a_lot_of_difficulty" checked' in text
    page = client.get(reverse("people:person", args=[person.reference])).content.decode()
    assert "Seeing: A lot of difficulty" in page


def test_citizenships_have_room_for_one_more(operation: Operation, person: Person) -> None:
    client = signed_in(operation.supervisor)
    chosen = {"citizenships-0": "SD", "citizenships-1": "TD"}
    assert send(client, operation, person, "more", **chosen) == 302
    assert stored(person, "citizenships") == ["SD", "TD"]
    url = reverse("people:more", args=[person.reference])
    text = client.get(url).content.decode()
    rooms = re.findall(r'<input class="input" id="f-citizenships-\d"[^>]*value="([^"]*)"', text)
    assert rooms == ["Sudan", "Chad", ""]
    assert text.count('<datalist id="countries">') == 1
    typed = {"citizenships-0": "السودان", "citizenships-1": "chad"}
    assert send(client, operation, person, "more", **typed) == 302
    assert stored(person, "citizenships") == ["SD", "TD"]
    assert send(client, operation, person, "more", **chosen, **{"citizenships-2": "SD"}) == 302
    assert stored(person, "citizenships") == ["SD", "TD"]
    assert send(client, operation, person, "more") == 302
    assert not stored(person, "citizenships")


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("functioning", {"functioning-seeing": "often"}),
        ("functioning", {"functioning-flying": "no_difficulty"}),
        ("more", {"citizenships-0": "ZZ"}),
    ],
)
def test_what_no_list_has_is_refused(
    operation: Operation, person: Person, page: str, wrong: dict[str, str]
) -> None:
    client = signed_in(operation.supervisor)
    assert send(client, operation, person, page, **wrong) == 422
    assert stored(person, "functioning") is None
    assert not stored(person, "citizenships")


@pytest.mark.parametrize(
    "changes",
    [{"functioning": {"seeing": "often"}}, {"functioning": {"x": "1"}}, {"citizenships": ["zz"]}],
)
def test_the_action_refuses_it_too(
    operation: Operation, person: Person, changes: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        change_person(
            actor=actor_of(operation.supervisor),
            purpose=Purpose.ASSISTANCE,
            person=person,
            base_version=1,
            changes=changes,
        )


def test_a_draft_holds_the_answers(operation: Operation, person: Person) -> None:
    """The lid was closed in the middle: the answers are there again."""
    client = signed_in(operation.supervisor)
    values = {"do": "draft", "draft_version": "0", "functioning-walking": "cannot_do_at_all"}
    assert send(client, operation, person, "functioning", **values) == 302
    assert Draft.objects.filter(subject=person.pk).exists()
    url = reverse("people:functioning", args=[person.reference])
    text = client.get(url).content.decode()
    assert 'name="functioning-walking" value="cannot_do_at_all" checked' in text
    assert stored(person, "functioning") is None


def test_two_who_answer_at_once_choose(operation: Operation, person: Person) -> None:
    client = signed_in(operation.supervisor)
    assert send(client, operation, person, "functioning", **{"functioning-seeing": "no_difficulty"})
    url = reverse("people:functioning", args=[person.reference])
    mine = {"functioning-seeing": "cannot_do_at_all"}
    sent = {"person": operation.supervisor.reference, "base_version": 1, **mine}
    answer = client.post(url, {**sent, "do": "save"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "wearing glasses?: Cannot do at all" in text
    assert 'name="functioning" value="seeing=cannot_do_at_all"' in text
    chosen = {"functioning": "seeing=cannot_do_at_all", "asked": "functioning"}
    chosen |= {"keep-functioning": "mine", "do": "merge", "person": sent["person"]}  # type: ignore[dict-item]
    version = Person.objects.get(pk=person.pk).version
    assert client.post(url, {**chosen, "base_version": version}).status_code == 302
    assert stored(person, "functioning") == {"seeing": "cannot_do_at_all"}


def test_reception_neither_sees_nor_asks_it(operation: Operation, person: Person) -> None:
    client = operation.at(Desk.RECEPTION)
    url = reverse("people:functioning", args=[person.reference])
    assert client.get(url).status_code == 403
    group = client.get(reverse("reception:household")).content.decode()
    assert "functioning" not in group
    assert "citizenships" not in group
