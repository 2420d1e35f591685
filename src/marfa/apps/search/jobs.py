"""The job that renews digests made by an earlier rule."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.name_search.digests import forget_digests, made_by_earlier_rule
from marfa.apps.registry.models import Person
from marfa.apps.search.subscribers import renew_person_digests
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Every, schedule_job

AT_ONCE = 100


@job("search.renew_digests", once=True, atomic=False, rows=EVERY_ORGANISATION)
def renew_digests(run: Run) -> None:
    """Some people at a time, until none is left; most of the time there is none."""
    done = run.position
    while subjects := made_by_earlier_rule(AT_ONCE):
        done += len(subjects)
        with run.step(position=done):
            people = list(Person.objects.filter(pk__in=subjects, erased_at=None))
            for person in people:
                renew_person_digests(person)
            # Whoever is not there any more would come again and again.
            forget_digests(set(subjects) - {person.pk for person in people})


schedule_job(Every(timedelta(minutes=15)), renew_digests)
