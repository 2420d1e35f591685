"""The pages on which a detention is reviewed, the person moved, and the end recorded."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.detention.actions import end_detention, move_person, review_detention
from marfa.apps.detention.actions.base import is_child, today_of
from marfa.apps.detention.clocks import days_to_review
from marfa.apps.detention.models import GOING_ON, OVER, Detention
from marfa.apps.detention.policy import END, WRITE
from marfa.apps.detention.queries import alarm_of, stay_now
from marfa.apps.detention.views.common import (
    day_in,
    detention_named,
    detention_page,
    place_choices,
    since_in_words,
    told_in,
)
from marfa.apps.form_view import Context, form_view
from marfa.platform import clock
from marfa.safeguards.actor import Actor


@form_view
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """What is found now, and the day of the next look."""
    row, actor = _going_on(request, reference, WRITE)

    def shown() -> dict[str, object]:
        most = days_to_review(is_child=is_child(row))
        last = today_of(row) + timedelta(days=most)
        return {"most": most, "last": last, "alarm": alarm_of(row), "now": clock.now()}

    def act() -> None:
        found, next_on = request.POST.get("found", ""), day_in(request.POST, "next_on")
        review_detention(actor=actor, row=row, found=found, next_on=next_on)

    page = detention_page(request, "review", actor, row, shown)
    return page.answer(
        act, done=_there(row), said=_("Saved. The alarm stays on until the next review.")
    )


@form_view
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the person is held now."""
    row, actor = _going_on(request, reference, WRITE)

    def shown() -> Context:
        stay = stay_now(row) if row.state in GOING_ON else None
        if stay is None:
            return place_choices()
        return {"stay": stay, "since": since_in_words(stay.began), **place_choices()}

    def act() -> None:
        move_person(actor=actor, row=row, told=told_in(request.POST))

    page = detention_page(request, "move", actor, row, shown)
    return page.answer(act, done=_there(row), said=_("Saved."))


@form_view
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """How the detention ended, and how that is known."""
    row, actor = _going_on(request, reference, END)
    ways = [(code, Detention.State(code).label) for code in OVER]

    def act() -> None:
        told = {name: request.POST.get(name, "") for name in ("how", "text")}
        end_detention(actor=actor, row=row, day=day_in(request.POST, "day"), **told)

    page = detention_page(request, "end", actor, row, lambda: {"ways": ways})
    return page.answer(act, done=_there(row), said=_("Saved. The alarm is off."))


def _going_on(request: HttpRequest, reference: str, action: str) -> tuple[Detention, Actor]:
    """A detention that is not over; what is sent to one that a colleague ended is told so. Raises
    Http404 for the page of one that is."""
    row, actor = detention_named(request, reference, action)
    if request.method != "POST" and row.state not in GOING_ON:
        raise Http404
    return row, actor


def _there(row: Detention) -> str:
    return reverse("detention:show", args=[row.reference])
