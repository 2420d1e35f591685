"""The contents of a person's page for one reader; what they may not see is not in it.

It asks the database as often for a large family as for somebody alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

from marfa.apps.registry.ages import age_band, possible_ages, treated_as_child
from marfa.apps.registry.birth_field import show_birth
from marfa.apps.registry.care import Care, derive_care, inverse_relationship, somebody_of, ties_in
from marfa.apps.registry.labels import (
    LABELS,
    code_label,
    country_label,
    functioning_label,
    language_label,
)
from marfa.apps.registry.models import (
    ContactPoint,
    HouseholdMember,
    IdentityDocument,
    Person,
    PersonName,
    Registration,
    Relationship,
)
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.purposes import purposes_of
from marfa.apps.registry.reader import CHANGE, IDENTITY, Reader
from marfa.domain.dates import PartialDate, from_storage
from marfa.platform import clock
from marfa.platform.regional import list_in_words
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.row_decisions import allowed_of, seen_among
from marfa.safeguards.vault.access import current_vault

MOST_EVENTS = 12
TOLD = (
    *("birth_place", "languages", "marital_status", "education", "gender"),
    *("citizenships", "statelessness", "displacement", "migration_status", "functioning"),
)

Answer = tuple[str | Promise, str]


@dataclass(frozen=True)
class Other:
    """Somebody else as this reader may see them. name: empty where only the code may be shown.
    changed: whether the reader may change them."""

    person: Person
    name: str
    child: bool
    changed: bool = False


@dataclass(frozen=True)
class Related:
    """What somebody is to the person. kind: said from the other's side. verified: whether the
    reader may verify it, which is done with whom it was said to be."""

    row: Relationship
    other: Other
    kind: str
    verified: bool


@dataclass(frozen=True)
class Contact:
    """A way to reach the person; ``hidden``: the reader may not know what must never be done, so
    the value is not shown to them either."""

    row: ContactPoint
    value: str
    when: str
    words: str
    avoid: str
    hidden: bool


@dataclass(frozen=True)
class PersonView:
    """The page. seen: whose identity is shown besides the person's own.

    rows: keys of the rows about the person that it shows, of which the history tells.
    """

    names: list[PersonName]
    band: str
    ages: tuple[int, int] | None
    born: str
    basis: str
    child: bool
    told: list[Answer]
    care: Care
    household: HouseholdMember | None
    members: list[tuple[HouseholdMember, Other]]
    related: list[Related]
    papers: list[tuple[IdentityDocument, str, str]]
    contacts: list[Contact]
    events: list[Registration]
    rows: list[UUID]
    seen: list[UUID]
    sensitive: bool


def build_person_view(reader: Reader) -> PersonView:
    """Everything of a person that this reader may see; within ``open_vault()``."""
    person = reader.person
    day = clock.today(person.site.time_zone) if person.site else clock.now().date()
    rows = _rows(person)
    relations = _relationships(person)
    household, members = _household(person)
    keys = {row.person_id for row in members}
    keys |= {_other_end(row, person) for row in relations}
    others = others_of(reader, keys - {person.pk}, day)
    related = [
        Related(
            row,
            others[_other_end(row, person)],
            _kind(row, person),
            reader.may(CHANGE)
            if row.to_id == person.pk
            else others[_other_end(row, person)].changed,
        )
        for row in relations
        if _other_end(row, person) in others
    ]
    told = list(_told(reader))
    return PersonView(
        names=rows[PersonName] if reader.may_read(PersonName, "text") else [],
        band=age_band(known_birth(person), day),
        ages=possible_ages(known_birth(person), day),
        born=show_birth(person.born) if person.born else "",
        basis=code_label("birth_bases", person.birth_basis),
        child=treated_as_child(person, day),
        told=told,
        care=_care(person, relations, others, day),
        household=household,
        members=[(row, others[row.person_id]) for row in members if row.person_id in others],
        related=related,
        papers=[_paper(reader, row) for row in rows[IdentityDocument]],
        contacts=[_contact(reader, row) for row in rows[ContactPoint]],
        events=list(
            person.registrations.select_related("site").order_by("-at", "-pk")[:MOST_EVENTS]
        ),
        rows=_keys(rows, [each.row for each in related]),
        seen=[other.person.pk for other in others.values() if other.name],
        sensitive=reader.may_read(Person, "gender"),
    )


@dataclass(frozen=True)
class Kin:
    """Somebody to whom a verified tie leads. kind: what they are to the person."""

    other: Other
    kind: str


def kin_of(reader: Reader) -> list[Kin]:
    """To whom verified ties lead, of whom the reader may know: by name where they may open who
    both are, else by code. Of anybody else it says nothing, also not how many they are. Within
    ``open_vault()``."""
    person = reader.person
    relations = [row for row in _relationships(person) if row.state == Relationship.State.VERIFIED]
    keys = {_other_end(row, person) for row in relations} - {person.pk}
    others = others_of(reader, keys, clock.today(person.time_zone))
    shown = others if reader.may(IDENTITY) else {k: replace(o, name="") for k, o in others.items()}
    found = ((_other_end(row, person), row) for row in relations)
    return [Kin(shown[key], _kind(row, person)) for key, row in found if key in shown]


def care_known_to(actor: Actor, person: Person, day: date) -> Care:
    """The care of a person on a day, by whom an actor may know of alone. Three queries."""
    relations = _relationships(person)
    keys = {_other_end(row, person) for row in relations}
    seen = seen_among(PERSON, Person.objects.filter(pk__in=keys), actor)
    others = {
        key: Other(other, "", treated_as_child(other, day)) for key, (other, _) in seen.items()
    }
    return _care(person, relations, others, day)


def _rows(person: Person) -> dict[type, list[Any]]:
    order: dict[type[Any], tuple[str, ...]] = {
        PersonName: ("place", "pk"),
        IdentityDocument: ("pk",),
        ContactPoint: ("pk",),
    }
    return {
        model: list(model._default_manager.filter(person=person, ended_at=None).order_by(*names))
        for model, names in order.items()
    }


def _keys(rows: dict[type, list[Any]], relations: Sequence[Relationship]) -> list[UUID]:
    return [row.pk for each in (*rows.values(), relations) for row in each]


def _relationships(person: Person) -> list[Relationship]:
    rows = Relationship.objects.filter(Q(person=person) | Q(to=person), ended_at=None)
    return list(rows.order_by("recorded_at", "pk"))


def _other_end(row: Relationship, person: Person) -> UUID:
    return row.to_id if row.person_id == person.pk else row.person_id


def _kind(row: Relationship, person: Person) -> str:
    return code_label(
        "relationship_kinds",
        inverse_relationship(row.kind) if row.person_id == person.pk else row.kind,
    )


def _household(person: Person) -> tuple[HouseholdMember | None, list[HouseholdMember]]:
    own = HouseholdMember.objects.filter(person=person, until=None).select_related("household")
    mine = own.order_by("-since", "pk").first()
    if mine is None:
        return None, []
    rows = HouseholdMember.objects.filter(household=mine.household_id, until=None)
    return mine, list(rows.exclude(person=person).order_by("-head", "since", "pk"))


def others_of(reader: Reader, keys: set[UUID], day: date) -> dict[UUID, Other]:
    """Those whom the reader may know of, by name where they may open who somebody is."""
    seen = seen_among(PERSON, Person.objects.filter(pk__in=keys), reader.actor)
    context = {"on_record": True, "purpose": reader.purpose.value}
    resources = [resource for _, resource in seen.values()]
    names = first_names(allowed_of(reader.actor, IDENTITY, resources, context))
    changed: set[object] = set()
    for purpose in purposes_of(reader.actor):
        asked = {"on_record": True, "purpose": purpose.value}
        changed |= set(allowed_of(reader.actor, CHANGE, resources, asked))
    return {
        key: Other(person, names.get(key, ""), treated_as_child(person, day), key in changed)
        for key, (person, _) in seen.items()
    }


def first_names(people: Iterable[UUID]) -> dict[UUID, str]:
    """What each of these people is called by; within ``open_vault()``, two queries."""
    keys = list(people)
    current_vault().load(keys)
    found: dict[UUID, str] = {}
    for row in PersonName.objects.filter(person__in=keys, ended_at=None).order_by("place", "pk"):
        found.setdefault(row.person_id, row.text or "")
    return found


def known_birth(person: Person) -> PartialDate | None:
    """The birth date as far as it is known; None where there is none, or it is in doubt."""
    return from_storage(person.born) if person.born and not person.age_disputed else None


def _told(reader: Reader) -> Iterable[Answer]:
    for name in reader.readable(Person, TOLD):
        value = getattr(reader.person, name)
        if value:
            yield LABELS[name], _shown(name, value)


def _shown(name: str, value: object) -> str:
    if name == "languages" and isinstance(value, list):
        return list_in_words(language_label(str(code)) for code in value)
    if name == "citizenships" and isinstance(value, list):
        return list_in_words(country_label(str(code)) for code in value)
    if name == "functioning" and isinstance(value, dict):
        return functioning_label(value)
    return code_label(name, str(value))


def _care(
    person: Person, relations: Iterable[Relationship], others: Mapping[UUID, Other], day: date
) -> Care:
    """By whom the reader may know of alone, so that nothing is told of anybody else."""
    ties = ties_in(relations, {person.pk}).get(person.pk, [])
    known = [(tie, others[tie.other].person) for tie in ties if tie.other in others]
    met = [(tie, somebody_of(other)) for tie, other in known if other.erased_at is None]
    return derive_care(somebody_of(person), met, day)


def _paper(reader: Reader, row: IdentityDocument) -> tuple[IdentityDocument, str, str]:
    number = row.number if reader.may_read(IdentityDocument, "number") else None
    holder = row.held_by if reader.may_read(IdentityDocument, "held_by") else None
    return row, number or "", code_label("document_holders", holder)


def _contact(reader: Reader, row: ContactPoint) -> Contact:
    readable = set(reader.readable(ContactPoint, ("value", "when", "words", "avoid")))
    told = {
        name: (getattr(row, name) or "") if name in readable else ""
        for name in ("value", "when", "words", "avoid")
    }
    unseen = [name for name in ("words", "avoid") if name not in readable]
    hidden = "value" not in readable or any(row.__dict__.get(name) is not None for name in unseen)
    return Contact(row, **{**told, "value": "" if hidden else told["value"]}, hidden=hidden)
