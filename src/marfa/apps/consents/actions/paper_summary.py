"""Whether a person can carry a paper about themselves, as they say it."""

from __future__ import annotations

from marfa.apps.consents.models import Consent
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def note_carrying(*, actor: Actor, purpose: Purpose, person: Person, safe: bool) -> None:
    """What the person said about it: it stands in the log, and nowhere else. Raises DeniedError."""
    with action(
        actor=actor,
        code="records.write",
        purpose=purpose,
        resource=record_of(person, Consent),
        subject=person.pk,
    ) as act:
        act.note(what="safe_to_carry", safe=safe)
