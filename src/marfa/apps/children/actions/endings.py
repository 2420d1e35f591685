"""A duty ends because two people say so: one asks, another agrees. Nothing else ends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from marfa.apps.cases.action_base import change_case_row, clean_text, require_choice
from marfa.apps.children.actions.duties import Kind, add_step
from marfa.apps.children.deadlines import run_clock
from marfa.apps.children.models import Duty
from marfa.apps.children.policy_facts import END, PURPOSE, child_of
from marfa.apps.registry.actions.person import TREAT_AS_ADULT
from marfa.apps.registry.care import somebody_of
from marfa.apps.registry.models import Person
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault

Ending = Duty.Ending
ENDINGS = (Ending.ADULT_SERVICES, Ending.DIED, Ending.TWICE)


def ask_to_end_duty(*, actor: Actor, person: Person, reason: str, text: str) -> None:
    """Ask a second person to end what is owed; until then it goes on. text: to whom the person is
    handed over, or how it is known.

    Raises DeniedError, for adult services also where the charter does not let them be treated as
    grown up; InputError where they are a child still, are not recorded as dead, or it is asked
    already.
    """
    require_choice(reason, ENDINGS, field="reason", said=Message("apps.children:choose-one"))
    said = clean_text(text, field="text", needed=True)
    with _ending(actor, person, "ask") as (act, duty):
        _must_hold(actor, person, reason)
        if duty.asked_by is not None:
            raise InputError.at(Message("apps.children:end-asked"), field="reason")
        change_case_row(
            act,
            duty,
            asked_for=reason,
            asked_by=actor.id,
            asked_at=clock.now(),
            asked_words=said,
        )
        add_step(act, duty, Kind.ASKED, code=reason)


def agree_to_end_duty(*, actor: Actor, person: Person) -> None:
    """The second person agrees: the duty is ended. Raises DeniedError; InputError for who asked,
    where nobody did, and where what was said does not hold any more."""
    with _ending(actor, person, "agree") as (act, duty):
        _by_another(actor, duty)
        _must_hold(actor, person, duty.asked_for)
        change_case_row(act, duty, ended_at=clock.now(), ended_by=actor.id)
        add_step(act, duty, Kind.ENDED, code=duty.asked_for)
        run_clock(duty)


def keep_duty(*, actor: Actor, person: Person) -> None:
    """What was asked is taken back or not agreed to. Raises DeniedError, InputError."""
    with _ending(actor, person, "keep") as (act, duty):
        if duty.asked_by is None:
            raise InputError.at(Message("apps.children:end-not-asked"))
        asked = duty.asked_for
        change_case_row(act, duty, asked_for="", asked_by=None, asked_at=None, asked_words=None)
        add_step(act, duty, Kind.KEPT, code=asked)


@contextmanager
def _ending(actor: Actor, person: Person, step: str) -> Iterator[tuple[Act, Duty]]:
    with (
        open_vault(),
        action(
            actor=actor,
            code=END,
            purpose=PURPOSE,
            resource=child_of(person),
            subject=person.pk,
        ) as act,
    ):
        act.note(step=step)
        rows = Duty.objects.select_for_update(no_key=True).select_related(None)
        duty = rows.filter(person=person, current=True, ended_at=None).first()
        if duty is None:
            raise InputError.at(Message("apps.children:no-duty"))
        yield act, duty


def _by_another(actor: Actor, duty: Duty) -> None:
    if duty.asked_by is None:
        raise InputError.at(Message("apps.children:end-not-asked"))
    if duty.asked_by == actor.id:
        raise InputError.at(Message("apps.children:end-by-another"))


def _must_hold(actor: Actor, person: Person, reason: str) -> None:
    """What ends a duty has to be so now."""
    person.refresh_from_db()
    if reason == Ending.ADULT_SERVICES:
        asked = {"on_record": True, "purpose": PURPOSE.value}
        decision = decide(actor, TREAT_AS_ADULT, child_of(person), asked)
        if not decision.allowed:
            raise DeniedError(decision)
        if somebody_of(person).is_child(clock.today(person.time_zone)):
            raise InputError.at(Message("apps.children:still-a-child"), field="reason")
    if reason == Ending.DIED and person.presence != Person.Presence.DIED:
        raise InputError.at(Message("apps.children:not-recorded-dead"), field="reason")
