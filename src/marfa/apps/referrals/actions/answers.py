"""Answers to a referral within this installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import (
    PURPOSE,
    change_case_row,
    clean_text,
    lock_case,
    record_step,
)
from marfa.apps.cases.events import ResponsibleChanged
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.organisations.actions import assign_user, unassign_user
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.actions.outcomes import add_referral_message, end_referral, must_be
from marfa.apps.referrals.actions.referrals import open_to_guest
from marfa.apps.referrals.events import ReferralMoved
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import ANSWER, WAITING, State, as_kept, referral_of
from marfa.apps.registry.actions.relocation import move_to_site
from marfa.apps.registry.policy_facts import KIND as PERSON
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


@contextmanager
def _answering(actor: Actor, referral: Referral, step: str, *states: str) -> Iterator[Act]:
    """One step of the side that was asked. Raises DeniedError; InputError where the referral does
    not stand so, or its time is over."""
    with (
        as_kept([referral]),
        open_vault(),
        action(
            actor=actor,
            code="referrals.answer",
            purpose=PURPOSE,
            resource=referral_of(referral),
            subject=referral.person_id,
        ) as act,
    ):
        act.note(step=step)
        lock_case(referral.case)
        must_be(referral, *states)
        yield act


def accept_referral(*, actor: Actor, referral: Referral, text: str = "") -> None:
    """Take it. Who accepts works with the person from then on, at another site or where the record
    was opened; a case that was transferred between sites moves to them with the person's record.
    Raises InputError."""
    said = clean_text(text, field="text")
    with _answering(actor, referral, "accept", *WAITING) as act:
        add_referral_message(act, referral, said, theirs=True)
        now = clock.now()
        change_case_row(act, referral, state=State.ACCEPTED, answered_at=now, answered_by=actor.id)
        meet_deadline(kind=ANSWER, subject=referral.pk)
        opened = referral.sharing is not None and referral.sharing.opening is not None
        if referral.site_id is not None or opened:
            user = User.objects.get(pk=actor.id)
            assign_user(
                user=user, object_kind=PERSON, object_id=referral.person_id, decided_by=user
            )
        if referral.site is not None and referral.kind == Referral.Kind.TRANSFER:
            _move(act, actor, referral, referral.site)
        else:
            open_to_guest(referral)
            publish_event(ReferralMoved(referral.pk, referral.person_id))


def decline_referral(*, actor: Actor, referral: Referral, text: str) -> None:
    """Say no, with the reason. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _answering(actor, referral, "decline", *WAITING) as act:
        add_referral_message(act, referral, said, theirs=True)
        end_referral(act, referral, State.DECLINED, answered_at=clock.now(), answered_by=actor.id)


def ask_about_referral(*, actor: Actor, referral: Referral, text: str) -> None:
    """Ask the sender something before answering; the time goes on. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _answering(actor, referral, "ask", *WAITING) as act:
        add_referral_message(act, referral, said, theirs=True)
        change_case_row(act, referral, state=State.QUESTION)


def give_back(*, actor: Actor, referral: Referral, text: str) -> None:
    """Give back what was accepted, with the reason. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _answering(actor, referral, "give_back", State.ACCEPTED) as act:
        add_referral_message(act, referral, said, theirs=True)
        end_referral(act, referral, State.RETURNED)


def finish_referral(*, actor: Actor, referral: Referral, text: str) -> None:
    """Write down what came of it; with that it ends. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with _answering(actor, referral, "finish", State.ACCEPTED) as act:
        end_referral(act, referral, State.FINISHED, outcome=said)


def _move(act: Act, actor: Actor, referral: Referral, there: Site) -> None:
    """The case goes to the worker who accepted it, and to their site with its planned contacts and
    the record of the person, which decides who may see both. Within one site only to the worker."""
    case = Case.objects.select_related("person").get(pk=referral.case_id)
    before, former = case.site_id, case.worker
    elsewhere = before != there.pk
    changes: dict[str, Any] = {"worker": actor.id}
    if elsewhere:
        changes |= {"site_id": there.pk, "team_id": None, "supervisor": None}
    change_case_row(act, case, **changes)
    publish_event(ResponsibleChanged(case.pk, former, actor.id))
    if elsewhere:
        move_to_site(act=act, person=case.person, site=there)
    leaves = User.objects.filter(pk=former).exclude(pk=actor.id).first() if former else None
    if leaves is not None:
        unassign_user(user=leaves, object_kind=PERSON, object_id=case.person_id)
    kind = CaseStep.Kind
    if elsewhere:
        record_step(act, case, kind.MOVED, before=str(before), after=str(there.pk))
    record_step(act, case, kind.ASSIGNED, before=str(former or ""), after=str(actor.id))
    end_referral(act, referral, State.FINISHED)
    restate_case_facts(case.person)
