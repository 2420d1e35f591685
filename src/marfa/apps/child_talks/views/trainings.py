"""The pages on which trainings are entered and confirmed, and talks are set."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, require_permission
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.child_talks.actions.trainings import (
    NUMBERS,
    PURPOSE,
    SET,
    TRAIN,
    confirm_training,
    end_training,
    enter_training,
    set_talks,
)
from marfa.apps.child_talks.lowest_age import settings_of
from marfa.apps.child_talks.models import TalkTraining
from marfa.apps.child_talks.queries import staff_of, trainings_shown
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.queries import data_controller
from marfa.domain.digits import latin_digits
from marfa.domain.languages import language_choices
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

trainers_only = require_permission(TRAIN, the_controller, PURPOSE)
setters_only = require_permission(SET, the_controller, PURPOSE)


@form_view
@trainers_only
def trainings(request: HttpRequest) -> HttpResponse:
    """Who is trained until when; entering a training, and confirming one of a colleague's."""
    actor = actor_in(request)

    def act() -> None:
        posted = request.POST
        if posted.get("do") == "enter":
            _enter(request, actor)
            return
        rows = TalkTraining.objects.filter(organisation=data_controller())
        row = get_object_or_404(rows, reference=posted.get("training", ""))
        if posted.get("do") == "confirm":
            confirm_training(actor=actor, training=row)
        elif posted.get("do") == "end":
            end_training(actor=actor, training=row)
        else:
            raise SuspiciousOperation

    page = FormPage(request, "child_talks/trainings.html", context=lambda: _shown(actor))
    return page.answer(act, said=_("Saved."))


def _shown(actor: Actor) -> Context:
    here, today = data_controller(), clock.now().date()
    rows = [
        {
            "row": row,
            "over": row.until < today,
            "confirms": row.confirmed_at is None and actor.id not in (row.entered_by, row.user_id),
        }
        for row in trainings_shown(here)
    ]
    return {
        "rows": rows,
        "staff": [(user.reference, user.display_name) for user in staff_of(here)],
        "kinds": TalkTraining.What.choices,
        "languages": [("", _("none")), *language_choices(get_language() or "en")],
    }


def _enter(request: HttpRequest, actor: Actor) -> None:
    posted = request.POST
    here = data_controller()
    user = next((one for one in staff_of(here) if one.reference == posted.get("user")), None)
    if user is None:
        raise InputError.at(Message("apps.cases:choose-one"), field="user")
    enter_training(
        actor=actor,
        organisation=here,
        user=user,
        what=posted.get("what", ""),
        until=day_said(posted.get("until", ""), field="until"),
        language=posted.get("language", ""),
    )


@form_view
@setters_only
def settings_page(request: HttpRequest) -> HttpResponse:
    """The age below which no list is put, and for how many minutes a talk goes on."""
    here = data_controller()

    def act() -> None:
        told = {name: _number(request.POST.get(name, "")) for name in NUMBERS}
        set_talks(actor=actor_in(request), organisation=here, told=told)

    def shown() -> Context:
        row = settings_of(here.pk)
        sent = request.POST if request.method == "POST" else {}
        return {"values": {name: sent.get(name, getattr(row, name)) for name in NUMBERS}}

    page = FormPage(request, "child_talks/settings.html", context=shown)
    return page.answer(act, said=_("Saved."))


def _number(text: str) -> int | None:
    said = latin_digits(text).strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None
