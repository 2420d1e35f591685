"""Codes of incidents in the reader's words."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from marfa.apps.incidents.models import Incident
from marfa.domain.codelists import codelist
from marfa.safeguards.words import Tier

register = template.Library()


@register.filter
def incident_kind(incident: Incident) -> str:
    """What happened."""
    return codelist("incident_kinds").label(incident.kind, get_language() or "en")


@register.filter
def incident_state(incident: Incident) -> str:
    """Where it stands."""
    return incident.get_state_display()


@register.filter
def tier_name(tier: Tier) -> str:
    """How harmful data are."""
    return codelist("sensitivity_tiers").label(tier.value, get_language() or "en")
