"""The part of a person's page that tells of consent and sharing."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.access import actor_in
from marfa.apps.consents.models import Consent, Sharing
from marfa.apps.consents.queries import answers_of
from marfa.apps.consents.record_access import purpose_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import record_of
from marfa.apps.registry.policy_records import about_people
from marfa.apps.registry.reader import facts_shown
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value

MOST = 5


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The newest answers and the way to all of it; nothing for guests and for whom the charter
    refuses it."""
    actor = actor_in(request)
    if person.organisation_id not in actor.organisations:
        return None
    resource = record_of(facts_shown(request, person), Consent, about_people(Consent))
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose_of(actor, resource).value}
    if not decide(actor, "records.read", resource, asked).allowed:
        return None
    answers = answers_of(person)
    values = {
        "person": person,
        "answers": answers[:MOST],
        "more": max(0, len(answers) - MOST),
        "sent": Sharing.objects.filter(person=person).count(),
    }
    # What the template makes is escaped by it.
    return mark_safe(render_to_string("consents/section.html", values, request))  # noqa: S308
