"""What the shell's search and timeline show of organisations, sites and roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, Happened, SearchHit
from marfa.apps.organisations.models import Organisation, RoleGrant, Site
from marfa.apps.organisations.queries import desks_of
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.platform.slices import in_slices

MOST = 20
CHUNK = 50


def search_results(user: User, text: str) -> Iterator[SearchHit]:
    """For administrators: organisations, sites and colleagues by a part of their name."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    sites, people = reverse("organisations:sites"), reverse("organisations:people")
    for name in _names(Organisation, "name", text):
        yield SearchHit(name, sites, _("organisation"))
    for name in _names(Site, "name", text):
        yield SearchHit(name, sites, _("site"))
    for name in _names(User, "display_name", text):
        yield SearchHit(name, people, _("colleague"))


def timeline_of(user: User, before: datetime) -> Iterator[Happened]:
    """For administrators: sites that joined and which roles began where; nobody is named."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    sites = Site.objects.filter(created_at__lt=before).order_by("-created_at")
    roles = RoleGrant.objects.filter(starts_at__lt=before).order_by("-starts_at")
    streams = (
        _events(sites.values_list("created_at", "name"), _joined, "sites"),
        _events(roles.values_list("starts_at", "role", "site__name"), _began, "people"),
    )
    yield from merge(*streams, key=lambda event: event.at, reverse=True)


def _events(
    rows: QuerySet[Any, tuple[Any, ...]], told: Callable[..., str], page: str
) -> Iterator[Happened]:
    for at, *about in in_slices(rows, CHUNK):
        yield Happened(at, told(*about), reverse(f"organisations:{page}"))


def _joined(site: str) -> str:
    return _("A site joined: %(site)s") % {"site": site}


def _began(role: str, site: str | None) -> str:
    label = codelist("roles").label(role, get_language() or SOURCE_LANGUAGE)
    if site is None:
        return _("A role began: %(role)s") % {"role": label}
    return _("A role began: %(role)s, %(site)s") % {"role": label, "site": site}


def _names(model: type[Organisation | Site | User], field: str, text: str) -> list[str]:
    found = model._default_manager.filter(**{f"{field}__icontains": text}).order_by(field)
    return list(found.values_list(field, flat=True)[:MOST])
