"""An answer by two, from the door: the page, the action, and what neither lets through."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy.actions import lift_hold, place_hold, receive_request
from marfa.apps.privacy.erasure import erase_person
from marfa.apps.privacy.models import DataRequest, RequestAnswer
from marfa.apps.privacy.queries import utc_today
from marfa.apps.registry.models import Person
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.registry.full_record import everything_about
from tests.conftest import Operation, signed_in
from tests.support.by_two import agree_by_two, colleague

URL = "/desks/administration/requests/"


@pytest.fixture(autouse=True)
def people(operation: Operation) -> None:
    """Two, with a row about one of them in every table."""
    site = Site.objects.filter(organisation=operation.controller).order_by("created_at", "pk")[0]
    with every_organisation(), open_vault():
        everything_about(site)


def person() -> Person:
    with every_organisation():
        return Person.objects.filter(erased_at=None).order_by("pk")[0]


def is_there(subject: Person) -> bool:
    with every_organisation():
        return Person.objects.filter(pk=subject.pk, erased_at=None).exists()


def asked(kind: str, by: Actor | None = None) -> tuple[DataRequest, str]:
    made = receive_request(
        actor=by or by_command(), subject=person().pk, kind=kind, received_on=utc_today()
    )
    return made, f"{URL}{made.reference}/"


def sent(client: Client, url: str, **told: str) -> str:
    answer = client.post(url, told, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_woman_asks_to_see_everything_and_gets_it(operation: Operation) -> None:
    officer, second = signed_in(operation.officer), operation.at(Desk.ADMINISTRATION)
    made, url = asked("access")
    page = officer.get(url).content.decode()
    assert "30 days left" in page
    assert "registry_person" not in page
    assert "registry.Person" not in page
    assert str(Person._meta.verbose_name_plural) in page
    assert person().code not in page
    # Before two agreed, nothing is told.
    early = officer.post(url, {"do": "write", "language": "ar"})
    assert early.status_code == 422
    sent(officer, url, do="propose", outcome="granted")
    assert 'name="do" value="agree"' not in officer.get(url).content.decode()
    assert officer.post(url, {"do": "agree"}).status_code == 403
    sent(second, url, do="agree")
    answer = officer.post(url, {"do": "write", "language": "en"})
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    assert person().code in text
    # It says that something stays out.
    assert re.search(r"values? (is|are) left out since|values? (is|are) sealed", text)
    sent(officer, url, do="done")
    wrong = officer.post(url, {"do": "told", "told_how": "alone", "told_on": "2100-01-01"})
    assert wrong.status_code == 422
    assert "2100-01-01" in wrong.content.decode()
    assert 'value="alone" checked' in wrong.content.decode()
    sent(officer, url, do="told", told_how="alone", told_on=utc_today().isoformat())
    made.refresh_from_db()
    assert (made.outcome, made.settled_at is not None) == ("granted", True)
    steps = Entry.objects.filter(object_kind="DataRequest", outcome="done")
    assert {entry.action for entry in steps} >= {"privacy.propose", "privacy.agree"}
    assert not steps.exclude(subject_id=None).exists()


def test_an_administrator_agrees_and_is_shown_nothing_of_the_person(operation: Operation) -> None:
    made, url = asked("access")
    second = operation.at(Desk.ADMINISTRATION)
    assert "What it holds" in signed_in(operation.officer).get(url).content.decode()
    page = second.get(url).content.decode()
    assert "What it holds" not in page
    assert second.post(url, {"do": "propose", "outcome": "granted"}).status_code == 403
    sent(signed_in(operation.officer), url, do="propose", outcome="granted")
    assert "waiting for a second person" in second.get("/").content.decode()
    sent(second, url, do="agree")
    assert second.post(url, {"do": "write", "language": "en"}).status_code == 403
    assert RequestAnswer.objects.get(request=made).agreed_by is not None


def test_an_erasure_by_two(operation: Operation) -> None:
    officer, second = signed_in(operation.officer), operation.at(Desk.ADMINISTRATION)
    goes = person()
    made, url = asked("erasure")
    sent(officer, url, do="propose", outcome="granted")
    assert officer.post(url, {"do": "erase"}).status_code == 403
    assert is_there(goes)
    sent(second, url, do="agree")
    hold = place_hold(
        actor=by_command(), subject=goes.pk, reason="court_order", until=utc_today() + timedelta(9)
    )
    page = officer.get(url).content.decode()
    assert "A legal hold keeps everything" in page
    held = officer.post(url, {"do": "erase"})
    assert held.status_code == 422
    assert is_there(goes)
    lift_hold(actor=by_command(), hold=hold)
    sent(officer, url, do="erase")
    assert not is_there(goes)
    sent(officer, url, do="told", told_how="comes_back", told_on=utc_today().isoformat())
    made.refresh_from_db()
    assert made.outcome == "granted"


def test_who_recorded_an_erasure_neither_proposes_nor_agrees(operation: Operation) -> None:
    officer = operation.officer
    own, url = asked("erasure", actor_of(officer))
    assert signed_in(officer).post(url, {"do": "propose", "outcome": "granted"}).status_code == 403
    # A request for something else may be answered by who recorded it; two decide all the same.
    _other, there = asked("access", actor_of(officer))
    sent(signed_in(officer), there, do="propose", outcome="granted")
    assert not RequestAnswer.objects.filter(request=own).exists()


@pytest.mark.parametrize("who", ["command", "officer"])
def test_on_one_word_the_action_is_refused(operation: Operation, who: str) -> None:
    actor = by_command() if who == "command" else actor_of(operation.officer)
    goes = person()
    with pytest.raises(DeniedError):
        erase_person(actor=actor, subject=goes.pk)
    agree_by_two(goes.pk, second=False)
    with pytest.raises(DeniedError):
        erase_person(actor=actor, subject=goes.pk)
    assert is_there(goes)
    agree_by_two(goes.pk)
    User.objects.filter(pk=colleague("second-word").pk).update(is_active=False)
    with pytest.raises(DeniedError):
        erase_person(actor=actor, subject=goes.pk)
    # The control: with both words it is done.
    User.objects.filter(pk=colleague("second-word").pk).update(is_active=True)
    assert erase_person(actor=actor, subject=goes.pk)
    assert not is_there(goes)


def test_the_words_of_two_about_one_do_not_count_for_another(operation: Operation) -> None:
    with every_organisation():
        one, other = Person.objects.filter(erased_at=None).order_by("pk")[:2]
    agree_by_two(one.pk)
    with pytest.raises(DeniedError):
        erase_person(actor=by_command(), subject=other.pk)
    assert is_there(other)


def test_a_refusal_says_why_and_nothing_chosen_is_lost(operation: Operation) -> None:
    officer, second = signed_in(operation.officer), operation.at(Desk.ADMINISTRATION)
    made, url = asked("erasure")
    page = officer.post(url, {"do": "propose", "outcome": "refused"})
    assert page.status_code == 422
    assert 'value="refused" checked' in page.content.decode()
    sent(officer, url, do="propose", outcome="refused", reason="law")
    sent(second, url, do="agree")
    assert officer.post(url, {"do": "erase"}).status_code == 403
    sent(officer, url, do="told", told_how="alone", told_on=utc_today().isoformat())
    made.refresh_from_db()
    assert made.outcome == "refused"


def test_what_was_agreed_is_not_proposed_anew(operation: Operation) -> None:
    officer, second = signed_in(operation.officer), operation.at(Desk.ADMINISTRATION)
    _made, url = asked("objection")
    sent(officer, url, do="propose", outcome="granted")
    sent(officer, url, do="propose", outcome="refused", reason="law")
    sent(second, url, do="agree")
    late = officer.post(url, {"do": "propose", "outcome": "granted"})
    assert late.status_code == 422
    assert RequestAnswer.objects.get().outcome == "refused"


def test_nobody_at_another_desk_opens_a_request(operation: Operation) -> None:
    _made, url = asked("access")
    for desk in (Desk.RECEPTION, Desk.PROTECTION):
        assert operation.at(desk).get(url).status_code == 403


def test_where_part_is_erased_the_record_is_not_erased_whole(operation: Operation) -> None:
    officer, second = signed_in(operation.officer), operation.at(Desk.ADMINISTRATION)
    for outcome, whole in (("partly", False), ("granted", True)):
        subject = person()
        _made, url = asked("erasure")
        sent(officer, url, do="propose", outcome=outcome, reason="" if whole else "others")
        sent(second, url, do="agree")
        assert ('value="erase"' in officer.get(url).content.decode()) is whole
        answer = officer.post(url, {"do": "erase"}, follow=True)
        assert (answer.status_code == 200) is whole
        assert is_there(subject) is not whole
        if not whole:
            sent(officer, url, do="done")
            assert is_there(subject), "that part is done is said by hand"
