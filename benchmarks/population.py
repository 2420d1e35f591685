"""A generated population, the same for the same seed: people in households, with names in several
scripts, contacts, registrations and facts, written in bulk as the actions write them one by one.

Each person has a key of their own in the vault, by which names and the rest are sealed. Histories,
digests of telephones and entries of the log are left out: nothing that is measured reads them but
by a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from django.db import transaction

from made_names import Names
from marfa.apps.organisations.models import Site
from marfa.apps.registry.ages import child_until
from marfa.apps.registry.care import Somebody
from marfa.apps.registry.facts import Known
from marfa.apps.registry.models import (
    ContactPoint,
    Household,
    HouseholdMember,
    Person,
    PersonName,
    RegisteredFact,
    Registration,
    Relationship,
)
from marfa.demo.operation.bulk_rows import bulk_write, write_keys
from marfa.domain.codes import code_of
from marfa.domain.dates import from_storage
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.vault.access import open_vault

AT_ONCE = 2000


def populate(sites: Sequence[Site], by: UUID, people: int, seed: int = 1) -> Iterator[int]:
    """Write a population, spread over sites of one organisation; gives the number written so far
    after each batch, which is one transaction."""
    draw, written = Random(seed), 0
    names = Names(draw)
    numbers = iter(range(10_000_000, 99_999_999))
    codes = (code for number in numbers if (code := code_of(number)) is not None)
    while written < people:
        site = sites[written // AT_ONCE % len(sites)]
        with transaction.atomic(), open_vault() as vault:
            persons = [
                _person(site, draw, code) for code in islice(codes, min(AT_ONCE, people - written))
            ]
            write_keys(person.pk for person in persons)
            vault.load(person.pk for person in persons)
            _store(persons, site, by, draw, names, codes)
        written += len(persons)
        yield written


def _store(
    persons: list[Person], site: Site, by: UUID, draw: Random, names: Names, codes: Iterator[str]
) -> None:
    now = clock.now() - timedelta(days=draw.randrange(400))
    owner = site.organisation_id
    bulk_write(persons)
    bulk_write(
        PersonName(organisation_id=owner, person=each, place=place, recorded_at=now, text=text)
        for each in persons
        for place, text in enumerate(names.of_one())
    )
    bulk_write(
        ContactPoint(
            organisation_id=owner,
            person=each,
            safety="safe",
            value=f"+218 9{draw.randrange(10**8):08d}",
            recorded_at=now,
        )
        for each in persons[::3]
    )
    _households(persons, site, now, draw, codes)
    bulk_write(
        Registration(
            organisation_id=owner,
            person=each,
            site=site,
            event="arrival",
            mode="group",
            day=now.date(),
            at=now,
            by=by,
        )
        for each in persons
    )
    bulk_write(_fact(each, site, now) for each in persons)


def _person(site: Site, draw: Random, code: str) -> Person:
    born = str(draw.randrange(1940, 2026))
    person = Person(
        id=new_id(),
        code=code,
        organisation_id=site.organisation_id,
        site=site,
        sex=draw.choice(("female", "male")),
        child_until=child_until(from_storage(born), disputed=False),
        registered_at=clock.now(),
    )
    person.born, person.birth_basis = born, "stated"
    person.languages = [draw.choice(("apc", "ayl", "kmr", "eng"))]
    return person


def _fact(person: Person, site: Site, now: datetime) -> RegisteredFact:
    somebody = Somebody(True, site.pk, person.child_until)
    known = Known(person.born, person.sex, None, somebody, without_care=False)
    return RegisteredFact(
        organisation=site.organisation_id,
        subject=person.pk,
        valid_from=now.date(),
        recorded_at=now,
        **known.values(now.date()),
    )


def _households(
    persons: list[Person], site: Site, now: datetime, draw: Random, codes: Iterator[str]
) -> None:
    owner = site.organisation_id
    families = list(_families(persons, draw))
    homes = bulk_write(
        Household(code=next(codes), organisation_id=owner, site=site, formed_at=now)
        for _ in families
    )
    bulk_write(
        HouseholdMember(
            organisation_id=owner, household=home, person=each, head=each is family[0], since=now
        )
        for home, family in zip(homes, families, strict=True)
        for each in family
    )
    bulk_write(
        Relationship(
            organisation_id=owner, person=each, to=family[0], kind="child", recorded_at=now
        )
        for family in families
        for each in family[1:]
    )


def _families(persons: list[Person], draw: Random) -> Iterator[list[Person]]:
    left = iter(persons)
    while family := list(islice(left, draw.choice((1, 2, 3, 4, 4, 5, 6, 8)))):
        yield family
