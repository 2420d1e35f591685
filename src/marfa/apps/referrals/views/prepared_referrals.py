"""The page of a referral that was prepared: for who prepared it, and for who sends it."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.access import actor_in
from marfa.apps.accounts.step_up import is_fresh
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases, names_of
from marfa.apps.cases.views.common import case_page, case_reading, code_label, may_act_on
from marfa.apps.consents.labels import FIELDS
from marfa.apps.form_view import form_view
from marfa.apps.referrals.actions.prepared_referrals import (
    drop_prepared_referral,
    give_back_prepared_referral,
    send_prepared_referral,
)
from marfa.apps.referrals.models import PreparedReferral
from marfa.apps.referrals.prepared_referrals import State, changes_since, may_decide
from marfa.apps.referrals.views.recipients import Missing, To, missing_for_sending
from marfa.apps.referrals.views.referrals import answer_sent, sentence_on_page
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def prepared_named(request: HttpRequest, reference: str) -> tuple[PreparedReferral, Case, Actor]:
    """A prepared referral for who may read its case. Raises Http404 where they may not know of the
    person, PermissionDenied where they may not read the case."""
    actor = actor_in(request)
    found = PreparedReferral.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.select_related("recipient__guest", "referral").first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.case = case
    return row, case, actor


@form_view
@sensitive_variables("row")
def prepared(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to be asked of whom, and what has changed since it was prepared."""
    row, case, actor = prepared_named(request, reference)
    page = case_page(
        request,
        "referrals/prepared",
        case,
        partial(_shown, request, row, case, actor),
        within=partial(case_reading, actor, case),
        places=dict.fromkeys(("recipient", "fields", "opens_until", "support", "way"), "to"),
    )
    return page.answer(partial(_do, request, row, case, actor))


def _shown(
    request: HttpRequest, row: PreparedReferral, case: Case, actor: Actor
) -> dict[str, object]:
    # Within ``case_reading``, also after an action that went wrong.
    row.refresh_from_db()
    names = names_of([row.prepared_by, row.decided_by])
    decides = row.state == State.WAITING and may_decide(actor, row)
    again = {"kind": row.kind, "purpose": row.purpose, "to": f"to-{row.recipient.reference}"}
    return {
        "row": row,
        "to": recipient_name(row.recipient),
        "purpose": code_label("purposes", row.purpose),
        "told": [str(FIELDS.get(each, each)) for each in row.fields],
        "by": names.get(row.prepared_by, ""),
        "decider": names.get(row.decided_by, ""),
        "missing": _missing(row, case, actor) if row.state == State.WAITING else [],
        "decides": decides,
        "fresh": is_fresh(request),
        "here": request.get_full_path(),
        "open": case.state == Case.State.OPEN,
        "again": f"{reverse('cases:refer', args=[case.reference])}?"
        + urlencode({**again, "again": row.reference}),
    }


def _missing(row: PreparedReferral, case: Case, actor: Actor) -> list[Missing]:
    """All that stands against sending it now, said before anybody tries."""
    language = get_language() or SOURCE_LANGUAGE
    changed = [Missing(render_message(each, language)) for each in changes_since(row)]
    to = To(recipient_name(row.recipient), recipient=row.recipient)
    return [*changed, *missing_for_sending(actor, case, to, Purpose(row.purpose), row.kind)]


def _do(request: HttpRequest, row: PreparedReferral, case: Case, actor: Actor) -> HttpResponse:
    match request.POST.get("do"):
        case "send":
            with sentence_on_page():
                sent = send_prepared_referral(actor=actor, prepared=row)
            return answer_sent(request, case, sent)
        case "give_back":
            text = request.POST.get("text", "")
            give_back_prepared_referral(actor=actor, prepared=row, text=text)
            messages.success(request, _("Given back. Nothing was sent."))
            return redirect("home")
        case "drop":
            drop_prepared_referral(actor=actor, prepared=row)
            messages.success(request, _("Withdrawn. Nothing was sent."))
            return redirect("cases:case", case.reference)
    raise SuspiciousOperation
