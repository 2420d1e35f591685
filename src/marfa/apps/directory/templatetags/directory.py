"""How a service is told in a line."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.directory.models import Service
from marfa.domain.codelists import codelist
from marfa.platform.regional import format_number

register = template.Library()


@register.filter
def need_label(code: str) -> str:
    """With what a service helps, in the reader's language."""
    return codelist("support_types").label(code, get_language() or "en")


@register.filter
def need_of(service: Service, labels: Mapping[str, str]) -> str:
    """The same, of labels that were read before."""
    return labels[service.need]


@register.filter
def for_whom(service: Service) -> str:
    """For which sex and ages a service is."""
    low, high = service.age_from, service.age_to
    told = {"low": format_number(low or 0), "high": format_number(high or 0)}
    if low is None and high is None:
        return service.get_sexes_display()
    if high is None:
        ages = _("from age %(low)s") % told
    elif low is None:
        ages = _("up to age %(high)s") % told
    else:
        ages = _("aged %(low)s to %(high)s") % told
    return f"{service.get_sexes_display()}, {ages}"


@register.filter
def kilometres(km: float) -> str:
    """A distance as a person reads it."""
    return _("%(km)s km") % {"km": format_number(km, 0 if km >= 10 else 1)}
