"""What actions on a person share: decision, log entry, owner of the row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import Model

from marfa.apps.registry.events import PersonChanged, PersonPart
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

CHANGE = "people.change"
WRITE = "records.write"


@contextmanager
def person_action(
    actor: Actor, purpose: Purpose, person: Person, what: str, part: PersonPart
) -> Iterator[Act]:
    """Change something of a person. what: code of it for the log. Raises DeniedError."""
    resource = PERSON.resource(person)
    with (
        open_vault(),
        action(actor=actor, code=CHANGE, purpose=purpose, resource=resource) as act,
    ):
        act.note(what=what)
        yield act
        publish_event(PersonChanged(person.pk, part))


def must_write(
    actor: Actor, purpose: Purpose, resource: Resource, model: type[Model], fields: Iterable[str]
) -> None:
    """Ask whether these fields may be written for this purpose; raises DeniedError."""
    names = list(fields)
    if names:
        context = {"on_record": True, "purpose": purpose.value}
        decision = decide(actor, WRITE, record_of(resource, model, names), context)
        if not decision.allowed:
            raise DeniedError(decision)
