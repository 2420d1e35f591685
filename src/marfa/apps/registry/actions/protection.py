"""Protection: begun by one, reviewed by a day, ended by two."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions import assign_user
from marfa.apps.registry.actions.facts import restate_after
from marfa.apps.registry.events import CareInDoubt, PersonChanged, PersonPart
from marfa.apps.registry.models import Person, Protection, Relationship
from marfa.apps.registry.policy_facts import KIND, PERSON, protection_as_asked
from marfa.apps.registry.protection import colleagues_of, protection_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.events import publish_event
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PROTECT, UNPROTECT = "people.protect", "people.unprotect"
PURPOSE = Purpose.ASSISTANCE
LONGEST = timedelta(days=184)
ENOUGH = 2
"""So many stay with a protected person: one takes over from the other, and two agree to end it."""

REVIEW = deadline_kind("registry.protection_review", Step("due"), Step("late", timedelta(days=7)))


def protect_person(
    *, actor: Actor, person: Person, reason: str, review_on: date, staying: Collection[User] = ()
) -> Protection:
    """From now on only who is assigned knows of this person, at every site.

    staying: who is assigned from now on, beside those who are. Raises DeniedError; InputError
    where no reason is given, the day is not within half a year, or too few stay to whom the
    charter shows a protected person, as long as there are any.
    """
    text = _sentence(reason, "reason")
    _check_day(review_on, person)
    resource = PERSON.resource(person)
    with open_vault(), action(actor=actor, code=PROTECT, purpose=PURPOSE, resource=resource) as act:
        act.note(what="protected", staying=len(staying))
        if person.protected:
            raise InputError.at(Message("apps.registry:protected-already"))
        _let_stay(person, staying)
        _check_staying(person)
        made = Protection(
            organisation_id=person.organisation_id,
            person=person,
            began_at=clock.now(),
            began_by=actor.id,
            review_on=review_on,
        )
        made.reason = text
        act.create(made)
        _set_review(made)
        _mark(act, person, protected=True)
        for other in _looked_after(person):
            publish_event(CareInDoubt(other.pk))
        publish_event(PersonChanged(person.pk, PersonPart.PERSON))
    return made


def let_stay(*, actor: Actor, person: Person, user: User) -> None:
    """A further colleague is assigned to a protected person. Raises DeniedError, InputError."""
    resource = PERSON.resource(person)
    with action(actor=actor, code=PROTECT, purpose=PURPOSE, resource=resource) as act:
        act.note(what="let_stay")
        protection_of(person)
        _let_stay(person, [user])


def review_protection(*, actor: Actor, person: Person, review_on: date) -> None:
    """It was looked at: the person stays protected, until somebody looks again. Raises
    DeniedError, InputError."""
    _check_day(review_on, person)
    resource = PERSON.resource(person)
    with open_vault(), action(actor=actor, code=PROTECT, purpose=PURPOSE, resource=resource) as act:
        act.note(what="reviewed")
        row = protection_of(person)
        meet_deadline(kind=REVIEW, subject=row.pk)
        _change(act, row, review_on=review_on)
        _set_review(row)


def ask_to_unprotect(*, actor: Actor, person: Person, why: str) -> None:
    """Ask that the protection be taken away; it stands until somebody else does it. Raises
    DeniedError, InputError."""
    text = _sentence(why, "why")
    resource = PERSON.resource(person)
    with open_vault(), action(actor=actor, code=PROTECT, purpose=PURPOSE, resource=resource) as act:
        act.note(what="unprotect_asked")
        row = protection_of(person)
        if row.asked_by is not None:
            raise InputError.at(Message("apps.registry:unprotect-asked-already"), field="why")
        _change(act, row, asked_at=clock.now(), asked_by=actor.id, asked_why=text)


def keep_protected(*, actor: Actor, person: Person) -> None:
    """What was asked is taken back or not agreed to: the person stays protected. Raises
    DeniedError, InputError where nobody asked."""
    resource = PERSON.resource(person)
    with open_vault(), action(actor=actor, code=PROTECT, purpose=PURPOSE, resource=resource) as act:
        act.note(what="kept_protected")
        row = protection_of(person)
        if row.asked_by is None:
            raise InputError.at(Message("apps.registry:unprotect-not-asked"))
        _change(act, row, asked_at=None, asked_by=None, asked_why=None)


def unprotect_person(*, actor: Actor, person: Person) -> None:
    """A second person takes the protection away: the person can be found again, by whoever works
    where they are. Raises DeniedError, InputError where they are not protected."""
    row = protection_of(person)
    resource = protection_as_asked(person, row)
    with (
        open_vault(),
        action(
            actor=actor, code=UNPROTECT, purpose=PURPOSE, resource=resource, subject=person.pk
        ) as act,
    ):
        act.note(what="unprotected")
        _change(act, row, ended_at=clock.now(), ended_by=actor.id)
        withdraw_deadline(kind=REVIEW, subject=row.pk)
        _mark(act, person, protected=False)
        publish_event(PersonChanged(person.pk, PersonPart.PERSON))


def _mark(act: Act, person: Person, *, protected: bool) -> None:
    """Mark the person, and state anew what follows for those whom they may look after."""
    saved = act.save(
        person,
        changes={
            "protected": protected,
            "protected_at": clock.now() if protected else person.protected_at,
        },
    )
    restate_after(person, saved.changed, at=saved.at)


def _let_stay(person: Person, users: Collection[User]) -> None:
    allowed = {user.pk for user in colleagues_of(person).possible} if users else set()
    if any(user.pk not in allowed for user in users):
        raise InputError.at(Message("apps.registry:protect-may-not-stay"), field="staying")
    for user in users:
        assign_user(user=user, object_kind=KIND, object_id=person.pk)


def _check_staying(person: Person) -> None:
    found = colleagues_of(person)
    if not found.staying or (len(found.staying) < ENOUGH and found.possible):
        raise InputError.at(Message("apps.registry:protect-two-stay"), field="staying")


def _check_day(day: date, person: Person) -> None:
    today = clock.today(person.time_zone)
    if not today < day <= today + LONGEST:
        raise InputError.at(Message("apps.registry:protect-review"), field="review_on")


def _sentence(text: str, field: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise InputError.at(Message("apps.registry:sentence-needed"), field=field)
    return said


def _set_review(row: Protection) -> None:
    due = end_of_day(row.review_on, row.person.time_zone)
    set_deadline(kind=REVIEW, subject=row.pk, due_at=due, owner=owner_of(row))


def _change(act: Act, row: Protection, **changes: object) -> None:
    act.save(row, changes=changes)


def _looked_after(person: Person) -> Iterator[Person]:
    """Whom this person may look after: from now on that does not count for others."""
    ties = Relationship.objects.filter(Q(person=person) | Q(to=person), ended_at=None)
    keys = {key for pair in ties.values_list("person", "to") for key in pair} - {person.pk}
    yield from Person.objects.filter(pk__in=keys, erased_at=None, protected=False)
