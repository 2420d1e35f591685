"""Codes of the log as the page shows them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()
PART = re.compile(r"[^._]+[._]*|[._]+")


@register.filter
def breaking(code: str) -> SafeString:
    """A code that a narrow page breaks between its parts and not within a word."""
    return format_html_join("", "{}<wbr>", ((part,) for part in PART.findall(code)))
