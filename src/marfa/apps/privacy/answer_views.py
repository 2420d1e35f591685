"""The page of one request: what it is about, the answer by two, that it is done, and told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.accounts.models import User
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.privacy import answers
from marfa.apps.privacy.access import answer_access
from marfa.apps.privacy.access_text import as_html
from marfa.apps.privacy.erasure import erase_person
from marfa.apps.privacy.models import DataRequest, RequestAnswer
from marfa.apps.privacy.preview import preview_in_words
from marfa.apps.privacy.queries import may_see_requests, utc_today
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.digits import latin_digits
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

READABLE = frozenset({"access", "portability"})
"""Kinds whose answer is what is stored."""


@form_view
@at_desk(Desk.ADMINISTRATION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One request, for data-protection officers, and for whoever may agree as the second."""
    row = get_object_or_404(DataRequest, reference=reference)
    actor = actor_in(request)
    page = FormPage(
        request,
        "privacy/request.html",
        context=partial(_shown, actor, row),
        within=partial(_opened, actor, row),
    )
    return page.answer(partial(_do, request, actor, row), said=_said(request))


def _said(request: HttpRequest) -> str:
    return "" if request.POST.get("do") == "write" else _("Saved.")


@contextmanager
def _opened(actor: Actor, row: DataRequest) -> Iterator[None]:
    with reading(
        actor=actor,
        code=answers.SEE,
        purpose=Purpose.DATA_PROTECTION,
        resource=answers.resource_of(row),
    ):
        yield


def _shown(actor: Actor, row: DataRequest) -> dict[str, object]:
    row.refresh_from_db()
    answer = answers.answer_to(row)
    proposes = answers.may(actor, answers.PROPOSE, row, None)
    serves = may_see_requests(actor)
    waits = answer is not None and answer.agreed_at is None
    agreed = answer is not None and answer.agreed_at is not None
    done = answer is not None and answer.done_at is not None
    erases = answer is not None and answers.erases(row, answer)
    return {
        "row": row,
        "answer": answer,
        "days": (row.due_on - utc_today()).days,
        "preview": preview_in_words(row.subject) if serves and not done else None,
        "proposes": proposes and not agreed,
        "agrees": waits and answers.may(actor, answers.AGREE, row, answer),
        "own": answer is not None and answer.proposed_by == actor.id,
        "reads": serves and agreed and not done and row.kind in READABLE,
        "erases": serves and agreed and not done and erases,
        "does": proposes and agreed and not done and not erases,
        "tells": done and row.settled_at is None,
        "outcomes": RequestAnswer.Outcome.choices,
        "reasons": RequestAnswer.Reason.choices,
        "ways": RequestAnswer.Told.choices,
        "today": utc_today(),
        "names": _names(row, answer),
    }


def _names(row: DataRequest, answer: RequestAnswer | None) -> dict[str, str]:
    keys = {"taken": row.taken_by}
    if answer is not None:
        keys |= {"proposed": answer.proposed_by, "told": answer.told_by or row.taken_by}
        if answer.agreed_by is not None:
            keys["agreed"] = answer.agreed_by
    users = dict(User.objects.filter(pk__in=keys.values()).values_list("pk", "display_name"))
    return {name: users.get(key, "") for name, key in keys.items()}


def _do(request: HttpRequest, actor: Actor, row: DataRequest) -> HttpResponse | None:
    sent = request.POST
    match sent.get("do"):
        case "propose":
            told = {name: sent.get(name, "") for name in ("outcome", "reason")}
            answers.propose_answer(actor=actor, request=row, **told)
        case "agree":
            answers.agree_to_answer(actor=actor, request=row)
        case "write":
            return _written(actor, row, sent.get("language", ""))
        case "erase":
            erase_person(actor=actor, subject=row.subject)
        case "done":
            answers.note_done(actor=actor, request=row)
        case "told":
            on = _day(sent.get("told_on", ""))
            answers.note_told(actor=actor, request=row, how=sent.get("told_how", ""), on=on)
        case _other:
            raise SuspiciousOperation
    return None


def _day(text: str) -> date | None:
    """A day as the browser sends it; None for what is no day."""
    try:
        return date.fromisoformat(latin_digits(text).strip())
    except ValueError:
        return None


def _written(actor: Actor, row: DataRequest, language: str) -> HttpResponse:
    """What is stored, as a page to be handed over; only once two agreed that it is told."""
    answer = answers.answer_to(row)
    if language not in LANGUAGES:
        raise InputError.at(Message("apps.privacy:choose-language"), field="language")
    if answer is None or answer.agreed_at is None or answer.outcome == "refused":
        raise InputError.at(Message("apps.privacy:answer-otherwise"))
    text = as_html(answer_access(actor=actor, subject=row.subject, language=language))
    response = HttpResponse(text)
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.html"'
    return response
