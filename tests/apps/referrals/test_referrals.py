"""A part of the help, or the whole case, is asked of others: what is told, what they answer, and
that nothing is lost or shown too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.agreements.actions import end_agreement
from marfa.apps.assistance.actions.assistance import HelpRequest as Looked
from marfa.apps.assistance.actions.assistance import ask_help, find_no_place
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.assistance.models import Contact
from marfa.apps.cases.actions import (
    answer_review,
    ask_to_close,
    assign_case,
    open_case,
    reopen_case,
)
from marfa.apps.cases.concerns import all_concerns
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.cases.parts import Next
from marfa.apps.cases.queries import own_cases, readable_cases
from marfa.apps.cases.supervision import cases_of_concern, supervision_board
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.consents.models import RecallNotice, Sharing
from marfa.apps.manifest import Desk as At
from marfa.apps.organisations.actions import assign_user, exclude_from_object, grant_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import AccessGrant, Exclusion, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.models import QueueEntry
from marfa.apps.referrals import queries
from marfa.apps.referrals.actions.answers import (
    accept_referral,
    ask_about_referral,
    decline_referral,
    finish_referral,
    give_back,
)
from marfa.apps.referrals.actions.referrals import (
    answer_question,
    say_what_instead,
    withdraw_referral,
    write_answer,
)
from marfa.apps.referrals.exchange.file_export import _keys
from marfa.apps.referrals.models import Referral, ReferralWord
from marfa.apps.referrals.queries import came_back, referral_of, state_of, to_us
from marfa.apps.referrals.views.referrals import next_steps
from marfa.apps.referrals.work import work_items_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline
from marfa.platform.facts.kinds import kind_named
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role
from tests.apps.consents.examples import agreed, clinic
from tests.apps.referrals.referrers import NOTE, Desk
from tests.conftest import Operation
from tests.support.installation import POSTGRESQL

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


def code_of(error: InputError) -> str:
    return error.problems[0].message.code.partition(":")[2]


def again(row: Referral) -> Referral:
    return Referral.objects.get(pk=row.pk)


def test_another_site_is_told_what_was_ticked_and_no_more(desk: Desk) -> None:
    row = desk.sent(actor=desk.worker)
    assert to_us(desk.elsewhere) == [row]
    assert to_us(desk.worker) == []
    with open_vault():
        kept = again(row)
        assert kept.told == {"Person.code": desk.case.person.code}
        assert kept.note == NOTE
    assert row.sharing is None, "within the organisation nothing is disclosed"
    assert row.due_at - row.sent_at == timedelta(hours=24)
    assert (
        Deadline.objects.get(subject=row.pk, kind="referrals.referral").responsible
        == desk.worker.id
    )


def test_who_accepts_a_part_works_with_the_person_until_it_ends(desk: Desk) -> None:
    row = desk.sent()
    assert not readable_cases(desk.elsewhere).exists()
    accept_referral(actor=desk.elsewhere, referral=row)
    assert list(readable_cases(desk.elsewhere)) == [desk.case]
    assert again(row).answered_by == desk.elsewhere.id
    assert not Deadline.objects.filter(subject=row.pk, state="open").exists()
    finish_referral(actor=desk.elsewhere, referral=again(row), text="She slept here a week")
    assert again(row).state == "finished"
    assert not readable_cases(desk.elsewhere).exists()
    assert list(own_cases(desk.worker)) == [desk.case], "the case stayed where it was"


def test_who_worked_with_the_person_before_goes_on(desk: Desk) -> None:
    user = User.objects.get(pk=desk.elsewhere.id)
    assign_user(user=user, object_kind="Person", object_id=desk.case.person_id)
    refused = desk.sent()
    decline_referral(actor=desk.elsewhere, referral=refused, text="We are full")
    assert list(readable_cases(desk.elsewhere)) == [desk.case], "a no takes nothing away"
    row = desk.sent()
    accept_referral(actor=desk.elsewhere, referral=row)
    finish_referral(actor=desk.elsewhere, referral=again(row), text="She slept here a week")
    assert list(readable_cases(desk.elsewhere)) == [desk.case]


def test_the_second_of_two_that_were_accepted_goes_on(desk: Desk) -> None:
    first, second = desk.sent(), desk.sent(support="legal_advice")
    for row in (first, second):
        accept_referral(actor=desk.elsewhere, referral=row)
    finish_referral(actor=desk.elsewhere, referral=again(first), text="She slept here a week")
    assert list(readable_cases(desk.elsewhere)) == [desk.case]
    finish_referral(actor=desk.elsewhere, referral=again(second), text="She knows her rights")
    assert not readable_cases(desk.elsewhere).exists()


def test_the_page_of_one_opens_however_many_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marfa.apps.referrals.queries.SHOWN", 1)
    rows = [desk.sent(), desk.sent(support="legal_advice")]
    assert len(to_us(desk.elsewhere)) == 1
    for row in rows:
        assert to_us(desk.elsewhere, row.reference) == [row]


def test_a_transferred_case_moves_with_what_is_planned(desk: Desk) -> None:
    with open_vault():
        contact = Contact(
            organisation_id=desk.case.organisation_id,
            person=desk.case.person,
            case=desk.case,
            responsible=desk.worker.id,
            way="phone",
            due_at=clock.now(),
            planned_at=clock.now(),
            planned_by=desk.worker.id,
        )
        contact.save()
    row = desk.sent(kind="transfer", support="")
    accept_referral(actor=desk.elsewhere, referral=row)
    case = Case.objects.get(pk=desk.case.pk)
    assert (case.site, case.worker) == (desk.site, desk.elsewhere.id)
    assert list(own_cases(desk.elsewhere)) == [case]
    assert not readable_cases(desk.worker).exists()
    assert CaseStep.objects.filter(case=case, kind="moved", after=str(desk.site.pk)).exists()
    contact.refresh_from_db()
    assert contact.responsible == desk.elsewhere.id
    assert again(row).state == "finished"


def test_until_another_site_accepts_the_case_stays_and_who_is_shut_out_stays_so(
    desk: Desk,
) -> None:
    shut = desk.operation.supervisor
    exclude_from_object(object_kind="Person", object_id=desk.case.person_id, user=shut)
    due = clock.now() + timedelta(hours=1)
    contact = plan_contact(actor=desk.worker, case=desk.case, way="in_person", due_at=due)
    row = desk.sent(kind="transfer", support="", actor=desk.worker)
    assert list(own_cases(desk.worker)) == [desk.case]
    decline_referral(actor=desk.elsewhere, referral=row, text="We are full")
    assert list(own_cases(desk.worker)) == [desk.case]
    accept_referral(
        actor=desk.elsewhere, referral=desk.sent(kind="transfer", support="", actor=desk.worker)
    )
    assert Case.objects.get(pk=desk.case.pk).worker == desk.elsewhere.id
    assert not readable_cases(desk.supervisor).exists()
    assert Deadline.objects.get(subject=contact.pk, state="open").due_at == due


def supervisor_at(site: Site, name: str) -> User:
    """A supervisor of one site, and of no other."""
    user = create_user(username=name, display_name=name)
    grant_role(user=user, role=Role.SUPERVISOR, organisation=site.organisation, site=site)
    return user


def test_after_a_transfer_the_supervisors_of_the_new_site_have_the_case(desk: Desk) -> None:
    before = desk.case.site
    users = supervisor_at(before, "here"), supervisor_at(desk.site, "there")
    here, there = (actor_of(user) for user in users)
    row = desk.sent(kind="transfer", support="")
    assert list(readable_cases(here)) == [desk.case]
    assert not readable_cases(there).exists()
    accept_referral(actor=desk.elsewhere, referral=row)
    case = Case.objects.select_related("person", "site").get(pk=desk.case.pk)
    assert not readable_cases(here).exists()
    assert list(readable_cases(there)) == [case]
    seen = [
        list(Person.objects.filter(visibility_condition(PERSON, each))) for each in (here, there)
    ]
    assert seen == [[], [case.person]], "the record is where the case is"
    assert [
        sum(load.cases for load in supervision_board(each).loads) for each in (here, there)
    ] == [0, 1]
    files = [_keys(actor, site, None, None) for actor, site in ((here, before), (there, case.site))]
    assert files == [[], [case.pk]]
    with pytest.raises(DeniedError):
        assign_case(actor=here, case=case, worker=desk.operation.desks[At.PROTECTION])
    assign_case(actor=there, case=case, worker=users[1])
    assert list(own_cases(there)) == [case]


def test_the_person_moves_with_the_case_and_waits_there(desk: Desk) -> None:
    person = desk.case.person
    entry = QueueEntry.objects.get(person=person)
    QueueEntry.objects.filter(pk=entry.pk).update(state="called", called_at=clock.now())
    accept_referral(actor=desk.elsewhere, referral=desk.sent(kind="transfer", support=""))
    person.refresh_from_db()
    assert (person.site, person.team) == (desk.site, None)
    kept = Revision.objects.get(object_id=person.pk, field="site_id", kind="changed")
    assert (kept.actor_id, kept.action) == (desk.elsewhere.id, "referrals.answer")
    now = QueueEntry.objects.get(person=person)
    assert (now.site, now.state, now.called_at) == (desk.site, "waiting", None)
    assert (now.since, now.due_at) == (entry.since, entry.due_at)
    assert compare_facts(kind_named("people")).same


def test_what_waits_for_somebody_goes_to_who_took_the_case_over(desk: Desk) -> None:
    due = clock.now() + timedelta(hours=1)
    contact = plan_contact(actor=desk.worker, case=desk.case, way="in_person", due_at=due)
    help_ = ask_help(actor=desk.worker, case=desk.case, wanted=Looked("shelter"))
    find_no_place(actor=desk.worker, row=help_, interim="At the clinic")
    other = desk.sent(desk.clinic)

    def responsible() -> set[object]:
        open_ones = Deadline.objects.filter(subject__in=[contact.pk, help_.pk, other.pk])
        assert open_ones.filter(state="open").count() == 3
        return set(open_ones.filter(state="open").values_list("responsible", flat=True))

    assert responsible() == {desk.worker.id}
    assign_case(actor=desk.supervisor, case=desk.case, worker=desk.operation.supervisor)
    assert responsible() == {desk.supervisor.id}
    accept_referral(actor=desk.elsewhere, referral=desk.sent(kind="transfer", support=""))
    assert responsible() == {desk.elsewhere.id}


def test_a_case_that_is_opened_again_is_where_the_person_is(desk: Desk) -> None:
    first = desk.case
    asked = ask_to_close(
        actor=desk.worker, case=first, reason="goals_met", text="She lives with her sister"
    )
    answer_review(actor=desk.supervisor, review=asked, agree=True)
    second = open_case(actor=desk.worker, person=first.person, source="person")
    desk.case = Case.objects.select_related("person", "site").get(pk=second.pk)
    accept_referral(actor=desk.elsewhere, referral=desk.sent(kind="transfer", support=""))
    desk.case.refresh_from_db()
    asked = ask_to_close(
        actor=desk.elsewhere, case=desk.case, reason="goals_met", text="She went on"
    )
    answer_review(actor=desk.supervisor, review=asked, agree=True)
    reopen_case(actor=desk.supervisor, case=first, text="She came back")
    assert Case.objects.get(pk=first.pk).site == desk.site
    assert CaseStep.objects.filter(case=first, kind="moved", after=str(desk.site.pk)).exists()


def test_the_facts_follow_a_transfer(desk: Desk) -> None:
    from marfa.apps.cases.facts import case_histories
    from marfa.apps.cases.models import CaseFact
    from marfa.platform.facts.timeline import rows_of

    row = desk.sent(kind="transfer", support="")
    accept_referral(actor=desk.elsewhere, referral=row)
    kept = CaseFact.objects.filter(subject=desk.case.person_id).values_list("valid_from", "site")
    had = [
        (r.valid_from, r.values["site"])
        for r in rows_of(dict(case_histories())[desk.case.person_id])
    ]
    assert sorted(map(str, kept)) == sorted(map(str, had))
    now = CaseFact.objects.get(subject=desk.case.person_id, replaced_at=None, valid_until=None)
    assert now.site == desk.site.pk


def test_only_who_was_asked_answers(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    for stranger in (desk.elsewhere, desk.worker, desk.office.officer):
        with pytest.raises(DeniedError):
            accept_referral(actor=stranger, referral=row)
    assert again(row).state == "sent"
    exclude_from_object(
        object_kind="Person", object_id=desk.case.person_id, user=desk.operation.partner
    )
    assert to_us(desk.partner) == []
    with pytest.raises(DeniedError):
        accept_referral(actor=desk.partner, referral=row)


@pytest.mark.parametrize(
    ("missing", "policy"),
    [
        ("ground", "OP9.sharing.ground"),
        ("agreement", "OP9.sharing.agreement"),
        ("proof", "record.second-factor-fresh"),
        ("worker", ""),
    ],
)
def test_it_leaves_only_as_a_disclosure(desk: Desk, missing: str, policy: str) -> None:
    to = clinic(name="Another")
    if missing != "agreement":
        agreed(to)
    if missing != "ground":
        desk.agree(to)
    actor = {
        "proof": desk.office.supervisor,
        "worker": desk.proved(desk.operation.desks[At.PROTECTION]),
    }
    with pytest.raises(DeniedError) as refused:
        desk.send(to, actor=actor.get(missing))
    if policy:
        assert policy in refused.value.decision.policies
    assert not Referral.objects.exists()
    assert not Sharing.objects.exists()


def test_what_does_not_leave_for_the_purpose_cannot_be_told(desk: Desk) -> None:
    for fields in (["Person.religion"], ["Person.born"], []):
        with pytest.raises(InputError):
            desk.send(desk.clinic, fields=fields)
        with pytest.raises(InputError):
            desk.send(fields=fields)
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "immigration_enforcement",
        "security_vetting",
        "detention",
        "status_determination",
        "sanctions",
    ],
)
def test_nobody_behind_the_firewall_is_sent_anything(desk: Desk, kind: str) -> None:
    """Even of a row that the database would not take."""
    desk.clinic.kind = kind
    with pytest.raises(DeniedError) as refused:
        desk.send(desk.clinic)
    assert "OP15.firewall.recipient" in refused.value.decision.policies
    assert not Referral.objects.exists()


def test_a_guest_sees_the_row_of_the_referral_and_nothing_else(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    partner = desk.partner
    with row_context(partner.organisations):
        assert to_us(partner) == [row]
        assert not Person.objects.filter(visibility_condition(PERSON, partner)).exists()
        if POSTGRESQL:
            assert list(Referral.objects.all()) == [row]
            for hidden in (Person, Case, Sharing, CaseStep):
                assert not hidden.objects.exists(), hidden
        found = Referral.objects.get()
        ask_about_referral(actor=partner, referral=found, text="Is she alone?")
        assert ReferralWord.objects.get().theirs
    answer_question(actor=desk.worker, referral=again(row), text="With one child")
    with row_context(partner.organisations):
        accept_referral(actor=partner, referral=Referral.objects.get())
        assert to_us(partner) == [row]
        assert not Person.objects.filter(visibility_condition(PERSON, partner)).exists()
        finish_referral(actor=partner, referral=Referral.objects.get(), text="A bed was found")
        assert to_us(partner) == []
        if POSTGRESQL:
            assert not Referral.objects.exists()
    with open_vault():
        assert again(row).outcome == "A bed was found"
    assert Entry.objects.filter(action="referrals.answer", outcome="done").count() == 3


def test_the_record_opens_only_where_the_sender_says_so(desk: Desk) -> None:
    row = desk.sent(desk.guest, opens_record=True)

    def seen() -> bool:
        return Person.objects.filter(visibility_condition(PERSON, desk.partner)).exists()

    assert seen()
    accept_referral(actor=desk.partner, referral=row)
    assert list(readable_cases(desk.partner)) == [desk.case]
    give_back(actor=desk.partner, referral=again(row), text="We are full")
    assert not seen()
    assert not AccessGrant.objects.filter(until__gt=clock.now()).exists()


def test_what_nobody_answers_comes_back_once_also_after_days(desk: Desk) -> None:
    row = desk.sent(desk.guest, urgency="now", opens_record=True)
    start = row.sent_at
    users = (desk.operation.desks[At.PROTECTION], desk.operation.supervisor)
    assert not any("came back" in str(item.text) for user in users for item in work_items_of(user))
    later = start + timedelta(days=2)
    with clock.set_to(lambda: later):
        # No worker ran yet.
        assert state_of(again(row)) == "came_back"
        assert to_us(desk.partner) == []
        assert not referral_of(again(row)).facts["open"]
        assert not AccessGrant.objects.filter(object_kind="Referral", until__gt=later).exists()
        for user in users:
            assert [str(item.text) for item in work_items_of(user)] == [
                "A referral came back: there was no answer"
            ]
        assert on_the_board(desk) == 1
        with pytest.raises((InputError, DeniedError)):
            accept_referral(actor=desk.partner, referral=row)
        for _ in range(3):
            climb_ladders()
        kept = again(row)
        assert (kept.state, kept.ended_at) == ("came_back", start + timedelta(hours=2))
        assert kept.version == 2, "once"
        assert on_the_board(desk) == 1
        assert not AccessGrant.objects.filter(until__gt=later).exists(), "the record too"
        say_what_instead(actor=desk.worker, referral=kept, text="We gave her the room")
        assert not came_back(desk.worker).exists()
        assert not any(list(work_items_of(user)) for user in users)
        assert on_the_board(desk) == 0
        assert not Deadline.objects.filter(subject=row.pk, state="open").exists()


def on_the_board(desk: Desk) -> int:
    """Cases with a referral that came back, as the supervisor's board counts them."""
    counted = {each.name: count for each, count in supervision_board(desk.supervisor).concerns}
    [concern] = [each for each in all_concerns() if each.name == "came-back"]
    assert cases_of_concern(desk.supervisor, concern).count() == counted["came-back"]
    return counted["came-back"]


def test_what_waits_for_an_answer_is_not_crowded_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list has so many places; what was accepted long ago, and what nobody answered in time
    and no worker has sent back yet, took all of them."""
    monkeypatch.setattr(queries, "SHOWN", 2)
    start = clock.now()
    for support in ("shelter", "legal_advice", "medical_care"):
        row = desk.sent(desk.guest, support=support)
        accept_referral(actor=desk.partner, referral=row)
        desk.sent(desk.guest, support=support, urgency="now")
    with clock.set_to(lambda: start + timedelta(days=2)):
        waits = desk.sent(desk.guest, support="shelter", urgency="routine")
        found = to_us(desk.partner)
    assert (found[0], [each.state for each in found]) == (waits, ["sent", "accepted"])


def test_an_answer_in_time_does_not_come_back(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    accept_referral(actor=desk.partner, referral=row)
    with clock.set_to(lambda: row.sent_at + timedelta(days=3)):
        climb_ladders()
        assert again(row).state == "accepted"
        assert to_us(desk.partner) == [row]


@pytest.mark.parametrize("accepted", [False, True])
def test_consent_taken_back_withdraws_what_rests_on_it(desk: Desk, accepted: bool) -> None:
    row, other = desk.sent(desk.guest, opens_record=True), desk.sent(desk.clinic)
    if accepted:
        accept_referral(actor=desk.partner, referral=row)
    withdraw_consent(
        actor=desk.supervisor,
        purpose=Purpose.ASSISTANCE,
        consent=desk.consents[desk.guest.pk],
    )
    assert again(row).state == "withdrawn"
    assert again(other).state == "sent", "it rests on another answer"
    assert to_us(desk.partner) == []
    assert not AccessGrant.objects.filter(until__gt=clock.now()).exists()
    assert RecallNotice.objects.get().recipient == desk.guest
    assert not readable_cases(desk.partner).exists()
    assert not Deadline.objects.filter(subject=row.pk, state="open").exists()


def test_an_agreement_that_ends_withdraws_what_was_sent_under_it(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    assert row.sharing is not None
    end_agreement(actor=by_command(), agreement=row.sharing.agreement)
    assert again(row).state == "withdrawn"


def test_taken_back_before_it_is_accepted_and_not_after(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    withdraw_referral(actor=desk.worker, referral=row)
    assert again(row).state == "withdrawn"
    assert to_us(desk.partner) == []
    second = desk.sent(desk.guest)
    accept_referral(actor=desk.partner, referral=second)
    with pytest.raises(InputError):
        withdraw_referral(actor=desk.worker, referral=again(second))


def test_declined_with_a_reason(desk: Desk) -> None:
    row = desk.sent()
    with pytest.raises(InputError):
        decline_referral(actor=desk.elsewhere, referral=row, text=" ")
    decline_referral(actor=desk.elsewhere, referral=row, text="No bed for women")
    assert again(row).state == "declined"
    assert not readable_cases(desk.elsewhere).exists()


def test_what_was_said_by_telephone_is_written_down(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    with pytest.raises(InputError):
        write_answer(actor=desk.worker, referral=row, answer="returned", text="?")
    write_answer(actor=desk.worker, referral=row, answer="accepted", text="She may come at nine")
    kept = again(row)
    assert (kept.state, kept.answered_by) == ("accepted", None)
    write_answer(actor=desk.worker, referral=kept, answer="finished", text="She was seen")
    assert again(row).state == "finished"
    inside = desk.sent()
    with pytest.raises(InputError):
        write_answer(actor=desk.worker, referral=inside, answer="accepted", text="They said yes")


def test_what_came_late_by_telephone_counts_too(desk: Desk) -> None:
    row = desk.sent(desk.clinic)
    with clock.set_to(lambda: row.due_at + timedelta(hours=1)):
        climb_ladders()
        write_answer(actor=desk.worker, referral=again(row), answer="accepted", text="Late: yes")
        kept = again(row)
    assert (kept.state, kept.ended_at) == ("accepted", None)


def test_the_same_is_not_asked_twice(desk: Desk) -> None:
    desk.sent()
    with pytest.raises(InputError) as wrong:
        desk.send()
    assert code_of(wrong.value) == "referred-already"
    desk.sent(support="legal_advice")


def test_a_case_says_what_comes_next(desk: Desk) -> None:
    def texts() -> list[str]:
        found: list[Next] = list(next_steps(desk.case))
        return [str(each.text) for each in found]

    assert texts() == []
    row = desk.sent()
    assert texts() == ["A referral has not been answered yet."]
    ask_about_referral(actor=desk.elsewhere, referral=row, text="How old?")
    assert texts() == ["The other side of a referral has a question."]
    with clock.set_to(lambda: row.due_at + timedelta(minutes=1)):
        assert texts() == ["A referral was not answered in time. Record what is done instead."]


def test_a_referral_that_is_over_is_answered_by_nobody(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    withdraw_referral(actor=desk.worker, referral=row)
    with pytest.raises(DeniedError) as denied:
        accept_referral(actor=desk.partner, referral=again(row))
    assert denied.value.decision.policies == ("OP29.referrals.open",)


def test_who_is_shut_out_of_the_record_answers_no_referral(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    assert to_us(desk.partner), "the control"
    key: dict[str, Any] = {"object_kind": KIND, "object_id": desk.case.person_id}
    shut: dict[str, Any]
    for shut, policy in (
        ({"user": User.objects.get(pk=desk.partner.id)}, "OP29.referrals.excluded-staff"),
        ({"organisation": desk.operation.guest}, "OP29.referrals.excluded-places"),
    ):
        exclude_from_object(**key, **shut)
        assert to_us(desk.partner) == []
        with pytest.raises(DeniedError) as denied:
            accept_referral(actor=desk.partner, referral=row)
        assert policy in denied.value.decision.policies
        Exclusion.objects.filter(**key).delete()


def test_a_person_who_was_erased_is_nobodys(desk: Desk) -> None:
    row = desk.sent(desk.guest)
    Person.objects.filter(pk=desk.case.person_id).update(erased_at=clock.now())
    assert to_us(desk.partner) == []
    with pytest.raises((DeniedError, ObjectDoesNotExist)):
        accept_referral(actor=desk.partner, referral=row)
