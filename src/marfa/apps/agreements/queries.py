"""Questions about recipients of data and the agreements with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.organisations.policy_facts import of_the_installation, the_controller
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.words import Purpose

SOON = timedelta(days=30)


def recipients_in_use() -> QuerySet[Recipient]:
    """Recipients that may still be named, by name."""
    still = Q(guest=None) | Q(guest__ended_at=None)
    return (
        Recipient.objects.filter(still, ended_at=None)
        .select_related("guest")
        .order_by("name", "guest__name", "pk")
    )


def recipient_called(reference: str) -> Recipient | None:
    """A recipient that may still be named."""
    return recipients_in_use().filter(reference=reference).first()


def agreements_ending(at: datetime | None = None) -> QuerySet[DataAgreement]:
    """Agreements that end within thirty days, the next first."""
    moment = at or clock.now()
    return (
        DataAgreement.objects.filter(ended_at=None, until__gt=moment, until__lte=moment + SOON)
        .filter(recipient__ended_at=None)
        .order_by("until", "pk")
    )


def may_see_recipients(actor: Actor) -> bool:
    """Whether the list of recipients is theirs to read."""
    return decide(actor, "registers.read", of_the_installation("Register")).allowed


def may_change_recipients(actor: Actor) -> bool:
    """Whether somebody may write recipients and agreements down."""
    asked: dict[str, Value] = {"on_record": True, "purpose": Purpose.ADMINISTRATION.value}
    return decide(actor, "organisations.manage", the_controller(), asked).allowed


def agreements_in_force(recipient: Recipient, at: datetime | None = None) -> list[DataAgreement]:
    """Agreements with a recipient that hold, the one that lasts longest first; none where the
    recipient has ended or has left the operation."""
    moment = at or clock.now()
    ends = [recipient.ended_at, recipient.guest.ended_at if recipient.guest else None]
    if any(end is not None and end <= moment for end in ends):
        return []
    still = Q(ended_at=None) | Q(ended_at__gt=moment)
    found = recipient.agreements.filter(still, starts_at__lte=moment, until__gt=moment)
    return list(found.order_by("-until", "pk"))
