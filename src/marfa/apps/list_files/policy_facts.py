"""A file with names, as the charter sees it."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.list_file import export_of
from marfa.apps.list_files.models import NamedFileRequest
from marfa.platform import clock
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Tier

State = NamedFileRequest.State


def resources_of(request: NamedFileRequest) -> list[Resource]:
    """The file that was asked for, at each place of its rows."""
    approved = request.answered_by if request.state == State.APPROVED else None
    asked: dict[str, Value] = {
        "names": True,
        "asked_by": frozenset({request.asked_by}),
        "approved_by": frozenset() if approved is None else frozenset({approved}),
        "reason_given": True,
        "in_force": request.in_force(clock.now()),
    }
    return [
        export_of(
            UUID(organisation),
            UUID(site) if site else None,
            tier=Tier.SENSITIVE.value,
            asked=asked,
        )
        for organisation, site in request.places
    ]
