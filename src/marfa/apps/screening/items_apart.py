"""Items that no list asks and no list keeps, since their answer is sealed as a complaint is."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

DECLARED = Path(__file__).parent / "items_apart.toml"


@lru_cache(maxsize=1)
def items_apart() -> frozenset[str]:
    """Their ids, in whichever list they stand."""
    return frozenset(tomllib.loads(DECLARED.read_text(encoding="utf-8"))["items"])
