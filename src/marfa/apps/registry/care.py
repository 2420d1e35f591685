"""Care of children: derived from verified relationships and presence, never typed.

Unaccompanied children are separated from both parents and other relatives and are not cared for
by an adult who by law or custom is responsible for that; separated children are with other adult
relatives (Inter-agency Guiding Principles on Unaccompanied and Separated Children, 2004; Committee
on the Rights of the Child, general comment 6, 2005, paragraphs 7 and 8). We add: what is claimed
counts only once it is verified, and nobody is looked after by somebody at another site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from marfa.apps.registry.models import Person, Relationship
from marfa.domain.codelists import codelist
from marfa.platform.many_keys import among

PARENTS = frozenset({"parent"})
CAREGIVERS = frozenset({"guardian", "caregiver", "foster_parent"})
RELATIVES = frozenset(
    {
        *("step_parent", "grandparent", "sibling", "aunt_or_uncle", "cousin", "in_law"),
        *("other_relative", "niece_or_nephew"),
    }
)


class Situation(StrEnum):
    """How a child is looked after."""

    ACCOMPANIED = "accompanied"
    SEPARATED = "separated"
    UNACCOMPANIED = "unaccompanied"


@dataclass(frozen=True)
class Somebody:
    """What of a person decides whether they look after somebody, or are a child.

    protected: nobody may know of them, so they look after nobody as far as is told.
    """

    present: bool
    site: UUID | None
    child_until: date | None
    disputed: bool = False
    protected: bool = False

    def is_child(self, day: date) -> bool:
        """Whether they are treated as a child on a day: in doubt, yes."""
        return self.disputed or self.child_until is None or day < self.child_until


@dataclass(frozen=True)
class Tie:
    """``other`` is the ``kind`` of the person asked about. verified: or else claimed."""

    other: UUID
    kind: str
    verified: bool


@dataclass(frozen=True)
class Care:
    """How somebody is looked after.

    situation: by what is verified; None for who is no child. claimed: as it would be if everything
    that is claimed were true. by: keys of those who look after them, as verified.
    """

    situation: Situation | None
    claimed: Situation | None
    by: tuple[UUID, ...] = ()

    @property
    def without(self) -> bool:
        """Whether a child is without the care of a parent or caregiver, as far as is verified."""
        return self.situation in (Situation.SEPARATED, Situation.UNACCOMPANIED)


def derive_care(person: Somebody, ties: Iterable[tuple[Tie, Somebody]], day: date) -> Care:
    """The care of a person on a day. Pure. ties: with whom they are at the other end."""
    if not person.is_child(day):
        return Care(None, None)
    here = [
        (tie, other)
        for tie, other in ties
        if other.present and person.present and other.site == person.site and not other.protected
    ]
    verified = [(tie, other) for tie, other in here if tie.verified]
    by = tuple(sorted(tie.other for tie, other in verified if _cares(tie, other, day)))
    return Care(_situation(verified, day), _situation(here, day), by)


def care_of(person: Person, day: date) -> Care:
    """The care of one person on a day, two queries."""
    return care_of_many([person.pk], day)[person.pk]


def care_of_many(people: Collection[UUID], day: date) -> dict[UUID, Care]:
    """The care of many people on a day, two queries however many they are.

    Whoever shows it to somebody leaves out ``by`` whom that reader may not see.
    """
    ties = ties_of(people)
    keys = {*people, *(tie.other for found in ties.values() for tie in found)}
    known = known_of(keys)
    return {
        key: derive_care(
            known[key], [(t, known[t.other]) for t in ties[key] if t.other in known], day
        )
        for key in people
        if key in known
    }


def ties_of(people: Collection[UUID]) -> Mapping[UUID, list[Tie]]:
    """Relationships that hold, as seen from each of these people; refuted ones are left out."""
    wanted = set(people)
    rows = Relationship.objects.filter(
        among("person", wanted) | among("to", wanted), ended_at=None
    ).exclude(state=Relationship.State.REFUTED)
    return ties_in(rows.only("person_id", "to_id", "kind", "state", "ended_at"), wanted)


def ties_in(rows: Iterable[Relationship], wanted: Collection[UUID]) -> Mapping[UUID, list[Tie]]:
    """As ``ties_of``, from relationships that were read already."""
    found: dict[UUID, list[Tie]] = defaultdict(list)
    for row in rows:
        if row.ended_at is not None or row.state == Relationship.State.REFUTED:
            continue
        verified = row.state == Relationship.State.VERIFIED
        if row.to_id in wanted:
            found[row.to_id].append(Tie(row.person_id, row.kind, verified))
        if row.person_id in wanted:
            found[row.person_id].append(Tie(row.to_id, inverse_relationship(row.kind), verified))
    return found


def somebody_of(person: Person) -> Somebody:
    """What decides about a person who was read already, for who may see them."""
    present = person.presence == Person.Presence.PRESENT
    return Somebody(present, person.site_id, person.child_until, person.age_disputed)


def known_of(people: Collection[UUID]) -> dict[UUID, Somebody]:
    """What decides about each of these people, as everybody may know of it; those who were erased
    are nobody."""
    rows = Person.objects.filter(among("pk", people), erased_at=None)
    columns = ("pk", "presence", "site_id", "child_until", "age_disputed", "protected")
    return {
        key: Somebody(presence == Person.Presence.PRESENT, site, until, disputed, protected)
        for key, presence, site, until, disputed, protected in rows.values_list(*columns)
    }


def inverse_relationship(kind: str) -> str:
    """The same relationship said from the other side."""
    return str(codelist("relationship_kinds").entry(kind).attributes["inverse"])


def _situation(ties: Iterable[tuple[Tie, Somebody]], day: date) -> Situation:
    ties = list(ties)
    if any(_cares(tie, other, day) for tie, other in ties):
        return Situation.ACCOMPANIED
    if any(tie.kind in RELATIVES and not other.is_child(day) for tie, other in ties):
        return Situation.SEPARATED
    return Situation.UNACCOMPANIED


def _cares(tie: Tie, other: Somebody, day: date) -> bool:
    """A parent of any age; a guardian, foster parent or caregiver who is grown up."""
    return tie.kind in PARENTS or (tie.kind in CAREGIVERS and not other.is_child(day))
