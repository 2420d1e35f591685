"""Pages on which people complain, and on which complaints are read."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.accounts.device_handover import hand_over, handed_page
from marfa.apps.accounts.queries import key_of_user
from marfa.apps.complaints import actions, queries
from marfa.apps.complaints.forms import ComplaintForm, KnownForm
from marfa.apps.complaints.models import Complaint
from marfa.apps.complaints.policy_facts import KIND
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.problems import problem_sentences
from marfa.apps.record_page import summary_of
from marfa.apps.subject_pages import history_of, parts_of
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.codes import format_code
from marfa.domain.message import InputError, Message
from marfa.platform.limits import limiter
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


@form_view
@at_desk(Desk.RECEPTION)
def complain(request: HttpRequest) -> HttpResponse:
    """Somebody complains, on the device that they were handed."""
    actor = actor_in(request)
    if request.POST.get("hand", "") in LANGUAGES:
        hand_over(request, language=request.POST["hand"])
        return redirect("complaint:make")
    organisation = get_object_or_404(Organisation, pk=min(actor.organisations))
    sites = Site.objects.filter(organisation=organisation).order_by("name")
    form = ComplaintForm(data_of(request), sites=sites)
    if not (handed_page(request) or form.is_bound):
        values = {"readers": queries.count_readers(organisation, None)}
        return render(request, "complaints/hand.html", values)

    def make() -> HttpResponse:
        made = actions.make_complaint(actor=actor, organisation=organisation, **form.cleaned_data)
        told = {"complaint": made, "code": format_code(made.code)}
        return render(request, "complaints/made.html", told)

    return FormPage(request, "complaints/complain.html", form).answer(make)


@form_view
@at_desk(Desk.RECEPTION)
def what_became(request: HttpRequest) -> HttpResponse:
    """What became of a complaint, for who has its code. The code stays out of the address."""
    values: dict[str, object] = {}
    if request.method == "POST":
        actor = actor_in(request)
        values["code"] = request.POST.get("code", "")
        try:
            if not limiter.spend_attempt(queries.BY_CODE, str(actor.id)):
                values["wrong"] = {"code": _("Too many attempts. Wait a minute.")}
            else:
                state = queries.state_by_code(str(values["code"]), actor)
                values |= {"asked": True, "state": state}
        except InputError as error:
            values["wrong"] = {"code": next(iter(problem_sentences(error).values()))}
    return render(request, "complaints/what_became.html", values)


@require_safe
@at_desk(Desk.PROTECTION)
@require_permission("complaints.read", queries.any_complaint, Purpose.COORDINATION)
def all_complaints(request: HttpRequest) -> HttpResponse:
    """Complaints that wait, and those that were settled."""
    rows = queries.readable_complaints(actor_in(request))
    return render(request, "complaints/all.html", {"rows": rows})


@require_safe
@at_desk(Desk.PROTECTION)
@require_permission("complaints.read", queries.any_complaint, Purpose.COORDINATION)
def told(request: HttpRequest) -> HttpResponse:
    """Where somebody said in private that who gives aid takes advantage of it."""
    rows = queries.told_in_private(actor_in(request))
    return render(request, "complaints/told.html", {"rows": rows})


@form_view
@at_desk(Desk.PROTECTION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One complaint: what happened, what was done, and what is done next."""
    actor = actor_in(request)
    complaint = get_object_or_404(Complaint, reference=reference)
    if not queries.may_read(actor, complaint):
        # As if it were not there: that somebody complained is told to nobody else.
        raise Http404
    sites = Site.objects.filter(organisation=complaint.organisation_id).order_by("name")
    sent = request.POST if "known" in request.POST else None
    known = KnownForm(sent, sites=sites, complaint=complaint)

    def shown() -> dict[str, object]:
        with queries.reading_complaint(actor=actor, complaint=complaint) as opened:
            return {
                "opened": opened,
                "complaint": complaint,
                "known": known,
                "summary": summary_of(request, KIND, complaint),
                "parts": parts_of(request, KIND, complaint),
                "history": history_of(KIND, complaint),
            }

    form = known if known.is_bound else None
    page = FormPage(request, "complaints/one.html", form, shown, site=complaint.site, status=400)
    return page.answer(partial(_change, request, complaint, known))


def _onward(actor: Actor, complaint: Complaint) -> HttpResponse:
    """Back to it, or to the list where who answered has just shut themselves out."""
    complaint.refresh_from_db()
    if queries.may_read(actor, complaint):
        return redirect("complaints:one", reference=complaint.reference)
    return redirect("complaints:all")


def _change(request: HttpRequest, complaint: Complaint, known: KnownForm) -> HttpResponse:
    actor = actor_in(request)
    if known.is_bound:
        actions.add_what_is_known(actor=actor, complaint=complaint, **known.cleaned_data)
    elif "named" in request.POST:
        account = key_of_user(request.POST["named"].strip())
        if account is None:
            raise InputError.at(Message("apps.complaints:no-such-user"), field="named")
        actions.shut_out_named(actor=actor, complaint=complaint, accounts=[account])
    else:
        actions.note_on_complaint(
            actor=actor,
            complaint=complaint,
            text=request.POST.get("note", ""),
            settle="settle" in request.POST,
        )
    return _onward(actor, complaint)
