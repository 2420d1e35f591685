"""Canonical JSON (RFC 8785) of values that have one spelling alone.

Whole numbers up to 2**53 - 1, truth values, null, and texts and keys of printable ASCII: for these,
Python's own sorted JSON is RFC 8785's. Whoever calls checks that nothing else comes in.
"""

from __future__ import annotations

import json

LARGEST = 2**53 - 1
"""RFC 8785 knows the numbers of JavaScript alone."""

_encode = json.JSONEncoder(
    ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical_json(value: object) -> str:
    """A value as canonical JSON. Raises ValueError for NaN and infinities."""
    return _encode(value)
