"""The record of a detention: what is known, who hears of the alarm, what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marfa.apps.best_interests.queries import representatives_of
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import code_choices, code_label
from marfa.apps.detention import actions
from marfa.apps.detention.actions.base import is_child
from marfa.apps.detention.actions.work import DOABLE
from marfa.apps.detention.models import (
    CONDITIONS,
    GOING_ON,
    AlternativeConsidered,
    ConditionsSeen,
    Detention,
    DetentionReview,
    DetentionStep,
    Stay,
)
from marfa.apps.detention.people import ladder_of
from marfa.apps.detention.policy import END, WRITE
from marfa.apps.detention.queries import (
    alarm_of,
    days_of,
    hand_over_clock,
    missing_for,
)
from marfa.apps.detention.views.common import (
    detention_named,
    detention_page,
    may,
    since_in_words,
)
from marfa.apps.form_view import form_view
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

ANSWERS = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "unknown": gettext_lazy("not known"),
}
Step = Callable[[HttpRequest, Actor, Detention], object]


@form_view
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that is known of one detention, with what can be done about it."""
    row, actor = detention_named(request, reference)

    def act() -> None:
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise SuspiciousOperation
        step(request, actor, row)

    page = detention_page(request, "show", actor, row, partial(_shown, actor, row))
    return page.answer(act, said=_("Saved."))


def _shown(actor: Actor, row: Detention) -> dict[str, object]:
    """Within ``detention_reading``."""
    row.refresh_from_db()
    goes_on, alarm, now = row.state in GOING_ON, alarm_of(row), clock.now()
    zone, child = row.case.site.time_zone, is_child(row)
    stays = list(Stay.objects.filter(detention=row).order_by("-began_on", "-recorded_at"))
    return {
        "goes_on": goes_on,
        "child": child,
        "now": now,
        "alarm": alarm,
        "ladder": ladder_of(row, alarm, now) if alarm is not None else [],
        "days": days_of([row.person_id], {row.person_id: zone})[row.person_id],
        "stay": stays[0],
        "stays": [(stay, since_in_words(stay.began)) for stay in stays],
        "migration": child and any(stay.ground == "migration" for stay in stays),
        "hand_over": hand_over_clock(row),
        "speaking": representatives_of(row.person),
        "missing": missing_for([row])[row.person_id] if goes_on else (),
        "may_write": goes_on and may(actor, row, WRITE),
        "may_end": goes_on and may(actor, row, END),
        **_done(row),
        **_choices(),
    }


def _done(row: Detention) -> dict[str, object]:
    """What was seen, considered and done, the newest first."""
    seen = ConditionsSeen.objects.filter(detention=row).order_by("-at").first()
    tried = list(AlternativeConsidered.objects.filter(detention=row).order_by("-at"))
    steps = list(DetentionStep.objects.filter(detention=row).order_by("-at", "-pk"))
    reviews = list(DetentionReview.objects.filter(detention=row).order_by("-at", "-pk"))
    names = names_of([*(each.by for each in steps), *(each.by for each in reviews)])
    answers = (seen.answers or {}) if seen is not None else {}
    return {
        "seen": seen,
        "answers": [
            (code_label("detention_conditions", code), code, answers.get(code, ""))
            for code in CONDITIONS
        ],
        "tried": [(code_label("detention_alternatives", each.kind), each) for each in tried],
        "steps": [(each, names.get(each.by, "")) for each in steps],
        "reviews": [(each, names.get(each.by, "")) for each in reviews],
        "measure": code_label("detention_measures", row.measure) if row.measure else "",
    }


def _choices() -> dict[str, object]:
    return {
        "measures": code_choices("detention_measures"),
        "alternatives": code_choices("detention_alternatives"),
        "doable": [(kind, DetentionStep.Kind(kind).label) for kind in DOABLE],
        "known": list(ANSWERS.items()),
    }


def _conditions(request: HttpRequest, actor: Actor, row: Detention) -> None:
    answers = {code: request.POST.get(code, "") for code in CONDITIONS}
    text = request.POST.get("text", "")
    actions.note_conditions(actor=actor, row=row, answers=answers, text=text)


def _alternative(request: HttpRequest, actor: Actor, row: Detention) -> None:
    told = {name: request.POST.get(name, "") for name in ("kind", "why_not")}
    actions.consider_alternative(actor=actor, row=row, **told)


def _measure(request: HttpRequest, actor: Actor, row: Detention) -> None:
    told = {name: request.POST.get(name, "") for name in ("measure", "text")}
    actions.note_measure(actor=actor, row=row, **told)


def _step(request: HttpRequest, actor: Actor, row: Detention) -> None:
    told = {name: request.POST.get(name, "") for name in ("whom", "text")}
    actions.note_step(actor=actor, row=row, kind=request.POST.get("done", ""), **told)


def _agree(request: HttpRequest, actor: Actor, row: Detention) -> None:
    told = {name: request.POST.get(name, "") for name in ("whom", "text")}
    refused = actions.refuse_to_agree(actor=actor, row=row, **told)
    said = _("No one here agrees to a detention. That you were asked is recorded.")
    if refused is not None:
        said = f"{said} {render_message(refused, get_language() or SOURCE_LANGUAGE)}"
    messages.warning(request, said)


def _lost(request: HttpRequest, actor: Actor, row: Detention) -> None:
    actions.lose_track(actor=actor, row=row, text=request.POST.get("text", ""))


STEPS: dict[str, Step] = {
    "conditions": _conditions,
    "alternative": _alternative,
    "measure": _measure,
    "step": _step,
    "agree": _agree,
    "lost": _lost,
}
