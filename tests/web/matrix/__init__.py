"""The access matrix: one file for the pages of each app.

A new view says in its app's file who may open it; ``tests/web/test_access_matrix.py`` holds every
URL against it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from marfa.apps.manifest import Desk
from tests.web.matrix.rules import Url


def collected() -> dict[str, Url]:
    """The entries of all files; fails for a URL that stands in two."""
    found = {f"desk-{desk}": Url(desk) for desk in Desk}
    for part in pkgutil.iter_modules(__path__):
        urls: dict[str, Url] = getattr(import_module(f"{__name__}.{part.name}"), "URLS", {})
        assert not found.keys() & urls.keys(), f"{part.name}: {found.keys() & urls.keys()}"
        found |= urls
    return found


URLS = collected()
MATRIX = {name: url.rule for name, url in URLS.items()}
ARGUMENTS = {name: url.args for name, url in URLS.items() if url.args}
ANSWER = {name: url.answer for name, url in URLS.items() if url.answer != 200}
POST_ONLY = {name for name, url in URLS.items() if url.post}
