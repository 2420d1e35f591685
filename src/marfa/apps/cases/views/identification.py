"""Presumption and formal identification, on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.identification import not_appealed
from marfa.apps.cases.models import Case, FormalIdentification, Presumption, Review
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import render_fragment
from marfa.apps.cases.views.formal_identification import is_late
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """The presumption with its second look, and what the authority decided."""
    presumed = Presumption.objects.filter(case=case).first()
    review = Review.objects.filter(case=case, of=Review.Of.PRESUMPTION).order_by("asked_at").last()
    formal = list(FormalIdentification.objects.filter(case=case).order_by("asked_at"))
    for row in formal:
        row.case = case
    return render_fragment(
        request,
        "cases/identification",
        case=case,
        presumed=presumed,
        review=review,
        formal=[(row, is_late(row, case)) for row in formal],
        may_ask=case.state == Case.State.OPEN and not any(_stands(row) for row in formal),
        actor=actor,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """Nothing waits for a presumption; without one the case says so. What an authority owes, and
    until when one may appeal."""
    if not Presumption.objects.filter(case=case).exists():
        there = reverse("cases:begin", args=[case.person.reference])
        yield Next(_("Do you presume that the person may be a victim? Record it."), there, 10)
    today = clock.today(case.site.time_zone)
    for row in not_appealed(case):
        row.case = case
        there = reverse("cases:authority", args=[case.reference, row.reference])
        if is_late(row, case):
            text = _("The authority has not decided in time. Ask it; help continues.")
            yield Next(text, there, 30, by=row.expected_by)
        if row.appeal_until is not None and today <= row.appeal_until:
            text = _("The person may appeal against the refusal.")
            yield Next(text, there, 20, by=row.appeal_until)


def case_happenings(case: Case) -> Iterable[Happening]:
    """The presumption, and each step with the authority."""
    for row in Presumption.objects.filter(case=case):
        yield Happening(row.made_at, _("Presumed victim"), row.words or "", row.made_by)
    for each in FormalIdentification.objects.filter(case=case):
        asked = _("An appeal was made") if each.appeals_id else _("The authority was asked")
        yield Happening(each.asked_at, asked, each.wish or "", each.asked_by)
        if each.recorded_at is not None:
            what = each.get_decision_display()
            yield Happening(each.recorded_at, what, each.reasons or "", each.recorded_by)
        if each.withdrawn_at is not None:
            back = _("The person withdrew the request")
            yield Happening(each.withdrawn_at, back, "", each.withdrawn_by)


def _stands(row: FormalIdentification) -> bool:
    """Whether a request is open or led to an identification."""
    refused = FormalIdentification.Decision.REFUSED
    return row.withdrawn_at is None and row.decision != refused


PART = CasePart(
    "identification", _("Identification as a victim"), 20, render_part, next_steps, case_happenings
)
