"""The pages about who is shut out of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, at_desk, declare_permission
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.policy_facts import of_the_installation
from marfa.apps.registry.actions.exclusions import (
    ask_to_lift,
    confirm_exclusion,
    exclude_from_record,
    keep_excluded,
    lift_from_record,
    question_exclusion,
    settle_exclusion,
)
from marfa.apps.registry.exclusion_form import ExcludeForm, LiftForm
from marfa.apps.registry.exclusions import (
    REVIEW,
    exclusions_of_record,
    is_late,
    may_exclude,
    may_review,
    name_of,
    names_among,
    rows_for_officer,
    who_may_be_shut_out,
)
from marfa.apps.registry.models import Person, RecordExclusion
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.reader import Reader, reader_of
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

SEE = "access.see_unconfirmed"


@form_view
def exclusions(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is shut out of a record, for who may see that, and the form that shuts somebody out."""
    reader = reader_of(request, reference)
    reviews = may_review(reader.actor, reader.resource)
    excludes = may_exclude(reader.actor, reader.resource)
    if not reviews and not excludes:
        raise PermissionDenied
    sent = request.POST.get("do", "") if request.method == "POST" else ""
    possible = who_may_be_shut_out(reader.person)
    shutting = ExcludeForm(data_of(request) if sent == "exclude" else None, possible=possible)
    lifting = _lift_form(request, sent)
    form = {"exclude": shutting, "ask": lifting}.get(sent)
    page = FormPage(
        request,
        "registry/exclusions.html",
        form,
        context=partial(_shown, reader, shutting if excludes else None, lifting, reviews=reviews),
        within=partial(_opened, reader, reviews=reviews),
        site=reader.person.site,
    )
    if sent == "exclude":
        return page.answer(
            partial(_exclude, reader, shutting),
            said=_("They find nothing about the person from now on."),
        )
    return page.answer(partial(_step, request, reader, form), said=_("Saved."))


def _exclude(reader: Reader, form: ExcludeForm) -> HttpResponse:
    exclude_from_record(
        actor=reader.actor,
        person=reader.person,
        who=form.chosen,
        wish=form.cleaned_data["wish"],
        reason=form.cleaned_data["reason"],
    )
    return _back(reader)


def _step(request: HttpRequest, reader: Reader, form: forms.Form | None) -> HttpResponse:
    named = request.POST.get("row", "")
    row = exclusions_of_record(reader.person).filter(reference=named).first()
    if row is None or not may_review(reader.actor, reader.resource):
        raise PermissionDenied
    do = request.POST.get("do", "")
    if do == "ask" and form is not None:
        ask_to_lift(actor=reader.actor, exclusion=row, why=form.cleaned_data["why"])
        return _back(reader)
    steps: dict[str, Callable[..., None]] = {
        "confirm": confirm_exclusion,
        "keep": keep_excluded,
        "lift": lift_from_record,
    }
    if do not in steps:
        raise PermissionDenied
    steps[do](actor=reader.actor, exclusion=row)
    return _back(reader)


@contextmanager
def _opened(reader: Reader, *, reviews: bool) -> Iterator[None]:
    """Who is shut out and why is read on the record; the form alone shows nothing of the person."""
    if not reviews:
        yield
        return
    with (
        open_vault(),
        reading(
            actor=reader.actor,
            code=REVIEW,
            purpose=Purpose.ASSISTANCE,
            resource=reader.resource,
        ),
    ):
        yield


def _shown(
    reader: Reader, shutting: ExcludeForm | None, lifting: LiftForm, *, reviews: bool
) -> dict[str, object]:
    rows = list(exclusions_of_record(reader.person)) if reviews else []
    return {
        "person": reader.person,
        "reviews": reviews,
        "rows": _described(rows, reader.actor, lifting),
        "shutting": shutting,
        "lifting": lifting,
    }


def _lift_form(request: HttpRequest, sent: str) -> LiftForm:
    """The form of the row that was sent; each row has one, told apart by its reference."""
    if sent != "ask":
        return LiftForm()
    return LiftForm(data_of(request), prefix=request.POST.get("row", ""))


def _described(
    rows: list[RecordExclusion], actor: Actor, sent: LiftForm
) -> list[dict[str, object]]:
    names = names_among(rows)
    return [
        {
            "row": row,
            "who": name_of(row.access),
            "began": names.get(row.began_by, ""),
            "confirmed": names.get(row.confirmed_by, "") if row.confirmed_by else "",
            "asked": names.get(row.asked_by, "") if row.asked_by else "",
            "late": is_late(row),
            "began_own": row.began_by == actor.id,
            "asked_own": row.asked_by == actor.id,
            "form": sent if sent.prefix == row.reference else LiftForm(prefix=row.reference),
        }
        for row in rows
    ]


def _back(reader: Reader) -> HttpResponse:
    """To the page, or home for who is shut out themselves now, or may look no further."""
    actor, person = reader.actor, reader.person
    if not Person.objects.filter(visibility_condition(PERSON, actor), pk=person.pk).exists():
        return redirect("home")
    there = "exclusions" if may_review(actor, PERSON.resource(person)) else "person"
    return redirect(f"people:{there}", person.reference)


@form_view
@at_desk(Desk.ADMINISTRATION)
@declare_permission(
    SEE, lambda *_args, **_kwargs: of_the_installation("Register"), Purpose.DATA_PROTECTION
)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """What nobody confirmed in time, for the data-protection officer: who is shut out, on whose
    word and since when, and not of whose record."""
    actor = actor_in(request)
    sent = request.POST.get("do", "") if request.method == "POST" else ""
    lifting = _lift_form(request, sent)

    def shown() -> dict[str, object]:
        rows = rows_for_officer(actor)
        return {"rows": _described(rows, actor, lifting), "lifting": lifting}

    page = FormPage(
        request,
        "registry/unconfirmed.html",
        lifting if sent == "ask" else None,
        context=shown,
        within=partial(_register_opened, actor),
    )
    return page.answer(partial(_settle, request, actor, lifting), said=_("Saved."))


@contextmanager
def _register_opened(actor: Actor) -> Iterator[None]:
    with reading(
        actor=actor,
        code=SEE,
        purpose=Purpose.DATA_PROTECTION,
        resource=of_the_installation("Register"),
    ):
        yield


def _settle(request: HttpRequest, actor: Actor, form: LiftForm) -> HttpResponse:
    named = request.POST.get("row", "")
    row = next((each for each in rows_for_officer(actor) if each.reference == named), None)
    if row is None:
        raise Http404
    do = request.POST.get("do", "")
    if do == "ask":
        question_exclusion(actor=actor, exclusion=row, why=form.cleaned_data["why"])
    elif do == "confirm":
        settle_exclusion(actor=actor, exclusion=row)
    else:
        raise PermissionDenied
    return redirect("unconfirmed:list")
