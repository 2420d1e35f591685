"""Asking the charter whether somebody refers a child, on the record, before the form is opened."""

from __future__ import annotations

from marfa.apps.children.policy_facts import PURPOSE, REFER, child_of
from marfa.apps.registry.models import Person
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor


def begin_referral(*, actor: Actor, person: Person) -> None:
    """Somebody begins to refer a child: it stands in the log, with what is known of the duty.
    Raises DeniedError."""
    resource = child_of(person)
    with action(
        actor=actor, code=REFER, purpose=PURPOSE, resource=resource, subject=person.pk
    ) as act:
        act.note(
            referred=bool(resource.facts["referred"]),
            authority_unsafe=bool(resource.facts["authority_unsafe"]),
        )
