"""Recording that somebody is held, from their page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.cases.policy_facts import CASE
from marfa.apps.cases.queries import ASKED
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.detention.actions import record_detention
from marfa.apps.detention.policy import READ, RECORD
from marfa.apps.detention.queries import open_detention_of
from marfa.apps.detention.views.common import may, place_choices, told_in
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.reader import facts_shown, reader_of
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource


@form_view
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the person is held, by whom, and since when, as far as is known."""
    reader = reader_of(request, reference)
    person, actor = reader.person, reader.actor
    if not decide(actor, RECORD, reader.resource, ASKED).allowed:
        raise PermissionDenied

    def shown() -> dict[str, object]:
        return {"person": person, "held": open_detention_of(person), **place_choices()}

    def write() -> HttpResponse:
        row = record_detention(actor=actor, person=person, told=told_in(request.POST))
        messages.success(request, _("Recorded. The alarm is on, and protection sees it."))
        if may(actor, row, READ):
            return redirect("detention:show", row.reference)
        return redirect("people:person", person.reference)

    return FormPage(request, "detention/record.html", context=shown, site=person.site).answer(write)


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The part of a person's page: the way to record it, or that it is recorded."""
    actor, facts = actor_in(request), facts_shown(request, person).facts
    records = decide(actor, RECORD, Resource(PERSON.kind, person.pk, facts), ASKED).allowed
    reads = decide(actor, READ, Resource(CASE.kind, person.pk, facts), ASKED).allowed
    row = open_detention_of(person)
    if not (records or (reads and row is not None)):
        return None
    return render_fragment(request, "detention/section", person=person, held=row, reads=reads)
