"""All sets of desks, and which of them the design allows, written here a second time."""

from __future__ import annotations

from itertools import combinations

ALWAYS = "administration"
BESIDE = frozenset({"reporting", "coordination"})
APART = (
    frozenset({"reception", "protection"}),
    frozenset({"investigations"}),
    frozenset({"finance"}),
    frozenset({"sanctions"}),
)
CHOSEN = sorted(BESIDE.union(*APART))
ALL_SETS = tuple(
    frozenset({ALWAYS, *chosen})
    for size in range(len(CHOSEN) + 1)
    for chosen in combinations(CHOSEN, size)
)
"""All 128, administration in each."""


def is_allowed(desks: frozenset[str]) -> bool:
    """At least one desk beside administration, and data of one kind."""
    others = desks - {ALWAYS}
    kept = others - BESIDE
    return bool(others) and (not kept or any(kept <= together for together in APART))


ALLOWED_SETS = tuple(desks for desks in ALL_SETS if is_allowed(desks))
