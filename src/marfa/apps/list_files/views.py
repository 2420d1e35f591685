"""The page of one request: read, answered, and the file fetched."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.access import actor_in, current_user
from marfa.apps.accounts.models import User
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.list_actions import said
from marfa.apps.list_file import TYPES
from marfa.apps.list_files.actions import approve_names, decline_names, withdraw_names
from marfa.apps.list_files.models import NamedFileRequest
from marfa.apps.list_files.named_files import LABELS, purpose_label
from marfa.apps.list_files.queries import may_approve, request_named
from marfa.crypto.agefiles import new_phrase
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

State = NamedFileRequest.State
ANSWERS = {"approve": approve_names, "decline": decline_names, "withdraw": withdraw_names}


@form_view
@step_up_first
@sensitive_variables("phrase")
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Who asks for which names, what for; a colleague's answer; and the file, for who asked."""
    current_user(request)
    actor = actor_in(request)
    found = request_named(reference, actor)
    if found is None:
        raise Http404

    def act() -> HttpResponse:
        answer = ANSWERS.get(request.POST.get("do", ""))
        if answer is None:
            raise SuspiciousOperation
        answer(actor=actor, request=found)
        messages.success(request, _("Your answer is recorded."))
        return redirect("list_files:request", reference)

    def shown() -> Context:
        found.refresh_from_db()
        return _shown(found, actor)

    return FormPage(request, "list_files/request.html", context=shown).answer(act)


def _shown(found: NamedFileRequest, actor: Actor) -> Context:
    in_force, mine = found.in_force(clock.now()), found.asked_by == actor.id
    keys = [key for key in (found.asked_by, found.answered_by) if key]
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "display_name"))
    ready = mine and in_force and found.state == State.APPROVED
    with open_vault():
        reason = found.reason
    return {
        "asked": found,
        "asker": names.get(found.asked_by, ""),
        "answerer": names.get(found.answered_by, "") if found.answered_by else "",
        "purpose": purpose_label(Purpose(found.purpose)),
        "reason": reason,
        "columns": [LABELS[code] for code in found.columns],
        "in_force": in_force,
        "mine": mine,
        "answers": in_force and found.state == State.ASKED and may_approve(actor, found),
        "phrase": new_phrase() if ready else "",
        "forms": [(form, said(f"list-{form}")) for form in TYPES],
    }
