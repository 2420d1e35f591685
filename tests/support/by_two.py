"""Erasing somebody as two people agreed to it: the charter asks for them, whoever calls."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.privacy.erasure import erase_person
from marfa.apps.privacy.models import DataRequest, RequestAnswer
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def colleague(name: str) -> User:
    """Somebody who does nothing else in the test."""
    made, _ = User.objects.get_or_create(
        username_key=name,
        defaults={"username": name, "display_name": name, "created_at": clock.now()},
    )
    return made


def agree_by_two(subject: UUID, *, second: bool = True) -> RequestAnswer:
    """A request for erasure that nobody here recorded, with the words of two, or of one alone."""
    now = clock.now()
    asked = DataRequest.objects.create(
        subject=subject,
        kind="erasure",
        received_on=now.date(),
        due_on=now.date(),
        taken_by=new_id(),
    )
    agreed = {"agreed_at": now, "agreed_by": colleague("second-word").pk} if second else {}
    return RequestAnswer.objects.create(
        request=asked,
        subject=subject,
        outcome="granted",
        proposed_at=now,
        proposed_by=colleague("first-word").pk,
        **agreed,
    )


def erase_by_two(*, actor: Actor, subject: UUID) -> dict[str, int]:
    """Erase, after two agreed."""
    agree_by_two(subject)
    return erase_person(actor=actor, subject=subject)
