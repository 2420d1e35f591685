"""Danger: numbered steps of this site, and what was done. One tap away on each page of a talk."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marfa.apps.directory.offers import Found
from marfa.apps.form_view import form_view
from marfa.apps.reception.actions.interview import open_talk_of
from marfa.apps.reception.places_to_refer import services_near
from marfa.apps.reception.views.interview import STEPS_SHOWN, where_left
from marfa.apps.screening.actions import record_danger
from marfa.apps.screening.models import Danger, HandOver, Screening
from marfa.apps.screening.presentation import text_direction
from marfa.apps.screening.queries import dangers_of, told_here
from marfa.apps.screening.views.common import (
    screening_and_actor,
    screening_page,
    screening_reading,
    screening_url,
)
from marfa.apps.screening.views.hand_over import ground_choices, send_hand_over
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor

GENERAL = {
    Danger.IMMEDIATE: (
        _("Stay with the person. Go with them to a place that no one else can enter."),
        _("Call the security focal point of this site. Do not call anyone who may be involved."),
        _("Do not confront the person who threatens them, and do not let them know what was said."),
        _("Hand the person over to protection now, with the ground: life in danger."),
    ),
    Danger.SELF_HARM: (
        _("Stay with the person; do not leave them alone, not even for a moment."),
        _("Ask calmly whether they think of ending their life. Asking does no harm."),
        _("Remove what they could hurt themselves with, if you can do so safely."),
        _("Call the mental-health worker or the clinic of this site, and wait with the person."),
        _("Hand the person over to protection now, with the ground: life in danger."),
    ),
    Danger.MEDICAL: (
        _("Call the clinic or the ambulance of this site."),
        _("Give first aid as you were trained; do not move the person without need."),
        _("Tell the clinic only what it must know to treat."),
        _("The interview is over for today: press Stop."),
    ),
    Danger.CHILD_ALONE: (
        _("Stay with the child. Say your name and that the child has done nothing wrong."),
        _("Give the child to no one, even if they say they are a relative."),
        _("Call child protection of this site, and wait with the child."),
        _("Hand the child over to protection now, with the ground: a child."),
    ),
}
"""Our own steps, for a site that has none of its own yet. Nobody at the site has reviewed them."""


@form_view
def danger(request: HttpRequest, reference: str) -> HttpResponse:
    """What to do now, and what was done."""
    screening, actor = screening_and_actor(request, reference)
    if request.method == "GET" and (talk := open_talk_of(screening.person)) is not None:
        request.session[STEPS_SHOWN] = talk.reference
    told = {name: request.POST.get(name, "") for name in ("kind", "done", "ground", "note")}
    shown = screening_page(
        request, "danger", screening, lambda: {**_shown(actor, screening), **told}
    )

    def act() -> HttpResponse:
        _send(request, actor, screening)
        if request.POST.get("do") == "hand_over" or not told["note"]:
            return redirect("screening:danger", reference)
        told.update(kind="", done="")
        return shown.shown()

    return shown.answer(act)


CALLED: dict[Danger, tuple[str, ...]] = {
    Danger.IMMEDIATE: ("safety_measures", "shelter"),
    Danger.SELF_HARM: ("mental_health_and_psychosocial", "medical_care"),
    Danger.MEDICAL: ("medical_care", "sexual_and_reproductive_health"),
    Danger.CHILD_ALONE: ("alternative_care", "safety_measures"),
}
"""With which needs a service helps in each danger."""


def _shown(actor: Actor, screening: Screening) -> dict[str, object]:
    with screening_reading(actor, screening):
        past = [(row.get_kind_display(), row.at, row.done) for row in dangers_of(screening)]
    return {
        "protocols": [_protocol(screening, each) for each in Danger],
        "kinds": Danger.choices,
        "past": past,
        "back": _back(actor, screening),
        "open": screening.state in Screening.OPEN,
        "asking": screening.state == Screening.State.ASKING,
        "hand_over": HandOver.objects.filter(screening=screening).first(),
        "grounds": ground_choices(screening),
    }


def _back(actor: Actor, screening: Screening) -> str:
    """Where the conversation goes on: where it was left, in the private part or in the list."""
    talk = open_talk_of(screening.person)
    if talk is not None and talk.held_by == actor.id:
        return where_left(talk)
    return screening_url(screening)


def _send(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    """Write down what was done, and hand over where that was pressed; a talk that is open stays so.

    What was done is kept with the hand-over too, if anything was written. Raises InputError.
    """
    hands_over = request.POST.get("do") == "hand_over"
    kind, done = request.POST.get("kind", ""), request.POST.get("done", "")
    with together():
        if done.strip() or not hands_over:
            record_danger(actor=actor, screening=screening, kind=kind, done=done)
        if hands_over:
            send_hand_over(request, actor, screening)


def _protocol(
    screening: Screening, kind: Danger
) -> tuple[object, list[object], str, str, list[Found]]:
    """Name of a danger, its steps, where they are this site's own their language with its
    direction, and whom to call."""
    call = services_near(screening.person, *CALLED[kind])
    live = not settings.DEMONSTRATION
    own = told_here(screening.site, kind.value, get_language() or "en", live=live)
    if own is None:
        return kind.label, [*GENERAL[kind]], "", "", call
    return kind.label, [*own.lines], own.language, text_direction(own.language), call
