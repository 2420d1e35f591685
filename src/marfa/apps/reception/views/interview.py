"""The pages of the private interview: one question each, and Stop on all of them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from marfa.apps.access import actor_in, at_desk, current_user
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.manifest import Desk
from marfa.apps.problems import problem_sentences
from marfa.apps.reception.actions.interview import (
    CONDITIONS,
    PURPOSE,
    Setting,
    answer_question,
    begin_talk,
    finish_talk,
    go_on_with_talk,
    open_talk_of,
    says_nothing_new,
    stop_talk,
)
from marfa.apps.reception.actions.reasons import FORM
from marfa.apps.reception.forms import AnswerForm, BeginForm, SeenForm
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation
from marfa.apps.reception.questions import ORDER, SEEN, question_text
from marfa.apps.reception.reasons import Fact
from marfa.apps.reception.views.queue import place_named
from marfa.apps.reception.views.reasons import read_reasons
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.registry.visibility import about_seen
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from marfa.platform.revisions.drafts import discard_draft
from marfa.safeguards.actions import reading
from marfa.safeguards.vault.access import open_vault

READ = "records.read"
FIELDS = ("stated", "observed", "note")
AT_ONCE = (*CONDITIONS, "stated", "")
"""Where something may be wrong with how a talk begins: all of it stands at the first question."""


@form_view
@at_desk(Desk.RECEPTION)
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """What must be so before anything is asked, also where a talk that was left goes on."""
    entry = place_named(reference, actor_in(request))
    left = open_talk_of(entry.person)
    form = BeginForm(data_of(request))

    def act() -> HttpResponse:
        asked = form.cleaned_data
        setting = Setting(frozenset(asked["confirmed"]), asked["language"], asked["interpreter"])
        if left is not None:
            go_on_with_talk(actor=actor_in(request), talk=left, setting=setting)
            return redirect(_where_left(left))
        talk = begin_talk(actor=actor_in(request), entry=entry, setting=setting)
        return redirect(_next_of(talk, None))

    context, places = (
        {"entry": entry, "left": left is not None},
        dict.fromkeys(AT_ONCE, "confirmed"),
    )
    return FormPage(request, "reception/interview_begin.html", form, context, places).answer(act)


def _talk_named(request: HttpRequest, reference: str) -> PrivateConversation:
    actor = actor_in(request)
    rows = PrivateConversation.objects.filter(about_seen(actor), reference=reference)
    found = rows.select_related("person__site", "entry__site", "entry__person").first()
    if found is None:
        raise nothing_there(actor, Q(privateconversations__reference=reference))
    return found


@form_view
@at_desk(Desk.RECEPTION)
def question(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """One question: what is said, and apart from it what is seen."""
    talk = _talk_named(request, reference)
    answer = talk.answers.filter(question=question).select_related("person", "conversation").first()
    if answer is None:
        raise Http404
    if talk.state != PrivateConversation.State.OPEN:
        return render(request, "reception/interview_over.html", {"talk": talk}, status=409)
    fact = Fact(question)
    form: type[forms.Form] = SeenForm if fact in SEEN else AnswerForm
    try:
        title = _words(fact, talk)
    except InputError as error:
        refused = problem_sentences(error).values()
        return render(request, "reception/interview_over.html", {"talk": talk, "refused": refused})
    editor = Editor(FORM, form, answer_question, template="reception/interview_question.html")
    asked = _asked(talk)
    place = asked.index(fact)
    before = asked[place - 1] if place else None
    back = reverse("queue:question", args=[talk.reference, before.value]) if before else ""
    goes_back = bool(back) and request.method == "POST" and request.POST.get("to") == "back"
    more = {"number": place + 1, "count": len(asked), "back": back}
    with open_vault(), _reading(request, talk):
        if goes_back and _untouched(request, form, answer):
            return redirect(back)
        done = back if goes_back else _next_of(talk, fact)
        return edit_row(request, editor, answer, title=title, done=done, more=more)


def _reading(request: HttpRequest, talk: PrivateConversation):  # type: ignore[no-untyped-def]
    resource = record_of(PERSON.resource(talk.person), ConversationAnswer, FIELDS)
    return reading(
        actor=actor_in(request),
        code=READ,
        purpose=PURPOSE,
        resource=resource,
        subject=talk.person_id,
    )


def _words(fact: Fact, talk: PrivateConversation) -> str:
    form = Addressee.MASCULINE if talk.person.sex == "male" else Addressee.FEMININE
    return question_text(fact, get_language() or "en", form, live=not settings.DEMONSTRATION)


def _where_left(talk: PrivateConversation) -> str:
    """The first question that nobody answered; the end where there is none."""
    open_ones = set(talk.answers.filter(answered_at=None).values_list("question", flat=True))
    following = next((each for each in ORDER if each in open_ones), None)
    if following is None:
        return reverse("queue:end", args=[talk.reference])
    return reverse("queue:question", args=[talk.reference, following.value])


def _asked(talk: PrivateConversation) -> list[Fact]:
    """The questions of a talk in their order: which they are is settled when it begins."""
    asked = set(talk.answers.values_list("question", flat=True))
    return [each for each in ORDER if each in asked]


def _untouched(request: HttpRequest, form: type[forms.Form], answer: ConversationAnswer) -> bool:
    """Whether nothing was typed on the page that is left: a question is not answered by being
    passed on the way back. What was kept of it while it was typed is thrown away."""
    user = current_user(request)
    sent = form(request.POST)
    if request.POST.get("person") != user.reference or not sent.is_valid():
        return False
    if not says_nothing_new(answer, sent.cleaned_data):
        return False
    discard_draft(user=user.pk, form=FORM, subject=answer.pk)
    return True


def _next_of(talk: PrivateConversation, fact: Fact | None) -> str:
    order = _asked(talk)
    place = order.index(fact) + 1 if fact else 0
    if place == len(order):
        return reverse("queue:end", args=[talk.reference])
    return reverse("queue:question", args=[talk.reference, order[place].value])


@form_view
@at_desk(Desk.RECEPTION)
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """The talk is finished, or was stopped."""
    talk, actor = _talk_named(request, reference), actor_in(request)
    if request.method != "POST" and talk.state != PrivateConversation.State.OPEN:
        return render(request, "reception/interview_over.html", {"talk": talk}, status=409)
    if request.method != "POST":
        last = _asked(talk)[-1]
        back = reverse("queue:question", args=[talk.reference, last.value])
        return render(request, "reception/interview_end.html", {"talk": talk, "back": back})
    act = request.POST.get("do")
    try:
        if act == "stop":
            stop_talk(actor=actor, talk=talk)
        elif act == "finish":
            finish_talk(actor=actor, talk=talk)
        else:
            raise Http404
    except InputError:
        return render(request, "reception/interview_over.html", {"talk": talk}, status=409)
    reasons = read_reasons(talk.entry, actor) if act == "finish" and talk.entry else []
    context = {"talk": talk, "done": act, "reasons": reasons}
    return render(request, "reception/interview_over.html", context)


def address_of(answer: UUID | None) -> str | None:
    """The page of a question whose answer was typed and not sent; None for one that is over."""
    if answer is None:
        return None
    open_ones = ConversationAnswer.objects.filter(pk=answer, conversation__state="open")
    found = open_ones.values_list("conversation__reference", "question").first()
    return reverse("queue:question", args=list(found)) if found else None
