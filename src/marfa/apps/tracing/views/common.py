"""What the pages of tracing share: the second person, answers and days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case
from marfa.apps.cases.policy_facts import review_of
from marfa.apps.cases.queries import ASKED
from marfa.apps.organisations.forms import day_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.moments import end_of_day
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.vault.access import open_vault

YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


def may_answer(actor: Actor, case: Case, key: UUID, asked_by: UUID) -> bool:
    """Whether somebody may be the second person on what a colleague asks."""
    asked = review_of(case.person, key, asked_by=asked_by)
    return decide(actor, "cases.review", asked, ASKED).allowed


@contextmanager
def reviewing(actor: Actor, case: Case, key: UUID, asked_by: UUID) -> Iterator[None]:
    """What a second person needs to see of what they are asked about, on the record."""
    with (
        reading(
            actor=actor,
            code="cases.review",
            purpose=PURPOSE,
            resource=review_of(case.person, key, asked_by=asked_by),
            subject=case.person_id,
        ),
        open_vault(),
    ):
        yield


def yes_or_no(request: HttpRequest, name: str) -> bool:
    """What somebody answered; raises InputError where they did not."""
    said = request.POST.get(name, "")
    if said not in ("yes", "no"):
        raise InputError.at(Message("apps.cases:choose-one"), field=name)
    return said == "yes"


def day_end(request: HttpRequest, name: str, case: Case) -> datetime | None:
    """The end of a day at the site; None where none was given. Raises InputError."""
    found = day_of(request.POST, name)
    return end_of_day(found, case.site.time_zone) if found else None


def noon_of(request: HttpRequest, name: str, case: Case) -> datetime:
    """Noon of a day at the site, for what has no hour; not later than now. Raises InputError."""
    found = day_of(request.POST, name)
    if found is None or found > clock.today(case.site.time_zone):
        raise InputError.at(Message("apps.tracing:day-wrong"), field=name)
    noon = datetime.combine(found, time(12), ZoneInfo(case.site.time_zone))
    return min(noon, clock.now())
