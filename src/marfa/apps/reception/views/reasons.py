"""The pages of reasons: shown with their facts, added, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.reception.actions.queue import (
    PURPOSE,
    add_reason,
    ask_to_remove,
    raise_urgency,
    remove_reason,
)
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.reception.queries import reasons_of
from marfa.apps.reception.reasons import RULES
from marfa.apps.reception.views.queue import place_named
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.domain.codelists import codelist
from marfa.methods.screening.outcome import Urgency
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

SOURCES = {rule.reason: rule.sources for rule in RULES}
URGENCIES = {level.code: level for level in Urgency}


@dataclass(frozen=True)
class ReasonText:
    """A reason in words. facts: (fact, how it is known) in the reader's language."""

    row: ScreeningReason
    label: str
    facts: tuple[tuple[str, str], ...]
    sentence: str
    sources: tuple[str, ...]
    urgency: str
    asked_why: str


def read_reasons(entry: QueueEntry, actor: Actor) -> list[ReasonText]:
    """The reasons that stand, read on the record. Raises DeniedError."""
    fields = ["code", "facts", "sentence", "asked_why"]
    resource = record_of(PERSON.resource(entry.person), ScreeningReason, fields)
    with (
        open_vault(),
        reading(
            actor=actor,
            code="records.read",
            purpose=PURPOSE,
            resource=resource,
            subject=entry.person_id,
        ),
    ):
        return [_in_words(row) for row in reasons_of(entry.person_id)]


def _in_words(row: ScreeningReason) -> ReasonText:
    language = get_language() or "en"
    code, names = row.code or "officer", codelist("private_step_facts")
    facts = tuple((names.label(fact, language), basis) for fact, basis in row.facts or ())
    return ReasonText(
        row,
        codelist("screening_reasons").label(code, language),
        facts,
        row.sentence or "",
        SOURCES.get(code, ()),
        Urgency(row.urgency).code,
        row.asked_why or "",
    )


@form_view
def of_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """The reasons of one person; an officer may add one."""
    current_user(request)
    actor = actor_in(request)
    entry = place_named(reference, actor)

    def add() -> None:
        urgency = URGENCIES.get(request.POST.get("urgency", ""), Urgency.DAYS)
        if request.POST.get("do") == "sooner":
            raise_urgency(actor=actor, person=entry.person, urgency=urgency)
            return
        text = request.POST.get("sentence", "")
        add_reason(actor=actor, person=entry.person, sentence=text, urgency=urgency)

    return _page(request, entry).answer(add)


def _page(request: HttpRequest, entry: QueueEntry) -> FormPage:
    def shown() -> Context:
        return {"entry": entry, "reasons": read_reasons(entry, actor_in(request))}

    return FormPage(request, "reception/reasons.html", context=shown)


@sensitive_post_parameters()
@require_http_methods(["POST"])
def take_away(request: HttpRequest, reference: str, reason: str) -> HttpResponse:
    """Ask that a reason be taken away, or, as a second person, take it away."""
    current_user(request)
    actor = actor_in(request)
    entry = place_named(reference, actor)
    rows = ScreeningReason.objects.select_related("person__site")
    row = rows.filter(reference=reason, person=entry.person_id).first()
    if row is None:
        raise Http404
    do = remove_reason if request.POST.get("do") == "remove" else ask_to_remove
    act = partial(do, actor=actor, reason=row, why=request.POST.get("why", ""))
    return _page(request, entry).answer(act, done=reverse("reasons:entry", args=[reference]))
