"""The tables of people, households and relationships."""

from marfa.apps.registry.models.contacts import (
    ContactPoint,
)
from marfa.apps.registry.models.documents import (
    IdentityDocument,
)
from marfa.apps.registry.models.exclusions import (
    RecordExclusion,
)
from marfa.apps.registry.models.facts import (
    RegisteredFact,
)
from marfa.apps.registry.models.households import (
    Household,
    HouseholdMember,
    Relationship,
)
from marfa.apps.registry.models.names import (
    PersonName,
)
from marfa.apps.registry.models.person import (
    Person,
)
from marfa.apps.registry.models.protection import (
    Protection,
)
from marfa.apps.registry.models.registrations import (
    Registration,
)

__all__ = [
    "ContactPoint",
    "Household",
    "HouseholdMember",
    "IdentityDocument",
    "Person",
    "PersonName",
    "Protection",
    "RecordExclusion",
    "RegisteredFact",
    "Registration",
    "Relationship",
]
