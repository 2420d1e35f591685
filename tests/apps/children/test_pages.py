"""The board and the page of a child: who sees whom, and what can be done there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Voice
from marfa.apps.children.models import Duty, DutyContact, DutyHours, SiteHoliday
from marfa.apps.complaints.models import Complaint
from marfa.apps.manifest import Desk, my_work
from marfa.apps.organisations.actions import assign_user, open_to_organisation
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import Person
from marfa.apps.tracing.actions.claims import claim_relative
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import StepReached
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.best_interests.states import Child as Decisions
from tests.apps.cases.office import CHILD, Office
from tests.apps.consents.examples import clinic
from tests.apps.detention.test_alarm import held
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def worker(operation: Operation) -> Client:
    return operation.at(Desk.PROTECTION)


def text_of(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def shown(page: str, person: Person) -> bool:
    return reverse("children:child", args=[person.reference]) in page


def test_the_board_shows_a_child_with_its_clock_and_no_adult(
    office: Office, operation: Operation, worker: Client
) -> None:
    child = office.register(CHILD)
    page = text_of(worker, "children:board")
    assert shown(page, child)
    assert format_code(child.code) in page
    assert "Unaccompanied" in page
    assert "refer by" in page
    assert not shown(page, office.person), "the control: a grown-up is not on it"
    later = clock.now() + timedelta(hours=13)
    with clock.set_to(lambda: later):
        again = operation.at(Desk.PROTECTION)
        assert "too late" in text_of(again, "children:board"), "by the clock: no worker ran"


def test_it_says_what_was_found_to_who_may_read_the_case_alone(
    office: Office, worker: Client, operation: Operation
) -> None:
    child = office.register(CHILD)
    office.case(child)
    assert "Presumed victim" in text_of(worker, "children:board")
    other = signed_in(operation.colleague)
    assert not shown(text_of(other, "children:board"), child), "who works elsewhere"
    page = text_of(worker, "children:child", child.reference)
    assert "Referrals and transfers" in page
    assert "Presumed victim" in page


def test_a_child_who_is_held_stands_out_for_who_may_read_the_case(
    office: Office, worker: Client
) -> None:
    child = office.register(CHILD)
    office.case(child)
    assert "In detention" not in text_of(worker, "children:board")
    held(office, child)
    assert "In detention" in text_of(worker, "children:board")
    assert "In detention" in text_of(worker, "children:child", child.reference)


def test_a_guest_partner_sees_the_children_that_they_are_assigned_to(
    office: Office, operation: Operation
) -> None:
    mine, other = office.register(CHILD), office.register(CHILD)
    guest = signed_in(operation.partner)
    assert not shown(text_of(guest, "children:board"), mine)
    until = clock.now() + timedelta(days=3)
    open_to_organisation(
        organisation=operation.guest,
        owner=operation.controller.pk,
        object_kind="Person",
        object_id=mine.pk,
        until=until,
    )
    assign_user(user=operation.partner, object_kind="Person", object_id=mine.pk)
    page = text_of(guest, "children:board")
    assert shown(page, mine)
    assert not shown(page, other)
    assert guest.get(reverse("children:child", args=[mine.reference])).status_code == 200
    assert guest.get(reverse("children:child", args=[other.reference])).status_code == 404


def test_a_protected_child_is_as_one_who_does_not_exist(
    office: Office, operation: Operation, worker: Client
) -> None:
    child = office.register(CHILD)
    protect_person(
        actor=office.supervisor,
        person=child,
        reason="Threats",
        review_on=clock.now().date() + timedelta(days=20),
        staying=[operation.supervisor, operation.desks[Desk.PROTECTION]],
    )
    stays = text_of(worker, "children:board")
    assert shown(stays, child)
    other = signed_in(operation.colleague)
    there = reverse("children:child", args=[child.reference])
    none = reverse("children:child", args=["0" * 20])
    hidden, absent = other.get(there), other.get(none)
    assert (hidden.status_code, len(hidden.content)) == (404, len(absent.content))


def test_a_child_is_referred_from_its_page_on_the_record(office: Office, worker: Client) -> None:
    child = office.register(CHILD)
    there = reverse("children:child", args=[child.reference])
    first = worker.post(there, {"do": "refer"})
    assert first["Location"] == reverse("cases:begin", args=[child.reference])
    case = office.case(child)
    answer = worker.post(there, {"do": "refer"})
    assert answer["Location"].startswith(reverse("cases:refer", args=[case.reference]))
    assert "purpose=child_protection" in answer["Location"]


def test_a_duty_is_ended_by_two_and_of_a_child_by_nobody(
    office: Office, operation: Operation, worker: Client
) -> None:
    child = office.register(CHILD)
    there = reverse("children:end", args=[child.reference])
    told = {"do": "ask", "reason": "adult_services", "text": "To the clinic (canary-end)"}
    refused = worker.post(there, told)
    assert refused.status_code == 422
    assert "canary-end" in refused.content.decode(), "nothing typed is lost"
    assert worker.post(there, {**told, "reason": "twice"}).status_code == 302
    assert worker.post(there, {"do": "agree"}).status_code == 422, "not by the same"
    assert Duty.objects.get(person=child).ended_at is None
    boss = signed_in(operation.supervisor)
    assert "canary-end" in text_of(boss, "children:end", child.reference)
    assert "canary-end" not in text_of(boss, "children:child", child.reference)
    assert boss.post(there, {"do": "agree"}).status_code == 302
    assert Duty.objects.get(person=child).ended_at is not None
    assert not shown(text_of(worker, "children:board"), child)


def test_hours_and_roster_say_who_is_told_and_stop_no_clock(
    office: Office, operation: Operation, worker: Client
) -> None:
    boss = signed_in(operation.supervisor)
    there = reverse("children:arrange")
    assert worker.get(there).status_code == 403
    wrong = boss.post(there, {"do": "hours", "danger": "3", "alone": "2", "other": "72"})
    assert wrong.status_code == 422
    assert 'value="3"' in wrong.content.decode(), "what was typed stays"
    for nothing_chosen in ({"do": "contact"}, {"do": "holiday"}):
        assert boss.post(there, nothing_chosen).status_code == 422
    hours = {"do": "hours", "danger": "0", "alone": "٤", "other": "48"}
    assert boss.post(there, hours).status_code == 302, "digits as they are written in Arabic"
    assert DutyHours.objects.get().alone == 4
    child = office.register(CHILD)
    row = Duty.objects.get(person=child)
    assert row.due_at - row.first_at == timedelta(hours=4)
    user = operation.desks[Desk.PROTECTION]
    told = {"site": office.site.reference, "user": user.reference, "place": "1"}
    days = {"weekdays": list("12345670"), "from_hour": "0", "until_hour": "0"}
    for name, hour in (("from_hour", "00235"), ("until_hour", "24"), ("place", "000999999")):
        refused = boss.post(there, {"do": "contact", **told, **days, name: hour})
        assert refused.status_code == 422, name
        typed = refused.content.decode()
        assert typed.count(" checked") == 9, "the site and eight days stay chosen"
        assert f'value="{hour}"' in typed
    assert boss.post(there, {"do": "contact", **told, **days}).status_code == 302
    wrong_day = {"do": "holiday", "site": office.site.reference, "day": "32/5/2027"}
    assert "32/5/2027" in boss.post(there, wrong_day).content.decode()
    today = clock.now().strftime("%d/%m/%Y")
    sent = {"do": "holiday", "site": office.site.reference, "day": today}
    assert boss.post(there, sent).status_code == 302
    assert (DutyContact.objects.count(), SiteHoliday.objects.count()) == (1, 1)
    later = clock.now() + timedelta(hours=5)
    with clock.set_to(lambda: later):
        climb_ladders()
        again = operation.at(Desk.PROTECTION)
        work = unescape(again.get(reverse("home"), follow=True).content.decode())
        assert "A child was not referred in time" in work
        assert shown(work, child)
    contact = DutyContact.objects.get()
    assert boss.post(there, {"do": "gone", "row": contact.reference}).status_code == 302
    assert not DutyContact.objects.filter(ended_at=None).exists()


def test_a_plan_in_pictures_has_no_telling_word_and_is_in_the_childs_language(
    office: Office, worker: Client
) -> None:
    child = office.register(CHILD)
    there = reverse("children:plan", args=[child.reference])
    assert worker.post(there, {"language": "ar"}).status_code == 422
    answer = worker.post(there, {"language": "ar", "pictures": ["sleep", "say_no"]})
    page = unescape(answer.content.decode())
    assert 'dir="rtl"' in page
    assert page.count("<svg") == 2
    assert page.count("<title>سرير أنام فيه</title>") == 1
    assert format_code(child.code) not in page
    assert child.code not in page


def test_what_a_child_writes_is_sealed_from_the_site_that_it_concerns(
    office: Office, worker: Client
) -> None:
    child = office.register(CHILD)
    office.case(child)
    before = set(Complaint.objects.values_list("pk", flat=True))
    there = reverse("children:say", args=[child.reference, "ar"])
    assert worker.get(there).content.decode().count("<svg") == 3
    sent = worker.post(there, {"face": "bad", "text": "He shouts (canary-said)"})
    assert sent.status_code == 200
    assert Voice.objects.get().mark == "not"
    made = Complaint.objects.exclude(pk__in=before).get()
    assert made.site == office.site
    page = text_of(worker, "children:child", child.reference)
    assert "canary-said" not in page, "nobody of the site reads it"
    assert worker.post(there, {"face": "", "text": "He shouts"}).status_code == 422
    assert Complaint.objects.count() == len(before) + 1


def test_a_decision_on_another_authority_stops_no_clock(
    office: Office, operation: Operation, worker: Client
) -> None:
    boss, there = signed_in(operation.supervisor), reverse("children:arrange")
    ministry, other = (clinic(kind="child_protection", name=name) for name in ("Ministry", "Post"))
    child = office.register(CHILD)
    known = Decisions(office.case(child), office.worker, office.supervisor, other)
    known.decided("authority_unsafe")
    site = {"do": "authority", "site": office.site.reference}
    page = partial(text_of, worker, "children:child", child.reference)
    satisfied = "a best-interests decision"
    assert satisfied not in page(), "nobody said which authority is asked"
    assert boss.post(there, site).status_code == 422
    assert worker.post(there, {**site, "authority": other.reference}).status_code == 403
    assert boss.post(there, {**site, "authority": ministry.reference}).status_code == 302
    assert satisfied not in page()
    assert Duty.objects.get(person=child).is_live
    assert "Ministry" in text_of(boss, "children:arrange")
    assert boss.post(there, {**site, "authority": other.reference}).status_code == 302
    assert satisfied in page(), "the control: the same decision, about the one that is asked"
    assert not Duty.objects.get(person=child).is_live
    assert boss.post(there, {**site, "authority": "none"}).status_code == 302
    assert Duty.objects.get(person=child).is_live


def test_what_the_team_left_undone_reaches_who_is_outside_of_it(
    office: Office, operation: Operation
) -> None:
    """A review of best interests and a claimed relative, over two days without a worker."""
    boss = signed_in(operation.supervisor)
    child = office.register(CHILD)
    case = office.case(child)
    child_of = Decisions(case, office.worker, office.supervisor, clinic())
    child_of.decided("placement", about=None)
    claim_relative(actor=office.worker, case=case, kind="aunt_or_uncle", name="Halil Quzah")
    outside = operation.desks[Desk.PROTECTION]
    told = {"do": "contact", "user": outside.reference, "place": "1", "outside": "on"}
    days = {"weekdays": list("12345670"), "from_hour": "0", "until_hour": "0"}
    sent = {**told, **days, "site": office.site.reference}
    text = "No one in the team did what was due for this person"

    def seen(user: User) -> bool:
        return any(str(item.text) == text for item in my_work(user))

    begun, nobody_else = clock.now(), operation.officer
    with clock.set_to(lambda: begun + timedelta(days=40)):
        assert not seen(outside), "not on the roster"
    assert boss.post(reverse("children:arrange"), sent).status_code == 302
    assert not seen(outside), "nothing is late yet"
    ladders = ("best_interests.review", "tracing.verify")
    for days_on in (33, 35):
        with clock.set_to(partial(begun.__add__, timedelta(days=days_on))):
            climb_ladders()
            assert seen(outside)
            assert not seen(operation.colleague)
            assert not seen(nobody_else)
            rows = StepReached.objects.filter(deadline__kind__in=ladders, step="outside")
            assert rows.count() == 2, "each once"
    contact = DutyContact.objects.get()
    boss.post(reverse("children:arrange"), {"do": "gone", "row": contact.reference})
    with clock.set_to(lambda: begun + timedelta(days=36)):
        assert not seen(outside), "the control: the roster says who"
