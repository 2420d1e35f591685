"""Asking for a file with names, answering, and making it once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from marfa.apps.list_files.models import LONGEST_ADDRESS, NamedFileRequest
from marfa.apps.list_files.policy_facts import resources_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, bulk_action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

ASK, APPROVE, MAKE = "exports.ask", "exports.approve", "exports.make"
ANSWERED_WITHIN = timedelta(hours=72)
MADE_WITHIN = timedelta(hours=1)
SHORTEST_REASON = 10
LONGEST_REASON = 2000
MOST_ROWS = 5000
"""Rows of one file with names. It is in memory as a whole, and never on a disk in clear."""
KEY = 16
State = NamedFileRequest.State


def ask_for_names(
    *,
    actor: Actor,
    purpose: Purpose,
    name: str,
    address: str,
    columns: Sequence[str],
    places: Collection[tuple[UUID, UUID | None]],
    keys: Sequence[UUID],
    reason: str,
) -> NamedFileRequest:
    """Ask for a file of these rows of a list with names, contacts or narratives.

    Raises DeniedError; InputError for a reason of fewer than ten characters, for no column, for
    more than 5,000 rows, and for rows of several organisations.
    """
    text = reason.strip()
    if not columns:
        raise InputError.at(Message("apps.list_files:choose-columns"), field="columns")
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        values = {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON}
        raise InputError.at(Message("apps.list_files:reason-length", values), field="reason")
    owners = {organisation for organisation, _site in places}
    if not 0 < len(keys) <= MOST_ROWS or len(owners) != 1 or len(address) > LONGEST_ADDRESS:
        raise InputError.at(Message("apps.list_files:too-many", {"most": MOST_ROWS}))
    now = clock.now()
    row = NamedFileRequest(
        organisation_id=owners.pop(),
        list=name,
        address=address,
        columns=list(columns),
        places=[[str(each), str(site) if site else None] for each, site in places],
        rows=len(keys),
        keys=b"".join(key.bytes for key in keys),
        purpose=purpose.value,
        asked_by=actor.id,
        asked_at=now,
        expires_at=now + ANSWERED_WITHIN,
    )
    row.reason = text
    with open_vault(), _step(actor, ASK, row) as act:
        act.rows(keys)
        act.create(row)
    return row


def approve_names(*, actor: Actor, request: NamedFileRequest) -> None:
    """Let who asked make the file, within an hour. Raises DeniedError; InputError where it was
    answered or ran out meanwhile."""
    now = clock.now()
    with _step(actor, APPROVE, request):
        _move(
            request,
            State.ASKED,
            state=State.APPROVED,
            answered_by=actor.id,
            answered_at=now,
            expires_at=now + MADE_WITHIN,
        )


def decline_names(*, actor: Actor, request: NamedFileRequest) -> None:
    """Say no to a request of somebody else's. Raises DeniedError, InputError."""
    now = clock.now()
    with _step(actor, APPROVE, request) as act:
        act.note(declined=True)
        _over(request, State.DECLINED, State.ASKED, answered_by=actor.id, answered_at=now)


def withdraw_names(*, actor: Actor, request: NamedFileRequest) -> None:
    """Take one's own request back. Raises DeniedError, InputError."""
    if actor.id != request.asked_by:
        raise InputError.at(Message("apps.list_files:not-yours"))
    with _step(actor, ASK, request) as act:
        act.note(withdrawn=True)
        _over(request, State.WITHDRAWN, *NamedFileRequest.OPEN)


@contextmanager
def making_names(
    *, actor: Actor, request: NamedFileRequest, rows: Sequence[UUID], people: Sequence[UUID]
) -> Iterator[Act]:
    """Use the approval up, and say in the log what is handed out: the rows, and each person whose
    identity is in it. Raises DeniedError; InputError where it was used meanwhile."""
    with _step(actor, MAKE, request) as act:
        act.rows(rows)
        act.saw(people)
        _over(request, State.MADE, State.APPROVED)
        yield act


def keys_of(request: NamedFileRequest) -> list[UUID]:
    """The rows that were asked for, in their order; none once it is over."""
    held = bytes(request.keys or b"")
    return [UUID(bytes=held[at : at + KEY]) for at in range(0, len(held), KEY)]


def forget_run_out() -> int:
    """Forget the rows of requests that ran out; how many requests."""
    late = NamedFileRequest.objects.filter(expires_at__lte=clock.now(), keys__isnull=False)
    return late.update(keys=None)


@contextmanager
def _step(actor: Actor, code: str, request: NamedFileRequest) -> Iterator[Act]:
    resources = resources_of(request)
    purpose = Purpose(request.purpose)
    with bulk_action(actor=actor, code=code, purpose=purpose, resources=resources) as act:
        act.made("Export", request.pk)
        act.note(what=request.list, request=str(request.pk), columns="+".join(request.columns))
        act.count(request.rows)
        yield act


def _over(request: NamedFileRequest, to: State, *before: State, **changed: Any) -> None:
    _move(request, *before, state=to, keys=None, closed_at=clock.now(), **changed)


def _move(request: NamedFileRequest, *before: State, **changed: Any) -> None:
    """Change a request that is in force and in one of some states; of two at once, one wins."""
    rows = NamedFileRequest.objects.filter(pk=request.pk, state__in=before)
    if rows.filter(expires_at__gt=clock.now()).update(**changed) != 1:
        raise InputError.at(Message("apps.list_files:request-changed"))
    request.refresh_from_db()
