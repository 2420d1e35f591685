"""The pages on which a form is chosen, filled in, checked and sent."""

from __future__ import annotations

from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, current_user, require_permission
from marfa.apps.form_view import form_view
from marfa.apps.forms.entry.flow import Flow, begin_flow, discard_flow, open_flow, save_flow
from marfa.apps.forms.entry.hand_in import address_after, hand_in_flow
from marfa.apps.forms.entry.one_page import WholePage, can_be_whole, nothing_here
from marfa.apps.forms.entry.overview import overview_of, to_be_answered
from marfa.apps.forms.entry.pages import Page, language_marks
from marfa.apps.forms.entry.queries import (
    begun_by,
    definition_for,
    may_fill_for,
    offered_to,
    offers_of,
    sites_for,
    title_in,
    versions_for,
)
from marfa.apps.forms.entry.uploads import LARGEST, drop_all
from marfa.apps.forms.policy_facts import forms_here
from marfa.apps.registry.models import Person
from marfa.apps.registry.reader import Reader, reader_of
from marfa.domain.message import InputError
from marfa.methods.xforms.pages import stops
from marfa.platform.files.memory_uploads import taken_in_memory
from marfa.platform.revisions.errors import DraftMovedError
from marfa.safeguards.words import Purpose

may_fill = require_permission("forms.fill", forms_here, Purpose.REGISTRATION)


def flow_in(request: HttpRequest, key: UUID) -> Flow:
    """What the person who asks began under this key; for everybody else there is nothing."""
    flow = open_flow(current_user(request), actor_in(request), key)
    if flow is None:
        raise Http404
    return flow


@require_safe
@may_fill
def choose(request: HttpRequest) -> HttpResponse:
    """The forms that can be filled in, for somebody or for nobody who is known, and what was
    begun."""
    actor, language = actor_in(request), get_language() or ""
    about = _about(request, request.GET.get("for", ""))
    versions = versions_for(actor, about.person, about.resource) if about else offered_to(actor)
    context = {
        "forms": offers_of(versions, language),
        "about": about.person if about else None,
        "begun": [] if about else begun_by(current_user(request), language),
    }
    return render(request, "forms/choose.html", context)


def _about(request: HttpRequest, reference: str) -> Reader | None:
    """For whom a form is begun. Raises Http404 for somebody of whom the reader may not know."""
    return reader_of(request, reference) if reference else None


@require_POST
@may_fill
def start_form(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a form for the first time. Who works at several sites says first at which: whoever
    supervises there reads it. For somebody it is where they are."""
    actor = actor_in(request)
    version = get_object_or_404(offered_to(actor), reference=reference)
    about = _about(request, request.POST.get("about", ""))
    if about is not None and not may_fill_for(actor, version, about.resource):
        raise PermissionDenied
    sites = sites_for(actor, version)
    where = {one.reference: one for one in sites}
    site = where.get(request.POST.get("site", ""))
    if site is None and about is not None and about.person.site is not None:
        site = where.get(about.person.site.reference)
    if site is None and len(sites) > 1:
        context = {
            "title": title_in(version, get_language() or ""),
            "sites": sites,
            "reference": reference,
            "script": request.POST.get("script", ""),
            "about": about.person if about else None,
        }
        return render(request, "forms/at_site.html", context)
    key = site.pk if site is not None else None
    person = about.person.pk if about else None
    flow = begin_flow(current_user(request), actor, version, get_language() or "", key, person)
    if request.POST.get("script") == "yes" and can_be_whole(flow.state.form):
        return redirect("filling:whole", flow.key)
    return redirect("filling:page", flow.key, _first(flow))


def _first(flow: Flow) -> str:
    return next((stop.key for stop in stops(flow.state)), "end")


@taken_in_memory(LARGEST)
@form_view
@may_fill
def page(request: HttpRequest, key: UUID, place: str) -> HttpResponse:
    """One page of questions."""
    flow = flow_in(request, key)
    found = stops(flow.state)
    at = next((n for n, stop in enumerate(found) if stop.key == place), None)
    if at is None:
        return redirect("filling:check", key)
    return Page(request, flow, found, at).answer()


# The engine of forms reads expressions with a grammar in WebAssembly, and XML through one policy.
@taken_in_memory(LARGEST)
@form_view
@csp_update({"script-src": ["'wasm-unsafe-eval'"], "trusted-types": ["forms"]})
@may_fill
def whole(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole form on one page, with a program in the browser."""
    flow = open_flow(current_user(request), actor_in(request), key)
    if flow is None:
        return nothing_here(request) or _nothing_here(request)
    if not can_be_whole(flow.state.form):
        return redirect("filling:page", key, _first(flow))
    return WholePage(request, flow).answer()


@require_safe
@gzip_page
@cache_control(private=True, max_age=86_400, immutable=True)
@may_fill
def definition(request: HttpRequest, reference: str) -> HttpResponse:
    """A published version as an XForm, for the program. It never changes and tells of no person,
    so that it is compressed and kept by the browser."""
    version = get_object_or_404(definition_for(actor_in(request)), reference=reference)
    return HttpResponse(version.xml, content_type="text/xml; charset=utf-8")


@form_view
@may_fill
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """All answers before they are sent, and the sending."""
    user = current_user(request)
    flow = open_flow(user, actor_in(request), key)
    if flow is None:
        return _nothing_here(request)
    problems = {} if flow.sent else to_be_answered(flow)
    if request.method == "POST" and not problems:
        return _sent(request, flow)
    context = _all_answers(flow, problems)
    wrong = request.method == "POST"
    return render(request, "forms/check.html", context, status=422 if wrong else 200)


def _all_answers(flow: Flow, problems: dict[str, tuple[str, str]]) -> dict[str, object]:
    marks = language_marks(flow)
    whole = can_be_whole(flow.state.form)
    about = Person.objects.filter(pk=flow.about, erased_at=None).first() if flow.about else None
    found = {
        "flow": flow,
        "about": about,
        "groups": overview_of(flow),
        "problems": problems,
        "marks": marks,
    }
    return {**found, "can_be_whole": whole}


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """The second of two clicks finds that the first has sent it."""
    if request.method == "POST":
        return redirect("filling:sent")
    raise Http404


def _sent(request: HttpRequest, flow: Flow) -> HttpResponse:
    try:
        made = hand_in_flow(user=current_user(request), actor=actor_in(request), flow=flow)
    except DraftMovedError:
        messages.warning(request, _("Another page was faster. Check whether it was sent."))
        return redirect("filling:choose")
    except InputError as error:
        context = {**_all_answers(flow, {}), "error": error}
        return render(request, "forms/check.html", context, status=422)
    return redirect(address_after(made))


@require_safe
@may_fill
def sent(request: HttpRequest) -> HttpResponse:
    """That it has arrived, and what comes next."""
    return render(request, "forms/sent.html")


@require_POST
@may_fill
def language(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask in another language of the form; answers stay."""
    flow = flow_in(request, key)
    wanted = request.POST.get("language", "")
    if wanted in {each.name for each in flow.state.form.languages}:
        flow.language = wanted
        save_flow(current_user(request), flow)
    place = request.POST.get("place", "")
    return redirect("filling:page", key, place) if place else redirect("filling:check", key)


@form_view
@may_fill
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give up what was begun; asked once more."""
    flow = flow_in(request, key)
    if request.method != "POST":
        return render(request, "forms/discard.html", {"flow": flow})
    user = current_user(request)
    drop_all(user.pk, flow)
    discard_flow(user, flow)
    messages.success(request, _("What was begun is destroyed."))
    return redirect("filling:choose")
