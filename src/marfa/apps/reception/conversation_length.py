"""How long somebody has been spoken with today: after a while each page says that it is enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Q

from marfa.apps.reception.models import PrivateConversation
from marfa.platform import clock

A_DAY = timedelta(hours=8)
"""Of work: what lies longer ago was on another day."""
BETWEEN = timedelta(minutes=30)
"""At most, between two parts of one conversation."""


def is_enough(since: datetime) -> bool:
    """Whether a conversation that goes on since then is as long as one should be."""
    return clock.now() - since > timedelta(minutes=settings.MARFA.conversation_minutes)


def private_since(talk: PrivateConversation) -> datetime:
    """Since when it goes on today: a talk that was left and goes on another day begins anew for who
    answers."""
    today = clock.now() - A_DAY
    if talk.began_at > today:
        return talk.began_at
    answered = talk.answers.filter(answered_at__gt=today).aggregate(first=Min("answered_at"))
    return answered["first"] or clock.now()


def conversation_since(person: UUID, began: datetime) -> datetime:
    """Since when the conversation goes on of which a later part began then: with its private part,
    where that ended shortly before, or goes on."""
    ended = Q(ended_at=None) | Q(ended_at__gte=began - BETWEEN)
    talks = PrivateConversation.objects.filter(ended, person=person, began_at__lte=began)
    talk = talks.order_by("-began_at").first()
    since = min(began, private_since(talk)) if talk is not None else began
    return since if since > clock.now() - A_DAY else clock.now()
