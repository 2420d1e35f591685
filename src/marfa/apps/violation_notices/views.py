"""The pages of a notification: written apart from the case, and taken along on paper."""

from __future__ import annotations

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.best_interests.agreement import AgreementFields
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart
from marfa.apps.cases.queries import READ, known_cases
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    may_act_on,
    must_read,
    render_fragment,
)
from marfa.apps.form_view import data_of, form_view
from marfa.apps.registry.choices import listed_only
from marfa.apps.violation_notices.actions import (
    is_help_there,
    take_notice_along,
    withdraw_notice,
    write_notice,
)
from marfa.apps.violation_notices.models import ViolationNotice
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


class NoticeForm(AgreementFields):
    """What is notified, in words of its own."""

    violation = forms.ChoiceField(
        label=_("Which violation?"),
        choices=listed_only("grave_violations"),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is to be said, as the child wants it?"),
        help_text=_("Write it anew. Nothing is taken from the case, and no name is needed."),
        widget=forms.Textarea(attrs={"autocomplete": "off", "dir": "auto", "rows": 5}),
    )

    field_order = ("violation", "text", "agreed_who", "agreed_answer", "agreed_on")


@form_view
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A notification with a yes of its own, once help has begun."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    if not is_help_there(case):
        raise Http404
    form = NoticeForm(data_of(request))
    with open_vault():
        form.for_person(case.person)

    def act() -> HttpResponse:
        told = {name: form.cleaned_data[name] for name in ("violation", "text")}
        made = write_notice(actor=actor, case=case, agreement=form.agreement(), **told)
        return redirect("cases:notice", made.reference)

    page = case_page(
        request,
        "violation_notices/write",
        case,
        {},
        form=form,
        alike=None,
        within=partial(case_reading, actor, case),
    )
    return page.answer(act, said=gettext("Saved."))


@form_view
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """What was written, until it is taken along or withdrawn."""
    row, case, actor = _notice(request, reference)

    def act() -> None:
        step = {"taken": take_notice_along, "withdraw": withdraw_notice}.get(
            request.POST.get("do", "")
        )
        if step is None:
            raise SuspiciousOperation
        step(actor=actor, case=case, notice=row)

    page = case_page(
        request,
        "violation_notices/notice",
        case,
        {"row": row},
        within=partial(case_reading, actor, case),
    )
    return page.answer(act, said=gettext("Saved."))


def _notice(request: HttpRequest, reference: str) -> tuple[ViolationNotice, Case, Actor]:
    """A notification for who may read the case of the child. Raises Http404, PermissionDenied."""
    current_user(request)
    actor = actor_in(request)
    row = ViolationNotice.objects.filter(reference=reference).first()
    case = None
    if row is not None:
        of_child = known_cases(actor).filter(person=row.person_id)
        case = of_child.order_by("-opened_at", "pk").first()
    if row is None or case is None:
        raise Http404
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    return row, case, actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """That it is apart, and what was written. Nothing here says that it should be."""
    return render_fragment(
        request,
        "violation_notices/part",
        case=case,
        rows=list(ViolationNotice.objects.filter(person=case.person_id).order_by("written_at")),
        may=case.state == Case.State.OPEN and is_help_there(case),
    )


PART = CasePart("notifications", _("Separate from the case"), 95, render_part)
