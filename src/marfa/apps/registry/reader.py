"""Reading the record of one person: decided by the charter, and on the record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import HttpRequest

from marfa.apps.access import actor_in, current_user
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.purposes import purpose_for, purposes_of
from marfa.safeguards.actions import Act, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.row_decisions import seen_among
from marfa.safeguards.fields.register import facts_of
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

IDENTITY, CHANGE = "people.open_identity", "people.change"
READ, WRITE = "records.read", "records.write"
SHOWN = "person_shown"


@dataclass(frozen=True)
class Reader:
    """Who looks at a person, and for what. What was asked is not asked again on the page.

    purpose: for which fields are read and written. What may be done with the person is asked for
    any purpose of the reader, since it is done on a page of its own.
    """

    actor: Actor
    purpose: Purpose
    person: Person
    resource: Resource
    known: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def may(self, action: str) -> bool:
        """Whether the charter allows something with the person as a whole."""
        return any(self._ask(action, self.resource, each) for each in purposes_of(self.actor))

    def may_read(self, model: type[Model], name: str) -> bool:
        """Whether a field may be shown to this reader for this purpose."""
        return self._field(READ, model, name)

    def may_write(self, model: type[Model], name: str) -> bool:
        """Whether a field may be changed by this reader for this purpose."""
        return self._field(WRITE, model, name)

    def readable(self, model: type[Model], names: Iterable[str]) -> list[str]:
        """Those of the fields that may be shown."""
        return [name for name in names if self.may_read(model, name)]

    def _field(self, action: str, model: type[Model], name: str) -> bool:
        tier, purposes = _declared(model, name)
        facts = {**self.resource.facts, "tier": tier, "purposes": purposes}
        resource = Resource("Record", self.resource.id, facts)
        return self._ask(action, resource, self.purpose, tier, purposes)

    def _ask(self, action: str, resource: Resource, purpose: Purpose, *key: object) -> bool:
        asked = (action, purpose, *key)
        if asked not in self.known:
            context = {"on_record": True, "purpose": purpose.value}
            self.known[asked] = decide(self.actor, action, resource, context).allowed
        return self.known[asked]


@lru_cache(maxsize=512)
def _declared(model: type[Model], name: str) -> tuple[str, frozenset[str]]:
    tier, purposes = facts_of(model, [name])
    return tier.value, frozenset(purpose.value for purpose in purposes)


def reader_of(request: HttpRequest, reference: str, action: str = IDENTITY) -> Reader:
    """A person whom the reader may know of. Raises Http404 for all others: for this reader there
    is none. action: what the reader wants to do, by which the purpose is chosen."""
    current_user(request)
    actor = actor_in(request)
    named = Person.objects.filter(reference=reference).select_related("site", "organisation")
    seen = seen_among(PERSON, named, actor)
    if not seen:
        raise nothing_there(actor, Q(reference=reference))
    ((person, resource),) = seen.values()
    vars(request)[SHOWN] = resource
    return Reader(actor, purpose_for(actor, action, resource), person, resource)


def facts_shown(request: HttpRequest, person: Person) -> Resource:
    """A person as the charter saw them when their page was opened in this request."""
    shown = vars(request).get(SHOWN)
    if isinstance(shown, Resource) and shown.id == person.pk:
        return shown
    return PERSON.resource(person)


@contextlib.contextmanager
def identity_of(reader: Reader) -> Iterator[Act]:
    """Show who somebody is: within the block sealed fields open, and the log says so."""
    with (
        open_vault(),
        reading(
            actor=reader.actor, code=IDENTITY, purpose=reader.purpose, resource=reader.resource
        ) as act,
    ):
        yield act


@contextlib.contextmanager
def reader_for_change(request: HttpRequest, reference: str) -> Iterator[Reader]:
    """A page on which something of a person is changed. Showing it is on the record; sending it is
    an action, which is on the record by itself. Raises Http404, PermissionDenied."""
    reader = reader_of(request, reference, CHANGE)
    if not reader.may(CHANGE):
        raise PermissionDenied
    if request.method == "POST":
        with open_vault():
            yield reader
    else:
        with identity_of(reader):
            yield reader
