"""Pages of the directory: finding a service, and keeping the entries."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, require_permission_somewhere
from marfa.apps.directory import offers, queries
from marfa.apps.directory.actions import add_service, change_service, record_call
from marfa.apps.directory.forms import AddForm, FindForm, ServiceForm
from marfa.apps.directory.models import Service
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded
from marfa.apps.organisations.models import Organisation
from marfa.apps.site_cards.queries import language_names
from marfa.domain.codelists import codelist
from marfa.platform import clock

MOST_FOUND = 50
EDITOR = Editor("directory.service", ServiceForm, change_service)
keepers_only = require_permission_somewhere(queries.KEEP, queries.places_to_keep, queries.PURPOSE)


def _called(code: str) -> Q:
    now = clock.now()
    lately = Q(called_at__gt=now - offers.CALLED_LATELY)
    if code == "due":
        return Q(pk__in=offers.to_be_called().order_by().values("pk"))
    return lately if code == "lately" else Q(called_at=None) | ~lately


LIST = ListSpec(
    gettext_lazy("Services"),
    (
        Column("name", gettext_lazy("Name"), kind="head", order=("name",)),
        Column("need", gettext_lazy("Helps with")),
        Column("state", gettext_lazy("State"), order=("state",)),
        Column("called", gettext_lazy("Called last"), order=("called_at",)),
        Column("whom", gettext_lazy("For whom")),
        Column("phone", gettext_lazy("Telephone"), kind="plain"),
    ),
    "name",
    (
        Filter("need", gettext_lazy("Helps with"), coded("support_types"), lambda c: Q(need=c)),
        Filter("state", gettext_lazy("State"), Service.State.choices, lambda code: Q(state=code)),
        Filter(
            "called",
            gettext_lazy("Called last"),
            (
                ("lately", gettext_lazy("within 30 days")),
                ("due", gettext_lazy("to be called now")),
                ("long_ago", gettext_lazy("longer ago, or never")),
            ),
            _called,
        ),
    ),
    search=lambda text: Q(name__icontains=text) | Q(provider__icontains=text),
    typed=gettext_lazy("Name or organisation"),
    titled=True,
)


@form_view
@keepers_only
def every(request: HttpRequest) -> HttpResponseBase:
    """All entries; those that are not offered say why."""
    context = {"need_labels": _needs(), "limit": clock.now() - offers.CALLED_LATELY}
    return ListPage(request, LIST, queries.all_services(), "directory/all.html", context).answer()


@require_safe
@keepers_only
def find(request: HttpRequest) -> HttpResponse:
    """What is offered now, by need and distance."""
    sites = queries.sites_to_start_from(actor_in(request))
    sent = request.GET if request.GET else None
    form = FindForm(sent, sites=sites)
    context: dict[str, object] = {"form": form, "asked": sent is not None}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        site = form.sites.get(told["site"])
        near = queries.place_of(site) if site else None
        spoken = frozenset([told["language"]] if told["language"] else [])
        age = told["age"]
        whom = offers.Whom(told["sex"], None if age is None else (age, age), spoken)
        rows = offers.offered_services().filter(offers.takes(whom))
        if told["need"]:
            rows = rows.filter(need=told["need"])
        found = offers.nearest_first(rows, near=near, whom=whom, most=MOST_FOUND)
        context |= {"found": found, "site": site, "near": near, "need_labels": _needs()}
        context |= {"spoken": told["language"], "most": MOST_FOUND}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "directory/find.html", context, status=status)


@form_view
@keepers_only
def add(request: HttpRequest) -> HttpResponse:
    """A new entry."""
    actor = actor_in(request)
    own = {each.reference: each for each in queries.own_organisations(actor)}
    keepers = [(key, each.name) for key, each in own.items()]
    form = AddForm(data_of(request), keepers=keepers)

    def act() -> HttpResponse:
        told = dict(form.cleaned_data)
        keeper: Organisation = own[told.pop("keeper")]
        made = add_service(actor=actor, keeper=keeper, told=told)
        return redirect("services:one", reference=made.reference)

    said = _("Saved. It is offered once someone has called there.")
    return FormPage(request, "directory/add.html", form).answer(act, said=said)


@form_view
@keepers_only
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One entry, and the call that keeps it offered."""
    service = get_object_or_404(queries.all_services(), reference=reference)
    actor = actor_in(request)

    def shown() -> dict[str, object]:
        service.refresh_from_db()
        language = get_language() or "en"
        names, access = dict(language_names()), dict(Service.Access.choices)
        return {
            "service": service,
            "standing": queries.standing_of(service),
            "need": codelist("support_types").label(service.need, language),
            "languages": [names.get(each, each) for each in service.languages],
            "access": [access.get(each, each) for each in service.access],
            "may_keep": queries.may_keep(actor, service),
            "states": Service.State.choices,
            "until": service.called_at and service.called_at + offers.CALLED_LATELY,
        }

    def act() -> None:
        if request.POST.get("do") != "called":
            raise SuspiciousOperation
        record_call(actor=actor, service=service, state=request.POST.get("state", ""))

    page = FormPage(request, "directory/one.html", context=shown)
    return page.answer(act, said=_("The call was recorded."))


@form_view
@keepers_only
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of an entry."""
    service = get_object_or_404(queries.all_services(), reference=reference)
    if not queries.may_keep(actor_in(request), service):
        raise PermissionDenied
    done = reverse("services:one", args=[reference])
    return edit_row(request, EDITOR, service, title=gettext_lazy("Change a service"), done=done)


def _needs() -> dict[str, str]:
    return dict(codelist("support_types").choices(get_language() or "en"))
