"""Codes of caregivers and places in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from marfa.apps.alternative_care.models import CarePlace
from marfa.apps.alternative_care.queries import TAKES
from marfa.apps.cases.views.common import code_label

register = template.Library()


@register.filter
def care_kind(place: CarePlace) -> str:
    """Which kind of care it is."""
    return code_label("care_kinds", place.kind)


@register.filter
def care_takes(place: CarePlace) -> str | Promise:
    """Whom it takes."""
    return dict(TAKES)[place.takes]
