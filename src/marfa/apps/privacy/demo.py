"""The app's part of a demonstration: a colleague who left asks what is stored about them."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.demo import COLLEAGUE
from marfa.apps.privacy.actions import receive_request
from marfa.apps.privacy.queries import utc_today

DAYS_AGO = 24


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One request that waits, where somebody is there to answer it."""
    person = User.objects.filter(username=COLLEAGUE).first()
    if person is not None and Desk.ADMINISTRATION in desks:
        receive_request(
            actor=by_command(),
            subject=person.pk,
            kind="access",
            received_on=utc_today() - timedelta(days=DAYS_AGO),
        )
