"""What may be done about an age that is disputed. The person is a child until all of it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marfa.apps.age_assessment.intervals import widen
from marfa.apps.age_assessment.models import (
    EXAMINATIONS,
    LIVE,
    LOOKS,
    METHODS,
    AgeAssessment,
    AgeLook,
    AgeResult,
)
from marfa.apps.age_assessment.queries import SECOND, State, makes_adult, widest_about
from marfa.apps.best_interests.agreement import Agreement, check_agreement
from marfa.apps.cases.action_base import (
    PURPOSE,
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    lock_case,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.registry.actions import decide_age
from marfa.domain.dates import PartialDate, born_when_aged, to_storage
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

MOST_ERROR = Decimal(20)
NOTHING: dict[str, Any] = {
    "proposed_at": None,
    "proposed_by": None,
    "confirmed_on": None,
    "confirmed_by": None,
    "appeal_until": None,
}


@dataclass(frozen=True)
class ResultTold:
    """What a method found. lowest, highest: ages in completed years on the day ``found_on``.

    born: instead of ages, a birth. error_years: as whoever made it states it. made_by: who that is.
    """

    method: str
    found_on: date | None
    lowest: int | None = None
    highest: int | None = None
    born: PartialDate | None = None
    error_years: Decimal | None = None
    elsewhere: bool = False
    made_by: str = ""
    words: str = ""


def ask_assessment(
    *, actor: Actor, case: Case, need: str, authority: str, legal_basis: str
) -> AgeAssessment:
    """Ask for an assessment by the authority that may, as the last resort. Nothing begins before
    the answer. What is to be looked at is papers and what people tell, and nothing else.

    Raises InputError where the age is not disputed, or one is under way; DeniedError.
    """
    told = {"need": need, "authority": authority, "legal_basis": legal_basis}
    check_together(
        *(
            lambda name=name, text=text: clean_text(text, field=name, needed=True)
            for name, text in told.items()
        )
    )
    with case_action(actor, case, "ask_age_assessment") as act:
        _must_be_disputed(case)
        if AgeAssessment.objects.filter(person=case.person, state__in=LIVE).exists():
            raise InputError.at(Message("apps.age_assessment:under-way"))
        row = AgeAssessment(**case_columns(case), asked_at=clock.now(), asked_by=actor.id)
        create_case_row(act, row, **{name: text.strip() for name, text in told.items()})
        for kind in LOOKS:
            columns = case_columns(case)
            del columns["case"]
            act.create(AgeLook(**columns, assessment=row, kind=kind))
    return row


def record_answer(*, actor: Actor, assessment: AgeAssessment, agreement: Agreement) -> None:
    """Write down the answer of the child, the guardian, or the agency with the mandate. A no ends
    it; nothing else follows from it, and it says nothing about the age.

    Raises InputError for a yes of who may not give it.
    """
    with _step(actor, assessment, "answer_age_assessment", State.ASKED) as act:
        check_agreement(assessment.case.person, agreement)
        changes: dict[str, Any] = {"state": State.AGREED}
        if not agreement.is_yes:
            changes = _ended(assessment, actor, State.REFUSED)
        change_case_row(act, assessment, **{**changes, **agreement.columns()})


def record_look(*, actor: Actor, look: AgeLook, text: str) -> None:
    """Write down what was looked at or asked, and what was there, also where there was nothing.
    Raises InputError before the answer and after the end."""
    said = clean_text(text, field="text", needed=True)
    with _step(actor, look.assessment, "look_at_age", State.AGREED) as act:
        change_case_row(act, look, looked_at=clock.now(), looked_by=actor.id, words=said)


def record_result(*, actor: Actor, assessment: AgeAssessment, told: ResultTold) -> AgeResult:
    """Write down what a method found. A result that reaches below 18 takes back what was proposed
    and decided.

    Raises InputError without an interval; for an examination without its error, or one that was
    not made elsewhere: none is asked for from here.
    """
    born, found_on = _checked(told, clock.today(assessment.case.site.time_zone))
    states = (State.AGREED, State.PROPOSED, State.DECIDED, State.APPEALED)
    with _step(actor, assessment, "enter_age_result", *states) as act:
        row = AgeResult(
            organisation_id=assessment.organisation_id,
            person=assessment.case.person,
            assessment=assessment,
            method=told.method,
            elsewhere=told.elsewhere,
            error_years=told.error_years,
            found_on=found_on,
            entered_at=clock.now(),
            entered_by=actor.id,
        )
        create_case_row(
            act,
            row,
            born=to_storage(born),
            made_by=told.made_by.strip(),
            words=told.words.strip(),
        )
        _take_back_if_child(act, assessment)
    return row


def strike_result(*, actor: Actor, result: AgeResult, text: str) -> None:
    """Somebody else than who entered it found that a result was entered by mistake. It stays
    legible and counts no more. Raises DeniedError for who entered it; InputError."""
    said = clean_text(text, field="text", needed=True)
    person = result.person
    with (
        open_vault(),
        action(
            actor=actor,
            code=SECOND,
            purpose=PURPOSE,
            resource=review_of(person, result.pk, asked_by=result.entered_by),
            subject=person.pk,
        ) as act,
    ):
        act.note(step="strike_age_result")
        lock_case(result.assessment.case)
        result.refresh_from_db()
        if result.struck_at is not None:
            raise InputError.at(Message("apps.age_assessment:struck-already"))
        change_case_row(act, result, struck_at=clock.now(), struck_by=actor.id, struck_for=said)


def propose_adult(*, actor: Actor, assessment: AgeAssessment, text: str) -> None:
    """Say that every result lies wholly above 18. Nothing changes for the person.

    Raises InputError where something was not looked at, or any result leaves a child possible.
    """
    said = clean_text(text, field="text", needed=True)
    with _step(actor, assessment, "propose_adult", State.AGREED) as act:
        _all_looked_at(assessment)
        _must_be_adult(assessment)
        now = clock.now()
        change_case_row(
            act,
            assessment,
            state=State.PROPOSED,
            reasons=said,
            proposed_at=now,
            proposed_by=actor.id,
        )


def agree_adult(*, actor: Actor, assessment: AgeAssessment, appeal_until: date | None) -> None:
    """A second person finds the same, and says until when the person may appeal. They are a child
    until then. Raises DeniedError for who proposed it; InputError."""
    today = clock.today(assessment.case.site.time_zone)
    if appeal_until is None or appeal_until <= today:
        raise InputError.at(Message("apps.age_assessment:appeal-day"), field="appeal_until")
    with _second(actor, assessment, "agree_adult") as act:
        _must_be_adult(assessment)
        change_case_row(
            act,
            assessment,
            state=State.DECIDED,
            confirmed_on=today,
            confirmed_by=actor.id,
            appeal_until=appeal_until,
        )


def disagree_adult(*, actor: Actor, assessment: AgeAssessment, text: str) -> None:
    """A second person does not find the same: it goes back, and the person is a child as before.
    Raises DeniedError for who proposed it; InputError."""
    said = clean_text(text, field="text", needed=True)
    with _second(actor, assessment, "disagree_adult") as act:
        change_case_row(act, assessment, state=State.AGREED, **{**NOTHING, "outcome": said})


def appeal_age(*, actor: Actor, assessment: AgeAssessment, text: str) -> None:
    """The person appeals, or somebody for them, also late as long as nothing took effect."""
    said = clean_text(text, field="text", needed=True)
    with _step(actor, assessment, "appeal_age", State.DECIDED) as act:
        change_case_row(act, assessment, state=State.APPEALED, appealed_at=clock.now(), appeal=said)


def answer_appeal(*, actor: Actor, assessment: AgeAssessment, upheld: bool, text: str) -> None:
    """What became of an appeal. upheld: the person is a child, and the assessment is over; else
    what two decided stands again, and its last day with it. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _step(actor, assessment, "answer_appeal", State.APPEALED) as act:
        changes: dict[str, Any] = {"state": State.DECIDED, "appeal_answer": said}
        if upheld:
            changes |= _ended(assessment, actor, State.CHILD)
        change_case_row(act, assessment, **changes)


def end_as_child(*, actor: Actor, assessment: AgeAssessment, text: str) -> None:
    """It ends, and the person is a child. The age stays disputed until somebody writes down what
    settled it: a doubt harms nobody. One person is enough. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _step(actor, assessment, "end_as_child", *(State(each) for each in LIVE)) as act:
        changes = {**_ended(assessment, actor, State.CHILD), "outcome": said}
        change_case_row(act, assessment, **changes)


def make_adult(*, actor: Actor, assessment: AgeAssessment) -> None:
    """What two decided takes effect, once the time to appeal is over and nobody appealed. Cases,
    deadlines and protection stay as they are.

    Raises InputError before that; DeniedError for who may not write down that somebody is grown up.
    """
    case = assessment.case
    with together(), _step(actor, assessment, "make_adult", State.DECIDED) as act:
        _must_be_disputed(case)
        _must_be_adult(assessment)
        today = clock.today(case.site.time_zone)
        if assessment.appeal_until is None or assessment.appeal_until >= today:
            raise InputError.at(Message("apps.age_assessment:appeal-runs"))
        born = widest_about(assessment.person_id)
        assert born is not None  # noqa: S101 - every result lies above 18
        decide_age(
            actor=actor, purpose=PURPOSE, person=case.person, born=born, basis="age_assessment"
        )
        change_case_row(act, assessment, **_ended(assessment, actor, State.ADULT))


@contextmanager
def _step(
    actor: Actor, assessment: AgeAssessment, step: str, *states: AgeAssessment.State
) -> Iterator[Act]:
    with case_action(actor, assessment.case, step, closed_too=True) as act:
        _must_be(assessment, *states)
        yield act


@contextmanager
def _second(actor: Actor, assessment: AgeAssessment, step: str) -> Iterator[Act]:
    """A step of the second person, who never is the first."""
    first = assessment.proposed_by
    if first is None:
        raise InputError.at(Message("apps.age_assessment:otherwise"))
    with (
        open_vault(),
        action(
            actor=actor,
            code=SECOND,
            purpose=PURPOSE,
            resource=review_of(assessment.person, assessment.pk, asked_by=first),
            subject=assessment.person_id,
        ) as act,
    ):
        act.note(step=step)
        lock_case(assessment.case)
        _must_be(assessment, State.PROPOSED)
        yield act


def _must_be(row: AgeAssessment, *states: AgeAssessment.State) -> None:
    """Read it again, and hold that it stands so."""
    row.refresh_from_db()
    if row.state not in states:
        raise InputError.at(Message("apps.age_assessment:otherwise"))


def _must_be_disputed(case: Case) -> None:
    case.person.refresh_from_db(fields=["age_disputed", "child_until", "version"])
    if not case.person.age_disputed:
        raise InputError.at(Message("apps.age_assessment:not-disputed"))


def _must_be_adult(row: AgeAssessment) -> None:
    if not makes_adult(row.person_id, clock.today(row.case.site.time_zone)):
        raise InputError.at(Message("apps.age_assessment:may-be-child"))


def _all_looked_at(row: AgeAssessment) -> None:
    if row.looks.filter(looked_at=None).exists():
        raise InputError.at(Message("apps.age_assessment:look-first"))


def _take_back_if_child(act: Act, row: AgeAssessment) -> None:
    """What was proposed or decided holds no more where a result leaves a child possible."""
    if row.state == State.AGREED or makes_adult(
        row.person_id, clock.today(row.case.site.time_zone)
    ):
        return
    change_case_row(act, row, state=State.AGREED, **NOTHING)


def _ended(row: AgeAssessment, actor: Actor, state: AgeAssessment.State) -> dict[str, Any]:
    today = clock.today(row.case.site.time_zone)
    return {"state": state, "ended_on": today, "ended_by": actor.id}


def _checked(told: ResultTold, today: date) -> tuple[PartialDate, date]:
    """The birth that a result leaves possible, and as of when. Raises InputError with everything
    that is wrong."""
    check_together(
        lambda: require_choice(told.method, METHODS, field="method"),
        lambda: _found_on(told.found_on, today),
        lambda: _error(told),
        lambda: clean_text(told.made_by, field="made_by", needed=True, most=200),
        lambda: clean_text(told.words, field="words"),
        lambda: _interval(told),
    )
    assert told.found_on is not None  # noqa: S101 - checked above
    born = _interval(told)
    assert born is not None  # noqa: S101 - there is a day
    return widen(born, told.error_years) if told.error_years else born, told.found_on


def _found_on(day: date | None, today: date) -> None:
    if day is None or day > today:
        raise InputError.at(Message("apps.age_assessment:found-on"), field="found_on")


def _error(told: ResultTold) -> None:
    if told.error_years is not None and not 0 < told.error_years <= MOST_ERROR:
        raise InputError.at(Message("apps.age_assessment:error-number"), field="error_years")
    if told.method not in EXAMINATIONS:
        return
    if told.error_years is None:
        raise InputError.at(Message("apps.age_assessment:error-missing"), field="error_years")
    if not told.elsewhere:
        raise InputError.at(Message("apps.age_assessment:never-asked-here"), field="elsewhere")


def _interval(told: ResultTold) -> PartialDate | None:
    if told.born is not None:
        return told.born
    if told.lowest is None or told.highest is None:
        raise InputError.at(Message("apps.age_assessment:interval"), field="lowest")
    if told.found_on is None:
        return None
    try:
        return born_when_aged(told.lowest, told.highest, told.found_on)
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="lowest") from None
