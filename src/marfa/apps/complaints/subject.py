"""The complaint as a subject. Who complains is not stored, so that nobody but its code leads to it;
colleagues have the reference in the address of its page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.complaints.models import Complaint
from marfa.apps.complaints.policy_facts import KIND, resource_of
from marfa.apps.complaints.queries import may_read
from marfa.apps.record_page import SummaryFact
from marfa.domain.codes import parse_code
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.subjects import Happened, Shown, SubjectKind


def keys_of_complaints(text: str) -> list[UUID]:
    """The keys of the complaints that a code or a reference names."""
    named = Q(reference=text.strip().lower())
    with suppress(InputError):
        named |= Q(code=parse_code(text))
    return list(Complaint.objects.filter(named).values_list("pk", flat=True))


def record_of_key(key: UUID) -> Resource | None:
    """A complaint as the charter sees it; None where there is none."""
    found = Complaint.objects.filter(pk=key).first()
    return resource_of(found) if found is not None else None


def shown_to(actor: Actor, keys: Collection[UUID]) -> dict[UUID, Shown]:
    """Those of the complaints that somebody may read. Their codes are those of who complained, and
    are shown to nobody else."""
    return {
        row.pk: Shown("", reverse("complaints:one", args=[row.reference]))
        for row in Complaint.objects.filter(pk__in=list(keys))
        if may_read(actor, row)
    }


def history_of(complaint: Complaint, shown: Collection[UUID]) -> list[Happened]:
    """What became of a complaint, and when. What was written stands on its page by itself."""
    found = [
        Happened(note.written_at, note.written_by, _("A step was recorded"))
        for note in complaint.notes.defer("text")
    ]
    found.append(Happened(complaint.received_at, None, _("It was received")))
    if complaint.settled_at is not None:
        found.append(Happened(complaint.settled_at, None, _("It was settled")))
    return sorted(found, key=lambda each: each.at, reverse=True)


def summary_facts(_request: HttpRequest, complaint: Complaint) -> Iterator[SummaryFact]:
    """How a complaint stands and what it is about; its page has asked who may read it."""
    done = complaint.state == Complaint.State.SETTLED
    yield SummaryFact(_("State"), complaint.get_state_display(), "done" if done else "waiting")
    yield SummaryFact(_("What it is about"), complaint.about_what)
    yield SummaryFact(_("About whom"), complaint.about_whom)


COMPLAINTS = SubjectKind(
    name=KIND,
    model="complaints.Complaint",
    named=keys_of_complaints,
    record=record_of_key,
    shown=shown_to,
    history=history_of,
)
