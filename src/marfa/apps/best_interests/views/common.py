"""What the pages share: a row that the reader may know of, and a page with one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.best_interests.queries import other_end
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases
from marfa.apps.cases.views.common import case_page, code_label, may_act_on
from marfa.apps.registry.models import Relationship
from marfa.apps.registry.visibility import about_seen
from marfa.domain.codes import format_code
from marfa.safeguards.actor import Actor

Row = TypeVar("Row", bound=Model)


def row_named(
    request: HttpRequest, model: type[Row], reference: str, *related: str, case: str = "case"
) -> tuple[Row, Case, Actor]:
    """A row about a child, its case, and who asks. case: the path to it. Raises Http404 where they
    may not know of the child, PermissionDenied where they may not read the case."""
    current_user(request)
    actor = actor_in(request)
    known = {f"{case}__in": known_cases(actor)}
    found = model._default_manager.filter(reference=reference, **known)
    row = found.select_related(f"{case}__person", f"{case}__site", *related).first()
    if row is None:
        raise Http404
    of: object = row
    for part in case.split("__"):
        of = getattr(of, part)
    assert isinstance(of, Case)  # noqa: S101 - the path leads to one
    if not may_act_on(actor, of, READ):
        raise PermissionDenied
    return row, of, actor


def asked_on_page(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    act: Callable[[], object],
    *,
    title: Promise | str,
    lead: Promise | str = "",
    back: str = "",
    button: Promise | str = "",
) -> HttpResponse:
    """A page with one form; sent, it acts and leads back, to the case by default."""
    there = back or page_of_part(case)
    context = {"title": title, "lead": lead, "there": there, "button": button or _("Record")}
    page = case_page(request, "best_interests/form", case, context, form=form, alike=None)
    return page.answer(act, done=there, said=_("Saved."))


def page_of_part(case: Case) -> str:
    """The part of the page of a case."""
    return f"{reverse('cases:case', args=[case.reference])}#best-interests"


def ties_for(actor: Actor, case: Case, *, verified: bool) -> dict[str, Relationship]:
    """Ties of a child, of whom the reader may know at both ends, by reference."""
    seen = (about_seen(actor), about_seen(actor, "to"))
    rows = Relationship.objects.filter(*seen, ended_at=None)
    if verified:
        rows = rows.filter(state=Relationship.State.VERIFIED)
    mine = rows.filter(person=case.person_id) | rows.filter(to=case.person_id)
    return {row.reference: row for row in mine.select_related("person", "to").order_by("pk")}


def named_tie(row: Relationship, case: Case) -> str:
    """What somebody is to the child, with their code: no name where others may look."""
    other, kind = other_end(row, case.person)
    return f"{code_label('relationship_kinds', kind)} {format_code(other.code)}"
