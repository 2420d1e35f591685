"""Versions of the method, by their numbers, so that what was scored can be scored again.

A release that scores differently is another version: it gets a number, and what scored before stays
here under its own. Nothing was released before version 2.
"""

from __future__ import annotations

from collections.abc import Callable

from marfa.domain.message import InputError, Message
from marfa.methods.names.compare import VERSION, Comparer
from marfa.methods.names.frequencies import Frequencies

METHODS: dict[str, Callable[[Frequencies | None], Comparer]] = {
    VERSION: lambda frequencies: Comparer(frequencies=frequencies),
}


def comparer_of(version: str = VERSION, frequencies: Frequencies | None = None) -> Comparer:
    """What compares as a version does. Raises InputError for a number that there is not."""
    if version not in METHODS:
        numbers = {"version": version, "known": ", ".join(METHODS)}
        raise InputError.at(Message("methods.names:version-unknown", numbers), field="version")
    return METHODS[version](frequencies)
