"""Every page that can be opened, for the checks and pictures that look at all of them.

One file for each app: ``tests/apps/<app>/shown.py``, or one beside this. A page of a desk that its
address alone opens is shown without an entry (``tests/journeys/page_list.py``); for every other
that no entry shows, ``tests/web/test_pages.py`` fails.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

import tests.apps
from tests.journeys.pages.base import SIZES, VISITOR, Shown, Walk, sign_in

__all__ = ["GROUPS", "PAGES", "SIZES", "VISITOR", "Shown", "Walk", "sign_in"]


def files() -> Iterator[tuple[str, str]]:
    """The files with entries, by the name of their group."""
    for part in pkgutil.iter_modules(__path__):
        yield part.name, f"{__name__}.{part.name}"
    for app in pkgutil.iter_modules(tests.apps.__path__):
        file = f"tests.apps.{app.name}.shown"
        if app.ispkg and find_spec(file):
            yield app.name, file


def collected() -> dict[str, tuple[Shown, ...]]:
    """The pages by group; fails for two files of one group."""
    found: dict[str, tuple[Shown, ...]] = {}
    for group, file in files():
        pages = getattr(import_module(file), "PAGES", None)
        if pages is not None:
            assert group not in found, f"{file}: the pages of {group} stand in two files"
            found[group] = pages
    return found


GROUPS = collected()
PAGES = tuple(page for pages in GROUPS.values() for page in pages)
