"""Who is trained to speak with children, for tests of what stands on it."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.child_talks.models import TalkTraining
from marfa.apps.organisations.queries import data_controller
from marfa.domain.ids import new_id
from marfa.platform import clock


def train(user: User) -> TalkTraining:
    """A training that counts, which two others entered and confirmed."""
    now = clock.now()
    return TalkTraining.objects.create(
        organisation=data_controller(),
        user=user,
        what=TalkTraining.What.CHILDREN,
        until=now.date() + timedelta(days=30),
        entered_at=now,
        entered_by=new_id(),
        confirmed_at=now,
        confirmed_by=new_id(),
    )
