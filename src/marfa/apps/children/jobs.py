"""Each hour the duties are worked out anew from the tables, in case anything was missed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from marfa.apps.children.actions.duties import by_rule, duties_to_be, refresh_duties
from marfa.apps.children.models import Duty
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job
from marfa.safeguards.actions import Act

AT_ONCE = 5000
"""So many are looked at at once; few of them are written."""


def people_with_duties() -> list[UUID]:
    """Who is or may be a child somewhere, and whoever is owed something still."""
    tomorrow = clock.now().date() + timedelta(days=2)  # whatever the day is at their site
    child = Q(child_until=None) | Q(child_until__gt=tomorrow - timedelta(days=3))
    open_ones = Duty.objects.filter(current=True, ended_at=None)
    people = Person.objects.filter(child | Q(age_disputed=True), erased_at=None)
    owed = open_ones.values_list("person", flat=True)
    return sorted({*people.values_list("pk", flat=True), *owed})


def recheck_duties(act: Act | None = None, people: list[UUID] | None = None) -> int:
    """Work out all duties anew, and put right those that are not as the tables say. Returns how
    many were not."""
    changed = 0
    keys = people_with_duties() if people is None else people
    for at in range(0, len(keys), AT_ONCE):
        wrong = [
            key
            for key, before, followed in duties_to_be(keys[at : at + AT_ONCE])
            if followed.anew or before != followed.owed
        ]
        if wrong:
            with transaction.atomic():
                changed += refresh_duties(wrong, act or by_rule())
    return changed


@job("children.recheck", once=True, atomic=False, rows=EVERY_ORGANISATION)
def recheck(run: Run) -> None:
    """Put right what no event told."""
    run.check()
    recheck_duties()


schedule_job(Every(timedelta(hours=1)), recheck)
