"""Codes of requests in the reader's words."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from marfa.apps.privacy.models import DataRequest
from marfa.domain.codelists import codelist

register = template.Library()


@register.filter
def request_kind(request: DataRequest) -> str:
    """What somebody asked for."""
    return codelist("data_request_kinds").label(request.kind, get_language() or "en")


@register.filter
def request_outcome(request: DataRequest) -> str:
    """How it was answered."""
    return codelist("data_request_outcomes").label(request.outcome, get_language() or "en")
