"""How soon a hand-over is due, and that it comes sooner when more is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from marfa.apps.reception.models import ScreeningReason
from marfa.apps.reception.queries import urgency_without_reason
from marfa.apps.screening.events import Hastened, OutcomeKnown
from marfa.apps.screening.models import URGENCIES, HandOver, Screening
from marfa.apps.screening.queries import CLIMBS, EVERYBODYS, goes_first
from marfa.platform import clock
from marfa.platform.deadlines.actions import set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.events import publish_event
from marfa.platform.rowsecurity.ownership import owner_of

WITHIN = {"now": timedelta(hours=1), "days": timedelta(hours=24), "routine": timedelta(hours=72)}
"""How long a hand-over may wait until somebody takes it up."""

WAITING = deadline_kind(
    "screening.hand_over",
    Step("due"),
    Step("supervisor", CLIMBS),
    Step("everybody", EVERYBODYS),
)
State, Ground = HandOver.State, HandOver.Ground


def urgency_of(screening: Screening, ground: HandOver.Ground) -> str:
    """How soon a hand-over is due: as soon as what the talk found, and as what stands against the
    person's name. A child with whom no talk was finished is due now: nobody knows more of them."""
    finished = screening.state == Screening.State.FINISHED
    if ground == Ground.LIFE_IN_DANGER or (ground == Ground.CHILD and not finished):
        return "now"
    return standing_urgency(screening)


def standing_urgency(screening: Screening) -> str:
    """How soon: as what the talk found, and as what stands against the person's name."""
    return max(screening.urgency, _reason(screening), key=URGENCIES.index)


def _reason(screening: Screening) -> str:
    if goes_first(screening.person_id).first():
        return "now"
    reasons = ScreeningReason.objects.filter(person=screening.person_id, removed_at=None)
    level = reasons.order_by("-urgency").values_list("urgency", flat=True).first()
    return URGENCIES[max(level or 0, urgency_without_reason(screening.person_id))]


def hasten_hand_over(screening: Screening, by: UUID, before: str) -> None:
    """What a talk found is more urgent than it was: so is the hand-over that rests on it. One that
    waits is due sooner, never later; whoever took it up is told, however urgent it was handed over:
    the case may have been lowered since.

    by: who raised it. before: how urgent the talk was. Part of the action that raised it.
    """
    row = HandOver.objects.select_for_update().filter(screening=screening).first()
    if row is None:
        return
    if row.state == State.TAKEN:
        if _rose(before, screening.urgency):
            publish_event(Hastened(row.pk, row.person_id, screening.urgency, clock.now(), by))
        return
    _wait_less(row, screening.urgency, clock.now())


def hasten_without_reason(person: UUID, urgency: str, since: datetime, by: UUID) -> None:
    """The same where somebody is to be seen sooner and nothing says why. since: from when it
    counts; who was handed over later counts from then."""
    for row in HandOver.objects.select_for_update().filter(person=person):
        if row.state == State.TAKEN:
            publish_event(Hastened(row.pk, person, urgency, since, by))
        else:
            _wait_less(row, urgency, max(since, row.made_at))


def _wait_less(row: HandOver, urgency: str, since: datetime) -> None:
    if not _rose(row.urgency, urgency):
        return
    row.urgency = urgency
    row.due_at = min(row.due_at, since + WITHIN[urgency])
    row.save(update_fields=["urgency", "due_at"])
    due, owner = row.due_at, owner_of(row)
    set_deadline(kind=WAITING, subject=row.pk, due_at=due, owner=owner, since=since)
    publish_event(OutcomeKnown(row.person_id))


def _rose(before: str, after: str) -> bool:
    return URGENCIES.index(after) > URGENCIES.index(before)
