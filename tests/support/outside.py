"""Commands as they are where no installation is: one that protects people lacks some of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOWHERE = Path("/nowhere/marfa")


@contextmanager
def outside_installations() -> Iterator[None]:
    """As if the usual data folder were not there, for the block."""
    before = os.environ.get("MARFA_DATA")
    os.environ["MARFA_DATA"] = str(NOWHERE)
    try:
        yield
    finally:
        if before is None:
            del os.environ["MARFA_DATA"]
        else:
            os.environ["MARFA_DATA"] = before
