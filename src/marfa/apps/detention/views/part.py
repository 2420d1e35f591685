"""The detention on the page of a case, and of a child."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.views.common import code_label, render_fragment
from marfa.apps.detention.models import (
    OVER,
    Detention,
    DetentionReview,
    DetentionStep,
    Stay,
)
from marfa.apps.detention.policy import READ
from marfa.apps.detention.queries import alarm_of, days_of, open_detention_of, standings_of
from marfa.apps.detention.views.common import may
from marfa.apps.record_page import folded
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """That the person is held, for how long and who is missing; the way to the record."""
    rows = list(Detention.objects.filter(case=case).order_by("-recorded_at"))
    held = open_detention_of(case.person)
    if held is not None:
        held.case = case
    reads = held is None or may(actor, held, READ)
    made = render_fragment(
        request,
        "detention/part",
        case=case,
        held=held,
        reads=reads,
        standing=standings_of([held])[held.pk] if held is not None else None,
        alarm=alarm_of(held) if held is not None else None,
        past=[row for row in rows if row.state in OVER],
        days=days_of([case.person_id], {case.person_id: case.site.time_zone})[case.person_id],
        now=clock.now(),
        open=case.state == Case.State.OPEN,
    )
    return made if rows else folded(made, _("No detention is recorded."))


def next_steps(case: Case) -> Iterable[Next]:
    """The next look, and who is missing to speak for the person."""
    row = Detention.objects.filter(case=case).filter(state__in=("held", "unknown")).first()
    alarm = alarm_of(row) if row is not None else None
    if row is None or alarm is None:
        return
    row.case = case
    there = reverse("detention:review", args=[row.reference])
    late = alarm.due_at <= clock.now()
    text = (
        _("The person is held: review it now.") if late else _("The next review of the detention")
    )
    yield Next(text, there, 0 if late else 10, alarm.due_at)
    show = reverse("detention:show", args=[row.reference])
    for kind in standings_of([row])[row.pk].missing:
        missing = {
            "lawyer": _("The person is held without a lawyer."),
            "guardian": _("The child is held without a guardian."),
        }
        yield Next(missing[kind], show, 0)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each place, review, step and end."""
    for stay in Stay.objects.filter(detention__case=case):
        what = f"{_('Held')}: {code_label('detention_grounds', stay.ground)}"
        yield Happening(stay.recorded_at, what, stay.place or "", stay.recorded_by)
    for review in DetentionReview.objects.filter(detention__case=case):
        yield Happening(review.at, _("Review of the detention"), review.found or "", review.by)
    for step in DetentionStep.objects.filter(detention__case=case):
        yield Happening(step.at, step.get_kind_display(), step.words or "", step.by)
    for row in Detention.objects.filter(case=case, state__in=OVER):
        if row.ended_at is not None:
            what = f"{_('Detention')}: {row.get_state_display()}"
            yield Happening(row.ended_at, what, row.end_words or "", row.ended_by)


PART = CasePart(
    "detention", _("Detention"), 8, render_part, next_steps, case_happenings, child=True
)
