"""Trainings of staff: entered by a supervisor, confirmed by a second; and what is set for talks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from marfa.apps.accounts.models import User
from marfa.apps.child_talks.lowest_age import settings_of
from marfa.apps.child_talks.models import TalkSettings, TalkTraining
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation
from marfa.domain.languages import language_by_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ADMINISTRATION
TRAIN, SET = "child_talks.train", "child_talks.set"
What = TalkTraining.What
NUMBERS = ("least_age", "minutes_to_6", "minutes_7_to_9", "minutes_10_to_12", "minutes_13_to_17")


def enter_training(
    *,
    actor: Actor,
    organisation: Organisation,
    user: User,
    what: str,
    until: date | None,
    language: str = "",
) -> TalkTraining:
    """Write down that somebody was trained, until a day. It counts once a second person confirmed
    it. Raises DeniedError; InputError for one's own, and for a day that is over."""
    if what not in What.values:
        raise InputError.at(Message("apps.cases:choose-one"), field="what")
    if (what == What.LANGUAGE) != bool(language):
        raise InputError.at(Message("apps.child_talks:language-of-training"), field="language")
    if language:
        _must_be_language(language)
    if until is None or until < clock.now().date():
        raise InputError.at(Message("apps.child_talks:until"), field="until")
    if user.pk == actor.id:
        raise InputError.at(Message("apps.child_talks:not-ones-own"), field="user")
    row = TalkTraining(
        organisation=organisation,
        user=user,
        what=what,
        language=language,
        until=until,
        entered_at=clock.now(),
        entered_by=actor.id,
    )
    with _managing(actor, TRAIN, organisation, "training_entered") as act:
        act.create(row)
    return row


def confirm_training(*, actor: Actor, training: TalkTraining) -> None:
    """A second person confirms a training: neither who entered it nor who has it. Raises
    DeniedError, InputError."""
    with _managing(actor, TRAIN, training.organisation, "training_confirmed") as act:
        training.refresh_from_db()
        if training.confirmed_at is not None or training.ended_at is not None:
            raise InputError.at(Message("apps.child_talks:training-otherwise"))
        if actor.id in (training.entered_by, training.user_id):
            raise InputError.at(Message("apps.child_talks:confirmed-by-another"))
        act.save(training, changes={"confirmed_at": clock.now(), "confirmed_by": actor.id})


def end_training(*, actor: Actor, training: TalkTraining) -> None:
    """A training counts no more, from now on. Talks that were begun with it stay. Raises
    DeniedError, InputError."""
    with _managing(actor, TRAIN, training.organisation, "training_ended") as act:
        training.refresh_from_db()
        if training.ended_at is not None:
            raise InputError.at(Message("apps.child_talks:training-otherwise"))
        act.save(training, changes={"ended_at": clock.now()})


def set_talks(*, actor: Actor, organisation: Organisation, told: Mapping[str, int | None]) -> None:
    """Set the lowest age for a list and the minutes by age. Raises DeniedError; InputError where
    one is out of range, or an older child would have less time than a younger."""
    numbers = {name: _number(told.get(name), name) for name in NUMBERS}
    minutes = [numbers[name] for name in NUMBERS[1:]]
    if minutes != sorted(minutes):
        raise InputError.at(Message("apps.child_talks:minutes-order"), field=NUMBERS[1])
    with _managing(actor, SET, organisation, "talks_set") as act:
        row: TalkSettings = settings_of(organisation.pk)
        if row._state.adding:
            for name, value in numbers.items():
                setattr(row, name, value)
            act.create(row)
        else:
            act.save(row, changes=numbers)


def _must_be_language(code: str) -> None:
    try:
        language_by_code(code)
    except InputError:
        raise InputError.at(Message("apps.cases:choose-one"), field="language") from None


def _number(value: int | None, field: str) -> int:
    least, most = (6, 18) if field == NUMBERS[0] else (5, 90)
    if value is None or not least <= value <= most:
        params = {"least": least, "most": most}
        raise InputError.at(Message("apps.cases:number-range", params), field=field)
    return value


@contextmanager
def _managing(actor: Actor, code: str, organisation: Organisation, what: str) -> Iterator[Act]:
    with action(
        actor=actor, code=code, purpose=PURPOSE, resource=organisation_resource(organisation)
    ) as act:
        act.note(what=what)
        yield act
