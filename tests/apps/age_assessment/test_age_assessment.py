"""An age in doubt: a child until two decided, nobody appealed, and no result reaches below 18."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.age_assessment.actions import (
    answer_appeal,
    appeal_age,
    end_as_child,
    make_adult,
    propose_adult,
    strike_result,
)
from marfa.apps.age_assessment.models import AgeAssessment, AgeLook, AgeResult
from marfa.apps.age_assessment.work import work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.registry.actions import decide_age
from marfa.apps.registry.actions.protection import protect_person
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.age_assessment.doubted import EXAMINED, Doubted
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Doubted]:
    with every_organisation():
        yield Doubted(operation)


@pytest.fixture
def worker(operation: Operation) -> Client:
    return signed_in(operation.desks[Desk.PROTECTION])


@pytest.fixture
def boss(operation: Operation) -> Client:
    return signed_in(operation.supervisor)


def is_child(desk: Doubted) -> bool:
    desk.read_again()
    return desk.person.age_disputed and desk.person.child_until is None


def problem(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as raised:
        call()
    return str(raised.value.problems[0].message.code)


def test_from_doubt_to_a_decision_by_two_on_the_pages(
    desk: Doubted, worker: Client, boss: Client
) -> None:
    told = {"need": "A school", "authority": "A court", "legal_basis": "Article 12"}
    ask = reverse("cases:age_ask", args=[desk.case.reference])
    asked = worker.get(ask).content.decode()
    assert not [word for word in ("bones", "teeth", "sexual_maturity") if f'"{word}"' in asked]
    wrong = worker.post(ask, {**told, "authority": " "})
    assert (wrong.status_code, "A school" in wrong.content.decode()) == (422, True)
    assert worker.post(ask, told).status_code == 302
    row = AgeAssessment.objects.get()
    desk.yes(row)
    there = reverse("cases:age", args=[row.reference])
    for look in row.looks.all():
        page = reverse("cases:age_look", args=[look.reference])
        assert worker.post(page, {"text": "Nothing"}).status_code == 302
    result = reverse("cases:age_result", args=[row.reference])
    sent = {"method": "documents", "made_by": "A court", "lowest": "٢٠", "highest": "24"}
    for error in ("9" * 30, "1E+500", "-1", "0.001"):
        wrong = worker.post(result, {**sent, "error_years": error})
        assert (wrong.status_code, error in wrong.content.decode()) == (422, True)
    assert worker.post(result, sent).status_code == 302
    assert worker.post(there, {"do": "propose", "text": "Two papers"}).status_code == 302
    # Whoever proposed it is shown no button, and is refused where they send it all the same.
    until = (desk.today + 10 * DAY).isoformat()
    assert 'value="agree"' not in worker.get(there).content.decode()
    refused = worker.post(there, {"do": "agree", "appeal_until": until})
    assert refused.status_code == 403
    assert is_child(desk)
    assert [str(item.text) for item in work_items_of(desk.office.operation.supervisor)]
    assert 'value="agree"' in boss.get(there).content.decode()
    assert boss.post(there, {"do": "agree", "appeal_until": until}).status_code == 302
    assert is_child(desk)
    assert worker.post(there, {"do": "adult"}).status_code == 422
    assert is_child(desk)
    with clock.set_to(clock.now() + 12 * DAY):
        late = signed_in(desk.office.operation.supervisor)
        assert 'value="adult"' in late.get(there).content.decode()
        assert late.post(there, {"do": "adult"}).status_code == 302
    desk.read_again()
    assert not desk.person.age_disputed
    assert desk.person.child_until is not None
    assert desk.person.child_until < desk.today
    with open_vault():
        assert desk.person.birth_basis == "age_assessment"


def test_a_no_is_recorded_and_changes_nothing(desk: Doubted) -> None:
    def state() -> dict[str, Any]:
        desk.read_again()
        return {name: str(value) for name, value in vars(desk.person).items() if name[0] != "_"}

    row = desk.asked()
    before, deadlines = state(), Deadline.objects.count()
    desk.yes(row, "refused")
    row.refresh_from_db()
    assert (row.state, row.agreed_answer) == ("refused", "refused")
    assert (state(), Deadline.objects.count()) == (before, deadlines)
    assert problem(lambda: desk.result(row)) == "apps.age_assessment:otherwise"


def test_nothing_begins_before_the_yes_and_without_a_dispute(desk: Doubted) -> None:
    row = desk.asked()
    assert problem(lambda: desk.result(row)) == "apps.age_assessment:otherwise"
    assert problem(lambda: desk.look_at_all(row)) == "apps.age_assessment:otherwise"
    assert problem(desk.asked) == "apps.age_assessment:under-way"
    end_as_child(actor=desk.worker, assessment=row, text="Not needed any more")
    decide_age(
        actor=desk.boss,
        purpose=Purpose.ASSISTANCE,
        person=desk.person,
        born=PartialDate.gregorian(desk.today.year - 10),
        basis="document",
    )
    desk.read_again()
    assert problem(desk.asked) == "apps.age_assessment:not-disputed"


def test_nobody_makes_an_adult_alone_on_the_page_of_the_person(desk: Doubted, boss: Client) -> None:
    """The page that decides about a doubt makes a child of somebody, and no adult."""
    page = reverse("people:age", args=[desk.person.reference])
    assert boss.post(page, {"born": "1990", "basis": "document"}).status_code == 403
    assert is_child(desk)
    assert (
        boss.post(page, {"born": str(desk.today.year - 15), "basis": "document"}).status_code == 302
    )
    assert not is_child(desk)
    assert desk.person.child_until is not None
    assert desk.person.child_until > desk.today


def test_an_examination_is_never_asked_for_and_comes_with_its_error(desk: Doubted) -> None:
    row = desk.agreed()
    for missing, said in (
        ({"error_years": None}, "error-missing"),
        ({"elsewhere": False}, "never-asked-here"),
    ):
        told: dict[str, Any] = {**EXAMINED, **missing}
        with pytest.raises(InputError, match=said):
            desk.result(row, **told)
    found = desk.result(row, 19, 19, **EXAMINED)
    # Nineteen, and two years of error: perhaps seventeen.
    desk.look_at_all(row)
    with pytest.raises(InputError, match="may-be-child"):
        propose_adult(actor=desk.worker, assessment=row, text="x")
    assert found.error_years == 2
    columns = {"organisation_id": row.organisation_id, "person": desk.person}
    bare: dict[str, Any] = {
        **columns,
        "assessment": row,
        "method": "teeth",
        "found_on": desk.today,
        "entered_at": clock.now(),
        "entered_by": desk.worker.id,
    }
    for wrong in ({"elsewhere": True}, {"elsewhere": False, "error_years": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgeResult.objects.create(**bare, **wrong)
    AgeResult.objects.create(**bare, elsewhere=True, error_years=2)  # the control
    with pytest.raises(IntegrityError), transaction.atomic():
        AgeLook.objects.create(**columns, assessment=row, kind="sexual_maturity")


def test_papers_and_what_people_tell_come_first(desk: Doubted) -> None:
    row = desk.agreed()
    desk.result(row)
    with pytest.raises(InputError, match="look-first"):
        propose_adult(actor=desk.worker, assessment=row, text="They look old")


def test_a_result_below_eighteen_takes_back_what_two_decided(desk: Doubted) -> None:
    row = desk.decided()
    late = desk.result(row, 17, 30, method="own_account")
    row.refresh_from_db()
    assert (row.state, row.confirmed_by, row.appeal_until) == ("agreed", None, None)
    with pytest.raises(DeniedError):
        strike_result(actor=desk.worker, result=late, text="I do not believe it")
    strike_result(actor=desk.boss, result=late, text="Of somebody else")
    propose_adult(actor=desk.worker, assessment=row, text="Once more")
    assert is_child(desk)


def test_results_of_an_assessment_before_count_too(desk: Doubted) -> None:
    """Nobody is assessed again and again until it fits."""
    first = desk.agreed()
    desk.result(first, 16, 21)
    end_as_child(actor=desk.worker, assessment=first, text="A child")
    second = desk.agreed()
    desk.look_at_all(second)
    desk.result(second, 25, 30)
    with pytest.raises(InputError, match="may-be-child"):
        propose_adult(actor=desk.worker, assessment=second, text="x")


def test_an_appeal_keeps_the_child_a_child(desk: Doubted) -> None:
    row = desk.decided()
    appeal_age(actor=desk.worker, assessment=row, text="My papers are at home")
    with clock.set_to(clock.now() + 100 * DAY):
        with pytest.raises(InputError, match="otherwise"):
            make_adult(actor=desk.boss, assessment=row)
        assert is_child(desk)
        answer_appeal(actor=desk.worker, assessment=row, upheld=True, text="The court: a child")
    assert is_child(desk)
    assert AgeAssessment.objects.get().state == "child"


def test_turning_adult_by_decision_drops_nothing(desk: Doubted) -> None:
    protect_person(
        actor=desk.boss,
        person=desk.person,
        reason="He is looked for",
        review_on=desk.today + 60 * DAY,
        staying=[desk.office.operation.supervisor],
    )
    row = desk.decided()

    def stands() -> tuple[object, ...]:
        desk.read_again()
        clocks = sorted(Deadline.objects.values_list("kind", "subject", "due_at", "state"))
        return desk.case.state, desk.case.worker, desk.person.protected, clocks

    before = stands()
    with clock.set_to(clock.now() + 20 * DAY):
        make_adult(actor=desk.worker, assessment=row)
    assert stands() == before
    assert not is_child(desk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"confirmed_by": "first"},
        {"appeal_until": "same day"},
        {"state": "adult"},
        {"proposed_by": None},
        {"agreed_answer": "refused"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_database_refuses_what_is_not_decided_by_two(
    desk: Doubted, wrong: dict[str, Any]
) -> None:
    row = desk.decided()
    changes = dict(wrong)
    if "confirmed_by" in changes:
        changes["confirmed_by"] = row.proposed_by
    if "appeal_until" in changes:
        changes["appeal_until"] = row.confirmed_on
    if changes.get("state") == "adult":
        changes["ended_on"] = row.appeal_until
    found = AgeAssessment.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(**changes)
    assert found.update(state="appealed") == 1  # the control
