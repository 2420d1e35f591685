"""URLs of this installation: the shell's own, and those of the modules of its desks."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from marfa.apps.access import at_desk
from marfa.apps.manifest import Desk, installed_modules
from marfa.web import views
from marfa.web.desks import desks_here


def mounted_urls(desk: Desk | None, prefix: str) -> list[URLPattern | URLResolver]:
    """What the modules bring at a desk; None: outside every desk.

    Several apps may bring pages of one namespace, of which Django finds one alone: theirs are
    joined. Those of the app that stands highest come first, so that it can put a page before one
    below it whose address takes any word.
    """
    joined: dict[str, list[URLPattern | URLResolver]] = {}
    for module in installed_modules():
        for its_desk, urls in module.urls:
            if its_desk is desk:
                brought = import_module(urls)
                joined[brought.app_name] = [*brought.urlpatterns, *joined.get(brought.app_name, ())]
    return [path(prefix, include((patterns, name))) for name, patterns in joined.items()]


def desk_urls(desk: Desk) -> list[URLPattern | URLResolver]:
    """The landing page of a desk, and below it what its modules bring."""
    prefix = f"desks/{desk}/"
    page = path(prefix, at_desk(desk)(views.DeskPage.as_view(desk=desk)), name=f"desk-{desk}")
    return [page, *mounted_urls(desk, prefix)]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.find, name="search"),
    path("timeline/", views.happened, name="timeline"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("health/", views.health, name="health"),
    path("files/", include("marfa.platform.files.urls")),
    *mounted_urls(None, ""),
    *(pattern for desk in desks_here() for pattern in desk_urls(desk)),
]

if settings.DEMONSTRATION:
    urlpatterns.append(path("", include("marfa.demo.urls")))

handler400 = "marfa.web.views.bad_request"
handler403 = "marfa.web.views.forbidden"
handler404 = "marfa.web.views.not_found"
handler500 = "marfa.web.views.server_error"
