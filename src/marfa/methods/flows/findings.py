"""What was found: which transactions, in which shape, around which account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from marfa.methods.flows.ledger import Ledger

KINDS = (
    "fan_in",
    "fan_out",
    "gather_scatter",
    "scatter_gather",
    "bipartite",
    "stack",
    "cycle",
    "pass_through",
    "structuring",
    "funnel",
)


@dataclass(frozen=True, order=True)
class Finding:
    """Transactions of one finding, by their places in the ledger, in order.

    centre: the account around which the shape lies, -1 where there is none. damped: it had to
    stand out from a habit, and so took more than the least that the shape asks for.
    """

    rows: tuple[int, ...]
    pattern: str = field(compare=False)
    centre: int = field(default=-1, compare=False)
    damped: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Found:
    """All findings of a ledger, by pattern in the order of ``KINDS`` and then by transaction.

    damped: accounts of which some shape was left out or asked more because of their habit.
    """

    ledger: Ledger
    findings: Mapping[str, Sequence[Finding]]
    parameters: Mapping[str, object]
    damped: int

    @property
    def digest(self) -> str:
        """SHA-256 of patterns and ids of transactions; neither accounts nor the file count."""
        told = hashlib.sha256()
        for name, finding in self.numbered():
            ids = "\x1f".join(self.ledger.ids[row] for row in finding.rows)
            told.update(f"{name}\x1e{finding.pattern}\x1e{ids}\x1d".encode())
        return told.hexdigest()

    def numbered(self) -> Iterable[tuple[str, Finding]]:
        """Each finding with its name: ``cycle-1``, ``cycle-2``."""
        for pattern, found in self.findings.items():
            for number, finding in enumerate(found, 1):
                yield f"{pattern}-{number}", finding

    def rows(self) -> Iterable[tuple[str, str, str, str, str]]:
        """finding, pattern, id, src, dst: one row a transaction of a finding."""
        ledger = self.ledger
        for name, finding in self.numbered():
            for row in finding.rows:
                src, dst = ledger.names[ledger.src[row]], ledger.names[ledger.dst[row]]
                yield name, finding.pattern, ledger.ids[row], src, dst

    def as_json(self) -> dict[str, object]:
        """Counts, parameters and digest, without any account."""
        return {
            "transactions": self.ledger.whole.transactions,
            "accounts": self.ledger.whole.accounts,
            "patterns": {
                pattern: {
                    "findings": len(found),
                    "transactions": len({row for finding in found for row in finding.rows}),
                }
                for pattern, found in self.findings.items()
            },
            "parameters": dict(self.parameters),
            "damped": self.damped,
            "digest": self.digest,
        }


def join_sets(sets: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """Sets that share a member become one; in order of their first members."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for members in sets:
        first = -1
        for row in members:
            parent.setdefault(row, row)
            top = root(row)
            if first < 0:
                first = top
            elif top != first:
                low, high = min(top, first), max(top, first)
                parent[high] = low
                first = low
    joined: dict[int, list[int]] = {}
    for row in sorted(parent):
        joined.setdefault(root(row), []).append(row)
    return [tuple(rows) for rows in joined.values()]
