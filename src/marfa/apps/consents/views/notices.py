"""The page of past recipients who are to be told of a withdrawal."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, current_user
from marfa.apps.agreements.labels import code_label, recipient_name
from marfa.apps.consents.actions import note_answer, tell_recipient
from marfa.apps.consents.forms import NoticeAnswerForm, ToldForm
from marfa.apps.consents.models import RecallNotice
from marfa.apps.consents.queries import notices_for
from marfa.apps.consents.record_access import purpose_of
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.registry.policy_records import record_of

A_PAGE = 50


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All that somebody can do something about, what waits first."""
    current_user(request)
    page = Paginator(notices_for(actor_in(request)), A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (row, recipient_name(row.recipient), code_label("purposes", row.purpose)) for row in page
    ]
    return render(request, "consents/notices.html", {"page": page, "rows": rows})


@form_view
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One notice: told, and answered; who received the data only reads it."""
    current_user(request)
    actor = actor_in(request)
    row = notices_for(actor).filter(reference=reference).first()
    if row is None:
        raise Http404
    received = row.organisation_id not in actor.organisations
    asked = NoticeAnswerForm if row.told_at else ToldForm
    form = asked(data_of(request))
    if form.is_bound and received:
        raise PermissionDenied
    values = {
        "notice": row,
        "received": received,
        "recipient": recipient_name(row.recipient),
        "about": code_label("purposes", row.purpose),
        "how": code_label("consent_forms", row.told_how) if row.told_how else "",
        "answer": code_label("recall_answers", row.answer) if row.answer else "",
    }
    page = FormPage(request, "consents/notice.html", form, values)
    return page.answer(partial(_write, request, row, form), said=_("Recorded."))


def _write(request: HttpRequest, row: RecallNotice, form: ToldForm | NoticeAnswerForm) -> None:
    actor = actor_in(request)
    purpose = purpose_of(actor, record_of(row.person, RecallNotice))
    if isinstance(form, ToldForm):
        how = form.cleaned_data["how"]
        tell_recipient(actor=actor, purpose=purpose, notice=row, how=how)
    else:
        answer = form.cleaned_data["answer"]
        note_answer(actor=actor, purpose=purpose, notice=row, answer=answer)
