"""The search for a person: it takes the same steps, whatever it finds.

What the charter does not let the searcher see is dropped before anything leaves, and nothing that
is counted, ordered or cut off knows of it. A protected person whom a search would have met is
written into the row that every search writes; whoever protects them is told later, by a job. By
name a search meets those among whom it looks; by a code or a number whomever that belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from marfa.apps.name_search.client import FinderColdError, FinderDownError, Names, finder_client
from marfa.apps.name_search.digests import subjects_with
from marfa.apps.name_search.models import Way
from marfa.apps.name_search.protocol import Scope
from marfa.apps.name_search.search_watch import note_search
from marfa.apps.name_search.searchers import owner_of, site_of
from marfa.apps.organisations.policy_facts import the_organisation
from marfa.apps.organisations.queries import keys_of_organisations
from marfa.apps.registry.hidden_people import hidden_from
from marfa.apps.registry.lookups import take_attempt
from marfa.apps.registry.models import HouseholdMember, Person, PersonName, RegisteredFact
from marfa.apps.registry.policy_facts import PERSON, newcomer_resource
from marfa.apps.search.explanations import Why, why_found
from marfa.apps.search.scopes import purpose_of, scopes_of
from marfa.apps.search.terms import Typed, take_apart
from marfa.domain.message import Message
from marfa.methods.names.bands import Band
from marfa.platform import clock
from marfa.platform.facts.queries import as_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.row_decisions import allowed_of
from marfa.safeguards.charter.visibility import SEE
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.columns import open_column
from marfa.safeguards.words import Purpose

CODE = "people.find"
SHOWN = 20
ASKED, ASKED_AGAIN = 60, 200
"""So many are asked of the index, since some of them may not be seen."""

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Hit:
    """One person who was found. name: what they are called by, where this may be shown; age_band,
    sex: codes. why: sentences."""

    reference: str
    code: str
    name: str
    site: str
    age_band: str
    sex: str
    present: bool
    why: tuple[Message, ...]


@dataclass(frozen=True)
class SearchResult:
    """hits: at most SHOWN. more: there are further ones. building: percent of the index of names
    that is there, None where it is whole. names_down: nobody answers for names."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    building: int | None = None
    names_down: bool = False


@dataclass
class _Candidates:
    """Who may have been meant and why, and in which order."""

    why: dict[UUID, Why] = field(default_factory=dict)
    building: int | None = None
    names_down: bool = False
    exhausted: bool = True

    def add(self, subject: UUID, why: Why) -> None:
        known = self.why.get(subject)
        if known is None or known.rank < why.rank:
            self.why[subject] = why

    def ranked(self) -> list[UUID]:
        return sorted(self.why, key=lambda key: (-self.why[key].rank, key))


@dataclass(frozen=True)
class _Known:
    """read: candidates with what the charter is asked about them. seen: whom the actor may see,
    best first."""

    read: Mapping[UUID, tuple[Person, Resource]]
    seen: list[UUID]


def find_people(*, actor: Actor, text: str) -> SearchResult:
    """Who this may be, of those whom the actor may see. Nothing that was typed is kept.

    Raises DeniedError, TooManySearchesError.
    """
    return _find(take_apart(text), actor, Way.SEARCH)


def find_likely(*, actor: Actor, name: str) -> SearchResult:
    """Whose name is likely to be this one, before somebody of that name is registered: the steps of
    ``find_people``, and fewer answers. Raises as it does."""
    return _find(Typed(name=take_apart(name).name), actor, Way.DUPLICATE)


def _find(typed: Typed, actor: Actor, way: Way) -> SearchResult:
    take_attempt(actor)
    owner = owner_of(actor)
    purpose = purpose_of(actor)
    with reading(actor=actor, code=CODE, purpose=purpose, resource=the_organisation(owner)) as act:
        candidates = _candidates(typed, actor, ASKED, way)
        known = _known(candidates, actor)
        if len(known.seen) <= SHOWN and not candidates.exhausted:
            candidates = _candidates(typed, actor, ASKED_AGAIN, way)
            known = _known(candidates, actor)
        met = _met(typed, candidates, actor)
        named = _may_open(known, actor, purpose)
        hits = _shown(known, candidates, named)
        act.count(len(hits))
        act.saw(named)
    note_search(
        searcher=actor.id,
        organisation=owner.pk,
        site=site_of(actor),
        found=len(hits),
        met=met,
        way=way,
    )
    return SearchResult(hits, len(known.seen) > SHOWN, candidates.building, candidates.names_down)


def _candidates(typed: Typed, actor: Actor, most: int, way: Way) -> _Candidates:
    scopes = scopes_of(actor)
    found = _Candidates()
    _add_exact(found, typed, scopes)
    try:
        names = _by_name(typed, scopes, most)
    except FinderColdError as cold:
        found.building = cold.percent
    except FinderDownError:
        found.names_down = True
    else:
        found.exhausted = len(names.found) < most
        for each in (*names.found, *names.protected):
            if way != Way.DUPLICATE or each.band == Band.LIKELY.value:
                found.add(each.subject, Why.by_name(each))
    return found


def _by_name(typed: Typed, scopes: Collection[Scope], most: int) -> Names:
    if not typed.name or not scopes:
        return Names((), ())
    return finder_client().find(typed.name, scopes, most)


def _add_exact(found: _Candidates, typed: Typed, scopes: Collection[Scope]) -> None:
    exact = _exactly(typed, [scope.organisation for scope in scopes])
    for key, what in exact.items():
        found.add(key, Why.exact_of(what))


def _exactly(typed: Typed, organisations: Collection[UUID]) -> dict[UUID, str]:
    """Whose code, number or household this is, and which of them, as far as the context sees.
    Each is asked, also where it is none: with nothing."""
    code = typed.code or "-"
    members = HouseholdMember.objects.filter(household__code=code, until=None)
    found = dict.fromkeys(members.values_list("person_id", flat=True)[:ASKED], "household")
    found |= dict.fromkeys(subjects_with(typed.number, organisations), "number")
    people = Person.objects.filter(code=code)
    return found | dict.fromkeys(people.values_list("pk", flat=True)[:SHOWN], "code")


def _known(candidates: _Candidates, actor: Actor) -> _Known:
    """The candidates as they are stored, the charter asked about each."""
    # NOBODY: the database is asked also where there is nobody to ask for.
    rows = Person.objects.filter(pk__in=[*candidates.why, NOBODY], erased_at=None)
    read = PERSON.read(rows.select_related("site"))
    resources = [resource for _, resource in read.values()]
    allowed = allowed_of(actor, SEE, [*resources, *_twins(resources, actor)])
    seen = [key for key in candidates.ranked() if key in read and key in allowed]
    return _Known(read, seen)


def _twins(resources: Collection[Resource], actor: Actor) -> Iterator[Resource]:
    """The same people, protected where they are not and the other way round, and somebody at the
    actor's place who is neither: whether one of them is protected adds no question."""
    here, nobody = site_of(actor), NOBODY
    for organisation in sorted(actor.organisations, key=str):
        twin = newcomer_resource(nobody, organisation=organisation, site=here or nobody)
        resources = [*resources, twin]
        yield twin
    for each in resources:
        yield Resource(each.kind, nobody, {**each.facts, "protected": not each.facts["protected"]})


def _met(typed: Typed, candidates: _Candidates, actor: Actor) -> list[tuple[UUID, UUID]]:
    """Protected people who would be on the page if they were not, or to whom what was typed
    belongs, wherever they are; each after the organisation that protects them."""
    with every_organisation():
        exact = _exactly(typed, keys_of_organisations())
        return hidden_from(actor, Q(pk__in=[*candidates.ranked()[:SHOWN], *exact, NOBODY]))


def _may_open(known: _Known, actor: Actor, purpose: Purpose) -> set[UUID]:
    """Whose identity may be opened now, with a name in the answer."""
    context: Mapping[str, Any] = {"on_record": True, "purpose": purpose.value}
    resources = [known.read[key][1] for key in known.seen[:SHOWN]]
    return allowed_of(actor, "people.open_identity", resources, context)


def _shown(known: _Known, candidates: _Candidates, named: Collection[UUID]) -> tuple[Hit, ...]:
    keys = known.seen[:SHOWN]
    facts = {
        row.subject: row
        for row in as_of(RegisteredFact, clock.today("UTC")).filter(subject__in=[*keys, NOBODY])
    }
    names = _names_of(named)
    return tuple(
        Hit(
            reference=row.reference,
            code=row.code,
            name=names.get(key, ""),
            site=row.site.name if row.site else "",
            age_band=facts[key].age_band if key in facts else "unknown",
            sex=row.sex,
            present=row.presence == Person.Presence.PRESENT,
            why=why_found(candidates.why[key], shown=key in named),
        )
        for key in keys
        for row, _ in [known.read[key]]
    )


def _names_of(keys: Collection[UUID]) -> dict[UUID, str]:
    """What these people are called by."""
    rows = PersonName.objects.filter(person__in=[*keys, NOBODY], ended_at=None)
    ordered = rows.order_by("person_id", "-place", "-pk")
    owners = dict(ordered.values_list("pk", "person_id"))
    with open_vault():
        return {owners[key]: text for key, text in open_column(ordered, "text") if text}
