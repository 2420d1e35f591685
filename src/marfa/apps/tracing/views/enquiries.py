"""Somebody looks for a person: taking it down, and looking into it."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, at_desk, require_permission_somewhere
from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import code_choices, code_label
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, own_sites
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.tracing import enquiries as queries
from marfa.apps.tracing.actions import enquiries as actions
from marfa.apps.tracing.models import Enquiry
from marfa.domain.codes import format_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

UNSAID = ("", "—")
"""Nothing is chosen for who does not choose."""
LIST = ListSpec(
    gettext_lazy("Enquiries about relatives"),
    (
        Column("taken", gettext_lazy("Taken down"), kind="head", order=("taken_at",)),
        Column("due", gettext_lazy("Due by"), order=("due_at",)),
        Column("tie", gettext_lazy("Says to be the")),
        Column("site", gettext_lazy("Site"), kind="plain"),
        Column("state", gettext_lazy("State"), order=("state", "due_at")),
    ),
    "due",
    (
        Filter("state", gettext_lazy("State"), Enquiry.State.choices, lambda code: Q(state=code)),
        Filter("site", gettext_lazy("Site"), own_sites, lambda code: Q(site__reference=code)),
    ),
    titled=True,
)


class EnquiryForm(forms.Form):
    """What somebody says who looks for a person. Everything is asked of everybody alike."""

    site = forms.ChoiceField(label=gettext_lazy("Where are you now?"))
    who = forms.CharField(label=gettext_lazy("Name of who asks"))
    reach = forms.CharField(
        label=gettext_lazy("How may we reach them?"),
        help_text=gettext_lazy("A number, an address, or someone whom they trust."),
    )
    tie = forms.ChoiceField(label=gettext_lazy("What do they say to be to the person?"))
    sought = forms.CharField(label=gettext_lazy("Name of the person whom they look for"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex of the person"), required=False)
    age_from = forms.IntegerField(
        label=gettext_lazy("Age, at least"), required=False, min_value=0, max_value=120
    )
    age_to = forms.IntegerField(
        label=gettext_lazy("Age, at most"), required=False, min_value=0, max_value=120
    )
    told = forms.CharField(
        label=gettext_lazy("What else do they tell?"),
        help_text=gettext_lazy(
            "Where and when they were together last. Write it as it is said; ask for no papers."
        ),
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, data: object, sites: list[Site]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["site"].choices = [(each.reference, each.name) for each in sites]  # type: ignore[attr-defined]
        self.fields["tie"].choices = [UNSAID, *code_choices("relationship_kinds")]  # type: ignore[attr-defined]
        self.fields["sex"].choices = code_choices("sex")  # type: ignore[attr-defined]
        self.initial = {"site": sites[0].reference, "sex": "unknown"}


@form_view
@require_permission_somewhere(queries.TAKE, queries.enquiries_to_take, queries.PURPOSE)
def take(request: HttpRequest) -> HttpResponse:
    """Take down who looks for whom. Whatever is asked, the answer is the same."""
    actor = actor_in(request)
    sites = queries.sites_to_take(actor)
    form = EnquiryForm(data_of(request), sites)
    context = {"one_site": len(sites) == 1}
    page = FormPage(request, "tracing/take_enquiry.html", form, context)
    return page.answer(partial(_take, request, actor, sites, form))


def _take(request: HttpRequest, actor: Actor, sites: list[Site], form: EnquiryForm) -> HttpResponse:
    told = dict(form.cleaned_data)
    named = told.pop("site")
    site = next(each for each in sites if each.reference == named)
    told["sex"] = told["sex"] or "unknown"
    actions.take_enquiry(actor=actor, site=site, told=actions.EnquiryTold(**told))
    return render(request, "tracing/enquiry_taken.html")


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.READ, queries.any_enquiries, queries.PURPOSE)
def every(request: HttpRequest) -> HttpResponseBase:
    """The enquiries, those first that are due first. Nothing that was said stands here."""
    rows = queries.readable_enquiries(actor_in(request))
    return ListPage(request, LIST, rows, "tracing/enquiries.html", {"now": clock.now()}).answer()


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.READ, queries.any_enquiries, queries.PURPOSE)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """What somebody said, and whom of one's own care it may be about."""
    actor = actor_in(request)
    row = queries.readable_enquiries(actor).filter(reference=reference).first()
    if row is None:
        raise Http404
    own = queries.own_candidates(actor, [row])[row.pk]

    def shown() -> dict[str, object]:
        return {
            "row": row,
            "tie": code_label("relationship_kinds", row.tie),
            "sex": code_label("sex", row.sex),
            "cases": [(case.reference, format_code(case.person.code)) for case in own],
            "now": clock.now(),
            "open": row.state == Enquiry.State.OPEN,
        }

    page = FormPage(
        request,
        "tracing/enquiry.html",
        context=shown,
        within=partial(queries.reading_enquiry, actor, row),
        site=row.site,
    )
    return page.answer(partial(_do, request, actor, row, own))


def _do(request: HttpRequest, actor: Actor, row: Enquiry, own: list[Case]) -> HttpResponse:
    match request.POST.get("do"):
        case "match":
            named = request.POST.get("case", "")
            case = next((each for each in own if each.reference == named), None)
            if case is None:
                raise InputError.at(Message("apps.cases:choose-one"), field="case")
            claim = actions.match_enquiry(actor=actor, enquiry=row, case=case)
            return redirect("cases:relative", claim.reference)
        case "pass":
            actions.pass_enquiry(actor=actor, enquiry=row)
        case "close":
            actions.close_enquiry(actor=actor, enquiry=row)
        case _:
            raise SuspiciousOperation
    messages.success(request, _("Saved."))
    return redirect("enquiries:all")
