"""Whether this package lies in a checkout of the source, and where."""

from __future__ import annotations

from pathlib import Path

import marfa

PACKAGE = Path(marfa.__file__).parent


def find_checkout(package: Path = PACKAGE) -> Path | None:
    """The folder of the checkout in which a package lies; None for one that is installed."""
    root = package.parents[1]
    is_source = package.parent.name == "src" and (root / "pyproject.toml").is_file()
    return root if is_source and (root / "tests" / "apps").is_dir() else None
