"""Who says to be a relative: taken down, told by both sides, decided by two, and contact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

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
from marfa.apps.registry.actions import settle_relationship
from marfa.apps.registry.models import Relationship
from marfa.apps.tracing.deadlines import VERIFIED_WITHIN, VERIFY, review_after, review_on
from marfa.apps.tracing.models import (
    ClaimedRelative,
    Enquiry,
    FamilyContact,
    TieAccount,
    TieDecision,
)
from marfa.apps.tracing.models.enquiries import RELATIONSHIPS
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State, Outcome, Side = ClaimedRelative.State, TieDecision.Outcome, TieAccount.Side
SETTLES = {
    Outcome.VERIFIED: Relationship.State.VERIFIED,
    Outcome.REFUTED: Relationship.State.REFUTED,
}


@dataclass(frozen=True)
class Account:
    """What one side tells. apart, open_questions, untold: how they were asked (``TieAccount``)."""

    side: str
    text: str
    apart: bool = False
    open_questions: bool = False
    untold: bool = False


@dataclass(frozen=True)
class Finding:
    """What somebody finds of a claim. sides: how what both tell fits together."""

    outcome: str
    sides: str
    text: str
    review_at: datetime | None = None


def claim_relative(
    *,
    actor: Actor,
    case: Case,
    kind: str,
    name: str,
    reach: str = "",
    text: str = "",
    enquiry: Enquiry | None = None,
    relationship: Relationship | None = None,
) -> ClaimedRelative:
    """Take down who says to be a relative of the person. They are told nothing.

    relationship: the claim in the registry, where they are registered here too.
    Raises DeniedError, InputError.
    """
    known: list[str | None] = []
    check_together(
        lambda: require_choice(kind, RELATIONSHIPS, field="kind"),
        lambda: known.append(clean_text(name, field="name", needed=True)),
        lambda: known.append(clean_text(reach, field="reach")),
        lambda: known.append(clean_text(text, field="text")),
    )
    with case_action(actor, case, "claim_relative") as act:
        if relationship is not None and case.person_id not in (
            relationship.person_id,
            relationship.to_id,
        ):
            raise InputError.at(Message("apps.tracing:relationship-of-another"), field="related")
        now = clock.now()
        row = ClaimedRelative(
            **case_columns(case),
            enquiry=enquiry,
            relationship=relationship,
            kind=kind,
            recorded_at=now,
            recorded_by=actor.id,
            due_at=now + VERIFIED_WITHIN,
        )
        create_case_row(act, row, name=known[0], reach=known[1], words=known[2])
        set_deadline(
            kind=VERIFY,
            subject=row.pk,
            due_at=row.due_at,
            owner=owner_of(row),
            responsible=case.worker,
        )
    return row


def record_account(*, actor: Actor, claim: ClaimedRelative, told: Account) -> TieAccount:
    """Write down what one side tells. Raises DeniedError; InputError where the child was not asked
    apart and with open questions, or the relative was told what others said."""
    require_choice(told.side, Side.values, field="side")
    said = clean_text(told.text, field="text", needed=True)
    if told.side == Side.CHILD and not (told.apart and told.open_questions):
        raise InputError.at(Message("apps.tracing:ask-apart"), field="how")
    if told.side == Side.RELATIVE and not told.untold:
        raise InputError.at(Message("apps.tracing:tell-nothing"), field="how")
    with _claim_action(actor, claim, "record_account") as act:
        row = TieAccount(
            organisation_id=claim.organisation_id,
            person=claim.person,
            claim=claim,
            side=told.side,
            apart=told.apart,
            open_questions=told.open_questions,
            untold=told.untold,
            at=clock.now(),
            by=actor.id,
        )
        create_case_row(act, row, words=said)
    return row


def propose_outcome(*, actor: Actor, claim: ClaimedRelative, found: Finding) -> TieDecision:
    """Say what was found; it holds only once a second person agrees. What was decided before is
    decided anew in the same way. Raises DeniedError; InputError where both sides were not heard."""
    said: list[str | None] = []
    check_together(
        lambda: require_choice(found.outcome, Outcome.values, field="outcome"),
        lambda: require_choice(found.sides, TieDecision.Sides.values, field="sides"),
        lambda: said.append(clean_text(found.text, field="why", needed=True)),
    )
    with _claim_action(actor, claim, "propose_outcome") as act:
        now = clock.now()
        review_at = review_on(found.review_at, now)
        if claim.decisions.filter(state=TieDecision.State.WAITING).exists():
            raise InputError.at(Message("apps.tracing:waits-for-second"))
        child, relative = (_last_account(claim, side) for side in (Side.CHILD, Side.RELATIVE))
        _check_sides(found, child, relative)
        row = TieDecision(
            organisation_id=claim.organisation_id,
            person=claim.person,
            claim=claim,
            outcome=found.outcome,
            sides=found.sides,
            child_account=child,
            relative_account=relative,
            proposed_at=now,
            proposed_by=actor.id,
            review_at=review_at,
        )
        create_case_row(act, row, why=said[0])
    return row


def answer_decision(*, actor: Actor, decision: TieDecision, agree: bool, text: str = "") -> None:
    """A second person agrees, and the claim stands as it says; or they do not, with a sentence.

    Where both are registered, the relationship of the registry is settled with it, by its own
    action. Raises DeniedError for who proposed it; InputError for one that is answered.
    """
    said = clean_text(text, field="text", needed=not agree)
    claim, person = decision.claim, decision.claim.person
    with (
        together(),
        open_vault(),
        action(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(person, decision.pk, asked_by=decision.proposed_by),
            subject=person.pk,
        ) as act,
    ):
        act.note(step="answer_decision", agreed=agree)
        lock_case(claim.case)
        decision.refresh_from_db()
        if decision.state != TieDecision.State.WAITING:
            raise InputError.at(Message("apps.cases:answered-already"))
        _check_another(actor, decision)
        states, now = TieDecision.State, clock.now()
        change_case_row(
            act,
            decision,
            state=states.AGREED if agree else states.NOT_AGREED,
            decided_at=now,
            review_at=review_after(decision.review_at, now),
            decided_by=actor.id,
            answer=said,
        )
        if agree:
            _settle(actor, act, claim, decision)


def record_contact(
    *, actor: Actor, claim: ClaimedRelative, way: str, at: datetime, wished: bool, text: str = ""
) -> FamilyContact:
    """Write down a call, letter, message or visit with somebody who was verified. Raises
    DeniedError; InputError before that, and where the person does not wish it."""
    require_choice(way, FamilyContact.Way.values, field="way")
    said = clean_text(text, field="said")
    with _claim_action(actor, claim, "record_contact") as act:
        if claim.state != State.VERIFIED:
            raise InputError.at(Message("apps.tracing:not-verified"))
        if not wished:
            raise InputError.at(Message("apps.tracing:contact-not-wished"), field="wished")
        row = FamilyContact(
            organisation_id=claim.organisation_id,
            person=claim.person,
            claim=claim,
            way=way,
            wished=wished,
            at=at,
            recorded_at=clock.now(),
            by=actor.id,
        )
        create_case_row(act, row, words=said)
    return row


@contextmanager
def _claim_action(actor: Actor, claim: ClaimedRelative, step: str) -> Iterator[Act]:
    """One step with a claim, in its case; the claim is read again within."""
    with case_action(actor, claim.case, step) as act:
        claim.refresh_from_db()
        yield act


def _last_account(claim: ClaimedRelative, side: str) -> TieAccount | None:
    return claim.accounts.filter(side=side).order_by("-at", "-pk").first()


def _check_sides(found: Finding, child: TieAccount | None, relative: TieAccount | None) -> None:
    if found.outcome != Outcome.VERIFIED:
        return
    if child is None or relative is None:
        raise InputError.at(Message("apps.tracing:both-sides-first"), field="outcome")
    sides = TieDecision.Sides
    if found.sides not in (sides.AGREE, sides.PARTLY):
        raise InputError.at(Message("apps.tracing:sides-differ"), field="sides")


def _check_another(actor: Actor, decision: TieDecision) -> None:
    if actor.id == decision.proposed_by:
        raise InputError.at(Message("apps.tracing:another-decides"))


def _settle(actor: Actor, act: Act, claim: ClaimedRelative, decision: TieDecision) -> None:
    claim.refresh_from_db()
    change_case_row(act, claim, state=decision.outcome, decision_id=decision.pk)
    meet_deadline(kind=VERIFY, subject=claim.pk)
    settles, row = SETTLES.get(Outcome(decision.outcome)), claim.relationship
    if settles is None or row is None or row.state == settles:
        return
    settle_relationship(
        actor=actor, purpose=PURPOSE, row=row, state=settles, basis=decision.why or ""
    )
