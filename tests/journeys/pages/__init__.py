"""Every page that can be opened, for the checks and pictures that look at all of them.

One file for each app; ``tests/web/test_pages.py`` fails for a page that no entry here shows.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.journeys.pages.base import SIZES, VISITOR, Shown, Walk, sign_in

__all__ = ["GROUPS", "PAGES", "SIZES", "VISITOR", "Shown", "Walk", "sign_in"]


def collected() -> dict[str, tuple[Shown, ...]]:
    """The pages by file."""
    parts = (import_module(f"{__name__}.{part.name}") for part in pkgutil.iter_modules(__path__))
    return {
        part.__name__.rpartition(".")[2]: part.PAGES for part in parts if hasattr(part, "PAGES")
    }


GROUPS = collected()
PAGES = tuple(page for pages in GROUPS.values() for page in pages)
