"""The page on which one person is registered, with what they told or by a code alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_pages.drafts import Keeping
from marfa.apps.form_pages.values import submitted_texts, values_from_draft
from marfa.apps.form_view import add_problems, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.actions import NewName, NewPerson, register_person
from marfa.apps.registry.actions.submissions import SentBeforeError
from marfa.apps.registry.forms import RegisterForm
from marfa.apps.registry.models import Registration
from marfa.apps.registry.purposes import sites_of
from marfa.apps.registry.views.already_here import ask_before
from marfa.apps.registry.views.submissions import asked_site, keep_anew, key_of, let_go, wrong_site
from marfa.domain.dates import from_storage
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.ownership import Owner
from marfa.safeguards.words import Purpose

FORM = "registry.person_new"
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


def address_of(_subject: UUID | None) -> str:
    """Where the form stands; there is one for everybody who comes."""
    return reverse("reception:person")


@form_view
@at_desk(Desk.RECEPTION)
def register(request: HttpRequest) -> HttpResponse:
    """One person; what is typed is kept until it is sent."""
    sites = sites_of(actor_in(request))
    if not sites:
        raise PermissionDenied
    held = Keeping(request, FORM, Owner(sites[0].organisation_id))
    if request.method != "POST":
        draft = held.found()
        initial = values_from_draft(RegisterForm, draft.content) if draft else {}
        return _page(request, held, RegisterForm(initial=initial), sites)
    refused = held.check_person()
    if refused is not None:
        return refused
    act = request.POST.get("do", "save")
    if act == "draft":
        return held.keep(_content(request))
    if act == "discard":
        held.discard()
        return redirect(request.path)
    if act == "change":
        return _page(request, held, RegisterForm(request.POST), sites)
    if act not in ("save", "code"):
        raise SuspiciousOperation
    return _send(request, held, sites, by_code=act == "code")


def _content(request: HttpRequest) -> dict[str, object]:
    """What was typed, for a draft. Where everything was cleared it is for somebody else, and has
    no number yet."""
    said = submitted_texts(RegisterForm, request.POST)
    batch = request.POST.get("batch", "") if any(map(any, said.values())) else ""
    return {**said, "batch": batch, "site": request.POST.get("site", "")}


def _send(request: HttpRequest, held: Keeping, sites: list[Site], *, by_code: bool) -> HttpResponse:
    form = RegisterForm({} if by_code else request.POST)
    site = asked_site(request.POST.get("site", ""), sites)
    if not form.is_valid() or site is None:
        form = form if not by_code or site else RegisterForm(request.POST)
        return _page(request, held, form, sites, WRONG)
    batch = key_of(request.POST.get("batch", ""))
    answers = form.cleaned_data
    names = [("", answers["name"]), ("", answers["other_name"])]
    content = _content(request)
    asked = ask_before(request, held, names, site=site, batch=batch, content=content)
    if asked is not None:
        return asked
    said = submitted_texts(RegisterForm, {} if by_code else request.POST)
    mode = Registration.Mode.CODE_ONLY if by_code else Registration.Mode.INDIVIDUAL
    try:
        person = register_person(
            actor=actor_in(request),
            purpose=Purpose.REGISTRATION,
            site=site,
            told=NewPerson() if by_code else _told(form.cleaned_data),
            mode=mode,
            batch=batch,
            typed={name: found for name in said if (found := [*filter(None, said[name])])},
        )
    except SentBeforeError as error:
        form = RegisterForm(request.POST)
        form.full_clean()
        add_problems(form, problem_sentences(error))
        version, batch = keep_anew(held, batch, _content(request))
        return _page(request, held, form, sites, WRONG, batch=batch, version=version)
    except InputError as error:
        add_problems(form, problem_sentences(error))
        return _page(request, held, form, sites, WRONG)
    let_go(held, batch)
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
    *,
    batch: UUID | None = None,
    version: int = 0,
) -> HttpResponse:
    """batch, version: of the form and its draft, where they are not those that were sent."""
    draft = held.found()
    content = draft.content if draft and request.method != "POST" else {}
    site = str(content.get("site") or request.POST.get("site", ""))
    wrong = wrong_site(site, sites)
    context = {
        "form": form,
        "batch": batch or key_of(str(content.get("batch") or request.POST.get("batch", ""))),
        "site": site or sites[0].reference,
        "sites": [(each.reference, each.name) for each in sites],
        "wrong_site": wrong,
        "draft": draft if request.method != "POST" else None,
        "draft_version": version
        or request.POST.get("draft_version")
        or (draft.version if draft else 0),
        "person": held.user.reference,
        # On a phone there is one question a page, but for whom asks for all, or has to mend some.
        "whole": form.is_bound or "whole" in request.GET,
    }
    return render(request, "registry/register_person.html", context, status=status)
