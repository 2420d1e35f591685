"""Where a sealed record stands, told by the app that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marfa.platform import clock
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.sealed.models import OpeningRequest, SealedRecord

Standing = Mapping[str, Value]
"""The facts of the charter that an app knows: organisation, site and team, protected, erased,
assigned, granted, excluded, excluded_places."""

_standing: dict[str, Callable[[SealedRecord], Standing]] = {}


def register_standing(kind: str, tell: Callable[[SealedRecord], Standing]) -> None:
    """Have an app tell where its sealed records stand; raises ValueError for a kind of another."""
    if _standing.setdefault(kind, tell) is not tell:
        raise ValueError(f"sealed records of kind {kind} are told of already")


def resource_of(record: SealedRecord, request: OpeningRequest | None = None) -> Resource:
    """A sealed record as the charter sees it, for a request where there is one."""
    holders = record.shares.values_list("staff", flat=True)
    facts: dict[str, Value] = {
        **_standing[record.kind](record),
        "holders": frozenset(holders),
        "asked_by": frozenset({request.asked_by} if request else ()),
        "approved_by": frozenset(
            {request.answered_by}
            if request and request.state == request.State.APPROVED and request.answered_by
            else ()
        ),
        "reason_given": bool(request and request.reason),
        "in_force": bool(request and request.in_force(clock.now())),
    }
    return Resource("SealedRecord", record.pk, facts)
