"""The family of somebody in our care, on the page of the case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import code_label, render_fragment
from marfa.apps.tracing.models import (
    ClaimedRelative,
    FamilyContact,
    FamilyVisit,
    NeverThrough,
    Reunification,
    TieDecision,
    TracingRequest,
)
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """Who is looked for, who came forward, who is never asked, and the way back."""
    fears = NeverThrough.objects.filter(case=case).select_related("recipient__guest")
    return render_fragment(
        request,
        "tracing/part",
        case=case,
        requests=list(TracingRequest.objects.filter(case=case).order_by("opened_at", "pk")),
        claims=list(ClaimedRelative.objects.filter(case=case).order_by("recorded_at", "pk")),
        fears=[
            (
                code_label("feared_parties", row.party),
                recipient_name(row.recipient) if row.recipient else "",
                row.words,
            )
            for row in fears.order_by("at", "pk")
        ],
        ways=list(Reunification.objects.filter(case=case).order_by("-prepared_at", "-pk")),
        now=clock.now(),
        open=case.state == Case.State.OPEN,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """Claims to verify, and visits."""
    claimed = ClaimedRelative.State.CLAIMED
    for claim in ClaimedRelative.objects.filter(case=case, state=claimed).order_by("due_at"):
        there = reverse("cases:relative", args=[claim.reference])
        text = _("Verify who says to be a relative; no contact before that.")
        yield Next(text, there, 45, claim.due_at)
    planned = FamilyVisit.objects.filter(reunification__case=case, state="planned")
    for visit in planned.order_by("due_at")[:1]:
        there = reverse("cases:family_visit", args=[visit.reference])
        yield Next(_("Visit the person with their family."), there, 57, visit.due_at)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Who came forward, what was decided, each contact and visit."""
    for claim in ClaimedRelative.objects.filter(case=case):
        came = _("Someone says to be a relative")
        yield Happening(claim.recorded_at, came, claim.name or "", claim.recorded_by)
    for decision in TieDecision.objects.filter(claim__case=case).exclude(decided_at=None):
        assert decision.decided_at is not None  # noqa: S101 - left out above
        what = f"{decision.get_outcome_display()}: {decision.get_state_display()}"
        yield Happening(decision.decided_at, what, decision.why or "", decision.decided_by)
    for contact in FamilyContact.objects.filter(claim__case=case):
        yield Happening(contact.at, contact.get_way_display(), contact.words or "", contact.by)
    for visit in FamilyVisit.objects.filter(reunification__case=case).exclude(held_at=None):
        assert visit.held_at is not None  # noqa: S101 - left out above
        yield Happening(visit.held_at, visit.get_state_display(), visit.words or "", visit.held_by)


PART = CasePart(
    "family", _("Family and tracing"), 36, render_part, next_steps, case_happenings, child=True
)
