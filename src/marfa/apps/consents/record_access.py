"""Access to the pages about one person: decided by the charter, and on the record."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db.models import Model, Q
from django.http import HttpRequest

from marfa.apps.access import actor_in, current_user
from marfa.apps.consents.models import Consent
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.apps.registry.purposes import fitting_purpose, purposes_of
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError, Resource
from marfa.safeguards.words import Purpose

READ = "records.read"


def purpose_of(actor: Actor, record: Resource) -> Purpose:
    """For what somebody works with a person: to help them, or to register them. Who does both is
    asked about: the charter allows it for one of them, or for neither."""
    possible = [each for each in purposes_of(actor) if each is not Purpose.EVIDENCE]
    return fitting_purpose(possible or [Purpose.REGISTRATION], actor, READ, record)


@contextlib.contextmanager
def of_person(
    request: HttpRequest, reference: str, model: type[Model] = Consent
) -> Iterator[Person]:
    """A person whose answers somebody may see, while it is written down that they see them.

    Raises Http404 where there is none, and for whom the charter refuses it: for them there is none.
    Guests read what the record shows them elsewhere; what others were told is not for them.
    """
    current_user(request)
    actor = actor_in(request)
    person = Person.objects.filter(reference=reference).select_related("site").first()
    if person is None or person.organisation_id not in actor.organisations:
        raise nothing_there(actor, Q(reference=reference))
    resource = record_of(person, model)
    try:
        with reading(
            actor=actor,
            code=READ,
            purpose=purpose_of(actor, resource),
            resource=resource,
            subject=person.pk,
        ):
            yield person
    except DeniedError:
        raise nothing_there(actor, Q(reference=reference)) from None
