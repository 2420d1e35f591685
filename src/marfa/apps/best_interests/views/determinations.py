"""The pages of a determination: prepared, put before a panel, decided, seen."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called
from marfa.apps.best_interests.actions.determinations import (
    Decided,
    add_option,
    change_determination,
    change_option,
    decide_determination,
    drop_determination,
    enter_order,
    prepare_determination,
    put_before_panel,
    states_to_change,
)
from marfa.apps.best_interests.forms import DeterminationForm, OptionForm, PrepareForm
from marfa.apps.best_interests.matters import BY_AUTHORITY, WITHOUT_PANEL
from marfa.apps.best_interests.models import Determination, DeterminationOption
from marfa.apps.best_interests.panels import missing_of
from marfa.apps.best_interests.policy_facts import may_decide
from marfa.apps.best_interests.queries import preparers_of, stands_now
from marfa.apps.best_interests.views.common import asked_on_page, page_of_part, row_named
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_label,
    must_read,
    shown_or_sent,
)
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import data_of, form_view
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.codes import format_code
from marfa.safeguards.actor import Actor

State = Determination.State
CHANGE = Editor("best_interests.determination", DeterminationForm, change_determination)
OPTION = Editor("best_interests.option", OptionForm, change_option)


@form_view
@sensitive_variables("told")
def prepare(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a determination, or a decision that an authority is unsafe."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    form = PrepareForm(data_of(request))

    def act() -> HttpResponse:
        told = dict(form.cleaned_data)
        to = recipient_called(told.pop("about"))
        told["named"] = told["named"] or (recipient_name(to) if to is not None else "")
        about = to.pk if to is not None else None
        row = prepare_determination(actor=actor, case=case, about=about, **told)
        return redirect("cases:determination", row.reference)

    return asked_on_page(
        request,
        case,
        form,
        act,
        title=_("What is best for the child: a decision"),
        lead=_(
            "A panel of several agencies compares options and decides. That an authority is "
            "unsafe is decided by two people, without a panel. A parent is separated from a child "
            "by the competent authority alone: the panel advises."
        ),
        button=_("Begin"),
    )


@form_view
@sensitive_variables("row")
def determination(request: HttpRequest, reference: str) -> HttpResponse:
    """All of a determination, and what can be done with it."""
    row, case, actor = row_named(request, Determination, reference)
    page = case_page(
        request,
        "best_interests/determination",
        case,
        partial(_shown, row, case, actor),
        within=partial(case_reading, actor, case),
        places={"order_on": "order_on"},
    )
    return page.answer(partial(_do, request, actor, row), said=_("Saved."))


def _shown(row: Determination, case: Case, actor: Actor) -> dict[str, object]:
    # Within ``case_reading``, also after an action that went wrong.
    row.refresh_from_db()
    members = list(row.members.select_related("agency__guest").order_by("pk"))
    names = names_of([row.prepared_by, row.decided_by, *(each.user for each in members)])
    by_two = row.state == State.PANEL and may_decide(
        actor, case.person, row.pk, prepared_by=preparers_of(row)
    )
    chair = actor.id if row.state == State.PANEL else None
    preparing = row.state in (State.DRAFT, State.PANEL)
    language = get_language() or SOURCE_LANGUAGE
    missing = missing_of(row, chair=chair) if preparing else []
    options = list(row.options.order_by("place", "pk"))
    return {
        "row": row,
        "matter": code_label("best_interests_matters", row.matter),
        "panel": row.matter not in WITHOUT_PANEL,
        "by_authority": row.matter in BY_AUTHORITY,
        "options": options,
        "option_choices": [(each.reference, each.name) for each in options],
        "members": [
            (each, names.get(each.user, "") or each.name, recipient_name(each.agency))
            for each in members
        ],
        "preparing": preparing,
        "changes": row.state in states_to_change(row.matter),
        "decides": by_two,
        "missing": [render_message(each, language) for each in missing],
        "outcomes": Determination.Outcome.choices,
        "stands": stands_now(row, case),
        "by": names.get(row.prepared_by, ""),
        "decider": names.get(row.decided_by, ""),
        "there": page_of_part(case),
    }


def _do(request: HttpRequest, actor: Actor, row: Determination) -> HttpResponse:
    told = request.POST
    match told.get("do"):
        case "panel":
            put_before_panel(actor=actor, row=row)
        case "decide":
            decide_determination(actor=actor, row=row, told=_decided(request, row))
        case "order":
            enter_order(
                actor=actor,
                row=row,
                ordered_by=told.get("ordered_by", ""),
                reference=told.get("reference", ""),
                on=day_said(told.get("order_on", ""), field="order_on"),
            )
        case "drop":
            drop_determination(actor=actor, row=row)
        case _other:
            raise SuspiciousOperation
    return redirect("cases:determination", row.reference)


def _decided(request: HttpRequest, row: Determination) -> Decided:
    told = request.POST
    chosen = row.options.filter(reference=told.get("option", "")).first()
    words = {name: told.get(name, "") for name in ("outcome", "decision", "reasons", "dissent")}
    day = day_said(told.get("review_on", ""), field="review_on")
    return Decided(**words, review_on=day, option=chosen)


@form_view
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """What is prepared, which two may edit at once and neither loses anything."""
    row, case, actor = row_named(request, Determination, reference)
    with shown_or_sent(request, actor, case):
        there = reverse("cases:determination", args=[reference])
        title, about = _("Best-interests determination"), format_code(case.person.code)
        return edit_row(request, CHANGE, row, title=title, done=there, about=about)


@form_view
def new_option(request: HttpRequest, reference: str) -> HttpResponse:
    """One more option, to stand beside the others."""
    row, case, actor = row_named(request, Determination, reference)
    form = OptionForm(data_of(request))
    return asked_on_page(
        request,
        case,
        form,
        lambda: add_option(actor=actor, determination=row, told=form.cleaned_data),
        title=_("An option for the child"),
        back=reverse("cases:determination", args=[reference]),
    )


@form_view
def option(request: HttpRequest, reference: str) -> HttpResponse:
    """An option, put right."""
    row, case, actor = row_named(
        request, DeterminationOption, reference, case="determination__case"
    )
    with shown_or_sent(request, actor, case):
        there = reverse("cases:determination", args=[row.determination.reference])
        title, about = _("An option for the child"), format_code(case.person.code)
        return edit_row(request, OPTION, row, title=title, done=there, about=about)
