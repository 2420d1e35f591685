"""What the shell's search and timeline show of organisations, sites and roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation, RoleGrant, Site
from marfa.apps.organisations.queries import desks_of
from marfa.apps.registry import Desk, Found, Happened
from marfa.platform.slices import in_slices

MOST = 20
CHUNK = 50


def find(user: User, text: str) -> Iterator[Found]:
    """For administrators: organisations, sites and colleagues by a part of their name."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    sites, people = reverse("organisations:sites"), reverse("organisations:people")
    for name in _names(Organisation, "name", text):
        yield Found(name, sites, _("organisation"))
    for name in _names(Site, "name", text):
        yield Found(name, sites, _("site"))
    for name in _names(User, "display_name", text):
        yield Found(name, people, _("colleague"))


def happened(user: User, before: datetime) -> Iterator[Happened]:
    """For administrators: sites that joined and roles that began; nobody is named."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    sites = Site.objects.filter(created_at__lt=before).order_by("-created_at")
    roles = RoleGrant.objects.filter(starts_at__lt=before).order_by("-starts_at")
    streams = (
        _events(sites.values_list("created_at", flat=True), _("A site joined"), "sites"),
        _events(roles.values_list("starts_at", flat=True), _("A role began"), "people"),
    )
    yield from merge(*streams, key=lambda event: event.at, reverse=True)


def _events(moments: QuerySet[Any, datetime], text: str, page: str) -> Iterator[Happened]:
    for at in in_slices(moments, CHUNK):
        yield Happened(at, text, reverse(f"organisations:{page}"))


def _names(model: type[Organisation | Site | User], field: str, text: str) -> list[str]:
    found = model._default_manager.filter(**{f"{field}__icontains": text}).order_by(field)
    return list(found.values_list(field, flat=True)[:MOST])
