"""The app's part of a demonstration: who is trained to speak with children."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.child_talks.actions.trainings import confirm_training, enter_training
from marfa.apps.child_talks.models import TalkTraining
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import COLLEAGUE, SUPERVISOR
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context

COUNTS = timedelta(days=300)


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The officer at the gate and two case workers are trained; the supervisor entered it and an
    administrator confirmed it. One training more waits for that."""
    named = (SUPERVISOR, Desk.ADMINISTRATION.value)
    boss, second = (User.objects.filter(username=name).first() for name in named)
    if Desk.PROTECTION not in desks or boss is None or second is None:
        return
    actor, until = actor_of(boss), clock.now().date() + COUNTS
    with row_context(actor.organisations):
        names = (Desk.RECEPTION.value, Desk.PROTECTION.value, COLLEAGUE)
        train(names, boss=boss, second=second, until=until)
        told: dict[str, Any] = {"organisation": data_controller(), "until": until}
        for user in User.objects.filter(username=COLLEAGUE):
            enter_training(actor=actor, user=user, what=TalkTraining.What.SIGN, **told)


def train(usernames: Iterable[str], *, boss: User, second: User, until: date) -> None:
    """Those of them who have an account are trained to speak with children, until a day."""
    for user in User.objects.filter(username__in=usernames).order_by("username"):
        row = enter_training(
            actor=actor_of(boss),
            organisation=data_controller(),
            user=user,
            what=TalkTraining.What.CHILDREN,
            until=until,
        )
        confirm_training(actor=actor_of(second), training=row)
