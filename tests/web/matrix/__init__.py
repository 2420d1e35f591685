"""The access matrix: who may open which address.

Of a view that says what it asks the charter, the entry is derived from that and from its address.
Whoever wants to say it in words of their own, or has a view that asks nothing, writes an entry:
for an app of its own into ``tests/apps/<app>/addresses.py``, else into a file beside this one. It
counts instead. ``tests/web/test_access_matrix.py`` holds every address against it, and fails for
one that asks nothing and of which nothing is written.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.urls import get_resolver

import tests.apps
from marfa.apps.manifest import Desk
from tests.web.matrix.addresses import derived
from tests.web.matrix.rules import Url


def files() -> Iterator[ModuleType]:
    """The files with entries: those beside this one, and those of the apps."""
    for part in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{part.name}")
    for app in pkgutil.iter_modules(tests.apps.__path__, "tests.apps."):
        if app.ispkg and find_spec(f"{app.name}.addresses"):
            yield import_module(f"{app.name}.addresses")


def written() -> dict[str, Url]:
    """The entries of all files; fails for an address that stands in two."""
    found = {f"desk-{desk}": Url(desk) for desk in Desk}
    for file in files():
        urls: dict[str, Url] = getattr(file, "URLS", {})
        assert not found.keys() & urls.keys(), f"{file.__name__}: {found.keys() & urls.keys()}"
        found |= urls
    return found


WRITTEN = written()
URLS = derived(get_resolver().url_patterns) | WRITTEN
MATRIX = {name: url.rule for name, url in URLS.items()}
ARGUMENTS = {name: url.args for name, url in URLS.items() if url.args}
ANSWER = {name: url.answer for name, url in URLS.items() if url.answer != 200}
POST_ONLY = {name for name, url in URLS.items() if url.post}
