"""Breaks and the end of a private conversation."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.reception.actions.interview import (
    finish_talk,
    note_answered_for,
    stop_talk,
)
from marfa.apps.reception.models import PrivateConversation
from marfa.apps.reception.questions import closing_words
from marfa.apps.reception.reasons import Fact
from marfa.apps.reception.views.interview import (
    questions_of,
    steps_unseen,
    talk_named,
    where_left,
)
from marfa.apps.reception.views.reasons import read_reasons
from marfa.domain.addressee import Addressee
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.methods.screening.outcome import Urgency
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor

OVER = "reception/interview_over.html"
FINISHES = ("finish", "screen")
State = PrivateConversation.State
OF_ENDED = {State.FINISHED: "over", State.STOPPED: "stop"}
"""What the page of a talk says that was over before: from one that is finished nothing leads on."""


@require_safe
@at_desk(Desk.RECEPTION)
def pause(request: HttpRequest, reference: str) -> HttpResponse:
    """A break. Everything is kept; the page says nothing of anybody."""
    talk = talk_named(request, reference)
    if talk.state != State.OPEN:
        return render(request, OVER, {"talk": talk}, status=409)
    again = reverse("queue:begin", args=[talk.entry.reference]) if talk.entry else ""
    following = where_left(talk)
    if steps_unseen(request, talk) is not None:  # the reply that led to the steps was lost
        following = reverse("queue:question", args=[talk.reference, Fact.DANGER.value])
    context = {"following": following, "again": again}
    return render(request, "reception/interview_pause.html", context)


@form_view
@at_desk(Desk.RECEPTION)
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """The talk is finished, or was stopped. Who presses again, as after a reply that was lost, is
    answered as at first."""
    talk, actor = talk_named(request, reference), actor_in(request)
    if request.method != "POST" and talk.state != State.OPEN:
        return _over_before(request, talk, actor)
    if request.method != "POST":
        return _before_the_end(request, talk)
    act = request.POST.get("do", "")
    if act not in (*FINISHES, "stop"):
        raise Http404
    try:
        _end(request, talk, actor, act)
    except InputError:
        talk.refresh_from_db()
        if talk.state != (State.STOPPED if act == "stop" else State.FINISHED):
            return _over_before(request, talk, actor)
    if act == "screen":
        # The same press begins the questions of the list: the browser sends it on as it is.
        return redirect("to_screen:go_on", talk.person.reference, preserve_request=True)
    return render(request, OVER, _over(talk, actor, act))


def _before_the_end(request: HttpRequest, talk: PrivateConversation) -> HttpResponse:
    last = questions_of(talk)[-1]
    context = {
        "talk": talk,
        "back": reverse("queue:question", args=[talk.reference, last.value]),
        "closing": _closing(talk),
        "answered_for": codelist("private_step_facts").label(
            Fact.ANSWERED_FOR, get_language() or "en"
        ),
    }
    return render(request, "reception/interview_end.html", context)


def _end(request: HttpRequest, talk: PrivateConversation, actor: Actor, act: str) -> None:
    if act == "stop":
        stop_talk(actor=actor, talk=talk)
        return
    with together():
        if request.POST.get("answered_for") == "yes":
            note_answered_for(actor=actor, talk=talk)
        finish_talk(actor=actor, talk=talk, goes_on=act == "screen")


def _over_before(request: HttpRequest, talk: PrivateConversation, actor: Actor) -> HttpResponse:
    done = OF_ENDED.get(State(talk.state), "")
    return render(request, OVER, _over(talk, actor, done), status=409)


def _over(talk: PrivateConversation, actor: Actor, act: str) -> dict[str, object]:
    finished = act in FINISHES and talk.entry is not None
    if talk.entry is not None:
        talk.entry.refresh_from_db()
    return {
        "talk": talk,
        "done": act,
        "reasons": read_reasons(talk.entry, actor) if finished and talk.entry else [],
        "urgency": Urgency(talk.entry.urgency).code if talk.entry else "",
        "closing": _closing(talk) if act == "stop" else [],
    }


def _closing(talk: PrivateConversation) -> list[str]:
    language, form = get_language() or "en", Addressee(talk.addressee)
    return closing_words(language, form, live=not settings.DEMONSTRATION)
