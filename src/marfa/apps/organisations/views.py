"""What administrators see of organisations, sites and roles."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import at_desk
from marfa.apps.organisations.queries import organisations_with_sites, people_with_roles
from marfa.apps.registry import Desk

PAGE = 50


@require_safe
@at_desk(Desk.ADMINISTRATION)
def sites(request: HttpRequest) -> HttpResponse:
    """The organisations of this installation and their sites."""
    found = organisations_with_sites()
    return render(request, "organisations/sites.html", {"organisations": found})


@require_safe
@at_desk(Desk.ADMINISTRATION)
def people(request: HttpRequest) -> HttpResponse:
    """Who holds which role, where, until when."""
    page = Paginator(people_with_roles(), PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/people.html", {"grants": page})
