"""Where a child lives, on the page of the case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.alternative_care.models import CarePlace, CareReview, CareVisit, Placement
from marfa.apps.alternative_care.queries import known_place, known_places
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
    rows = list(Placement.objects.filter(case=case).order_by("-begun_at"))
    places = known_places(rows)
    now = next((row for row in rows if row.state == CURRENT), None)
    place = places.get(now.place_id) if now else None
    return render_fragment(
        request,
        "alternative_care/part",
        case=case,
        row=now,
        label=label_of(place),
        kind=code_label("care_kinds", place.kind) if place else "",
        due=review_due(now) if now else None,
        since=in_doubt_since(place) if place else None,
        past=[(row, label_of(places.get(row.place_id))) for row in rows if row.state != CURRENT][
            :MOST
        ],
        child=is_child(case),
        now=clock.now(),
        open=case.state == Case.State.OPEN,
    )


def label_of(place: CarePlace | None) -> str:
    """What stands for a place; None is one of another organisation."""
    return place.label if place else gettext("A caregiver of another organisation")


def next_steps(case: Case) -> Iterable[Next]:
    """The review and the visit that are due."""
    row = Placement.objects.filter(case=case, state=CURRENT).first()
    if row is None:
        return
    place = known_place(row)
    there, due = reverse("cases:placement", args=[row.reference]), review_due(row)
    if place and in_doubt_since(place) is not None:
        text = _("The caregiver is in doubt: look today whether the child is safe.")
        yield Next(text, there, 5, due)
    else:
        yield Next(_("Review where the child lives."), there, 55, due)
    yield Next(_("Visit the child where they live."), there, 56, row.visit_by)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Where the child came and left, each review and visit."""
    rows = list(Placement.objects.filter(case=case))
    places = known_places(rows)
    for row in rows:
        label = label_of(places.get(row.place_id))
        yield Happening(row.begun_at, row.get_sort_display(), label, row.begun_by)
        if row.ended_at is not None:
            yield Happening(row.ended_at, row.get_end_display(), row.words or "", row.ended_by)
    for review in CareReview.objects.filter(placement__case=case):
        yield Happening(review.at, review.get_outcome_display(), review.words or "", review.by)
    for visit in CareVisit.objects.filter(placement__case=case):
        yield Happening(visit.at, _("A visit to the child"), visit.words or "", visit.by)


PART = CasePart(
    "living", _("Where the child lives"), 34, render_part, next_steps, case_happenings, child=True
)
