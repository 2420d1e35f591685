"""The pages of the private conversation: one question each, and Stop on all of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, current_user
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.problems import problem_sentences
from marfa.apps.reception.actions.interview import (
    PURPOSE,
    answer_question,
    answer_sealed,
    says_nothing_new,
)
from marfa.apps.reception.actions.reasons import FORM
from marfa.apps.reception.forms import AnswerForm, answers_to, form_of, is_apart
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation
from marfa.apps.reception.questions import (
    ORDER,
    SEEN,
    Apart,
    Question,
    question_of,
    question_text,
)
from marfa.apps.reception.reasons import Fact
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.registry.visibility import about_seen
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.revisions.drafts import discard_draft
from marfa.safeguards.actions import reading
from marfa.safeguards.vault.access import open_vault

READ = "records.read"
FIELDS = ("stated", "observed", "note")
QUESTION = "reception/interview_question.html"
A_DAY = timedelta(hours=8)
"""Of work: what lies longer ago was on another day."""
STEPS_SHOWN = "danger_steps_shown"
"""Of a session: in which talk the steps in danger were opened last."""


def talk_named(request: HttpRequest, reference: str) -> PrivateConversation:
    """A talk, for whoever may know of the person. Raises Http404."""
    actor = actor_in(request)
    rows = PrivateConversation.objects.filter(about_seen(actor), reference=reference)
    found = rows.select_related("person__site", "entry__site", "entry__person").first()
    if found is None:
        raise nothing_there(actor, Q(privateconversations__reference=reference))
    return found


@form_view
@at_desk(Desk.RECEPTION)
def question(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """One question: each answer is a button that keeps it and goes on."""
    talk = talk_named(request, reference)
    rows = talk.answers.select_related("person__site", "conversation__person")
    answer = rows.filter(question=question).exclude(question__in=SEEN).first()
    if answer is None:
        raise Http404
    if talk.state != PrivateConversation.State.OPEN:
        return render(request, "reception/interview_over.html", {"talk": talk}, status=409)
    fact = question_of(question)
    try:
        title = _words(fact, talk)
    except InputError as error:
        refused = problem_sentences(error).values()
        return render(request, "reception/interview_over.html", {"talk": talk, "refused": refused})
    if is_apart(fact):
        return _apart(request, answer, fact, title)
    return _asked(request, answer, fact, title)


def _asked(
    request: HttpRequest, answer: ConversationAnswer, fact: Question, title: str
) -> HttpResponse:
    talk = answer.conversation
    more = _around(talk, fact)
    back = str(more["back"])
    goes_back = bool(back) and request.method == "POST" and request.POST.get("to") == "back"
    editor = Editor(FORM, form_of(fact), answer_question, template=QUESTION)
    with open_vault(), _reading(request, talk):
        before, pressed = answer.stated or "", request.POST.get("stated") == "yes"
        seen = not answer.observed and request.POST.get("observed") == "yes"
        if request.method == "POST" and "stated" not in request.POST:
            _keep_answer(request, before)
        if request.method == "POST" and request.POST.get("to") == "danger":
            return _to_steps(request, editor, answer)
        if goes_back and _untouched(request, answer):
            return redirect(back)
        stays = request.POST.get("to") == "same"
        done = request.path if stays else back if goes_back else next_of(talk, fact)
        more["said"] = before
        answered = edit_row(request, editor, answer, title=title, done=done, more=more)
        saves = request.POST.get("do", "save") in ("save", "merge")
        kept = saves and answered.status_code == HTTPStatus.FOUND
        if fact is Fact.DANGER and kept and _opens_steps(request, answer, pressed or seen):
            return _steps_of(answer)
    return answered


def _to_steps(request: HttpRequest, editor: Editor, answer: ConversationAnswer) -> HttpResponse:
    """The steps in danger, at once. What was typed waits for whoever comes back, as it is: nothing
    that is wrong with it stands in the way."""
    if request.POST.get("person") != current_user(request).reference:
        raise PermissionDenied  # somebody else has signed in here since the page was opened
    if not _untouched(request, answer):
        sent = request.POST.copy()
        sent["do"] = "draft"
        request.POST = sent  # type: ignore[assignment]
        edit_row(request, editor, answer, title="", done="")
    return _steps_of(answer)


def _steps_of(answer: ConversationAnswer) -> HttpResponse:
    """The same press opens the steps: the browser sends it on as it is."""
    reference = answer.person.reference
    return redirect("to_screen:in_danger", reference, preserve_request=True)


def _opens_steps(request: HttpRequest, answer: ConversationAnswer, now: bool) -> bool:
    """Whether somebody is in danger, as was said or seen, and the steps are to be shown. now: it
    was sent with this press, perhaps once more, as after a reply that was lost; else they are shown
    to who has not seen them in this talk."""
    answer.refresh_from_db(fields=["stated", "observed"])
    if "yes" not in (answer.stated, answer.observed):
        return False
    return now or request.session.get(STEPS_SHOWN) != answer.conversation.reference


def _keep_answer(request: HttpRequest, before: str) -> None:
    """The answer is a button: who presses another one leaves it as it stands."""
    sent = request.POST.copy()
    sent["stated"] = before
    request.POST = sent  # type: ignore[assignment]


def _apart(
    request: HttpRequest, answer: ConversationAnswer, fact: Question, title: str
) -> HttpResponse:
    """A question whose answer is kept apart: the page never shows what was said, to nobody. What
    the person can do is shown after every answer, so that it tells none."""
    talk, more = answer.conversation, _around(answer.conversation, fact)
    context = {**more, "title": title, "row": answer, "apart": True}
    context["person"] = current_user(request).reference
    if request.method != "POST":
        return render(request, QUESTION, context)
    if request.POST.get("person") != current_user(request).reference:
        raise PermissionDenied  # somebody else has signed in here since the page was opened
    if request.POST.get("to") == "back":
        return redirect(str(more["back"]))
    if request.POST.get("to") == "danger":
        return _steps_of(answer)
    said = request.POST.get("stated", "")
    answer_sealed(actor=actor_in(request), answer=answer, said=said)
    return redirect("queue:offer", talk.reference)


@require_safe
@at_desk(Desk.RECEPTION)
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """What somebody can do of whom something is asked in return for help: shown to everybody."""
    talk = talk_named(request, reference)
    if Apart.AID not in questions_of(talk):
        raise Http404
    if talk.state != PrivateConversation.State.OPEN:
        return render(request, "reception/interview_over.html", {"talk": talk}, status=409)
    following, channel = next_of(talk, Apart.AID), settings.MARFA.outside_channel
    context = {"talk": talk, "following": following, "channel": channel}
    return render(request, "reception/interview_offer.html", context)


def _around(talk: PrivateConversation, fact: Question) -> dict[str, object]:
    asked = questions_of(talk)
    place = asked.index(fact)
    back = reverse("queue:question", args=[talk.reference, asked[place - 1]]) if place else ""
    long = clock.now() - _since(talk) > timedelta(minutes=settings.MARFA.conversation_minutes)
    return {
        "number": place + 1,
        "count": len(asked),
        "back": back,
        "answers": answers_to(fact),
        "enough": long,
    }


def _since(talk: PrivateConversation) -> datetime:
    """Since when it goes on today: a talk that was left and goes on another day begins anew for who
    answers."""
    today = clock.now() - A_DAY
    if talk.began_at > today:
        return talk.began_at
    answered = talk.answers.filter(answered_at__gt=today).aggregate(first=Min("answered_at"))
    return answered["first"] or clock.now()


def _reading(request: HttpRequest, talk: PrivateConversation):  # type: ignore[no-untyped-def]
    resource = record_of(PERSON.resource(talk.person), ConversationAnswer, FIELDS)
    return reading(
        actor=actor_in(request),
        code=READ,
        purpose=PURPOSE,
        resource=resource,
        subject=talk.person_id,
    )


def _words(fact: Question, talk: PrivateConversation) -> str:
    form, live = Addressee(talk.addressee), not settings.DEMONSTRATION
    return question_text(fact, get_language() or "en", form, live=live)


def where_left(talk: PrivateConversation) -> str:
    """The first question that nobody answered; the end where there is none."""
    open_ones = set(talk.answers.filter(answered_at=None).values_list("question", flat=True))
    following = next((each for each in questions_of(talk) if each.value in open_ones), None)
    if following is None:
        return reverse("queue:end", args=[talk.reference])
    return reverse("queue:question", args=[talk.reference, following.value])


def questions_of(talk: PrivateConversation) -> list[Question]:
    """The questions of a talk in their order: which they are is settled when it begins."""
    there = set(talk.answers.values_list("question", flat=True))
    return [each for each in ORDER if each in there and each not in SEEN]


def _untouched(request: HttpRequest, answer: ConversationAnswer) -> bool:
    """Whether nothing was typed on the page that is left: a question is not answered by being
    passed on the way back. What was kept of it while it was typed is thrown away."""
    user = current_user(request)
    sent = AnswerForm(request.POST)
    if request.POST.get("person") != user.reference or not sent.is_valid():
        return False
    if not says_nothing_new(answer, sent.cleaned_data):
        return False
    discard_draft(user=user.pk, form=FORM, subject=answer.pk)
    return True


def next_of(talk: PrivateConversation, fact: Question | None) -> str:
    """The page after a question; after none, the first."""
    order = questions_of(talk)
    place = order.index(fact) + 1 if fact else 0
    if place == len(order):
        return reverse("queue:end", args=[talk.reference])
    return reverse("queue:question", args=[talk.reference, order[place].value])


def address_of(answer: UUID | None) -> str | None:
    """The page of a question whose answer was typed and not sent; None for one that is over."""
    if answer is None:
        return None
    open_ones = ConversationAnswer.objects.filter(pk=answer, conversation__state="open")
    found = open_ones.values_list("conversation__reference", "question").first()
    return reverse("queue:question", args=list(found)) if found else None
