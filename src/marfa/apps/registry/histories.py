"""Rebuilding the facts of people from their revisions.

For each person what the records said is followed from moment to moment: their own revisions,
those of their relationships, and what decides whether the others could look after them. What is
known of somebody who was erased since is gone, and so is what it meant for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from marfa.apps.organisations.models import Site
from marfa.apps.registry.actions.facts import OWN, TO_OTHERS
from marfa.apps.registry.care import Somebody, Tie, derive_care, inverse_relationship
from marfa.apps.registry.facts import Known, Period, statements_after_change
from marfa.apps.registry.models import Person, RegisteredFact, Registration, Relationship
from marfa.apps.registry.policy_facts import protected_people
from marfa.platform.facts.kinds import FactKind, History, owners_in
from marfa.platform.facts.timeline import FactRow, Statement, apply_statement
from marfa.platform.revisions.codec import from_json
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import label_of
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.changes import in_clear

AT_ONCE = 500
OF_TIES = ("state", "ended_at")
Change = tuple[datetime, str, object]
"""When a field became what."""


def person_histories() -> Iterator[History]:
    """Every person who is not erased, with what was stated of them since they came."""
    keys = Person.objects.filter(erased_at=None).order_by("pk").values_list("pk", flat=True)
    found = keys.iterator(chunk_size=AT_ONCE)
    while group := list(islice(found, AT_ONCE)):
        with open_vault() as vault:
            vault.load(group)
            yield from _Records.of(group).histories()


@dataclass
class _Records:
    """What was written down about some people and about whom they are related to.

    changes: by person or relationship. ties: by person, the keys of relationships. ends: of a
    relationship, with its kind. days: when what was written down at a moment happened.
    """

    people: Sequence[UUID]
    changes: dict[UUID, list[Change]]
    ties: Mapping[UUID, list[UUID]]
    ends: Mapping[UUID, tuple[UUID, UUID, str]]
    came: Mapping[UUID, datetime]
    days: Mapping[tuple[UUID, datetime], date]
    zones: Mapping[UUID, str]
    erased: frozenset[UUID] = field(default_factory=frozenset)

    @classmethod
    def of(cls, people: Sequence[UUID]) -> _Records:
        """Read them, with as many queries for many people as for few."""
        related = Relationship.objects.filter(Q(person__in=people) | Q(to__in=people))
        ends = {
            key: (person, to, kind)
            for key, person, to, kind in related.values_list("pk", "person_id", "to_id", "kind")
        }
        ties = defaultdict(list)
        for key, (person, to, _) in ends.items():
            ties[person].append(key)
            ties[to].append(key)
        everybody = {*people, *(end for each in ends.values() for end in each[:2])}
        gone = Person.objects.filter(pk__in=everybody, erased_at__isnull=False)
        came, days = _arrivals(everybody)
        return cls(
            people,
            {
                **_changes(Person, everybody, OWN | TO_OTHERS),
                **_changes(Relationship, ends, OF_TIES),
            },
            ties,
            ends,
            came,
            days,
            dict(Site.objects.values_list("pk", "time_zone")),
            frozenset(gone.values_list("pk", flat=True)),
        )

    def histories(self) -> Iterator[History]:
        for person in self.people:
            if person in self.came:
                yield person, self._statements(person)

    def _statements(self, person: UUID) -> list[Statement]:
        found: list[Statement] = []
        rows: list[FactRow] = []
        first = self.came[person]
        for at in [first, *(at for at in self._moments(person) if at > first)]:
            known, site = self._known(person, at), self._value(person, "site_id", at)
            day = self._day(person, at) or at.astimezone(ZoneInfo(self._zone(site))).date()
            care = derive_care(known.somebody, self._met(person, at), day)
            known = Known(known.born, known.sex, known.displacement, known.somebody, care.without)
            present = [row for row in rows if row.replaced_at is None]
            periods = [
                Period(row.valid_from, row.valid_until, row.values)
                for row in sorted(present, key=lambda row: row.valid_from)
            ]
            for statement in statements_after_change(periods, known, day, at):
                rows = apply_statement(rows, statement)
                found.append(statement)
        return found

    def _moments(self, person: UUID) -> list[datetime]:
        """When something changed that this person's facts may follow."""
        # That somebody is protected matters to others alone: no row of theirs tells since when.
        found = {at for at, name, _ in self.changes.get(person, ()) if name in OWN}
        for tie in self.ties.get(person, ()):
            changes = self.changes.get(tie, [])
            found |= {at for at, _, _ in changes}
            begun = min((at for at, _, _ in changes), default=None)
            for other in self._others(tie, person):
                found |= {
                    at
                    for at, name, _ in self.changes.get(other, ())
                    if begun is not None and at >= begun and name in TO_OTHERS
                }
        return sorted(found)

    def _others(self, tie: UUID, person: UUID) -> list[UUID]:
        return [end for end in self.ends[tie][:2] if end != person and end not in self.erased]

    def _value(self, key: UUID, name: str, at: datetime) -> object:
        values = [
            value
            for when, field, value in self.changes.get(key, ())
            if field == name and when <= at
        ]
        return values[-1] if values else None

    def _somebody(self, person: UUID, at: datetime) -> Somebody:
        site = self._value(person, "site_id", at)
        until = self._value(person, "child_until", at)
        return Somebody(
            self._value(person, "presence", at) == Person.Presence.PRESENT,
            site if isinstance(site, UUID) else None,
            until if isinstance(until, date) else None,
            bool(self._value(person, "age_disputed", at)),
            bool(self._value(person, "protected", at)),
        )

    def _known(self, person: UUID, at: datetime) -> Known:
        def text(name: str) -> str | None:
            value = in_clear(Person(pk=person), name, self._value(person, name, at))
            return None if value is None else str(value)

        return Known(
            text("born"),
            text("sex") or "unknown",
            text("displacement"),
            self._somebody(person, at),
            without_care=False,
        )

    def _met(self, person: UUID, at: datetime) -> list[tuple[Tie, Somebody]]:
        """With whom a person was related at a moment, as was known then."""
        found = []
        for tie in self.ties.get(person, ()):
            state, ended = self._value(tie, "state", at), self._value(tie, "ended_at", at)
            if state is None or state == Relationship.State.REFUTED or ended is not None:
                continue
            verified = state == Relationship.State.VERIFIED
            one, _, kind = self.ends[tie]
            for other in self._others(tie, person):
                said = kind if other == one else inverse_relationship(kind)
                found.append((Tie(other, said, verified), self._somebody(other, at)))
        return found

    def _day(self, person: UUID, at: datetime) -> date | None:
        others = [other for tie in self.ties.get(person, ()) for other in self._others(tie, person)]
        days = [self.days[key, at] for key in (person, *others) if (key, at) in self.days]
        return days[0] if days else None

    def _zone(self, site: object) -> str:
        return self.zones.get(site, "UTC") if isinstance(site, UUID) else "UTC"


def _arrivals(
    people: Iterable[UUID],
) -> tuple[dict[UUID, datetime], dict[tuple[UUID, datetime], date]]:
    rows = Registration.objects.filter(person__in=list(people)).order_by("at", "pk")
    came: dict[UUID, datetime] = {}
    days = {}
    for person, at, day in rows.values_list("person_id", "at", "day"):
        came.setdefault(person, at)
        if day is not None:
            days[person, at] = day
    return came, days


def _changes(
    model: type[Person | Relationship], keys: Iterable[UUID], names: Iterable[str]
) -> dict[UUID, list[Change]]:
    rows = Revision.objects.filter(
        model=label_of(model), object_id__in=list(keys), field__in=list(names)
    ).exclude(kind=Revision.Kind.SET_ASIDE)
    found = defaultdict(list)
    for row in rows.order_by("version", "pk"):
        found[row.object_id].append((row.at, row.field, from_json(row.after)))
    return found


PEOPLE = FactKind("people", RegisteredFact, person_histories, owners_in(Person), protected_people)
