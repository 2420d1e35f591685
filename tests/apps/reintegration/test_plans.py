"""A recovery plan through its pages: by need, with the child's own view, ended by two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.assistance.actions.plans import set_goal
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.apps.reintegration.models import PlanReview, PlanStep, RecoveryPlan
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def worker(operation: Operation) -> Client:
    return operation.at(Desk.PROTECTION)


@pytest.fixture
def boss(operation: Operation) -> Client:
    return signed_in(operation.supervisor)


def day(case: Case, days: int) -> str:
    found = clock.today(case.site.time_zone) + timedelta(days=days)
    return found.strftime("%d/%m/%Y")


def begun(worker: Client, case: Case) -> RecoveryPlan:
    there = reverse("cases:recovery_new", args=[case.reference])
    told = {"view_how": "told", "view": "I want to build boats (canary-wish)"}
    assert worker.post(there, {**told, "review_on": day(case, 30)}).status_code == 302
    return RecoveryPlan.objects.get(case=case)


def stepped(worker: Client, plan: RecoveryPlan, case: Case, **more: Any) -> PlanStep:
    there = reverse("cases:recovery_step_new", args=[plan.reference])
    told = {"need": "papers", "words": "A birth certificate (canary-step)", "by_whom": "Nadia"}
    answer = worker.post(there, {**told, "due_on": day(case, 9), **more})
    assert answer.status_code == 302, unescape(answer.content.decode())
    return PlanStep.objects.latest("set_at")


def text_of(client: Client, name: str, reference: str) -> str:
    answer = client.get(reverse(name, args=[reference]))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_steps_by_need_for_a_goal_of_the_child(office: Office, worker: Client) -> None:
    case = office.case(office.register(CHILD))
    goal = set_goal(actor=office.worker, case=case, area="wishes", text="A boat (canary-goal)")
    plan = begun(worker, case)
    wrong = {"need": "papers", "words": "A certificate (canary-typed)", "by_whom": ""}
    refused = worker.post(reverse("cases:recovery_step_new", args=[plan.reference]), wrong)
    assert refused.status_code == 422
    assert "canary-typed" in refused.content.decode(), "nothing typed is lost"
    row = stepped(worker, plan, case, goal=goal.reference)
    page = text_of(worker, "cases:recovery", plan.reference)
    for said in ("Birth registration and civil papers", "canary-step", "canary-goal", "Nadia"):
        assert said in page
    for name in ("cases:case", "children:child"):
        of = case.reference if name == "cases:case" else case.person.reference
        assert "canary-step" in text_of(worker, name, of), name
    done = reverse("cases:recovery_step", args=[row.reference])
    assert worker.post(done, {"state": "done", "text": "It came"}).status_code == 302
    assert worker.post(done, {"state": "dropped"}).status_code == 422, "over is over"


def test_late_steps_and_reviews_are_somebodys_work(
    office: Office, operation: Operation, worker: Client
) -> None:
    case = office.case(office.register(CHILD))
    plan = begun(worker, case)
    stepped(worker, plan, case)
    due = Deadline.objects.get(subject=plan.pk, state="open")
    for days, user, sees in (
        (1, operation.desks[Desk.PROTECTION], ()),
        (10, operation.desks[Desk.PROTECTION], ("A step of a recovery plan is late",)),
        (10, operation.supervisor, ()),
        (17, operation.supervisor, ("A step of a recovery plan is late",)),
        (31, operation.supervisor, ("is late", "A recovery plan is due for review")),
    ):
        later = clock.now() + timedelta(days=days)
        with clock.set_to(later):
            work = unescape(signed_in(user).get("/", follow=True).content.decode())
        assert all(each in work for each in sees), days
        assert sees or "recovery plan" not in work, days
    there = reverse("cases:recovery_review", args=[plan.reference])
    told = {"view_how": "no_wish", "view": "", "text": "It goes on"}
    assert worker.post(there, {**told, "review_on": day(case, 93)}).status_code == 422
    assert worker.post(there, {**told, "review_on": day(case, 60)}).status_code == 302
    assert PlanReview.objects.get().view is None
    assert Deadline.objects.get(subject=plan.pk, state="open").due_at > due.due_at


def test_it_ends_by_two_with_the_childs_own_view(
    office: Office, worker: Client, boss: Client
) -> None:
    case = office.case(office.register(CHILD))
    plan = begun(worker, case)
    step = stepped(worker, plan, case)
    there = reverse("cases:recovery", args=[plan.reference])
    asked = {"do": "end", "ending": "reached", "end_view": "I am fine (canary-end)"}
    assert worker.post(there, asked).status_code == 422, "a step is under way"
    end = reverse("cases:recovery_step", args=[step.reference])
    worker.post(end, {"state": "done", "text": ""})
    assert worker.post(there, {**asked, "end_view": " "}).status_code == 422, "unheard"
    assert worker.post(there, asked).status_code == 302
    assert worker.post(there, {"do": "agree"}).status_code in (403, 422), "not by the same"
    assert "A colleague asks to end a recovery plan" in unescape(
        boss.get("/", follow=True).content.decode()
    )
    assert boss.post(there, {"do": "keep"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.asked_by) == ("running", None)
    closing = text_of(worker, "cases:close", case.reference)
    assert "A recovery plan is under way" in closing
    worker.post(there, asked)
    assert boss.post(there, {"do": "agree"}).status_code == 302
    assert "canary-end" in text_of(worker, "cases:recovery", plan.reference)
    assert not Deadline.objects.filter(subject=plan.pk, state="open").exists()


def test_turning_18_ends_nothing_and_an_adult_begins_none(office: Office, worker: Client) -> None:
    case = office.case(office.register(CHILD))
    plan = begun(worker, case)
    Person.objects.filter(pk=case.person_id).update(child_until=clock.now().date())
    later = clock.now() + timedelta(days=40 * 365)
    with clock.set_to(later):
        client = signed_in(office.operation.desks[Desk.PROTECTION])
        page = text_of(client, "cases:recovery", plan.reference)
        assert "grown up now" in page
        assert "Add a step" in page
    grown = office.case()
    there = reverse("cases:recovery_new", args=[grown.reference])
    told = {"view_how": "no_wish", "view": "", "review_on": day(grown, 30)}
    assert worker.post(there, told).status_code == 422
    assert "recovery plan" not in text_of(worker, "cases:case", grown.reference).lower()


def test_the_database_refuses_an_end_by_one_without_a_view_and_without_review(
    office: Office, worker: Client
) -> None:
    plan = begun(worker, office.case(office.register(CHILD)))
    rows = RecoveryPlan.objects.filter(pk=plan.pk)
    one, two = office.worker.id, office.supervisor.id
    ended = {"state": "ended", "ended_at": clock.now()}

    def refused(**changes: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)

    refused(**ended, ended_by=two)
    refused(ending="reached", asked_at=clock.now(), asked_by=one)
    refused(review_on=plan.made_on)
    asked = {"do": "end", "ending": "reached", "end_view": "I am fine"}
    worker.post(reverse("cases:recovery", args=[plan.reference]), asked)
    refused(**ended, ended_by=one)
    refused(end_view=None)
    assert rows.update(**ended, ended_by=two) == 1, "the control"
