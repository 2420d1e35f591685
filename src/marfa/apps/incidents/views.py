"""Pages of the register of incidents."""

from __future__ import annotations

from functools import partial

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk, current_user
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.incidents import actions, queries
from marfa.apps.incidents.forms import IncidentForm, TimesForm
from marfa.apps.incidents.models import Incident
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded
from marfa.apps.manifest import Desk

CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())


REGISTER = ListSpec(
    _("Incidents"),
    (
        Column("kind", _("Timeline"), kind="head", order=("kind", "due_at")),
        Column("noticed", _("Noticed"), order=("noticed_at",)),
        Column("due", _("Tell the data-protection authority by"), order=(CLOSED, "due_at")),
        Column("state", _("State"), order=("state", "due_at")),
    ),
    "due",
    (
        Filter("kind", _("Timeline"), coded("incident_kinds"), lambda code: Q(kind=code)),
        Filter("state", _("State"), Incident.State.choices, lambda code: Q(state=code)),
    ),
)


@form_view
@at_desk(Desk.ADMINISTRATION)
def all_incidents(request: HttpRequest) -> HttpResponseBase:
    """The register."""
    rows = queries.read_register(actor=actor_in(request))
    return ListPage(request, REGISTER, rows, "incidents/all.html").answer()


@form_view
def record(request: HttpRequest) -> HttpResponse:
    """Write an incident down: anybody on the staff."""
    current_user(request)
    actor = actor_in(request)
    form = IncidentForm(data_of(request), tells=queries.may_read(actor))

    def write_down() -> HttpResponse:
        made = actions.record_incident(actor=actor, **form.cleaned_data)
        return render(request, "incidents/recorded.html", {"incident": made})

    return FormPage(request, "incidents/record.html", form).answer(write_down)


@form_view
@at_desk(Desk.ADMINISTRATION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One incident: whom it affects, what is known, what comes next."""
    incident = get_object_or_404(Incident, reference=reference)
    times = _times(request, incident)

    def shown() -> dict[str, object]:
        opened = queries.open_incident(actor=actor_in(request), incident=incident)
        moves = _moves(incident)
        return {"opened": opened, "incident": incident, "times": times, "moves": moves}

    form = times if times.is_bound else None
    page = FormPage(request, "incidents/one.html", form, shown, status=400)
    return page.answer(partial(_change, request, incident, times))


def _times(request: HttpRequest, incident: Incident) -> TimesForm:
    """The form for the time in which data may have been seen, with what is known or was sent."""
    sent = request.POST if request.POST.get("do") == "times" else None
    known = {"began_at": incident.began_at, "ended_at": incident.ended_at}
    return TimesForm(sent, initial=known)


def _change(request: HttpRequest, incident: Incident, times: TimesForm) -> None:
    actor, to = actor_in(request), request.POST.get("to")
    if times.is_bound:
        actions.set_times(actor=actor, incident=incident, **times.cleaned_data)
    elif to:
        actions.move_incident(actor=actor, incident=incident, to=to)
    else:
        actions.add_note(actor=actor, incident=incident, text=request.POST.get("note", ""))


def _moves(incident: Incident) -> list[str]:
    return [to for to, (before, _) in actions.MOVES.items() if incident.state in before]
