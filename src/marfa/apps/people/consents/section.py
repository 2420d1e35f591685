"""The part of a person's page that tells of consent and sharing."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.access import actor_in
from marfa.apps.people.consents.opening import purpose_of
from marfa.apps.people.consents.queries import answers_of
from marfa.apps.people.models import Consent, Person, Sharing
from marfa.apps.people.pages.opening import facts_shown
from marfa.apps.people.records import about_people
from marfa.apps.people.standing import record_of
from marfa.safeguards.charter.asking import Value
from marfa.safeguards.charter.deciding import decide

MOST = 5


def render(request: HttpRequest, person: Person) -> SafeString | None:
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
