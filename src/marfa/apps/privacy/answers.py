"""Answers to requests: one person proposes, another agrees; it is done, and the person told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy.action_base import controller_key, over_all_rows
from marfa.apps.privacy.actions import ANSWER
from marfa.apps.privacy.models import DataRequest, RequestAnswer
from marfa.apps.privacy.queries import MOST_SHOWN, utc_today
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose, Role

SEE = "privacy.see_request"
PROPOSE = "privacy.propose"
AGREE = "privacy.agree"
KIND = "DataRequest"
ERASURE = "erasure"
AGREEING = frozenset({Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR})


def answer_to(request: DataRequest) -> RequestAnswer | None:
    """The answer that was proposed; None before that."""
    return RequestAnswer.objects.filter(request=request).first()


def erases(request: DataRequest, answer: RequestAnswer) -> bool:
    """Whether an answer is that everything of a person is erased, which is an action of its own.
    Where part of it is, nothing but that part goes: by hand, and then it is said to be done."""
    return request.kind == ERASURE and answer.outcome == RequestAnswer.Outcome.GRANTED


def resource_of(request: DataRequest, answer: RequestAnswer | None = None) -> Resource:
    """A request with its answer as the charter sees it."""
    return Resource(
        KIND,
        request.pk,
        {
            "controller": controller_key(),
            "erasure": request.kind == ERASURE,
            "taken_by": frozenset({request.taken_by}),
            "proposed_by": frozenset({answer.proposed_by} if answer else ()),
        },
    )


def may(actor: Actor, code: str, request: DataRequest, answer: RequestAnswer | None) -> bool:
    """Whether somebody may take a step."""
    asked: dict[str, Value] = {"on_record": True, "purpose": Purpose.DATA_PROTECTION.value}
    return decide(actor, code, resource_of(request, answer), asked).allowed


def two_for_erasure(subject: UUID) -> Mapping[str, Value]:
    """Who recorded, proposed and agreed to the erasure that waits, for the charter: nobody where
    there is none, and nobody whose account is closed."""
    answer = waiting_erasure(subject)
    if answer is None:
        return dict.fromkeys(("asked_by", "decided_by", "agreed_by"), frozenset[UUID]())
    return {
        "asked_by": frozenset({answer.request.taken_by}),
        "decided_by": _working({answer.proposed_by}),
        "agreed_by": _working({answer.agreed_by} if answer.agreed_by else ()),
    }


def waiting_erasure(subject: UUID) -> RequestAnswer | None:
    """The erasure of everything of a subject that was proposed and is not done."""
    rows = RequestAnswer.objects.filter(
        subject=subject,
        request__kind=ERASURE,
        request__settled_at=None,
        outcome=RequestAnswer.Outcome.GRANTED,
        done_at=None,
    )
    # One that both have agreed to counts before one that waits for the second.
    order = (F("agreed_at").desc(nulls_last=True), "-proposed_at", "pk")
    return rows.select_related("request").order_by(*order).first()


@over_all_rows
def agreed_erasure(subject: UUID) -> list[str]:
    """The reference of the request to whose erasure two agreed; none where nobody did."""
    answer = waiting_erasure(subject)
    return [answer.request.reference] if answer and answer.agreed_at else []


def require_agreed(subject: UUID, reference: str) -> None:
    """Raises InputError where two did not agree to this request about this subject."""
    if reference not in agreed_erasure(subject):
        raise InputError.at(Message("apps.privacy:not-agreed"), field="--request")


def _working(keys: Collection[UUID]) -> frozenset[UUID]:
    return frozenset(User.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True))


@over_all_rows
def propose_answer(*, actor: Actor, request: DataRequest, outcome: str, reason: str = "") -> None:
    """Propose what the answer is; another one in its place as long as nobody agreed.

    Raises InputError without an answer, for a refusal without a reason, and where it is settled.
    """
    if outcome not in RequestAnswer.Outcome.values:
        raise InputError.at(Message("apps.privacy:choose-answer"), field="outcome")
    whole = outcome == RequestAnswer.Outcome.GRANTED
    if not whole and reason not in RequestAnswer.Reason.values:
        raise InputError.at(Message("apps.privacy:say-why-not"), field="reason")
    with _step(actor, PROPOSE, request) as (act, answer):
        _must(answer is None or answer.agreed_at is None)
        if answer is not None:
            answer.delete()
        said = "" if whole else reason
        act.note(request=request.kind, outcome=outcome, reason=said)
        act.create(
            RequestAnswer(
                request=request,
                subject=request.subject,
                outcome=outcome,
                reason=said,
                proposed_at=clock.now(),
                proposed_by=act.by,
            )
        )


@over_all_rows
def agree_to_answer(*, actor: Actor, request: DataRequest) -> None:
    """Agree to what somebody else proposed. What is refused is done by that."""
    with _step(actor, AGREE, request) as (act, answer):
        _must(answer is not None and answer.agreed_at is None)
        assert answer is not None  # noqa: S101 - for mypy
        act.note(request=request.kind, outcome=answer.outcome)
        now = clock.now()
        refused = answer.outcome == RequestAnswer.Outcome.REFUSED
        RequestAnswer.objects.filter(pk=answer.pk).update(
            agreed_at=now, agreed_by=act.by, done_at=now if refused else None
        )


@over_all_rows
def note_done(*, actor: Actor, request: DataRequest) -> None:
    """Record that what was agreed is carried out. The erasure of everything records itself."""
    with _step(actor, PROPOSE, request) as (act, answer):
        _must(
            answer is not None
            and answer.agreed_at is not None
            and answer.done_at is None
            and not erases(request, answer)
        )
        act.note(request=request.kind, done=True)
        RequestAnswer.objects.filter(request=request).update(done_at=clock.now())


@over_all_rows
def note_told(*, actor: Actor, request: DataRequest, how: str, on: date | None) -> None:
    """Record how and when the person was told, which settles the request.

    Raises InputError without a way, and for a day before the request or after today.
    """
    if how not in RequestAnswer.Told.values:
        raise InputError.at(Message("apps.privacy:choose-how-told"), field="told_how")
    if on is None or not request.received_on <= on <= utc_today():
        raise InputError.at(Message("apps.privacy:told-on"), field="told_on")
    with _step(actor, SEE, request) as (act, answer):
        _must(answer is not None and answer.done_at is not None)
        assert answer is not None  # noqa: S101 - for mypy
        act.note(request=request.kind, told=how, outcome=answer.outcome)
        RequestAnswer.objects.filter(pk=answer.pk).update(told_on=on, told_how=how, told_by=act.by)
        DataRequest.objects.filter(pk=request.pk).update(
            settled_at=clock.now(), outcome=answer.outcome
        )
        meet_deadline(kind=ANSWER, subject=request.pk)


@contextmanager
def _step(
    actor: Actor, code: str, request: DataRequest
) -> Iterator[tuple[Act, RequestAnswer | None]]:
    """One step of an answer, of a request that is open. The log names nobody as its subject."""
    answer = answer_to(request)
    with action(
        actor=actor,
        code=code,
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of(request, answer),
    ) as act:
        # What a colleague did meanwhile counts, not what the page showed.
        _must(DataRequest.objects.filter(pk=request.pk, settled_at=None).exists())
        now = RequestAnswer.objects.select_for_update().filter(request=request).first()
        _must((now and now.pk) == (answer and answer.pk))
        yield act, now


def _must(holds: bool) -> None:
    if not holds:
        raise InputError.at(Message("apps.privacy:answer-otherwise"))


def work_items_of(user: User) -> Iterator[WorkItem]:
    """Answers that a colleague proposed and that this person may agree to."""
    actor = actor_of(user)
    if not AGREEING & actor.role_names:
        return
    rows = RequestAnswer.objects.filter(agreed_at=None, request__settled_at=None)
    for answer in rows.select_related("request").order_by("request__due_on", "pk")[:MOST_SHOWN]:
        if may(actor, AGREE, answer.request, answer):
            yield WorkItem(
                text=gettext("An answer to a person’s request is waiting for a second person"),
                url=reverse("privacy:request", args=[answer.request.reference]),
                urgency=Urgency.DUE,
                by=answer.request.due_on,
            )
