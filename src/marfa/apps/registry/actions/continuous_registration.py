"""The continuous registration: births, departures, returns and deaths."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Max

from marfa.apps.organisations.models import Site
from marfa.apps.registry.actions.base import person_action
from marfa.apps.registry.actions.facts import restate_after, restate_person_facts
from marfa.apps.registry.actions.households import leave_quietly, member_of
from marfa.apps.registry.actions.registration import Form, NewPerson, day_of
from marfa.apps.registry.actions.submissions import SentForm, by_the_other, registered_by, sent_as
from marfa.apps.registry.events import PersonLeft, PersonPart, PersonRegistered
from marfa.apps.registry.models import HouseholdMember, Person, Registration, Relationship
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.platform.revisions.errors import ConflictError
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

Event = Registration.Event
Presence = Person.Presence

AFTER = {
    Event.DEPARTURE: Presence.DEPARTED,
    Event.DEATH: Presence.DIED,
    Event.RETURN: Presence.PRESENT,
}
"""What somebody is after an event."""


def possible_events(person: Person) -> tuple[Registration.Event, ...]:
    """What can happen next to a person. A return also undoes a departure or a death that was
    written down of the wrong person."""
    if person.presence == Presence.PRESENT:
        return (Event.DEPARTURE, Event.DEATH)
    return (Event.RETURN,) if person.presence == Presence.DIED else (Event.RETURN, Event.DEATH)


def record_event(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    event: Registration.Event,
    day: date | None = None,
    batch: UUID | None = None,
) -> Registration:
    """Write down that somebody departed, came back or died. day: when, today where not given.

    Who departs or dies leaves their household; where nobody is left, it ends. What follows for
    children in their care follows at once. batch: of the form; sent again it writes nothing again.
    Raises DeniedError, ConflictError, InputError; SentBeforeError.
    """
    site = _site(person)
    sent = sent_as(batch, site, event, person.pk, day)
    before = registered_by(sent, site)
    if before:
        return before[0]
    if event not in possible_events(person):
        raise _impossible()
    happened = day_of(day, site)
    _check_day(person, happened)
    try:
        return _write_event(actor, purpose, person, event, happened, site, sent)
    except (IntegrityError, ConflictError):  # the same form, sent again before it was answered
        return by_the_other(sent, site)[0]


def _write_event(
    actor: Actor,
    purpose: Purpose,
    person: Person,
    event: Registration.Event,
    happened: date,
    site: Site,
    sent: SentForm | None,
) -> Registration:
    with person_action(actor, purpose, person, f"event_{event}", PersonPart.PERSON) as act:
        saved = act.save(
            person,
            changes={"presence": AFTER[event].value, "left_at": _left_at(event, happened, site)},
        )
        if "presence" not in saved.changed:
            raise _impossible()
        row = Registration.objects.create(
            organisation_id=person.organisation_id,
            person=person,
            household=member_of(person),
            site=site,
            event=event,
            mode=Registration.Mode.INDIVIDUAL,
            day=happened,
            at=saved.at,
            by=actor.id,
            batch=sent.batch if sent else None,
            digest=sent.digest if sent else "",
        )
        if event != Event.RETURN:
            leave_quietly(person, saved.at)
        restate_after(person, saved.changed, at=saved.at, day=happened)
        publish_event(_told(row))
    return row


def register_birth(
    *,
    actor: Actor,
    purpose: Purpose,
    parent: Person,
    told: NewPerson,
    day: date | None = None,
    batch: UUID | None = None,
    typed: object = None,
) -> Person:
    """Register a child who was born to somebody here. The parent is a claim, as any other is.

    batch, typed: as in ``register_person``. Raises DeniedError, InputError; SentBeforeError.
    """
    site = _site(parent)
    sent = sent_as(batch, site, Event.BIRTH, parent.pk, typed or told)
    before = registered_by(sent, site)
    if before:
        return before[0].person
    mode = Registration.Mode.INDIVIDUAL
    form = Form(actor, purpose, site, Event.BIRTH, mode, day_of(day, site), sent)
    try:
        return _store_birth(form, parent, told)
    except IntegrityError:  # the same form, sent again before it was answered
        return by_the_other(sent, site)[0].person


def _store_birth(form: Form, parent: Person, told: NewPerson) -> Person:
    actor, purpose = form.actor, form.purpose
    with open_vault(), together():
        child = form.store(replace(told, age_disputed=False))
        with person_action(actor, purpose, parent, "birth", PersonPart.RELATIONSHIPS) as act:
            row = Relationship(
                organisation_id=parent.organisation_id,
                person=parent,
                to=child,
                kind="parent",
                accompanies=True,
                recorded_at=clock.now(),
            )
            saved = act.create(row)
            restate_person_facts([parent.pk], at=saved.at)
        household = member_of(parent)
        if household is not None:
            HouseholdMember.objects.create(
                organisation_id=household.organisation_id,
                household=household,
                person=child,
                since=clock.now(),
            )
        form.arrive([child], household)
    return child


def _told(row: Registration) -> PersonLeft | PersonRegistered:
    if row.event == Event.RETURN:
        return PersonRegistered(row.person_id, row.site_id, row.pk, row.event, row.household_id)
    return PersonLeft(row.person_id, row.pk, row.event)


def _site(person: Person) -> Site:
    if person.site is None:
        raise InputError.at(Message("apps.registry:no-site"))
    return person.site


def _impossible() -> InputError:
    return InputError.at(Message("apps.registry:event-impossible"), field="event")


def _check_day(person: Person, day: date) -> None:
    """Nothing happened before what is written down already."""
    last = person.registrations.aggregate(last=Max("day"))["last"]
    if last is not None and day < last:
        raise InputError.at(Message("apps.registry:before-last-event", {"day": last}), field="day")


def _left_at(event: Registration.Event, day: date, site: Site) -> datetime | None:
    """From when the time of keeping runs: now, or the beginning of an earlier day."""
    if event == Event.RETURN:
        return None
    now = clock.now()
    if day == clock.today(site.time_zone):
        return now
    return datetime.combine(day, time(), ZoneInfo(site.time_zone))
