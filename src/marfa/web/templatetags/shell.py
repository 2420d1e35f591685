"""What templates ask the shell for. Built into every template; nothing needs loading."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.domain.codelists import codelist
from marfa.web.desks import TEXTS, reader_language

register = template.Library()


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Source name -> built name, as the front end's build wrote it."""
    file = files("marfa.web").joinpath("static", "built", "manifest.json")
    names: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return names


@register.simple_tag
def asset_url(name: str) -> str:
    """URL of a built script or style."""
    return static(f"built/{manifest()[name]}")


@register.simple_tag
def icon_url() -> str:
    """URL of the neutral icon."""
    return static(f"icons/{settings.MARFA.icon}.svg")


@register.simple_tag
def desk_url(desk: str) -> str:
    """URL of a desk's landing page."""
    return reverse(f"desk-{desk}")


@register.filter
def desk_name(desk: str) -> str:
    """The name of a desk in the reader's language."""
    return TEXTS[Desk(desk)].name


@register.filter
def role_name(role: str) -> str:
    """The name of a role in the reader's language."""
    return codelist("roles").label(role, reader_language())
