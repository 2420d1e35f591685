"""The part of a person's page that leads to the forms that became part of their record."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.access import actor_in
from marfa.apps.forms.models import Submission
from marfa.apps.forms.submissions import READ, READING
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import record_of
from marfa.apps.registry.purposes import purpose_for
from marfa.apps.registry.reader import facts_shown
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value

MOST = 20


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The newest forms with the way to each, to whom the charter lets read them. Which form it was
    stands on its page and not here, where somebody may look over a shoulder."""
    actor = actor_in(request)
    resource = record_of(facts_shown(request, person), Submission, READ)
    purpose = purpose_for(actor, READING, resource)
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose.value}
    if not decide(actor, READING, resource, asked).allowed:
        return None
    found = Submission.objects.filter(subject=person.pk, handed_over_at__isnull=False)
    rows = list(found.order_by("-received_at", "pk")[:MOST])
    if not rows:
        return None
    # What the template makes is escaped by it.
    return mark_safe(render_to_string("forms/section.html", {"rows": rows}, request))  # noqa: S308
