"""What came in: what waits for a person, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, require_permission
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.forms import converters
from marfa.apps.forms.actions.decisions import accept_submission, is_left_unchecked, set_aside
from marfa.apps.forms.models import Submission
from marfa.apps.forms.policy_facts import forms_here
from marfa.apps.forms.submissions import (
    DIFFERENT_FIRST,
    open_attached,
    open_submission,
    practice_submissions,
    readable_submissions,
    settled_submissions,
    submissions_to_decide,
)
from marfa.apps.forms.views.definitions import form_title
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, own_sites
from marfa.apps.organisations.clocks import render_at
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.catalogue import render_message as in_words
from marfa.platform.files.queries import open_file
from marfa.platform.files.responses import attachment_response
from marfa.safeguards.words import Purpose

State = Submission.State
readers_only = require_permission("forms.fill", forms_here, Purpose.REGISTRATION)
reviewers_only = require_permission("forms.review", forms_here, Purpose.REGISTRATION)


FORM = Column("form", gettext_lazy("Form"), kind="head", order=("form__form_id", "received_at"))
CAME = Column("came", gettext_lazy("Received"), order=("received_at",))
STATE = Column("state", gettext_lazy("State"), kind="plain", order=("state", "received_at"))
SITE = Filter("site", gettext_lazy("Site"), own_sites, lambda code: Q(site__reference=code))
STATES = [(state.value, state.label) for state in (State.DIFFERENT, State.CHECKED, State.RECEIVED)]
UNDECIDED = ListSpec(
    gettext_lazy("Forms waiting for a decision"),
    (
        FORM,
        CAME,
        Column(
            "differences",
            gettext_lazy("Differences"),
            kind="number",
            order=(DIFFERENT_FIRST, "received_at"),
        ),
        STATE,
    ),
    "differences",
    (SITE, Filter("stands", gettext_lazy("State"), STATES, lambda code: Q(state=code))),
)
PRACTICE = replace(
    UNDECIDED, caption=gettext_lazy("Practice forms received"), order="-came", filters=()
)
ACCEPTED = ListSpec(
    gettext_lazy("Accepted, and in no one’s record yet"),
    (FORM, CAME, Column("settled", gettext_lazy("Decided"), order=("settled_at",))),
    "settled",
)
SETTLED = ListSpec(
    gettext_lazy("Decided forms"),
    (FORM, CAME, Column("settled", gettext_lazy("Decided"), order=("settled_at",)), STATE),
    "-settled",
    (SITE,),
    titled=True,
)


def say_titles(rows: Sequence[Submission]) -> None:
    """Give each form its title in the reader's language."""
    for row in rows:
        row.title = form_title(row.version)  # type: ignore[attr-defined]


@form_view
@reviewers_only
def came(request: HttpRequest) -> HttpResponseBase:
    """Those that wait, with differences first, or those that were decided; no answer is shown."""
    actor = actor_in(request)
    if request.GET.get("state") == "settled":
        rows, kept = settled_submissions(actor), {"state": "settled"}
        return ListPage(
            request, SETTLED, rows, "forms/settled.html", prepare=say_titles, kept=kept
        ).answer()
    parts = {
        "accepted": (ACCEPTED, converters.to_record(actor)),
        "practice": (PRACTICE, practice_submissions(actor)),
    }
    context = {
        name: ListPage(request, spec, rows, "", prepare=say_titles, part=name).found()
        for name, (spec, rows) in parts.items()
    }
    rows = submissions_to_decide(actor)
    return ListPage(
        request, UNDECIDED, rows, "forms/submissions.html", context, prepare=say_titles
    ).answer()


@form_view
@reviewers_only
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them: where it differs, with both values; accept it or set it aside."""
    actor = actor_in(request)
    mine = submissions_to_decide(actor) | practice_submissions(actor)
    found = get_object_or_404(mine, reference=reference)
    context = partial(_context, request, found)
    page = FormPage(request, "forms/one.html", context=context, site=found.site)
    return page.answer(partial(_decide, request, found))


def _decide(request: HttpRequest, found: Submission) -> HttpResponse:
    actor, sentence = actor_in(request), request.POST.get("sentence", "")
    if request.POST.get("do") == "set_aside":
        set_aside(actor=actor, submission=found, sentence=sentence)
        messages.success(request, _("The form is set aside."))
        return redirect("forms:came")
    accept_submission(actor=actor, submission=found, sentence=sentence)
    messages.success(request, _("The form is accepted."))
    if converters.converter_of(found.version):
        return redirect("forms:to_record", found.reference)
    return redirect("forms:came")


@require_safe
@readers_only
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """One that was decided or is in somebody's record, with its files; of the latter, whoever may
    read that record. Opening stands in the log."""
    actor = actor_in(request)
    there = Q(settled_at__isnull=False) | Q(handed_over_at__isnull=False)
    decided = readable_submissions(actor).filter(there)
    found = get_object_or_404(decided, reference=reference)
    opened = open_submission(actor=actor, submission=found)
    context = {
        "found": found,
        "title": form_title(found.version),
        "opened": opened,
        "to_record": converters.to_record(actor).filter(pk=found.pk).exists(),
    }
    return render_at(found.site, request, "forms/read.html", context)


@require_safe
@readers_only
def attached(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """A file that came with a form, to be saved. Opening stands in the log."""
    actor = actor_in(request)
    found = get_object_or_404(readable_submissions(actor), reference=reference)
    kept = open_attached(actor=actor, submission=found, reference=file)
    if kept is None:
        raise Http404
    return attachment_response(kept, open_file(kept))


@form_view
@reviewers_only
def to_record(request: HttpRequest, reference: str) -> HttpResponse:
    """An accepted form: what of it becomes a record, and of whom; what has no place is shown."""
    actor = actor_in(request)
    found = get_object_or_404(converters.to_record(actor), reference=reference)
    code = request.POST.get("code", "")

    def record() -> HttpResponse:
        made = converters.record_submission(actor=actor, submission=found, code=code)
        messages.success(request, _("It is in the person's record now."))
        return redirect(made)

    def shown() -> Context:
        plan = converters.plan_of(actor=actor, submission=found)
        return {"found": found, "title": form_title(found.version), "plan": plan, "code": code}

    return FormPage(request, "forms/to_record.html", context=shown).answer(record)


def _context(request: HttpRequest, found: Submission) -> dict[str, object]:
    opened = open_submission(actor=actor_in(request), submission=found)
    language = get_language() or SOURCE_LANGUAGE
    return {
        "found": found,
        "title": form_title(found.version),
        "findings": [
            (one.label or one.path, in_words(one.message, language), one.found, one.expected)
            for one in opened.findings
        ],
        "opened": opened,
        "to_judge": not found.is_practice
        and (found.state != Submission.State.RECEIVED or is_left_unchecked(found)),
        "sentence": request.POST.get("sentence", ""),
    }
