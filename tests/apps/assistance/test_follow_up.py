"""Staying in touch: ways that are safe, what is missed, downtime, and the supervisor's board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.assistance.actions.follow_up import (
    AGAIN,
    cancel_contact,
    hold_contact,
    miss_contact,
    plan_contact,
    record_voice,
)
from marfa.apps.assistance.models import Contact, Voice
from marfa.apps.assistance.work import contacts_of
from marfa.apps.cases import supervision
from marfa.apps.cases.actions import answer_review, ask_to_close, presume_victim
from marfa.apps.cases.concerns import all_concerns
from marfa.apps.cases.models import Case, Review
from marfa.apps.cases.supervision import cases_of_concern, supervision_board
from marfa.apps.cases.views import case_management
from marfa.apps.cases.work import timeline_of, work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import ContactPoint
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@contextmanager
def later(by: timedelta) -> Iterator[datetime]:
    moment = clock.now() + by
    with clock.set_to(lambda: moment):
        yield moment


def point_of(case: Case, safety: str) -> ContactPoint:
    row = ContactPoint(
        organisation_id=case.organisation_id,
        person=case.person,
        kind="phone",
        safety=safety,
        recorded_at=clock.now(),
    )
    with open_vault():
        row.value = "+000 1"
        row.save(force_insert=True)
    return row


def planned(office: Office, case: Case, within: timedelta = HOUR) -> Contact:
    return plan_contact(
        actor=office.worker, case=case, way="in_person", due_at=clock.now() + within
    )


@pytest.mark.parametrize("way", ["phone", "message", "through_other"])
@pytest.mark.parametrize("safety", ["not_safe", "not_asked", None])
def test_nobody_calls_by_a_way_that_is_not_known_to_be_safe(
    office: Office, way: str, safety: str | None
) -> None:
    case = office.case()
    point = point_of(case, safety) if safety else None
    with pytest.raises(InputError):
        plan_contact(
            actor=office.worker, case=case, way=way, due_at=clock.now() + HOUR, point=point
        )
    assert not Contact.objects.exists()


def test_no_way_is_offered_that_is_not_safe(office: Office, operation: Operation) -> None:
    case = office.case()
    browser = operation.at(Desk.PROTECTION)
    there = f"/cases/{case.reference}/contact/"
    ways = re.compile(r'name="way" value="(\w+)"')
    assert ways.findall(browser.get(there).content.decode()) == ["in_person"]
    point_of(case, "not_safe")
    assert ways.findall(browser.get(there).content.decode()) == ["in_person"]
    point_of(case, "safe")
    assert ways.findall(browser.get(there).content.decode()) == list(Contact.Way.values)


def test_a_number_of_somebody_else_is_none_of_theirs(office: Office) -> None:
    case, other = office.case(), office.case(office.register())
    with pytest.raises(InputError):
        plan_contact(
            actor=office.worker,
            case=case,
            way="phone",
            due_at=clock.now() + HOUR,
            point=point_of(other, "safe"),
        )


def test_a_way_that_is_no_longer_safe_is_not_tried_again(office: Office) -> None:
    case = office.case()
    point = point_of(case, "safe")
    row = plan_contact(
        actor=office.worker, case=case, way="phone", due_at=clock.now() + HOUR, point=point
    )
    ContactPoint.objects.filter(pk=point.pk).update(safety="not_safe")
    following = miss_contact(actor=office.worker, contact=row, text="Nobody answered")
    assert (following.way, following.point) == ("in_person", None)


def test_what_was_missed_is_tried_again_the_sooner_the_more_urgent(office: Office) -> None:
    case = office.case()
    row = planned(office, case)
    before = clock.now()
    following = miss_contact(actor=office.worker, contact=row, text="She did not come")
    assert following.due_at - before < AGAIN["days"] + timedelta(minutes=1)
    with pytest.raises(InputError):
        hold_contact(actor=office.worker, contact=row, text="Twice", risk="low")
    assert Deadline.objects.filter(subject=following.pk, state="open").exists()
    assert not Deadline.objects.filter(subject=row.pk, state="open").exists()


def test_a_high_risk_makes_the_case_urgent_and_a_low_one_lowers_nothing(office: Office) -> None:
    case = office.case()
    hold_contact(
        actor=office.worker, contact=planned(office, case), text="He called her", risk="high"
    )
    case.refresh_from_db()
    assert case.urgency == "now"
    assert case.met_at is not None
    hold_contact(actor=office.worker, contact=planned(office, case), text="Calm", risk="low")
    case.refresh_from_db()
    assert case.urgency == "now", "two people lower it, no answer does"


def test_help_that_harms_is_looked_at_by_another(office: Office) -> None:
    case = office.case()
    with pytest.raises(InputError):
        record_voice(actor=office.worker, case=case, mark="harms")
    record_voice(actor=office.worker, case=case, mark="harms", text="The guard watches me")
    record_voice(actor=office.worker, case=case, mark="harms", text="Still")
    asked = Review.objects.get(case=case, of="periodic")
    assert asked.due_at - asked.asked_at <= timedelta(days=2, seconds=1)
    with pytest.raises(DeniedError):
        answer_review(actor=office.worker, review=asked, agree=True)
    assert Voice.objects.count() == 2


def test_two_days_of_downtime(office: Office, operation: Operation) -> None:
    """Nothing ran for two days: what is overdue surfaces by the clock, and each step once."""
    case = office.case()
    row = planned(office, case, HOUR)
    worker, supervisor = operation.desks[Desk.PROTECTION], operation.supervisor
    there = reverse("cases:contact", args=[case.reference, row.reference])
    assert not [item for item in contacts_of(supervisor) if item.url == there]
    with later(timedelta(days=2)):
        found = [item for item in contacts_of(worker) if item.url == there]
        assert [item.part for item in found] == ["overdue"]
        assert len([item for item in contacts_of(supervisor) if item.url == there]) == 1
        climb_ladders()
        climb_ladders()
        steps = StepReached.objects.filter(deadline__subject=row.pk)
        assert sorted(steps.values_list("step", flat=True)) == ["due", "supervisor"]
        assert len([item for item in contacts_of(worker) if item.url == there]) == 1
    cancel_contact(actor=office.worker, contact=row, text="She moved in with her sister")
    with later(timedelta(days=2)):
        assert not list(contacts_of(worker))


def test_the_board_counts_what_it_opens_to(
    office: Office, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = office.case()
    planned(office, late, HOUR)
    presume_victim(actor=office.officer, person=office.register(), ground="told")
    with later(timedelta(days=4)):
        client = signed_in(operation.supervisor)
        counts = {
            each.name: cases_of_concern(office.supervisor, each).count() for each in all_concerns()
        }
        assert counts["late"] == 1
        assert counts["never-met"] == 2
        assert counts["nobodys"] == 1
        assert counts["second-look"] == 2
        with CaptureQueriesContext(connection) as asked:
            found = supervision_board(office.supervisor)
        # The cases once, however many concerns; three looks for lost workers; names.
        assert len(asked) == 5
        assert {each.name: count for each, count in found.concerns} == counts
        assert sorted(load.cases for load in found.loads) == [1, 1]
        counted = [{each.name: count for each, count in load.counts} for load in found.loads]
        assert sorted(each["late"] for each in counted) == [0, 1]
        board = reverse("caseload:supervision")
        assert client.get(board).status_code == 200
        monkeypatch.setattr(supervision, "A_PAGE", 1)
        pages = [client.get(f"{board}?page={n}").content.decode() for n in (1, 2)]
        for load, (here, there) in zip(found.loads, (pages, pages[::-1]), strict=True):
            whose = reverse("caseload:concern_of", args=["open", load.holder.path])
            assert whose in here
            assert whose not in there
        for each in all_concerns():
            page = client.get(reverse("caseload:concern", args=[each.name])).content.decode()
            listed = set(
                cases_of_concern(office.supervisor, each).values_list("reference", flat=True)
            )
            shown = {key for key in Case.objects.values_list("reference", flat=True) if key in page}
            assert shown == listed
            assert len(shown) == counts[each.name]
        assert client.get(reverse("caseload:concern", args=["nothing"])).status_code == 404


def test_nobody_protected_is_counted_for_who_does_not_stay(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    with later(timedelta(days=4)):
        before = {
            each.name: cases_of_concern(office.supervisor, each).count() for each in all_concerns()
        }
    assert before["never-met"] == 1
    protect_person(
        actor=office.worker,
        person=case.person,
        reason="He looks for her",
        review_on=clock.today("UTC") + timedelta(days=30),
        staying=[operation.colleague],
    )
    with later(timedelta(days=4)):
        assert not any(cases_of_concern(office.supervisor, each).count() for each in all_concerns())
        assert not supervision_board(office.supervisor).loads
        assert not any(count for _each, count in supervision_board(office.supervisor).concerns)
        assert not list(work_items_of(operation.supervisor))
        assert not list(timeline_of(operation.supervisor, clock.now()))
        assert list(timeline_of(operation.desks[Desk.PROTECTION], clock.now()))


def test_no_page_asks_more_for_more_rows(office: Office, operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    mine = signed_in(operation.desks[Desk.PROTECTION])

    def counted() -> list[int]:
        found = []
        for browser, there in (
            (client, reverse("caseload:supervision")),
            (client, reverse("caseload:concern", args=["no-contact"])),
            (mine, reverse("caseload:mine")),
            (mine, reverse("cases:case", args=[first.reference])),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert browser.get(there).status_code == 200
            found.append(len(queries))
        return found

    first = office.case()
    office.case(office.register())
    counted()
    few = counted()
    for _ in range(6):
        office.case(office.register())
    for _ in range(4):
        record_voice(actor=office.worker, case=first, mark="helps", text="Well")
    assert counted() == few


def test_times_are_those_of_the_site_where_they_were_typed(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    worker = signed_in(operation.desks[Desk.PROTECTION])
    there = reverse("cases:plan_contact", args=[case.reference])
    worker.post(there, {"way": "in_person", "due_at": "2040-05-06T10:30"})
    assert case.site.time_zone != "UTC"
    page = worker.get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "10:30" in page


def test_lists_show_the_time_that_the_page_of_the_case_shows(
    office: Office, operation: Operation
) -> None:
    """Who works at sites in several zones has no clocks of their own: the site's are named."""
    # Tomorrow, so that the roles hold by then.
    moment = (clock.now() + timedelta(days=1)).replace(hour=9, minute=41)
    with clock.set_to(moment):
        case = office.case()
        Case.objects.filter(pk=case.pk).update(met_at=moment)
        elsewhere = operation.controller.sites.exclude(pk=office.site.pk).first()
        assert elsewhere is not None
        elsewhere.time_zone = "Asia/Kabul"
        elsewhere.save()
        shown = f"{moment.astimezone(ZoneInfo(office.site.time_zone)):%-I:%M}"
        assert shown != f"{moment:%-I:%M}"
        for user, place in (
            (operation.desks[Desk.PROTECTION], reverse("cases:case", args=[case.reference])),
            (operation.desks[Desk.PROTECTION], reverse("caseload:mine")),
            (operation.supervisor, reverse("caseload:concern", args=["open"])),
            (operation.supervisor, reverse("people:person", args=[case.person.reference])),
        ):
            page = signed_in(user).get(place).content.decode()
            within = page.split("<h1>")[1].split("</main>")[0]
            assert shown in within or "people" in place
            assert "UTC" not in within


def test_who_was_slower_sees_it_in_the_form(
    office: Office, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faster(**_: object) -> None:
        raise ConflictError((), version=2, values={})

    monkeypatch.setattr(case_management, "write_note", faster)
    worker = signed_in(operation.desks[Desk.PROTECTION])
    there = reverse("cases:note", args=[office.case().reference])
    answer = worker.post(there, {"kind": "note", "text": "She sleeps badly"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone else changed this at the same moment" in page
    assert "She sleeps badly</textarea>" in page


def test_the_deadlines_of_a_case_that_ends_end_with_it(office: Office) -> None:
    case = office.case()
    contact = planned(office, case)
    assert Deadline.objects.filter(subject=contact.pk, state="open").exists()
    asked = ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    answer_review(actor=office.supervisor, review=asked, agree=True)
    contact.refresh_from_db()
    assert contact.state == "cancelled"
    assert Deadline.objects.get(subject=contact.pk).state == "withdrawn"
