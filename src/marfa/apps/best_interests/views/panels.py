"""The pages of the members of a panel."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.best_interests.actions.panels import (
    add_member,
    declare_conflict,
    record_dissent,
)
from marfa.apps.best_interests.forms import MemberForm
from marfa.apps.best_interests.models import Determination, PanelMember
from marfa.apps.best_interests.views.common import asked_on_page, row_named
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import case_page, case_reading
from marfa.apps.cases.workers import workers_for
from marfa.apps.form_view import data_of, form_view

STEPS = {"stand_back": declare_conflict, "dissent": record_dissent}


@form_view
@sensitive_variables("told")
def member(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody on the panel, with what may stand against the child's interests."""
    row, case, actor = row_named(request, Determination, reference)
    users = {each.user.reference: each.user for each in workers_for(case)}
    colleagues = [(key, user.display_name) for key, user in users.items()]
    form = MemberForm(data_of(request), colleagues=colleagues)

    def act() -> None:
        told = dict(form.cleaned_data)
        colleague = users.get(told.pop("who"))
        named = recipient_called(told.pop("agency"))
        agency = named if colleague is None else None
        add_member(actor=actor, determination=row, colleague=colleague, agency=agency, **told)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("A member of the panel"),
        back=reverse("cases:determination", args=[reference]),
    )


@form_view
@sensitive_variables("row")
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """A member of the panel: stands back, or dissents."""
    row, case, actor = row_named(
        request, PanelMember, reference, "agency__guest", case="determination__case"
    )
    there = reverse("cases:determination", args=[row.determination.reference])

    def shown() -> dict[str, object]:
        row.refresh_from_db()
        name = names_of([row.user]).get(row.user, "") or row.name
        return {"row": row, "name": name, "agency": recipient_name(row.agency), "there": there}

    def act() -> HttpResponse:
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise SuspiciousOperation
        step(actor=actor, row=row, text=request.POST.get("text", ""))
        return redirect(there)

    page = case_page(
        request,
        "best_interests/member",
        case,
        shown,
        within=lambda: case_reading(actor, case),
    )
    return page.answer(act, said=_("Saved."))
