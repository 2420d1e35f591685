"""Shutting somebody out of a record: begun by one, confirmed by another, lifted by two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import (
    exclude_from_object,
    lift_exclusion,
    unassign_user,
)
from marfa.apps.organisations.models import Exclusion, Organisation, Team
from marfa.apps.registry.events import StaffShutOut
from marfa.apps.registry.exclusions import (
    CONFIRM,
    EXCLUDE,
    LIFT,
    REVIEW,
    SETTLE,
    exclusion_as_asked,
    exclusions_of_record,
    staff_met_by,
    who_may_be_shut_out,
)
from marfa.apps.registry.models import Person, RecordExclusion
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.apps.registry.protection import colleagues_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.events import publish_event
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ASSISTANCE
CONFIRMED_WITHIN = timedelta(hours=72)
"""Until then a second person confirms it, or it goes to the data-protection officer."""

LONGEST = 500
CONFIRMATION = deadline_kind("registry.exclusion_confirmation", Step("officer"))
Who = User | Team | Organisation


def exclude_from_record(
    *, actor: Actor, person: Person, who: Who, wish: str, reason: str = ""
) -> RecordExclusion:
    """Shut somebody out of a record, at once: they find nothing of the person any more and are told
    nothing. What they were responsible for is another's in the same transaction.

    wish: whose it is, of ``RecordExclusion.Wish``. reason: needed unless the person wishes it.
    Raises DeniedError; InputError where no reason is given, for somebody who is shut out already
    or could not be, and where nobody would be left who sees a protected person.
    """
    text = _words(reason, "reason", needed=wish != RecordExclusion.Wish.PERSON)
    if wish not in RecordExclusion.Wish.values:
        raise InputError.at(Message("apps.registry:exclude-wish"), field="wish")
    resource = PERSON.resource(person)
    with open_vault(), action(actor=actor, code=EXCLUDE, purpose=PURPOSE, resource=resource) as act:
        act.note(what="excluded", wish=wish, kind=type(who).__name__)
        _check_who(person, who)
        made = RecordExclusion(
            organisation_id=person.organisation_id,
            person=person,
            access=_shut(person, who, by=User.objects.get(pk=actor.id)),
            wish=wish,
            began_at=clock.now(),
            began_by=actor.id,
            confirm_by=clock.now() + CONFIRMED_WITHIN,
        )
        made.reason = text
        act.create(made)
        _check_staying(person)
        owner = owner_of(made)
        set_deadline(kind=CONFIRMATION, subject=made.pk, due_at=made.confirm_by, owner=owner)
        publish_event(StaffShutOut(person.pk, by=actor.id))
    return made


def confirm_exclusion(*, actor: Actor, exclusion: RecordExclusion) -> None:
    """A second person agrees that somebody is shut out. Raises DeniedError, InputError."""
    with _step(actor, CONFIRM, exclusion, "confirmed") as act:
        _confirm(act, exclusion)


def settle_exclusion(*, actor: Actor, exclusion: RecordExclusion) -> None:
    """The data-protection officer confirms what nobody did in time. Raises DeniedError,
    InputError."""
    with _step(actor, SETTLE, exclusion, "settled", purpose=Purpose.DATA_PROTECTION) as act:
        _confirm(act, exclusion)


def ask_to_lift(*, actor: Actor, exclusion: RecordExclusion, why: str) -> None:
    """Ask that somebody be let in again; until a second person does it they stay shut out. Raises
    DeniedError, InputError."""
    text = _words(why, "why", needed=True)
    with _step(actor, REVIEW, exclusion, "lift_asked") as act:
        _ask(act, exclusion, text)


def question_exclusion(*, actor: Actor, exclusion: RecordExclusion, why: str) -> None:
    """The data-protection officer asks that what nobody confirmed be lifted: who works with the
    person decides. Raises DeniedError, InputError."""
    text = _words(why, "why", needed=True)
    with _step(actor, SETTLE, exclusion, "questioned", purpose=Purpose.DATA_PROTECTION) as act:
        _ask(act, exclusion, text)


def keep_excluded(*, actor: Actor, exclusion: RecordExclusion) -> None:
    """What was asked is taken back or not agreed to. Raises DeniedError, InputError."""
    with _step(actor, REVIEW, exclusion, "kept") as act:
        if exclusion.asked_by is None:
            raise InputError.at(Message("apps.registry:lift-not-asked"))
        act.save(exclusion, changes={"asked_at": None, "asked_by": None, "asked_why": None})


def lift_from_record(*, actor: Actor, exclusion: RecordExclusion) -> None:
    """A second person lets them in again: they see what their role shows them, and are assigned to
    nothing. Raises DeniedError, InputError."""
    with _step(actor, LIFT, exclusion, "lifted") as act:
        act.save(exclusion, changes={"ended_at": clock.now(), "ended_by": actor.id})
        withdraw_deadline(kind=CONFIRMATION, subject=exclusion.pk)
        lift_exclusion(exclusion=exclusion.access)


@contextmanager
def _step(
    actor: Actor, code: str, row: RecordExclusion, what: str, *, purpose: Purpose = PURPOSE
) -> Iterator[Act]:
    """A step with an exclusion that still holds, read again within."""
    row.refresh_from_db()
    resource: Resource = exclusion_as_asked(row)
    if code == REVIEW:
        resource = PERSON.resource(row.person)
    with (
        open_vault(),
        action(
            actor=actor, code=code, purpose=purpose, resource=resource, subject=row.person_id
        ) as act,
    ):
        act.note(what=what)
        if row.ended_at is not None:
            raise InputError.at(Message("apps.registry:exclusion-ended"))
        yield act


def _confirm(act: Act, row: RecordExclusion) -> None:
    if row.confirmed_at is not None:
        raise InputError.at(Message("apps.registry:exclusion-confirmed"))
    act.save(row, changes={"confirmed_at": clock.now(), "confirmed_by": act.by})
    meet_deadline(kind=CONFIRMATION, subject=row.pk)


def _ask(act: Act, row: RecordExclusion, text: str | None) -> None:
    if row.asked_by is not None:
        raise InputError.at(Message("apps.registry:lift-asked-already"), field="why")
    act.save(row, changes={"asked_at": clock.now(), "asked_by": act.by, "asked_why": text})


def _shut(person: Person, who: Who, *, by: User) -> Exclusion:
    """What the charter asks from now on. Nobody whom it meets works with the person any more."""
    access = exclude_from_object(
        object_kind=KIND,
        object_id=person.pk,
        user=who if isinstance(who, User) else None,
        team=who if isinstance(who, Team) else None,
        organisation=who if isinstance(who, Organisation) else None,
        decided_by=by,
    )
    for user in User.objects.filter(pk__in=staff_met_by(access)):
        unassign_user(user=user, object_kind=KIND, object_id=person.pk)
    return access


def _check_who(person: Person, who: Who) -> None:
    possible = who_may_be_shut_out(person)
    if who in (*possible.staff, *possible.teams, *possible.organisations):
        return
    said = "exclude-already" if _is_named(person, who) else "exclude-whom"
    raise InputError.at(Message(f"apps.registry:{said}"), field="who")


def _is_named(person: Person, who: Who) -> bool:
    rows = exclusions_of_record(person)
    named = {each for row in rows for each in (row.access.user, row.access.team)}
    return who in named or who in {row.access.organisation for row in rows}


def _check_staying(person: Person) -> None:
    """Somebody has to be left who sees a protected person."""
    if person.protected and not colleagues_of(person).staying:
        raise InputError.at(Message("apps.registry:exclude-last"), field="who")


def _words(text: str, field: str, *, needed: bool) -> str | None:
    said = " ".join(text.split())
    if needed and not said:
        raise InputError.at(Message("apps.registry:sentence-needed"), field=field)
    if len(said) > LONGEST:
        raise InputError.at(Message("apps.registry:words-long", {"most": LONGEST}), field=field)
    return said or None
