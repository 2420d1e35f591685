"""A hook of MkDocs: pages that come from the code are made, and patterns in ``nav`` become pages,
so that a new page needs no entry there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).parents[1]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Called by MkDocs before it builds."""
    subprocess.run([sys.executable, "-m", "tools.made_pages"], cwd=ROOT, check=True)
    if config.nav:
        config.nav = expand(config.nav, Path(config.docs_dir))
    return config


def expand(nav: list[Any], folder: Path) -> list[Any]:
    """The navigation with each pattern replaced by the pages that nothing else in it names.

    nav: as in mkdocs.yml: pages, patterns such as ``methods/*.md``, and sections of those.
    folder: where the pages are. A section that ends up without pages is left out.
    """
    named = {page for page in _leaves(nav) if "*" not in page}
    return _expand(nav, folder, named)


def _expand(nav: list[Any], folder: Path, named: set[str]) -> list[Any]:
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            for title, inside in entry.items():
                pages = _expand(inside, folder, named) if isinstance(inside, list) else inside
                if pages:
                    found.append({title: pages})
        elif "*" in entry:
            pages = [page for page in _matching(entry, folder) if page not in named]
            named.update(pages)
            found.extend(pages)
        else:
            found.append(entry)
    return found


def _matching(pattern: str, folder: Path) -> list[str]:
    files = sorted(folder.glob(pattern))
    return [str(PurePosixPath(file.relative_to(folder))) for file in files]


def _leaves(nav: list[Any]) -> list[str]:
    found: list[str] = []
    for entry in nav:
        inside = list(entry.values()) if isinstance(entry, dict) else [entry]
        for value in inside:
            found.extend(_leaves(value) if isinstance(value, list) else [value])
    return found
