"""Check of a rounded table: multiples of the base, every margin the sum of its parts."""

from __future__ import annotations

import numpy as np

from marfa.domain.message import Message
from marfa.methods.disclosure.tables.audit import table_sums
from marfa.methods.disclosure.tables.protected_table import ROUNDED, STATUSES, ProtectedTable


def attack_rounded(table: ProtectedTable) -> list[Message]:
    """What is wrong with a rounded table, in sentences; nothing if the list is empty."""
    base = table.base or 1
    problems: list[Message] = []
    _sums, wrong = table_sums(table, np.zeros(0, dtype=np.int64))
    numbers = (
        ("sums-wrong-here", len(wrong)),
        ("not-multiples", int((table.counts % base != 0).sum())),
        ("not-rounded", int((table.status != STATUSES.index(ROUNDED)).sum())),
    )
    for key, number in numbers:
        if number:
            problems.append(Message(f"methods.disclosure.tables:{key}", count=number))
    if base < table.min_cell:
        problems.append(Message("methods.disclosure.tables:base-low", {"min_cell": table.min_cell}))
    return problems
