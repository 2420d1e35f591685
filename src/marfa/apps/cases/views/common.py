"""What the pages about one case share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case, Review
from marfa.apps.cases.policy_facts import case_of, review_of
from marfa.apps.cases.queries import READ, known_cases
from marfa.apps.form_view import Context, FormPage
from marfa.apps.organisations.clocks import on_clocks_of
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault


def case_named(request: HttpRequest, reference: str) -> tuple[Case, Actor]:
    """A case, and who asks for it. Raises Http404 where they may not know of it."""
    current_user(request)
    actor = actor_in(request)
    found = known_cases(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found, actor


@contextmanager
def case_reading(actor: Actor, case: Case) -> Iterator[None]:
    """What stands in a case, readable within it, on the record. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code=READ,
            purpose=PURPOSE,
            resource=case_of(case.person, case.pk),
            subject=case.person_id,
        ),
        open_vault(),
    ):
        yield


@contextmanager
def shown_or_sent(request: HttpRequest, actor: Actor, case: Case) -> Iterator[None]:
    """A page with a form that shows what stands in a case. Showing it is on the record; sending it
    is an action, which is on the record by itself. Raises DeniedError, PermissionDenied."""
    if request.method == "POST":
        must_read(actor, case)
        with open_vault():
            yield
    else:
        with case_reading(actor, case):
            yield


def may_act_on(actor: Actor, case: Case, action: str) -> bool:
    """Whether the charter lets somebody do something with a case."""
    asked = {"on_record": True, "purpose": PURPOSE.value}
    return decide(actor, action, case_of(case.person, case.pk), asked).allowed


def must_read(actor: Actor, case: Case) -> None:
    """For a page that shows nothing of a case but its form. Raises PermissionDenied."""
    if not may_act_on(actor, case, READ):
        raise PermissionDenied


def case_page(
    request: HttpRequest,
    template: str,
    case: Case,
    context: Context | Callable[[], Context],
    **more: Any,
) -> FormPage:
    """A page about a case. more: of ``FormPage``."""

    def about_case() -> Context:
        return {"case": case, **(context() if callable(context) else context)}

    more = {"alike": {}, "site": case.site, **more}
    return FormPage(request, f"{template}.html", context=about_case, **more)


def render_fragment(request: HttpRequest, template: str, **context: Any) -> SafeString:
    """A part of a page, from a template, which escapes it."""
    case = context.get("case")
    with on_clocks_of(case.site if isinstance(case, Case) else None):
        made = render_to_string(f"{template}.html", context, request)
    return mark_safe(made)  # noqa: S308


def code_choices(name: str) -> list[tuple[str, str]]:
    """The codes of a list with their labels in the reader's language."""
    return list(codelist(name).choices(get_language() or "en"))


def code_label(name: str, code: str) -> str:
    """The label of one code in the reader's language."""
    return codelist(name).label(code, get_language() or "en")


@contextmanager
def looked_at(actor: Actor, review: Review) -> Iterator[None]:
    """What a second person needs to see of what they are asked about, on the record."""
    person = review.case.person
    with (
        reading(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(person, review.pk, asked_by=review.asked_by),
            subject=person.pk,
        ),
        open_vault(),
    ):
        yield


@contextmanager
def rule_on_page() -> Iterator[None]:
    """What a rule of the charter refuses within it is said on the page, with everything that was
    typed: raises InputError for it, and DeniedError where the rule may not be named."""
    try:
        yield
    except DeniedError as error:
        if not error.decision.by_rule:
            raise
        raise InputError.at(error.decision.message) from None


Step = Callable[[HttpRequest, Actor, Case], object]


def form_page(
    request: HttpRequest, template: str, case: Case, actor: Actor, act: Step, **context: Any
) -> HttpResponse:
    """A page with a form about a case. Sent, it acts, and leads back to the case, or home for who
    may not read it."""
    alike = context.pop("alike", {})
    shown = case_page(request, template, case, context, alike=alike)
    return shown.answer(partial(act_and_lead, request, case, actor, act), said=_("Saved."))


def act_and_lead(request: HttpRequest, case: Case, actor: Actor, act: Step) -> HttpResponse:
    """Act, and lead back to the case, or home for who may not read it. Raises InputError."""
    try:
        act(request, actor, case)
    except InputError:
        case.refresh_from_db()
        raise
    if may_act_on(actor, case, READ):
        return redirect("cases:case", case.reference)
    return redirect("home")
