"""Questions about holds, requests and the people behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext

from marfa.apps import manifest
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, Waiting, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy.action_base import over_all_rows, resource_of_register
from marfa.apps.privacy.models import DataRequest, Hold
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.codes import parse_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.fields.footprint import footprint_of
from marfa.safeguards.vault.models import SubjectKey
from marfa.safeguards.words import Purpose

MOST_SHOWN = 20


def utc_today() -> date:
    """The day that holds and periods go by: that of UTC, the same at every site."""
    return clock.now().date()


def holds_in_force() -> QuerySet[Hold]:
    """Holds that keep something from being deleted today, the day of their end included."""
    return Hold.objects.filter(lifted_at=None, until__gte=utc_today()).order_by("until", "id")


def subjects_on_hold(subjects: Iterable[UUID]) -> set[UUID]:
    """Those of the persons of whom nothing may be deleted today."""
    return set(
        holds_in_force().filter(subject__in=list(subjects)).values_list("subject", flat=True)
    )


def open_requests() -> QuerySet[DataRequest]:
    """Requests without an answer, the most urgent first."""
    return DataRequest.objects.filter(settled_at=None).order_by("due_on", "id")


def all_requests() -> QuerySet[DataRequest]:
    """Every request: those that wait first, the most urgent of them on top, then the answered ones
    from the newest on."""
    return DataRequest.objects.order_by(F("settled_at").desc(nulls_first=True), "due_on", "id")


def may_see_requests(actor: Actor) -> bool:
    """Whether the list of requests is theirs to see."""
    asked: dict[str, Value] = {"on_record": True, "purpose": Purpose.DATA_PROTECTION.value}
    return decide(actor, "privacy.access", resource_of_register("requests"), asked).allowed


def requests_waiting(actor: Actor) -> Waiting:
    """How many requests have no answer, for who may see them."""
    if not may_see_requests(actor):
        return Waiting(0)
    rows = open_requests().order_by()
    return Waiting(rows.count(), rows.filter(due_on__lt=utc_today()).count())


def work_items_of(user: User) -> Iterator[WorkItem]:
    """For data-protection officers: each request without an answer, and by when it needs one."""
    found = list(open_requests()[:MOST_SHOWN])
    if not found or not may_see_requests(actor_of(user)):
        return
    language = get_language() or SOURCE_LANGUAGE
    for request in found:
        kind = codelist("data_request_kinds").label(request.kind, language)
        yield WorkItem(
            text=gettext("A person’s request is waiting for an answer: %(kind)s") % {"kind": kind},
            url=reverse("privacy:request", args=[request.reference]),
            urgency=Urgency.DUE,
            by=request.due_on,
        )


def hold_named(reference: str) -> Hold:
    """A hold by its reference; raises InputError."""
    found = Hold.objects.filter(reference=reference).first()
    if found is None:
        raise InputError.at(Message("apps.privacy:hold-unknown"), field="HOLD")
    return found


def request_named(reference: str) -> DataRequest:
    """A request by its reference; raises InputError."""
    found = DataRequest.objects.filter(reference=reference).first()
    if found is None:
        raise InputError.at(Message("apps.privacy:request-unknown"), field="REQUEST")
    return found


@over_all_rows
def subject_named(text: str) -> UUID:
    """The key of the subject that a key, a reference or a code of any app names.

    Raises InputError where it names none of which anything is stored, or several of them, as a
    code may that two organisations gave; the sentence does not repeat what was typed.
    """
    found = manifest.subjects_named(text) or _known_key(text)
    if len(found) > 1:
        raise InputError.at(Message("apps.privacy:subject-several"), field="SUBJECT")
    if not found:
        raise InputError.at(_why_nobody(text), field="SUBJECT")
    return found.pop()


def _known_key(text: str) -> set[UUID]:
    """What was typed as a key, if anything is stored under it: one wrong digit is a key too."""
    try:
        key = UUID(text)
    except ValueError:
        return set()
    known = SubjectKey.objects.filter(subject=key).exists() or footprint_of(key).rows
    return {key} if known else set()


def _why_nobody(text: str) -> Message:
    """A code that was mistyped says so, by its check digit."""
    if any(character.isalpha() for character in text):
        return Message("apps.privacy:subject-unknown")
    try:
        parse_code(text)
    except InputError as error:
        return error.problems[0].message
    return Message("apps.privacy:subject-unknown")
