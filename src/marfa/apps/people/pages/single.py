"""Registering one person, with what they told or by a code alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, at_desk
from marfa.apps.editing.keeping import Keeping
from marfa.apps.editing.values import kept, typed
from marfa.apps.organisations.models import Site
from marfa.apps.people.actions import NewName, NewPerson, register_person
from marfa.apps.people.forms import RegisterForm
from marfa.apps.people.models import Registration
from marfa.apps.people.purposes import sites_of
from marfa.apps.problems import sentences
from marfa.apps.registry import Desk
from marfa.domain.dates import from_storage
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.owned import Owner
from marfa.safeguards.charter.asking import DeniedError
from marfa.safeguards.words import Purpose

FORM = "people.person_new"
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.RECEPTION)
def register(request: HttpRequest) -> HttpResponse:
    """One person; what is typed is kept until it is sent."""
    sites = sites_of(actor_in(request))
    if not sites:
        raise PermissionDenied
    held = Keeping(request, FORM, Owner(sites[0].organisation_id))
    if request.method != "POST":
        draft = held.found()
        initial = kept(RegisterForm, draft.content) if draft else {}
        return _page(request, held, RegisterForm(initial=initial), sites)
    refused = held.check_person()
    if refused is not None:
        return refused
    act = request.POST.get("do", "save")
    if act == "draft":
        own = {"batch": request.POST.get("batch", ""), "site": request.POST.get("site", "")}
        return held.keep({**typed(RegisterForm, request.POST), **own})
    if act == "discard":
        held.discard()
        return redirect(request.path)
    if act not in ("save", "code"):
        raise SuspiciousOperation
    return _send(request, held, sites, by_code=act == "code")


def _send(request: HttpRequest, held: Keeping, sites: list[Site], *, by_code: bool) -> HttpResponse:
    form = RegisterForm({} if by_code else request.POST)
    if not form.is_valid():
        return _page(request, held, form, sites, WRONG)
    reference = request.POST.get("site", "")
    mode = Registration.Mode.CODE_ONLY if by_code else Registration.Mode.INDIVIDUAL
    try:
        person = register_person(
            actor=actor_in(request),
            purpose=Purpose.REGISTRATION,
            site=next((each for each in sites if each.reference == reference), sites[0]),
            told=NewPerson() if by_code else _told(form.cleaned_data),
            mode=mode,
            batch=key_of(request.POST.get("batch", "")),
        )
    except DeniedError:
        raise PermissionDenied from None
    except InputError as error:
        for name, said in sentences(error).items():
            form.add_error(name if name in form.fields else None, said)
        return _page(request, held, form, sites, WRONG)
    held.discard()
    return redirect("people:one_registered", person.reference)


def _told(answers: dict[str, Any]) -> NewPerson:
    names = (NewName(answers["name"]), NewName(answers["other_name"], "in_document"))
    born = from_storage(answers["born"]) if answers["born"] else None
    return NewPerson(
        names=tuple(name for name in names if name.text.strip()),
        sex=answers["sex"] or "unknown",
        born=born,
        basis=answers["basis"] or ("stated" if born else "unknown"),
        age_disputed=answers["age_disputed"],
        languages=answers["languages"],
    )


def _page(
    request: HttpRequest,
    held: Keeping,
    form: RegisterForm,
    sites: list[Site],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    draft = held.found()
    content = draft.content if draft and request.method != "POST" else {}
    context = {
        "form": form,
        "batch": key_of(str(content.get("batch") or request.POST.get("batch", ""))),
        "site": content.get("site") or request.POST.get("site", ""),
        "sites": [(each.reference, each.name) for each in sites] if len(sites) > 1 else [],
        "draft": draft if request.method != "POST" else None,
        "draft_version": request.POST.get("draft_version") or (draft.version if draft else 0),
        "person": held.user.reference,
        # On a phone there is one question a page, but for whom asks for all, or has to mend some.
        "whole": form.is_bound or "whole" in request.GET,
    }
    return render(request, "people/register_person.html", context, status=status)


def key_of(text: str) -> UUID:
    """The number by which a form is registered once; a new one where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return new_id()
