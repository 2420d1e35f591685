"""The list of all pages: those that an entry shows, and those that are known without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Page

from marfa.apps.manifest import Desk
from marfa.cli.server.serve import DEMONSTRATED
from tests.journeys.pages import GROUPS, Shown
from tests.web.matrix import URLS
from tests.web.matrix.rules import Url

DERIVED = "derived"


def all_groups() -> dict[str, tuple[Shown, ...]]:
    """The entries by file, and what is derived beside them."""
    pages = derived(URLS, [page for group in GROUPS.values() for page in group])
    return {**GROUPS, **({DERIVED: pages} if pages else {})}


def groups_of_demonstration() -> dict[str, tuple[Shown, ...]]:
    """Those that a browser can come to: a demonstration is one installation, and the other desks
    stand in none with its own."""
    absent = set(Desk) - set(DEMONSTRATED)
    found = {
        name: tuple(page for page in pages if page.desk not in absent)
        for name, pages in all_groups().items()
    }
    return {name: pages for name, pages in found.items() if pages}


def derived(urls: Mapping[str, Url], written: Iterable[Shown]) -> tuple[Shown, ...]:
    """Pages of a desk that no entry shows: whoever works at the desk looks at them. One that takes
    something is come to by links, from the first of its namespace that takes nothing."""
    shown = {page.view or view_at(page.path) for page in written}
    of_desks = {
        name: url for name, url in urls.items() if isinstance(url.rule, Desk) and not url.post
    }
    alone = {name for name, url in of_desks.items() if url.answer == 200 and not url.args}
    first: dict[str, str] = {}
    for name in of_desks:
        if name in alone:
            first.setdefault(name.rpartition(":")[0], name)
    found = []
    for name, url in of_desks.items():
        start = name if name in alone else first.get(name.rpartition(":")[0])
        leads = url.args and url.answer == 404
        if name not in shown and start and (name in alone or (leads and ":" in name)):
            goes = None if name in alone else partial(follow_links, view=name)
            view = "" if name in alone else name
            desk = str(url.rule)
            found.append(Shown(name.replace(":", "-"), reverse(start), desk, goes, view))
    return tuple(found)


def follow_links(page: Page, view: str) -> None:
    """Go from page to page of one namespace, the nearest first, until one of them is this."""
    namespace = f"{view.rpartition(':')[0]}:"
    waiting, seen = [page.url], {urlsplit(page.url).path}
    while waiting:
        page.goto(waiting.pop(0))
        for link in page.locator("main a[href]").all():
            path = urlsplit(link.get_attribute("href") or "").path
            name = view_at(path) if path.startswith("/") else ""
            if name == view:
                page.goto(path)
                return
            if name.startswith(namespace) and path not in seen:
                seen.add(path)
                waiting.append(path)
    raise AssertionError(f"no link of the demonstration leads to {view}")


def view_at(path: str) -> str:
    """The name of the page at an address."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return "not found"
