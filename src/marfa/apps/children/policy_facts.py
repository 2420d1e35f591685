"""A child as the charter sees them."""

from __future__ import annotations

from marfa.apps.children.clocks import COMPLETED, REFERRAL
from marfa.apps.children.queries import duty_of
from marfa.apps.children.situation import decisions_until
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Decision, Resource
from marfa.safeguards.words import Purpose

KIND, REFER, END = "Child", "children.refer", "children.end"
ARRANGE = "children.arrange"
PURPOSE = Purpose.CHILD_PROTECTION


def child_of(person: Person) -> Resource:
    """A child, or who is owed something since they were one, as the charter sees them."""
    duty = duty_of(person)
    met = duty.met_by if duty is not None and not duty.is_live else ""
    until = decisions_until([person.pk]).get(person.pk)
    return Resource(
        KIND,
        person.pk,
        {
            **PERSON.resource(person).facts,
            "age_in_doubt": person.age_disputed,
            "referred": met in (REFERRAL, COMPLETED),
            "authority_unsafe": until is not None and until > clock.now(),
        },
    )


def decide_on(actor: Actor, code: str, child: Resource) -> Decision:
    """What the charter says of something that is done for a child."""
    asked = {"on_record": True, "purpose": PURPOSE.value}
    return decide(actor, code, child, asked)


def may_arrange(actor: Actor) -> bool:
    """Whether the charter lets an actor set hours and say who is told."""
    asked = {"on_record": True, "purpose": Purpose.ADMINISTRATION.value}
    return decide(actor, ARRANGE, the_controller(), asked).allowed
