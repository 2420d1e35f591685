"""Make the pages of the documentation that come from the code; none of them is committed.

    .venv/bin/python -m tools.made_pages

Building the site and the tests of the documentation do it too. A page that is younger than all it
is made from is left as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import charter_page, code_lists_page, desk_sets_page, retention_table

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
MADE: dict[Path, Callable[[], str]] = {
    charter_page.PAGE: charter_page.page,
    code_lists_page.PAGE: code_lists_page.page,
    retention_table.PAGE: retention_table.page,
    desk_sets_page.PAGE: desk_sets_page.page,
}


def make_pages() -> None:
    """Write those that are not there or not current."""
    newest = max(file.stat().st_mtime_ns for file in _made_from())
    for path, page in MADE.items():
        if not path.is_file() or path.stat().st_mtime_ns < newest:
            # Moved into place: several processes of a test run may do it at once.
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_text(page(), encoding="utf-8")
            beside.replace(path)


def _made_from() -> Iterator[Path]:
    for ending in ("toml", "cedar", "cedarschema", "po"):
        yield from SOURCE.rglob(f"*.{ending}")
    for pattern in ("apps/*/module.py", "apps/**/*urls.py"):
        yield from SOURCE.glob(pattern)
    for folder in (SOURCE / "domain", SOURCE / "safeguards", ROOT / "tools"):
        yield from folder.rglob("*.py")


if __name__ == "__main__":
    make_pages()
