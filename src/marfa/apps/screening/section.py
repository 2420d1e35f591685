"""The part of a person's page that tells of talks: that there were some, and where they stand."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.record_page import folded
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import record_of
from marfa.apps.registry.reader import facts_shown
from marfa.apps.screening.actions.interview import FIELDS
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import may_assess, purpose_of
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value

MOST = 5


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The newest talks with the way to each, to whom the charter lets read them; what was found
    stands on the page of the talk and not here, where somebody may look over a shoulder."""
    actor = actor_in(request)
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose_of(actor).value}
    resource = record_of(facts_shown(request, person), Screening, FIELDS)
    if not decide(actor, "records.read", resource, asked).allowed:
        return None
    talks = Screening.objects.filter(person=person).select_related("hand_over")
    shown = list(talks.order_by("-opened_at", "pk")[:MOST])
    underway = any(talk.state in Screening.OPEN for talk in shown)
    begin = not underway and person.site_id is not None and may_assess(actor, person)
    context = {"talks": shown, "person": person, "begin": begin}
    # What the template makes is escaped by it.
    content = mark_safe(render_to_string("screening/section.html", context, request))  # noqa: S308
    return content if shown else folded(content, _("There has been no interview yet."))
