"""Coded facts of screenings, and how they are had again from the records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.reception.rule_inputs import today_of
from marfa.apps.registry.facts import values_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import protected_people
from marfa.apps.screening.models import OutcomeChange, Screening, ScreeningFact
from marfa.apps.screening.models.facts import LONGEST_WAIT
from marfa.domain.dates import from_storage, treat_as_child_on
from marfa.methods.screening import Age
from marfa.platform import clock
from marfa.platform.facts.actions import erase_facts, state_fact, wait_for
from marfa.platform.facts.kinds import FactKind, History, owners_in
from marfa.platform.facts.timeline import Statement
from marfa.safeguards.vault.access import open_vault

NOT_FINISHED = "not_finished"
HOUR = timedelta(hours=1)
SHARED = ("age_band", "is_child_until", "sex", "admin_area", "conflict_link")
Found = tuple[str, str]
"""Indication and urgency."""


def age_of(person: Person) -> Age:
    """What the rules take the age for, on the day where the person is: in doubt, a child."""
    if person.age_disputed:
        return Age.DISPUTED
    with open_vault():
        born = from_storage(person.born) if person.born else None
    if born is None:
        return Age.UNKNOWN
    return Age.CHILD if treat_as_child_on(born, today_of(person)) else Age.ADULT


def state_outcome(screening: Screening, indication: str, at: datetime | None = None) -> None:
    """Say as a fact what holds of a talk that has ended.

    at: moment of the change that this follows, by default the end of the talk; of a talk that was
        put on record later, that moment.
    """
    wait_for(ScreeningFact, screening.person_id)
    then = at or _closed(screening)
    with open_vault():
        # A talk that ended meanwhile is seen by now, and stands for the days after its own.
        found = indication, screening.urgency
        said = _statement(screening, found, then, seen=max(then, clock.now()))
    if said is not None:
        state_fact(
            ScreeningFact,
            subject=screening.person_id,
            values=said.values,
            valid_from=said.valid_from,
            valid_until=said.valid_until,
            at=said.at,
        )


def _statement(
    screening: Screening, found: Found, at: datetime, *, seen: datetime
) -> Statement | None:
    """None for a talk that another one of the same day has followed: that one stands for the day.

    seen: up to which moment other talks are seen. Within ``open_vault()``.
    """
    since = _closed(screening).date()
    others = _others(screening, seen)
    later = others.filter(closed_at__gt=screening.closed_at, closed_at__lte=seen)
    following = later.order_by("closed_at").values_list("closed_at", flat=True).first()
    until = following.date() if following is not None else None
    if until == since:
        return None
    return Statement(since, at, _values(screening, found, others), until)


def _values(screening: Screening, found: Found, others: QuerySet[Screening]) -> dict[str, object]:
    person = Person.objects.get(pk=screening.person_id)
    known = values_of(person, _closed(screening).date())
    return {
        **{name: known[name] for name in SHARED},
        "site": screening.site_id,
        "officer": screening.officer,
        "indication": found[0],
        "urgency": found[1],
        "rule": rule_of(screening),
        "earlier": _earlier(screening, others),
        "waited": _waited(screening, person, others),
    }


def rule_of(screening: Screening) -> str:
    """What the answers alone gave, whatever was changed since; within ``open_vault()``."""
    kept: dict[str, str] = screening.outcome or {}
    return kept.get("found", NOT_FINISHED)


def _earlier(screening: Screening, others: QuerySet[Screening]) -> str:
    before = others.filter(state=Screening.State.FINISHED, closed_at__lt=screening.closed_at)
    last = before.exclude(officer=screening.officer).order_by("-closed_at").first()
    return rule_of(last) if last is not None else NOT_FINISHED


def _waited(screening: Screening, person: Person, others: QuerySet[Screening]) -> int | None:
    if screening.asked_at is None:
        return None
    if others.filter(asked_at__lt=screening.asked_at).exists():
        return None
    hours = (screening.asked_at - person.registered_at) // HOUR
    return min(max(hours, 0), LONGEST_WAIT)


def _others(screening: Screening, at: datetime) -> QuerySet[Screening]:
    """The person's other talks, without those that were put on record only after a moment."""
    found = Screening.objects.filter(person=screening.person_id).exclude(pk=screening.pk)
    return found.exclude(recorded_at__gt=at)


def _closed(screening: Screening) -> datetime:
    assert screening.closed_at is not None  # noqa: S101 - facts are of talks that have ended
    return screening.closed_at


def screening_histories() -> Iterator[History]:
    """Every person who was screened, with what each talk came to, and what was changed since."""
    people = Screening.objects.exclude(closed_at=None).order_by("person_id")
    for person in people.values_list("person_id", flat=True).distinct():
        yield person, _history_of(person)


def restate_screenings(person: UUID) -> None:
    """State anew what the records say of a person's talks: one that had ended goes on."""
    wait_for(ScreeningFact, person)
    erase_facts(ScreeningFact, person)
    for said in _history_of(person):
        state_fact(
            ScreeningFact,
            subject=person,
            values=said.values,
            valid_from=said.valid_from,
            valid_until=said.valid_until,
            at=said.at,
        )


def _history_of(person: UUID) -> list[Statement]:
    closed = Screening.objects.filter(person=person).exclude(closed_at=None)
    with open_vault():
        talks = closed.order_by("closed_at", "pk")
        found = [each for talk in talks for each in _history(talk)]
    return sorted(found, key=lambda statement: statement.at)


def _history(screening: Screening) -> Iterator[Statement]:
    """What was stated of one talk; within ``open_vault()``."""
    changes = sorted(
        screening.changes.filter(state=OutcomeChange.State.DONE),
        key=lambda change: change.answered_at or change.asked_at,
    )
    now = screening.indication or NOT_FINISHED, screening.urgency
    first: Found = tuple(changes[0].before) if changes else now
    said = [(first, screening.recorded_at or _closed(screening))]
    said += [(tuple(each.after), each.answered_at or each.asked_at) for each in changes]
    for found, at in said:
        statement = _statement(screening, found, at, seen=at)
        if statement is not None:
            yield statement


SCREENINGS = FactKind(
    "screenings", ScreeningFact, screening_histories, owners_in(Person), protected_people
)
