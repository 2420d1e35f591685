"""Pages of the register of incidents."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marfa.apps.access import actor_in, at_desk, current_user
from marfa.apps.incidents import actions, queries
from marfa.apps.incidents.forms import IncidentForm, TimesForm
from marfa.apps.incidents.models import Incident
from marfa.apps.manifest import Desk
from marfa.apps.problems import sentences
from marfa.domain.message import InputError
from marfa.safeguards.charter.resources import DeniedError

A_PAGE = 50


@require_safe
@at_desk(Desk.ADMINISTRATION)
def all_incidents(request: HttpRequest) -> HttpResponse:
    """The register."""
    page = Paginator(queries.register(actor=actor_in(request)), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "incidents/all.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Write an incident down: anybody on the staff."""
    current_user(request)
    form = IncidentForm(request.POST or None, tells=queries.may_read(actor_in(request)))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_incident(actor=actor_in(request), **form.cleaned_data)
        except DeniedError:
            raise PermissionDenied from None
        except InputError as error:
            for field, sentence in sentences(error).items():
                form.add_error(field or None, sentence)
        else:
            return render(request, "incidents/recorded.html", {"incident": made})
    return render(request, "incidents/record.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One incident: whom it affects, what is known, what comes next."""
    incident = get_object_or_404(Incident, reference=reference)
    actor, wrong = actor_in(request), None
    times = _times(request, incident)
    try:
        if request.method == "POST":
            wrong = _change(request, incident, times)
            if wrong is None and not times.errors:
                return redirect("incidents:one", reference=reference)
        opened = queries.open_incident(actor=actor, incident=incident)
    except DeniedError:
        raise PermissionDenied from None
    values = {
        "opened": opened,
        "incident": incident,
        "times": times,
        "wrong": wrong,
        "typed": request.POST,
        "moves": _moves(incident),
    }
    status = 400 if wrong or times.errors else 200
    return render(request, "incidents/one.html", values, status=status)


def _times(request: HttpRequest, incident: Incident) -> TimesForm:
    """The form for the time in which data may have been seen, with what is known or was sent."""
    sent = request.POST if request.POST.get("do") == "times" else None
    known = {"began_at": incident.began_at, "ended_at": incident.ended_at}
    return TimesForm(sent, initial=known)


def _change(request: HttpRequest, incident: Incident, times: TimesForm) -> InputError | None:
    actor, to = actor_in(request), request.POST.get("to")
    try:
        if times.is_bound:
            if times.is_valid():
                actions.set_times(actor=actor, incident=incident, **times.cleaned_data)
        elif to:
            actions.move_incident(actor=actor, incident=incident, to=to)
        else:
            text = request.POST.get("note", "")
            actions.add_note(actor=actor, incident=incident, text=text)
    except InputError as error:
        if not times.is_bound:
            return error
        for field, sentence in sentences(error).items():
            times.add_error(field or None, sentence)
    return None


def _moves(incident: Incident) -> list[str]:
    return [to for to, (before, _) in actions.MOVES.items() if incident.state in before]
