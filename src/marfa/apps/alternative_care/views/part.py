"""Where a child lives, on the page of the case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import CareReview, CareVisit, Placement
from marfa.apps.alternative_care.vetting_state import CURRENT, in_doubt_since, review_due
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import code_label, render_fragment
from marfa.apps.tracing.actions.agreements import is_child
from marfa.platform import clock
from marfa.safeguards.actor import Actor

MOST = 5


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """Where the child lives now, and lived before."""
    rows = list(Placement.objects.filter(case=case).select_related("place").order_by("-begun_at"))
    now = next((row for row in rows if row.state == CURRENT), None)
    return render_fragment(
        request,
        "alternative_care/part",
        case=case,
        row=now,
        kind=code_label("care_kinds", now.place.kind) if now else "",
        due=review_due(now) if now else None,
        since=in_doubt_since(now.place) if now else None,
        past=[row for row in rows if row.state != CURRENT][:MOST],
        child=is_child(case),
        now=clock.now(),
        open=case.state == Case.State.OPEN,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """The review and the visit that are due."""
    row = Placement.objects.filter(case=case, state=CURRENT).select_related("place").first()
    if row is None:
        return
    there, due = reverse("cases:placement", args=[row.reference]), review_due(row)
    if in_doubt_since(row.place) is not None:
        text = _("The caregiver is in doubt: look today whether the child is safe.")
        yield Next(text, there, 5, due)
    else:
        yield Next(_("Review where the child lives."), there, 55, due)
    yield Next(_("Visit the child where they live."), there, 56, row.visit_by)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Where the child came and left, each review and visit."""
    for row in Placement.objects.filter(case=case).select_related("place"):
        yield Happening(row.begun_at, row.get_sort_display(), row.place.label, row.begun_by)
        if row.ended_at is not None:
            yield Happening(row.ended_at, row.get_end_display(), row.words or "", row.ended_by)
    for review in CareReview.objects.filter(placement__case=case):
        yield Happening(review.at, review.get_outcome_display(), review.words or "", review.by)
    for visit in CareVisit.objects.filter(placement__case=case):
        yield Happening(visit.at, _("A visit to the child"), visit.words or "", visit.by)


PART = CasePart(
    "living", _("Where the child lives"), 34, render_part, next_steps, case_happenings, child=True
)
