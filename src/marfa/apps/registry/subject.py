"""The person as a subject: how people are named and shown, and what happened to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marfa.apps.registry.identifiers import keys_of_people
from marfa.apps.registry.labels import LABELS
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.domain.codes import format_code
from marfa.platform.revisions.models import Revision
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.row_decisions import seen_among
from marfa.safeguards.subjects import Happened, Shown, SubjectKind

MOST_CHANGES = 12
OF_PROTECTION = ("protected", "protected_at")
"""Who was protected once is not told to who was not there; the page of the protection tells it."""


def record_of_key(key: UUID) -> Resource | None:
    """A person as the charter sees them; None where there is none."""
    person = Person.objects.filter(pk=key).first()
    return PERSON.resource(person) if person is not None else None


def shown_to(actor: Actor, keys: Collection[UUID]) -> dict[UUID, Shown]:
    """Those of the people of whom somebody may know, with their pages."""
    seen = seen_among(PERSON, Person.objects.filter(pk__in=list(keys)), actor)
    return {
        key: Shown(format_code(person.code), reverse("people:person", args=[person.reference]))
        for key, (person, _resource) in seen.items()
    }


def history_of(person: Person, shown: Collection[UUID]) -> list[Happened]:
    """The latest changes of what is told of a person; all fields that were changed at once, as
    one. shown: keys of the rows about them that the page shows, relationships among them."""
    found = Revision.objects.filter(object_id__in=[person.pk, *shown], version__gt=1).exclude(
        Q(kind=Revision.Kind.SET_ASIDE) | Q(model="registry.person", field__in=OF_PROTECTION)
    )
    groups: dict[tuple[datetime, str, UUID | None], list[str | Promise]] = defaultdict(list)
    for row in found.order_by("-at", "field")[: MOST_CHANGES * 6]:
        groups[row.at, row.model, row.actor_id].append(LABELS.get(row.field, ""))
    return [
        Happened(at, actor, _part(model), tuple(each for each in fields if each))
        for (at, model, actor), fields in list(groups.items())[:MOST_CHANGES]
    ]


def _part(model: str) -> str:
    return {
        "registry.person": _("What was said"),
        "registry.personname": _("Name"),
        "registry.identitydocument": _("Document"),
        "registry.contactpoint": _("Contact details"),
        "registry.relationship": _("Relationship"),
    }.get(model, "")


PEOPLE = SubjectKind(
    name=KIND,
    model="registry.Person",
    named=keys_of_people,
    record=record_of_key,
    shown=shown_to,
    history=history_of,
)
