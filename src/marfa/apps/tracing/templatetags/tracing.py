"""Codes of tracing in the reader's language."""

from __future__ import annotations

from typing import Any

from django import template

from marfa.apps.cases.views.common import code_label

register = template.Library()


@register.filter
def tie(row: Any) -> str:
    """What somebody says to be to the person."""
    return code_label("relationship_kinds", getattr(row, "tie", "") or row.kind)
