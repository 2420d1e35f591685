"""Asking, answering and opening: two people, a reason, once.

Who approves opens their own share alone and seals it to who asked, for this request. Who asked
joins it with their own. Neither ever has the other's keys, and the server has the record's key only
while it shows the content to who asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from marfa.crypto.aead import open_sealed, seal_bytes
from marfa.crypto.boxes import close_box, open_box
from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.keys import Key
from marfa.crypto.lines import Point
from marfa.crypto.padding import pad_value, unpad_value
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.sealed.key_lock import Unlocked
from marfa.safeguards.sealed.models import (
    KeyHolder,
    OpeningRequest,
    Reason,
    SealedRecord,
    Share,
)
from marfa.safeguards.sealed.policy_facts import resource_of
from marfa.safeguards.sealed.records import (
    content_of,
    content_place,
    keys_of,
    own_point,
    shares_of,
)
from marfa.safeguards.words import Purpose

ANSWERED_WITHIN = timedelta(hours=72)
OPENED_WITHIN = timedelta(hours=1)
SHORTEST_REASON = 10
LONGEST_REASON = 2000

State = OpeningRequest.State


def ask_to_open(
    *,
    actor: Actor,
    purpose: Purpose,
    record: SealedRecord,
    code: Reason,
    reason: str,
    new_holders: Collection[UUID] | None = None,
) -> OpeningRequest:
    """Ask to open a record once, or to let others open it from now on.

    reason: in words; it is sealed to those who may answer.
    new_holders: who shall hold the record's key afterwards; then the content is not shown.
    Raises InputError for a reason of fewer than ten characters, and for holders without keys.
    """
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        values = {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON}
        raise InputError.at(Message("safeguards.sealed:reason-length", values), field="reason")
    if new_holders is not None:
        keys_of(new_holders)
    now = clock.now()
    request = OpeningRequest(
        record=record,
        purpose=purpose.value,
        reason_code=code.value,
        new_holders=sorted(str(staff) for staff in new_holders) if new_holders else None,
        asked_by=actor.id,
        asked_at=now,
        expires_at=now + ANSWERED_WITHIN,
    )
    _seal_reason(request, text)
    with _step(actor, "sealed.ask", request) as act:
        act.note(rekey=bool(new_holders))
        request.save(force_insert=True)
    return request


def approve_opening(*, actor: Actor, request: OpeningRequest, unlocked: Unlocked) -> None:
    """Give one's own share to who asked, for this request.

    Raises InputError where it was answered or ran out meanwhile, or the actor holds no share.
    """
    _own(actor, unlocked)
    record, now = request.record, clock.now()
    with _step(actor, "sealed.approve", request):
        point = own_point(record, unlocked)
        to = KeyHolder.objects.values_list("public_key", flat=True).get(pk=request.asked_by)
        _move(
            request,
            State.ASKED,
            state=State.APPROVED,
            answered_by=actor.id,
            answered_at=now,
            expires_at=now + OPENED_WITHIN,
            approval=close_box(point.encode(), to=bytes(to), context=_approval_place(request)),
        )


def decline_opening(*, actor: Actor, request: OpeningRequest) -> None:
    """Say no to a request of somebody else's. Raises InputError where it is no longer open."""
    if actor.id == request.asked_by:
        raise InputError.at(Message("safeguards.sealed:own-request"))
    _close(actor, request, State.DECLINED)


def withdraw_opening(*, actor: Actor, request: OpeningRequest) -> None:
    """Take a request or an approval back. Raises InputError where it is no longer open."""
    _close(actor, request, State.WITHDRAWN)


def open_record(*, actor: Actor, request: OpeningRequest, unlocked: Unlocked) -> bytes:
    """The content, once: the approval is used up, and the log says so before it is shown.

    Raises InputError where the request asks for something else, was used or has changed.
    """
    if request.new_holders is not None:
        raise InputError.at(Message("safeguards.sealed:request-changed"))
    _own(actor, unlocked)
    with _step(actor, "sealed.open", request):
        content, _key = _join(request, unlocked)
        _move(request, State.APPROVED, state=State.OPENED, approval=None, closed_at=clock.now())
    return content


def rekey_record(*, actor: Actor, request: OpeningRequest, unlocked: Unlocked) -> None:
    """Seal the content anew, to the holders that were asked for and approved.

    All earlier shares and approvals are worth nothing then, also where somebody kept a copy of
    them. Raises InputError like :func:`open_record`.
    """
    if request.new_holders is None:
        raise InputError.at(Message("safeguards.sealed:request-changed"))
    _own(actor, unlocked)
    holders = [UUID(staff) for staff in request.new_holders]
    with _step(actor, "sealed.open", request) as act:
        record = SealedRecord.objects.select_for_update().get(pk=request.record_id)
        request.record = record
        content, _key = _join(request, unlocked)
        _move(request, State.APPROVED, state=State.OPENED, approval=None, closed_at=clock.now())
        key = Key.random()
        record.generation += 1
        record.content = seal_bytes(key, pad_value(content), content_place(record))
        shares = shares_of(record, key, holders)
        record.shares.all().delete()
        record.save()
        Share.objects.bulk_create(shares)
        others = record.requests.filter(state__in=OpeningRequest.OPEN)
        others.update(state=State.WITHDRAWN, approval=None, closed_at=clock.now())
        act.note(rekey=True, holders=len(holders))


def reason_of(request: OpeningRequest, unlocked: Unlocked) -> str:
    """Why somebody wants to open a record, in their words; raises InputError for who is none of
    those to whom it was sealed."""
    box = request.reason_boxes.get(str(unlocked.staff))
    if box is None:
        raise InputError.at(Message("safeguards.sealed:no-share"))
    try:
        place = _reason_place(request, unlocked.staff)
        key = Key(open_box(bytes.fromhex(box), private=unlocked.private, context=place))
        text = open_sealed(key, bytes(request.reason), _reason_place(request))
    except NotAuthenticError:
        raise InputError.at(Message("safeguards.sealed:does-not-open")) from None
    return unpad_value(text).decode()


def forget_run_out() -> int:
    """Destroy approvals that were not used in time; how many."""
    late = OpeningRequest.objects.filter(state=State.APPROVED, expires_at__lte=clock.now())
    return late.filter(approval__isnull=False).update(approval=None)


@contextlib.contextmanager
def _step(actor: Actor, code: str, request: OpeningRequest) -> Iterator[Act]:
    """One step of a request, decided by the charter and in the log with the request's number."""
    resource = resource_of(request.record, request)
    purpose = Purpose(request.purpose)
    subject = request.record.subject
    with action(actor=actor, code=code, purpose=purpose, resource=resource, subject=subject) as act:
        act.note(request=str(request.pk), reason=request.reason_code)
        yield act


def _close(actor: Actor, request: OpeningRequest, state: State) -> None:
    now = clock.now()
    with _step(actor, "sealed.withdraw", request):
        changed: dict[str, Any] = {"state": state, "approval": None, "closed_at": now}
        if state is State.DECLINED:
            changed |= {"answered_by": actor.id, "answered_at": now}
        _move(request, *OpeningRequest.OPEN, **changed)


def _join(request: OpeningRequest, unlocked: Unlocked) -> tuple[bytes, Key]:
    """The content and its key, from one's own share and the one that was given for this request."""
    own = own_point(request.record, unlocked)
    try:
        given = open_box(
            bytes(request.approval or b""),
            private=unlocked.private,
            context=_approval_place(request),
        )
    except NotAuthenticError:
        raise InputError.at(Message("safeguards.sealed:request-changed")) from None
    return content_of(request.record, own, Point.decode(given))


def _move(request: OpeningRequest, *before: State, **changed: Any) -> None:
    """Change a request that is in force and in one of some states; of two at once, one wins."""
    rows = OpeningRequest.objects.filter(pk=request.pk, state__in=before)
    rows = rows.filter(Q(expires_at__gt=clock.now()))
    if rows.update(**changed) != 1:
        raise InputError.at(Message("safeguards.sealed:request-changed"))
    request.refresh_from_db()


def _own(actor: Actor, unlocked: Unlocked) -> None:
    """Nobody acts with the keys of somebody else."""
    if actor.id != unlocked.staff:
        raise InputError.at(Message("safeguards.sealed:no-share"))


def _seal_reason(request: OpeningRequest, text: str) -> None:
    key = Key.random()
    request.reason = seal_bytes(key, pad_value(text.encode()), _reason_place(request))
    holders = request.record.shares.values_list("staff", flat=True)
    keys = KeyHolder.objects.filter(pk__in=holders).values_list("pk", "public_key")
    request.reason_boxes = {
        str(staff): close_box(
            key.expose(), to=bytes(public), context=_reason_place(request, staff)
        ).hex()
        for staff, public in keys
    }


def _approval_place(request: OpeningRequest) -> Context:
    row = f"{request.pk}/{request.asked_by}"
    return Context("sealed_openingrequest", "approval", row, request.record.generation)


def _reason_place(request: OpeningRequest, staff: UUID | None = None) -> Context:
    return Context("sealed_openingrequest", "reason", f"{request.pk}/{staff or ''}")
