"""The forms that are part of a person's record, with their answers, on the page of the person and
on that of a case; and the way to fill one in for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.forms.entry.queries import title_in, versions_for
from marfa.apps.forms.models import Submission
from marfa.apps.forms.submissions import READ, READING, Opened, open_submission
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import record_of
from marfa.apps.registry.purposes import purpose_for
from marfa.apps.registry.reader import facts_shown
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value

MOST = 20
OPENED = 3
"""Forms whose answers stand on the page, the newest; of the others the way to each does."""


@dataclass(frozen=True)
class Filled:
    """A form of a person. opened: its answers, where they stand on the page."""

    row: Submission
    title: str
    opened: Opened | None


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The newest forms with their answers, to whom the charter lets read them, and the way to fill
    one in. Which form it was is told once it is opened, and not before: somebody may look over a
    shoulder."""
    actor, known = actor_in(request), facts_shown(request, person)
    filled = list(_filled(actor, person)) if _may_read(actor, known) else []
    begins = bool(versions_for(actor, person, known))
    if not filled and not begins:
        return None
    context = {"filled": filled, "fill_in": _begins_at(person) if begins else ""}
    # What the template makes is escaped by it.
    return mark_safe(render_to_string("forms/section.html", context, request))  # noqa: S308


def fills_in_at(request: HttpRequest, person: Person) -> str | None:
    """Where somebody fills in a form for a person of whom they may know the code alone."""
    known = facts_shown(request, person)
    return _begins_at(person) if versions_for(actor_in(request), person, known) else None


def _begins_at(person: Person) -> str:
    return f"{reverse('filling:choose')}?{urlencode({'for': person.reference})}"


def _may_read(actor: Actor, known: Resource) -> bool:
    resource = record_of(known, Submission, READ)
    purpose = purpose_for(actor, READING, resource)
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose.value}
    return decide(actor, READING, resource, asked).allowed


def _filled(actor: Actor, person: Person) -> Iterator[Filled]:
    found = Submission.objects.filter(subject=person.pk, handed_over_at__isnull=False)
    rows = found.select_related("form", "version__form").defer("version__xml")
    for number, row in enumerate(rows.order_by("-received_at", "pk")[:MOST]):
        opened = open_submission(actor=actor, submission=row) if number < OPENED else None
        yield Filled(row, title_in(row.version, get_language() or ""), opened)
