"""Where a sealed value belongs: bound in as associated data, so that it opens nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

HIGHEST_PART = 0xFFFF
HIGHEST_VERSION = 0xFFFFFFFF


@dataclass(frozen=True)
class Context:
    """The place of a value: table, column, row, and the version of the key that seals it."""

    table: str
    column: str
    row: str
    key_version: int = 1

    def __post_init__(self) -> None:
        parts = (self.table, self.column, self.row)
        if not all(0 < len(part.encode()) <= HIGHEST_PART for part in parts):
            raise ValueError("table, column and row have 1 to 65535 bytes each")
        if not 0 < self.key_version <= HIGHEST_VERSION:
            raise ValueError("a key version is between 1 and 2**32 - 1")

    def encode(self) -> bytes:
        """The place as bytes; two different places never give the same ones.

        Each part has its length in front, so ``("ab", "c")`` and ``("a", "bc")`` differ.
        """
        parts = [part.encode() for part in (self.table, self.column, self.row)]
        framed = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
        return framed + self.key_version.to_bytes(4, "big")
