"""Conditions of closure, which the apps above bring, and the rule for children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.models import Case
from marfa.apps.manifest import gather_from_apps
from marfa.apps.registry.care import somebody_of
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Decision, Resource


@dataclass(frozen=True)
class Obstacle:
    """What stands against closing a case. page: address where it is mended, if there is one.
    label: what the link to it says."""

    said: Message
    page: str = ""
    label: Promise | str = ""


def _never(_case: Case) -> bool:
    return False


@dataclass(frozen=True)
class ClosureCondition:
    """What one app says.

    goes_on: what keeps a case open; None where nothing does. referred: whether others took up the
    protection of the child whose case it is. refers: the page on which a child is referred.
    authority_unsafe: whether two people decided, until a day that is not past, that the authority
    to which the child would be referred is unsafe, and who protects it meanwhile.
    """

    goes_on: Callable[[Case], Obstacle | None]
    referred: Callable[[Case], bool] = _never
    refers: Callable[[Case], str] | None = None
    authority_unsafe: Callable[[Case], bool] = _never


def closure_conditions() -> tuple[ClosureCondition, ...]:
    """Those of all apps, in the order of the house."""
    return gather_from_apps("case_closure")


def find_what_goes_on(case: Case) -> list[Obstacle]:
    """All that keeps a case open, whosever it is."""
    said = (each.goes_on(case) for each in closure_conditions())
    return [obstacle for obstacle in said if obstacle is not None]


def was_referred(case: Case) -> bool:
    """Whether any app knows of others who took up the protection of a child. Where none is asked,
    nobody did: a child's case then stays open."""
    return any(each.referred(case) for each in closure_conditions())


def is_authority_unsafe(case: Case) -> bool:
    """Whether a decision in force stands in place of a referral: asked of the clock each time."""
    return any(each.authority_unsafe(case) for each in closure_conditions())


def decide_on_child(actor: Actor, case: Case) -> Decision | None:
    """Whether the charter lets the case of a child end; None where it is no child's."""
    person = case.person
    if not somebody_of(person).is_child(clock.today(case.site.time_zone)):
        return None
    facts = {
        **PERSON.resource(person).facts,
        "age_in_doubt": person.age_disputed,
        "referred": was_referred(case),
        "authority_unsafe": is_authority_unsafe(case),
    }
    asked = {"on_record": True, "purpose": PURPOSE.value}
    return decide(actor, "children.close", Resource("Child", person.pk, facts), asked)


def find_obstacles(actor: Actor, case: Case) -> list[Obstacle]:
    """All that stands against closing an open case now, to be said before anybody asks for it."""
    decision = decide_on_child(actor, case)
    found = find_what_goes_on(case)
    if decision is None or decision.allowed:
        return found
    refers = (each.refers(case) for each in closure_conditions() if each.refers is not None)
    page = next(refers, "")
    return [
        *found,
        Obstacle(decision.message, page, _("Refer to child protection") if page else ""),
    ]
