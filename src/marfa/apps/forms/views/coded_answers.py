"""How many people answered what, where a form says that its coded answers are counted."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in
from marfa.apps.form_view import form_view
from marfa.apps.forms.coded_answers import (
    CountedCode,
    CountedQuestion,
    count_answers,
    counted_paths,
    people_who_answered,
)
from marfa.apps.forms.models import FormVersion
from marfa.apps.forms.views.definitions import form_title
from marfa.apps.forms.views.submissions import reviewers_only
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded, own_sites
from marfa.domain.codes import format_code
from marfa.safeguards.actor import Actor

ANSWERED = ListSpec(
    _("People with this answer"),
    (
        Column("person", _("Person"), kind="head", order=("code",)),
        Column("sex", _("Sex"), kind="plain", order=("sex", "code")),
        Column("site", _("Site"), kind="plain"),
    ),
    "person",
    (
        Filter("site", _("Site"), own_sites, lambda code: Q(site__reference=code)),
        Filter("sex", _("Sex"), coded("sex"), lambda code: Q(sex=code)),
    ),
    called=lambda person: format_code(person.code),
)


def _version(actor: Actor, reference: str) -> FormVersion:
    """A published version that counts something, of the organisations of the actor."""
    found = FormVersion.objects.filter(
        organisation__in=actor.organisations, published_at__isnull=False, form__practice_of=None
    )
    version: FormVersion = get_object_or_404(found.select_related("form"), reference=reference)
    if not counted_paths(version):
        raise Http404
    return version


@require_safe
@reviewers_only
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Each counted question with its codes; each number leads to those whom it counts."""
    actor = actor_in(request)
    version = _version(actor, reference)
    context = {
        "version": version,
        "title": form_title(version),
        "questions": count_answers(actor, version),
    }
    return render(request, "forms/answer_counts.html", context)


@form_view
@reviewers_only
def answered(request: HttpRequest, reference: str, question: int, code: int) -> HttpResponseBase:
    """Those who answered with one code, by code alone: who they are stands on their pages."""
    actor = actor_in(request)
    version = _version(actor, reference)
    asked, answer = _at(count_answers(actor, version), question, code)
    rows = people_who_answered(actor, version, asked.path, answer.code).select_related("site")
    context = {
        "version": version,
        "title": form_title(version),
        "question": asked.label,
        "answer": answer.label,
    }
    return ListPage(request, ANSWERED, rows, "forms/answered.html", context).answer()


def _at(
    questions: list[CountedQuestion], question: int, code: int
) -> tuple[CountedQuestion, CountedCode]:
    if question >= len(questions) or code >= len(questions[question].codes):
        raise Http404
    return questions[question], questions[question].codes[code]
