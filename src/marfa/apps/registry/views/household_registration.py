"""The page on which a household is registered."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_pages.drafts import Keeping
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.actions import register_household
from marfa.apps.registry.actions.submissions import SentBeforeError
from marfa.apps.registry.birth_field import SHORT_HINT
from marfa.apps.registry.household_form import (
    GroupForm,
    level_choices,
    member_label,
    paper_choices,
    relation_choices,
    sex_choices,
    spoken_choices,
)
from marfa.apps.registry.labels import country_options
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import newcomer_resource, record_of
from marfa.apps.registry.purposes import purpose_to_tell, sites_of
from marfa.apps.registry.reader import WRITE
from marfa.apps.registry.views.already_here import ask_before
from marfa.apps.registry.views.submissions import asked_site, keep_anew, let_go, wrong_site
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.ownership import Owner
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.words import Purpose

FORM = "registry.household"
NOBODY = UUID(int=0)
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


def address_of(_subject: UUID | None) -> str:
    """Where the form stands; there is one for everybody who comes."""
    return reverse("reception:household")


@form_view
@at_desk(Desk.RECEPTION)
def register(request: HttpRequest) -> HttpResponse:
    """One household, one page; what is typed is kept until it is sent."""
    sites = sites_of(actor_in(request))
    if not sites:
        raise PermissionDenied
    held = Keeping(request, FORM, Owner(sites[0].organisation_id))
    if request.method != "POST":
        draft = held.found()
        form = GroupForm.kept(draft.content).with_room() if draft else GroupForm()
        return _page(request, held, form, sites)
    refused = held.check_person()
    if refused is not None:
        return refused
    form, act = GroupForm.sent(request.POST), request.POST.get("do", "save")
    if act == "draft":
        # Where everything was cleared it is for somebody else, and has no number yet.
        return held.keep({**form.content, **({"batch": ""} if form.empty else {})})
    if act == "change":
        return _page(request, held, form, sites)
    if act == "rows":
        return _page(request, held, form.longer(), sites)
    if act == "discard":
        held.discard()
        return redirect(request.path)
    if act != "save":
        raise SuspiciousOperation
    return _send(request, held, form, sites)


def _send(request: HttpRequest, held: Keeping, form: GroupForm, sites: list[Site]) -> HttpResponse:
    """Register everybody or nobody. A form that was sent before leads to what came of it."""
    site = asked_site(form.site, sites)
    if site is None:
        return _page(request, held, form, sites, WRONG)
    members, wrong = form.members(clock.today(site.time_zone))
    if wrong:
        return _page(request, held, replace(form, errors=wrong), sites, WRONG)
    names = [(member_label(place), row.name) for place, row in enumerate(form.rows)]
    asked = ask_before(request, held, names, site=site, batch=form.batch, content=form.content)
    if asked is not None:
        return asked
    try:
        household = register_household(
            actor=actor_in(request),
            purpose=Purpose.REGISTRATION,
            site=site,
            members=members,
            batch=form.batch,
            typed=form.typed,
        )
    except InputError as error:
        form = replace(form, errors={"name-0": " ".join(problem_sentences(error).values())})
        version = 0
        if isinstance(error, SentBeforeError):
            version, batch = keep_anew(held, form.batch, form.content)
            form = replace(form, batch=batch)
        return _page(request, held, form, sites, WRONG, version)
    let_go(held, form.batch)
    return redirect("people:registered", household.reference)


def _sensitive(request: HttpRequest, form: GroupForm, sites: list[Site]) -> dict[str, object]:
    """What is asked only by who may write it down; at the gate, in front of others, nobody does."""
    site = asked_site(form.site, sites) or sites[0]
    newcomer = newcomer_resource(NOBODY, organisation=site.organisation_id, site=site.pk)
    actor, fields = actor_in(request), ("citizenships", "functioning")
    asked = {"on_record": True, "purpose": purpose_to_tell(actor, newcomer, fields).value}
    if not decide(actor, WRITE, record_of(newcomer, Person, fields), asked).allowed:
        return {"sensitive": False}
    return {"sensitive": True, "countries": country_options(), "levels": level_choices()}


def _page(
    request: HttpRequest,
    held: Keeping,
    form: GroupForm,
    sites: list[Site],
    status: int = HTTPStatus.OK,
    version: int = 0,
) -> HttpResponse:
    """version: of the draft, where it is not the one that was sent."""
    form = replace(form, errors={**form.errors, **wrong_site(form.site, sites)})
    draft = held.found()
    posted = request.POST.get("draft_version", "")
    context = {
        "form": form,
        "rows": list(enumerate(form.rows)),
        "errors": form.errors,
        "sexes": sex_choices(),
        "relations": relation_choices(),
        "birth_hint": SHORT_HINT,
        "papers": paper_choices(),
        "spoken": spoken_choices(),
        **_sensitive(request, form, sites),
        "site": form.site or sites[0].reference,
        "sites": [(each.reference, each.name) for each in sites],
        "draft": draft if draft and not form.empty and request.method == "GET" else None,
        "draft_version": version or posted or (draft.version if draft else 0),
        "person": held.user.reference,
        "title": _("Register a household"),
    }
    return render(request, "registry/register_household.html", context, status=status)
