"""The handling mark of what this installation hands out, and what it may hand to whom."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from marfa.domain.doors import body_of_desks, body_of_recipient, check_sending, doors
from marfa.domain.handling import HandlingMark
from marfa.domain.message import Place
from marfa.platform import clock

CODE_LENGTH = 12
"""Hexadecimal digits by which the data-protection officer finds who made a copy."""


def body_here() -> str:
    """The kind of body whose installation this is."""
    return body_of_desks(settings.DESKS)


def protects_here() -> bool:
    """Whether the data here are of people whom this body protects."""
    return body_here() in doors().protecting


def mark_of(maker: UUID, contents: str, purpose: str) -> HandlingMark:
    """The mark of something made now. maker: key of who makes it; what leaves is a keyed digest,
    which tells others nothing and is the same for all that one person makes."""
    return HandlingMark(body_here(), contents, clock.now(), purpose, maker_code(maker))


def maker_code(maker: UUID) -> str:
    """The code of a member of staff in marks."""
    digest = salted_hmac("handling", str(maker), algorithm="sha256")
    return digest.hexdigest()[:CODE_LENGTH]


def check_recipient(kind: str, contents: str, *, field: str) -> None:
    """Raises InputError where this body may not send such a thing to a recipient of this kind.

    kind: code of ``recipient_kinds``. contents: code of ``door_contents``.
    """
    check_sending(body_here(), contents, body_of_recipient(kind), Place(field=field))
