"""How long a duty may take, by organisation."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from marfa.apps.children.clocks import DEFAULT_HOURS
from marfa.apps.children.models import DutyHours
from marfa.apps.organisations.models import Organisation

NAMES = ("danger", "alone", "other")


def hours_of(organisations: Mapping[UUID, UUID]) -> dict[UUID, Mapping[str, int]]:
    """The hours that hold for each of some people. organisations: by person, whose they are."""
    rows = DutyHours.objects.filter(organisation__in=set(organisations.values()))
    own = {row.organisation_id: {name: getattr(row, name) for name in NAMES} for row in rows}
    return {key: own.get(each, DEFAULT_HOURS) for key, each in organisations.items()}


def hours_at(organisation: Organisation) -> Mapping[str, int]:
    """The hours that hold in an organisation."""
    return hours_of({organisation.pk: organisation.pk})[organisation.pk]
