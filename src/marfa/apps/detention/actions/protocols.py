"""Within how many hours a country's military hands a child over; nothing is assumed."""

from __future__ import annotations

from functools import partial

from marfa.apps.cases.action_base import check_together, clean_text
from marfa.apps.cases.models import CountryProfile
from marfa.apps.detention.models import HandOverProtocol
from marfa.apps.organisations.administration import organisation_resource
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

MANAGE = "countries.manage"
MOST_HOURS = 720
LONGEST_NUMBER = 4
"""Digits that are read at all."""


def record_protocol(*, actor: Actor, profile: CountryProfile, hours: str, source: str) -> None:
    """Write down what the protocol of a country says, with its name and date, or change it. Clocks
    that run already stay as they are. Raises DeniedError, InputError."""
    check_together(partial(_hours, hours), partial(clean_text, source, field="source", needed=True))
    values = {"hours": _hours(hours), "source": source.strip()}
    resource = organisation_resource(profile.organisation)
    with action(actor=actor, code=MANAGE, purpose=Purpose.ADMINISTRATION, resource=resource) as act:
        act.note(step="hand_over_protocol", country=profile.country)
        row = HandOverProtocol.objects.filter(profile=profile).first()
        if row is not None:
            act.save(row, changes=values)
            return
        new = HandOverProtocol(profile=profile, **values)
        new.recorded_at, new.recorded_by = clock.now(), actor.id
        act.create(new)


def _hours(text: str) -> int:
    words = latin_digits(without_marks(text)).strip()
    if not (words.isdecimal() and len(words) <= LONGEST_NUMBER and 1 <= int(words) <= MOST_HOURS):
        said = Message("apps.detention:hours", {"most": MOST_HOURS})
        raise InputError.at(said, field="hours")
    return int(words)
