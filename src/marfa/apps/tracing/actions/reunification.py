"""The way back to a family: risks, wish, decision by two, and visits afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marfa.apps.best_interests.matters import REUNIFICATION
from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.models.agreement import Agreement, Answer
from marfa.apps.best_interests.queries import decision_in_force, doubted_adults
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
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.tracing.actions.agreements import agreement_columns, is_child
from marfa.apps.tracing.actions.partings import check_together_or_agreed
from marfa.apps.tracing.deadlines import (
    FEWEST_VISITS,
    VISIT,
    VISITS,
    review_after,
    review_on,
)
from marfa.apps.tracing.models import (
    ClaimedRelative,
    FamilyVisit,
    Reunification,
    RiskCheck,
)
from marfa.apps.tracing.siblings import stays_with
from marfa.domain.codelists import codelist
from marfa.domain.dates.months import fold_text
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State, Wish = Reunification.State, Reunification.Wish
SIGNS = {entry.code: bool(entry.attributes["danger"]) for entry in codelist("family_risks").entries}
"""Sign of risk -> whether it stops a reunification."""
YES, NO, UNKNOWN = ANSWERS = ("yes", "no", "unknown")


def check_risks(
    *, actor: Actor, claim: ClaimedRelative, answers: Mapping[str, str], text: str
) -> RiskCheck:
    """Write down what is known of the dangers of a family, each sign by itself. What nobody knows
    of a danger counts as one. Raises DeniedError, InputError."""
    said = clean_text(text, field="text", needed=True)
    check_together(
        *(
            lambda sign=sign: require_choice(answers.get(sign, ""), ANSWERS, field=sign)
            for sign in SIGNS
        )
    )
    with case_action(actor, claim.case, "check_risks") as act:
        row = RiskCheck(
            organisation_id=claim.organisation_id,
            person=claim.person,
            claim=claim,
            danger=any(answers[sign] != NO for sign, stops in SIGNS.items() if stops),
            doubt=any(answers[sign] != NO for sign in SIGNS),
            at=clock.now(),
            by=actor.id,
        )
        create_case_row(act, row, answers={sign: answers[sign] for sign in SIGNS}, words=said)
    return row


@dataclass(frozen=True)
class Preparation:
    """What is prepared. wish, wish_how, wish_at: what the child wishes, how and when they were
    asked. border: it leads into another country."""

    wish: str
    wish_how: str
    wish_at: datetime
    border: bool
    text: str
    review_at: datetime | None = None
    agreement: Agreement | None = None


def prepare_reunification(
    *, actor: Actor, claim: ClaimedRelative, told: Preparation
) -> Reunification:
    """Prepare that a child goes back to a relative. Nothing happens before a second person decides.

    Raises DeniedError; InputError where the relative was not verified, a danger is there or the
    risks were not looked at, and where brothers and sisters would be parted.
    """
    texts: list[str | None] = []
    check_together(
        lambda: require_choice(told.wish, Wish.values, field="wish"),
        lambda: texts.append(clean_text(told.wish_how, field="wish_how", needed=True)),
        lambda: texts.append(clean_text(told.text, field="why", needed=True)),
    )
    case = claim.case
    with case_action(actor, case, "prepare_reunification") as act:
        claim.refresh_from_db()
        risk = _risks_that_let(claim)
        now = clock.now()
        review_at = review_on(told.review_at, now)
        begun = Reunification.objects.filter(case=case, state__in=(State.WAITING, State.AGREED))
        if begun.exists():
            raise InputError.at(Message("apps.tracing:reunification-begun"))
        along = _going_there(actor, claim, prepared=False)
        check_together_or_agreed(actor, case.person, along, field="together")
        agreed = agreement_columns(case, told.agreement)
        row = Reunification(
            **case_columns(case),
            **agreed,
            claim=claim,
            risk=risk,
            wish=told.wish,
            wish_at=told.wish_at,
            border=told.border,
            needs_panel=told.border or risk.doubt or _is_doubted(claim),
            prepared_at=now,
            prepared_by=actor.id,
            review_at=review_at,
        )
        create_case_row(act, row, wish_how=texts[0], why=texts[1])
    return row


def determined_for(claim: ClaimedRelative) -> Determination | None:
    """What a panel decided, as it stands now, on going back to this relative; one that names
    somebody else decides nothing here."""
    tie, abouts = claim.relationship, {None, claim.pk}
    if tie is not None:
        abouts |= {tie.person_id, tie.to_id} - {claim.person_id}
    found = decision_in_force(claim.person, REUNIFICATION)
    if found is not None and found.about in abouts:
        return found
    others = (decision_in_force(claim.person, REUNIFICATION, about=key) for key in abouts if key)
    return next((each for each in others if each is not None), None)


def answer_reunification(*, actor: Actor, row: Reunification, agree: bool) -> None:
    """A second person decides. Raises DeniedError for who prepared it; InputError where the child
    does not want it, or what it rests on has changed."""
    person = row.case.person
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(person, row.pk, asked_by=row.prepared_by),
            subject=person.pk,
        ) as act,
    ):
        act.note(step="answer_reunification", agreed=agree)
        lock_case(row.case)
        row.refresh_from_db()
        if row.state != State.WAITING:
            raise InputError.at(Message("apps.cases:answered-already"))
        now = clock.now()
        changes: dict[str, Any] = {"review_at": review_after(row.review_at, now)}
        if agree:
            _must_still_hold(actor, row)
            changes |= _yes_and_panel(row)
        state = State.AGREED if agree else State.NOT_AGREED
        changes |= {"state": state, "decided_at": now, "decided_by": actor.id}
        change_case_row(act, row, **changes)


def finish_reunification(
    *, actor: Actor, row: Reunification, text: str, visits: Sequence[timedelta] = VISITS
) -> list[FamilyVisit]:
    """They are together. Visits are planned at once, each with its deadline; three at least.

    Raises DeniedError; InputError where what it rests on has changed, or visits are too few.
    """
    said = clean_text(text, field="outcome", needed=True)
    if len(set(visits)) < FEWEST_VISITS or any(each <= timedelta(0) for each in visits):
        said_few = Message("apps.tracing:visits-few", {"count": FEWEST_VISITS})
        raise InputError.at(said_few, field="visits")
    with case_action(actor, row.case, "finish_reunification") as act:
        row.refresh_from_db()
        if row.state != State.AGREED:
            raise InputError.at(Message("apps.tracing:reunification-not-agreed"))
        _must_still_hold(actor, row)
        panel, now = _yes_and_panel(row), clock.now()
        change_case_row(act, row, state=State.DONE, ended_at=now, outcome=said, **panel)
        return [_plan_visit(act, row, now + each) for each in sorted(set(visits))]


def stop_reunification(*, actor: Actor, row: Reunification, text: str) -> None:
    """It does not take place, or not now: anybody who works on the case may stop it, alone and at
    once. Raises DeniedError, InputError."""
    said = clean_text(text, field="stop", needed=True)
    with case_action(actor, row.case, "stop_reunification", closed_too=True) as act:
        row.refresh_from_db()
        if row.state not in (State.WAITING, State.AGREED):
            raise InputError.at(Message("apps.tracing:reunification-over"))
        change_case_row(act, row, state=State.STOPPED, ended_at=clock.now(), outcome=said)


def record_visit(*, actor: Actor, visit: FamilyVisit, state: str, text: str) -> None:
    """Write down how a visit went. Nobody met: another is planned a week later. Raises DeniedError,
    InputError."""
    held = [each for each in FamilyVisit.State.values if each != FamilyVisit.State.PLANNED]
    require_choice(state, held, field="state")
    said = clean_text(text, field="text", needed=True)
    reunification = visit.reunification
    with case_action(actor, reunification.case, "record_visit") as act:
        visit.refresh_from_db()
        if visit.state != FamilyVisit.State.PLANNED:
            raise InputError.at(Message("apps.tracing:visit-over"))
        now = clock.now()
        change_case_row(act, visit, state=state, words=said, held_at=now, held_by=actor.id)
        meet_deadline(kind=VISIT, subject=visit.pk)
        if state == FamilyVisit.State.NOT_MET:
            _plan_visit(act, reunification, now + timedelta(days=7))


def _risks_that_let(claim: ClaimedRelative) -> RiskCheck:
    """What was found of the family last, where it stops nothing."""
    if claim.state != ClaimedRelative.State.VERIFIED:
        raise InputError.at(Message("apps.tracing:not-verified"))
    risk = _last_risks(claim)
    if risk is None:
        raise InputError.at(Message("apps.tracing:risks-first"))
    if risk.danger:
        raise InputError.at(Message("apps.tracing:danger-stops"))
    return risk


def _must_still_hold(actor: Actor, row: Reunification) -> None:
    """What it rests on, read again: verified, no danger since, the wish, nobody parted."""
    claim = row.claim
    claim.refresh_from_db()
    _risks_that_let(claim)
    if row.wish != Wish.YES:
        raise InputError.at(Message("apps.tracing:wish-first"))
    along = _going_there(actor, claim)
    check_together_or_agreed(actor, row.case.person, along, field="together")


def _last_risks(claim: ClaimedRelative) -> RiskCheck | None:
    return claim.risk_checks.order_by("-at", "-pk").first()


def _is_doubted(claim: ClaimedRelative) -> bool:
    """Whether a doubt that was written down concerns somebody of the family."""
    tie = claim.relationship
    return tie is not None and bool(doubted_adults({tie.person_id, tie.to_id}))


def _yes_and_panel(row: Reunification) -> dict[str, Any]:
    """The determination on which it rests, where it needs one by now. Raises InputError without
    it, and without a yes of who may give it: also for an adult whose age came into doubt since."""
    decides_alone = row.grown_up and not is_child(row.case)
    if not decides_alone and row.agreed_answer != Answer.GIVEN:
        raise InputError.at(Message("apps.tracing:yes-first"))
    needed = is_panel_needed(row)
    determination = determined_for(row.claim) if needed else None
    if needed and determination is None:
        raise InputError.at(Message("apps.tracing:panel-first"))
    found = determination.pk if determination else None
    return {"determination_id": found, "needs_panel": needed}


def is_panel_needed(row: Reunification) -> bool:
    """Whether a panel has to decide: since it was prepared, or by a doubt that came after that."""
    risk = _last_risks(row.claim)
    return row.needs_panel or (risk is not None and risk.doubt) or _is_doubted(row.claim)


def _going_there(actor: Actor, claim: ClaimedRelative, *, prepared: bool = True) -> set[UUID]:
    """Keys of those who belong to the child and go to the same relative, or are with them already.
    prepared: by a reunification of their own; before the first of them is prepared, a verified tie
    of their own is enough. Who is not registered here is the same by their name.
    """
    states = (State.WAITING, State.AGREED, State.DONE)
    found = ClaimedRelative.objects.filter(reunifications__state__in=states)
    if not prepared:
        found |= ClaimedRelative.objects.filter(state=ClaimedRelative.State.VERIFIED)
    found = found.filter(person__in=stays_with(actor, claim.person))
    if claim.relationship is not None:
        found = found.filter(relationship__person=claim.relationship.person_id)
        return set(found.values_list("person_id", flat=True))
    called = _plain(claim.name)
    rows = found.filter(relationship=None)
    return {row.person_id for row in rows if _plain(row.name) == called}


def _plain(name: str | None) -> str:
    return " ".join(fold_text(name or "").split())


def _plan_visit(act: Act, row: Reunification, due_at: datetime) -> FamilyVisit:
    visit = FamilyVisit(
        organisation_id=row.organisation_id,
        person=row.case.person,
        reunification=row,
        due_at=due_at,
    )
    create_case_row(act, visit)
    set_deadline(
        kind=VISIT,
        subject=visit.pk,
        due_at=due_at,
        owner=owner_of(visit),
        responsible=row.case.worker,
    )
    return visit
