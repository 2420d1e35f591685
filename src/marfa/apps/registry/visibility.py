"""Filters for rows about people whom an actor may know of."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition


def about_seen(actor: Actor, person: str = "person") -> Exists:
    """The condition on rows of another table. person: path to the person whom a row is about."""
    return about_people_where(visibility_condition(PERSON, actor), person)


def about_people_where(condition: Q, person: str = "person") -> Exists:
    """Rows about people for whom a condition holds.

    The database asks it for the person of each row. Of ``person__in`` SQLite makes the whole list
    of people first: with 200,000 that takes 90 ms, where a few rows are asked about.
    """
    return Exists(Person.objects.filter(condition, pk=OuterRef(person)))
