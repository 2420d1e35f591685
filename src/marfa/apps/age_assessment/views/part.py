"""A disputed age, on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.age_assessment.models import AgeAssessment
from marfa.apps.age_assessment.queries import State, assessments_of, is_appeal_over, live_assessment
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import render_fragment
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """Whether the age is disputed, and each assessment."""
    return render_fragment(
        request,
        "age_assessment/part",
        case=case,
        rows=list(assessments_of(case)),
        under_way=live_assessment(case) is not None,
        open=case.state == Case.State.OPEN,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """What an assessment that was begun waits for. Nothing leads to one that was not."""
    row = live_assessment(case)
    if row is None:
        return
    row.case = case
    there = reverse("cases:age", args=[row.reference])
    if row.state == State.PROPOSED:
        yield Next(_("A second person looks at what was found about the age."), there, 30)
    elif row.state == State.DECIDED and not is_appeal_over(row):
        text = _("The person may appeal against what was found about the age: who helps them?")
        yield Next(text, there, 10, by=row.appeal_until)
    elif row.state == State.APPEALED:
        yield Next(_("The person appealed against what was found about the age."), there, 20)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each step of each assessment, as far as it has a moment."""
    for row in AgeAssessment.objects.filter(case=case):
        asked = _("An age assessment was requested")
        yield Happening(row.asked_at, asked, row.need or "", row.asked_by)
        if row.proposed_at is not None:
            what = _("It was proposed that the person is an adult")
            yield Happening(row.proposed_at, what, row.reasons or "", row.proposed_by)
        if row.appealed_at is not None:
            what = _("The person appealed against what was found about the age")
            yield Happening(row.appealed_at, what, row.appeal or "")


PART = CasePart("age", _("Age in doubt"), 60, render_part, next_steps, case_happenings, child=True)
