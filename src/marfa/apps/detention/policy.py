"""What the charter is asked about a detention. It has the facts of its person, as a case has."""

from __future__ import annotations

from marfa.apps.cases.policy_facts import case_of
from marfa.apps.detention.models import Detention
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.safeguards.charter.resources import Resource

RECORD = "detention.record"
READ = "detention.read"
WRITE = "detention.write"
END = "detention.end"
WATCH = "detention.watch"
DETAIN = "children.detain"
"""Rule 3 never allows it. It is asked where an authority wants to hear that a child may be held."""


def detention_of(row: Detention) -> Resource:
    """A detention, as the charter sees it."""
    return case_of(row.person, row.case_id)


def child_of(person: Person) -> Resource:
    """A child who is held, as rule 3 sees them."""
    facts = {
        **PERSON.resource(person).facts,
        "age_in_doubt": person.age_disputed,
        "referred": False,
        "authority_unsafe": False,
    }
    return Resource("Child", person.pk, facts)
