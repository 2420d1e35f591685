"""Ending what is owed to a child: asked by one, agreed by another."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.access import at_desk
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import rule_on_page
from marfa.apps.children.actions.endings import (
    ENDINGS,
    agree_to_end_duty,
    ask_to_end_duty,
    keep_duty,
)
from marfa.apps.children.models import Duty
from marfa.apps.children.policy_facts import END, PURPOSE, child_of, decide_on
from marfa.apps.children.views.child import child_named
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


@form_view
@at_desk(Desk.PROTECTION)
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask to end it, or answer what a colleague asks."""
    person, duty, actor = child_named(request, reference)
    if not decide_on(actor, END, child_of(person)).allowed:
        raise PermissionDenied
    page = FormPage(
        request,
        "children/end.html",
        context=partial(_shown, actor, person, duty),
        alike={},
        site=person.site,
    )
    return page.answer(partial(_do, request, actor, person))


def _shown(actor: Actor, person: Person, duty: Duty) -> dict[str, object]:
    duty.refresh_from_db()
    choices = [(each.value, each.label) for each in ENDINGS]
    shown: dict[str, object] = {"person": person, "duty": duty, "choices": choices}
    if duty.asked_by is None or duty.ended_at is not None:
        return shown
    with (
        reading(
            actor=actor,
            code=END,
            purpose=PURPOSE,
            resource=child_of(person),
            subject=person.pk,
        ),
        open_vault(),
    ):
        return {
            **shown,
            "words": duty.asked_words or "",
            "who": names_of([duty.asked_by]).get(duty.asked_by, ""),
            "mine": duty.asked_by == actor.id,
        }


def _do(request: HttpRequest, actor: Actor, person: Person) -> HttpResponse:
    sent = request.POST
    with rule_on_page():
        match sent.get("do"):
            case "ask":
                reason, text = sent.get("reason", ""), sent.get("text", "")
                ask_to_end_duty(actor=actor, person=person, reason=reason, text=text)
            case "agree":
                agree_to_end_duty(actor=actor, person=person)
            case "keep":
                keep_duty(actor=actor, person=person)
            case _:
                raise SuspiciousOperation
    messages.success(request, _("Saved."))
    return redirect("children:child", person.reference)
