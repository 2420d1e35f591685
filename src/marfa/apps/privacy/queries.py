"""Questions about holds, requests and the people behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps import registry
from marfa.apps.privacy.models import DataRequest, Hold
from marfa.domain.message import InputError, Message
from marfa.platform import clock


def today() -> date:
    """The day that holds and periods go by: that of UTC, the same at every site."""
    return clock.now().date()


def holds_in_force() -> QuerySet[Hold]:
    """Holds that keep something from being deleted today, the day of their end included."""
    return Hold.objects.filter(lifted_at=None, until__gte=today()).order_by("until", "id")


def held(subjects: Iterable[UUID]) -> set[UUID]:
    """Those of the persons of whom nothing may be deleted today."""
    return set(
        holds_in_force().filter(subject__in=list(subjects)).values_list("subject", flat=True)
    )


def open_requests() -> QuerySet[DataRequest]:
    """Requests without an answer, the most urgent first."""
    return DataRequest.objects.filter(settled_at=None).order_by("due_on", "id")


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


def subject_named(text: str) -> UUID:
    """The key of the person whom a key, a reference or a code of any app names.

    Raises InputError; the sentence does not repeat what was typed.
    """
    for module in registry.modules():
        for resolve in module.subjects:
            if (found := resolve(text)) is not None:
                return found
    try:
        return UUID(text)
    except ValueError:
        raise InputError.at(Message("apps.privacy:subject-unknown"), field="SUBJECT") from None
