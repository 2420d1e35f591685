"""Reasons to see somebody that stand against their name, beside what a list of questions found.

They come from the registration, from the private conversation and from officers. Where one stands,
no page of an interview says that there is none, and none shows less urgency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from marfa.apps.reception.models import ScreeningReason
from marfa.apps.reception.queries import reasons_of
from marfa.apps.reception.reasons import Basis
from marfa.apps.registry.models import Person
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import purpose_of
from marfa.domain.codelists import codelist
from marfa.methods.screening.outcome import Urgency
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.vault.access import open_vault

FIELDS = ("code", "facts", "sentence")


@dataclass(frozen=True)
class Standing:
    """A reason in words: its label, or the officer's sentence. bases: how its facts are known."""

    words: str
    bases: frozenset[str]
    urgency: Urgency
    raised_at: datetime


def standing_reasons(actor: Actor, person: Person) -> Sequence[Standing]:
    """The reasons that stand, the most urgent first, on the record; none for whom the charter does
    not let read them."""
    resource, purpose = record_of(person, ScreeningReason, FIELDS), purpose_of(actor)
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose.value}
    if not decide(actor, "records.read", resource, asked).allowed:
        return ()
    with (
        reading(
            actor=actor,
            code="records.read",
            purpose=purpose,
            resource=resource,
            subject=person.pk,
        ),
        open_vault(),
    ):
        return [_in_words(row) for row in reasons_of(person.pk)]


def _in_words(row: ScreeningReason) -> Standing:
    names = codelist("screening_reasons")
    words = row.sentence or names.label(row.code or "officer", get_language() or "en")
    officer = row.origin == ScreeningReason.Origin.OFFICER
    bases = {Basis.OBSERVED.value} if officer else {basis for _fact, basis in row.facts or ()}
    return Standing(words, frozenset(bases), Urgency(row.urgency), row.raised_at)
