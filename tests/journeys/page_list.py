"""The list of all pages: those that an entry shows, and those that are known without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import Resolver404, resolve, reverse

from marfa.apps.manifest import Desk
from tests.journeys.pages import GROUPS, Shown
from tests.web.matrix import URLS
from tests.web.matrix.rules import Url

DERIVED = "derived"


def all_groups() -> dict[str, tuple[Shown, ...]]:
    """The entries by file, and what is derived beside them."""
    pages = derived(URLS, [page for group in GROUPS.values() for page in group])
    return {**GROUPS, **({DERIVED: pages} if pages else {})}


def derived(urls: Mapping[str, Url], written: Iterable[Shown]) -> tuple[Shown, ...]:
    """A page of a desk that its address alone opens, where no entry shows it: whoever works at
    the desk looks at it."""
    shown = {page.view or view_at(page.path) for page in written}
    return tuple(
        Shown(name.replace(":", "-"), reverse(name), url.rule.value)
        for name, url in urls.items()
        if isinstance(url.rule, Desk) and not (url.args or url.post)
        if url.answer == 200 and name not in shown
    )


def view_at(path: str) -> str:
    """The name of the page at an address."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return "no such page"
