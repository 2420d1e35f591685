"""A talk: when it may begin, what is kept of it, what it comes to, and who may change that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Assignment, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_first,
    ask_to_lower,
    finish_screening,
    hand_over,
    keep_answers,
    look_at_conditions,
    open_screening,
    put_off,
    raise_outcome,
    stop_screening,
    take_up,
)
from marfa.apps.screening.answers import answers_given, merge_answers
from marfa.apps.screening.conditions import (
    MAY_NOT_BE_NEEDED,
    Allowed,
    Condition,
    Met,
    allowed_by_conditions,
)
from marfa.apps.screening.models import HandOver, OutcomeChange, Screening, ScreeningFact
from marfa.domain.addressee import Addressee
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.methods.screening import Answer, Panel, PilotUse
from marfa.platform.deadlines.models import Deadline
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.child_talks.trained import train
from tests.conftest import Operation

ALL = {each.value: Met.YES.value for each in Condition}
PANEL = Panel.of("ilo-delphi-labour-adult")
USE = PilotUse()
ADULT = NewPerson(sex="female", born=PartialDate.gregorian(1990), basis="stated")


class Office:
    """A reception desk with one person, a colleague there, a supervisor who is trained to speak
    with children, and a case worker."""

    def __init__(self, operation: Operation) -> None:
        self.site = Site.objects.filter(organisation=operation.controller).order_by("name")[0]
        self.officer = actor_of(operation.desks[Desk.RECEPTION])
        self.supervisor = actor_of(operation.supervisor)
        train(operation.supervisor)
        self.worker = actor_of(operation.desks[Desk.PROTECTION])
        self.partner = actor_of(operation.partner)
        self.person = self.register(ADULT)

    def register(self, told: NewPerson) -> Person:
        return register_person(
            actor=self.officer, purpose=Purpose.REGISTRATION, site=self.site, told=told
        )

    def sit_down(self, person: Person | None = None) -> Screening:
        return open_screening(
            actor=self.officer,
            person=person or self.person,
            site=self.site,
            language="ar",
            addressee=Addressee.FEMININE,
        )

    def asking(self) -> Screening:
        row = self.sit_down()
        look_at_conditions(
            actor=self.officer, screening=row, base_version=1, told=ALL, interpreter="T-7"
        )
        ask_first(actor=self.supervisor, screening=row, base_version=2, panel=PANEL, use=USE)
        return row

    def finished(self, **stated: str) -> Screening:
        row = self.asking()
        told = {item.replace("_", "-"): answer for item, answer in stated.items()}
        keep_answers(actor=self.officer, screening=row, base_version=3, stated=told, observed={})
        finish_screening(actor=self.officer, screening=row, base_version=3, panel=PANEL, use=USE)
        return row


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def found(row: Screening) -> tuple[str, str]:
    row.refresh_from_db()
    with open_vault():
        return row.indication, row.urgency


@given(st.dictionaries(st.sampled_from(list(Condition)), st.sampled_from(list(Met))))
def test_nothing_is_asked_unless_every_condition_holds(told: dict[Condition, Met]) -> None:
    bad = [
        each
        for each in Condition
        if told.get(each) is not Met.YES
        and not (each in MAY_NOT_BE_NEEDED and told.get(each) is Met.NOT_NEEDED)
    ]
    expected = Allowed.ASK if not bad else Allowed.NOT_YET
    if bad == [Condition.REFERRAL]:
        expected = Allowed.EMERGENCY_ONLY
    assert allowed_by_conditions({key.value: met.value for key, met in told.items()}) is expected


ANSWERS = st.dictionaries(st.sampled_from("abc"), st.sampled_from([each.code for each in Answer]))


@given(stated=ANSWERS, observed=ANSWERS)
def test_what_was_not_seen_is_no_no(stated: dict[str, str], observed: dict[str, str]) -> None:
    for item, answer in merge_answers(stated, observed).items():
        if answer is Answer.NO:
            assert stated[item] == "no"
            assert observed.get(item) != "yes"
        if "yes" in (stated.get(item), observed.get(item)):
            assert answer is Answer.YES


@pytest.mark.django_db(transaction=True)
def test_the_first_question_waits_for_the_conditions(desk: Office) -> None:
    row = desk.sit_down()
    with pytest.raises(InputError, match="open-already"):
        desk.sit_down()
    without = {**ALL, Condition.NOBODY_ELSE.value: Met.NO.value}
    look_at_conditions(
        actor=desk.officer, screening=row, base_version=1, told=without, interpreter="T-7"
    )
    with pytest.raises(InputError, match="conditions-missing"):
        ask_first(actor=desk.supervisor, screening=row, base_version=2, panel=PANEL, use=USE)
    with pytest.raises(InputError, match="not-asking"):
        keep_answers(
            actor=desk.officer, screening=row, base_version=2, stated={"ex-pay": "yes"}, observed={}
        )
    with pytest.raises(InputError, match="interpreter-code"):
        look_at_conditions(actor=desk.officer, screening=row, base_version=2, told=ALL)
    put_off(actor=desk.officer, screening=row, declined=False, why="the uncle would not leave")
    assert Screening.objects.get(pk=row.pk).state == Screening.State.NOT_SAFE
    assert desk.sit_down().state == Screening.State.PREPARING


@pytest.mark.django_db(transaction=True)
def test_stop_is_total(desk: Office) -> None:
    row = desk.asking()
    keep_answers(
        actor=desk.officer,
        screening=row,
        base_version=3,
        stated={"ex-pay": "yes"},
        observed={},
        said="He keeps all of it",
    )
    stop_screening(actor=desk.officer, screening=row, forget=True)
    for act in (
        lambda: keep_answers(
            actor=desk.officer, screening=row, base_version=5, stated={}, observed={}
        ),
        lambda: finish_screening(
            actor=desk.officer, screening=row, base_version=5, panel=PANEL, use=USE
        ),
        lambda: stop_screening(actor=desk.officer, screening=row),
    ):
        with pytest.raises(InputError):
            act()
    row.refresh_from_db()
    with open_vault():
        assert (answers_given(row).stated, row.said, row.outcome) == ({}, None, None)
    assert not Revision.objects.filter(object_id=row.pk).exists()
    assert ScreeningFact.objects.get(replaced_at=None).indication == "not_finished"


@pytest.mark.django_db(transaction=True)
def test_a_sign_that_was_seen_counts_although_the_person_says_no(desk: Office) -> None:
    row = desk.asking()
    keep_answers(
        actor=desk.officer,
        screening=row,
        base_version=3,
        stated={"cd-papers": "no"},
        observed={"cd-papers": "yes"},
    )
    result = finish_screening(
        actor=desk.officer, screening=row, base_version=3, panel=PANEL, use=USE
    )
    assert result.outcome is not None
    assert found(row) == ("at_risk", "days")
    assert result.pilot


@pytest.mark.django_db(transaction=True)
def test_one_raises_and_two_lower(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    for indication, urgency, text in [
        ("at_risk", "days", "same"),
        ("none_seen", "now", "mixed"),
        ("presumed_victim", "days", " "),
        ("certain", "days", "no such"),
    ]:
        with pytest.raises(InputError):
            raise_outcome(
                actor=desk.officer,
                screening=row,
                indication=indication,
                urgency=urgency,
                sentence=text,
            )
    raise_outcome(
        actor=desk.officer,
        screening=row,
        indication="presumed_victim",
        urgency="now",
        sentence="She was locked in",
    )
    assert found(row) == ("presumed_victim", "now")
    change = ask_to_lower(
        actor=desk.officer, screening=row, indication="at_risk", urgency="days", sentence="Mistake"
    )
    assert found(row) == ("presumed_victim", "now")
    with pytest.raises(DeniedError):
        answer_lowering(actor=desk.officer, change=change, agree=True)
    assert found(row) == ("presumed_victim", "now")
    answer_lowering(actor=desk.supervisor, change=change, agree=True)
    assert found(row) == ("at_risk", "days")
    with pytest.raises(InputError, match="answered-already"):
        answer_lowering(actor=desk.supervisor, change=change, agree=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the request before either answered."""
    row = desk.finished(cd_papers="yes")
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="none_seen",
        urgency="routine",
        sentence="Mistake",
    )
    late = OutcomeChange.objects.get(pk=change.pk)
    before = found(row)
    answer_lowering(actor=desk.supervisor, change=change, agree=False)
    monkeypatch.setattr(OutcomeChange, "refresh_from_db", lambda *_args, **_options: None)
    with pytest.raises(InputError, match="answered-already"):
        answer_lowering(actor=desk.supervisor, change=late, agree=True)
    assert found(row) == before
    assert OutcomeChange.objects.get(pk=change.pk).state == "refused"


@pytest.mark.django_db(transaction=True)
def test_the_database_too_wants_two_to_lower(desk: Office) -> None:
    from django.db import IntegrityError, transaction

    row = desk.finished(cd_papers="yes")
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="none_seen",
        urgency="routine",
        sentence="Mistake",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomeChange.objects.filter(pk=change.pk).update(
            state="done", answered_by=change.asked_by, answered_at=change.asked_at
        )


@pytest.mark.django_db(transaction=True)
def test_a_hand_over_waits_until_somebody_takes_it_and_is_taken_once(desk: Office) -> None:
    row = desk.finished(cd_papers="yes", core_imminent="yes")
    assert found(row)[1] == "now"
    made = hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    assert made.due_at - made.made_at == timedelta(hours=1)
    assert Deadline.objects.get(subject=made.pk).state == Deadline.State.OPEN
    with pytest.raises(InputError, match="handed-over-already"):
        hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.AGREED)
    for actor in (desk.officer, desk.partner):
        with pytest.raises(DeniedError):
            take_up(actor=actor, hand_over=made)
    taker: Actor = desk.worker
    take_up(actor=taker, hand_over=made)
    assert Assignment.objects.get(object_id=row.person_id).user_id == taker.id
    assert Deadline.objects.get(subject=made.pk).state == Deadline.State.MET
    with pytest.raises(InputError, match="taken-already"):
        take_up(actor=taker, hand_over=made)


@pytest.mark.django_db(transaction=True)
def test_without_a_yes_only_a_child_or_danger_is_handed_over(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    with pytest.raises(InputError, match="not-a-child"):
        hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.CHILD)
    with pytest.raises(InputError, match="danger-in-words"):
        hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground.LIFE_IN_DANGER)
    assert not HandOver.objects.exists()
    hand_over(
        actor=desk.officer,
        screening=row,
        ground=HandOver.Ground.LIFE_IN_DANGER,
        note="He waits at the gate with a knife",
    )
    assert HandOver.objects.get().urgency == "now"
    told = " ".join(str(entry.detail) for entry in Entry.objects.all())
    assert "knife" not in told
