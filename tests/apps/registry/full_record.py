"""One row in every table of the app, about one person, with something in every sealed field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

from django.db.models import Field

from marfa.apps.accounts.models import User
from marfa.apps.consents.models import Consent
from marfa.apps.organisations.models import Assignment, Exclusion, Organisation, Site
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND
from marfa.domain.codes import new_code
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.vault.fields import VaultJSONField
from tests.support.canary import CANARIES
from tests.support.sample_rows import WITH_PEOPLE, Made, fill, tables_of, vaulted_fields

BY = {"given_by": "self", "how": "spoken"}
PARTICULAR: dict[str, dict[str, Any]] = {
    "agreements.Recipient": {"kind": "health", "name": "Clinic", "guest": None},
    "agreements.DataAgreement": {"until": lambda made: clock.advance(clock.now(), days=9)},
    "consents.Consent": {
        **BY,
        "purpose": "assistance",
        "circumstance": "free",
        "understood": True,
        "language": "apc",
    },
    "consents.Withdrawal": BY,
    "consents.LegalBasisRecord": {
        "purpose": "assistance",
        "ground": "vital_interest",
        "basis": "vital_interest",
    },
    "consents.Sharing": {
        "recipient_kind": "health",
        "purpose": "assistance",
        "consent": lambda made: made[Consent],
    },
    "consents.RecallNotice": {"purpose": "assistance"},
    "registry.RecordExclusion": {"access": lambda made: shut_out(made[Person].pk)},
    "registry.Household": {"code": lambda made: new_code()},
}
"""What constraints of single tables ask for."""


def a_person(site: Site, key: UUID | None = None) -> Person:
    """Somebody of whom nothing is known."""
    return Person(
        id=key or new_id(),
        code=new_code(),
        organisation_id=site.organisation_id,
        site=site,
        registered_at=clock.now(),
    )


def shut_out(person: UUID) -> Exclusion:
    """Somebody who worked with a person, and is shut out of their record now."""
    name = f"shut-out-{person}"
    user = User.objects.create(username=name, username_key=name, created_at=clock.now())
    Assignment.objects.create(
        user=user, object_kind=KIND, object_id=person, starts_at=clock.now(), ends_at=clock.now()
    )
    return Exclusion.objects.create(
        user=user, object_kind=KIND, object_id=person, starts_at=clock.now()
    )


def everything_about(
    site: Site,
    value: Callable[[Field[Any, Any]], object] | None = None,
    key: UUID | None = None,
) -> Made:
    """A person of the organisation of a site, with a row about them in every table.

    Within the vault and the rows of that organisation. value: of a sealed field; by default a
    canary, of which each is used. key: of the person.
    """
    sealed = value or canary_by_canary()
    person, other = a_person(site, key), a_person(site)
    for field in vaulted_fields(Person):
        setattr(person, field.attname, sealed(field))
    person.save(force_insert=True)
    other.save(force_insert=True)
    particular = {
        **PARTICULAR,
        "registry.Relationship": {"to": lambda made: other},
        "registry.RegisteredFact": {
            "subject": lambda made: person.pk,
            "organisation": lambda made: site.organisation_id,
        },
    }
    given: Made = {Organisation: site.organisation, Site: site, Person: person}
    return fill(tables_of(*WITH_PEOPLE), given, sealed, particular)


def canary_by_canary() -> Callable[[Field[Any, Any]], object]:
    """Values for sealed fields: canaries in turn, so that no two neighbours hold the same."""
    turn: Iterator[str] = cycle(CANARIES.values())

    def value(field: Field[Any, Any]) -> object:
        text = next(turn)
        return [text] if isinstance(field, VaultJSONField) else text

    return value


def key_of(made: Made) -> UUID:
    """The key of the person whom it is all about."""
    key: UUID = made[Person].pk
    return key
