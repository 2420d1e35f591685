"""The tables of the folder ``data``: words in rows, parted by spaces."""

from __future__ import annotations

from importlib.resources import files


def read_rows(name: str) -> list[list[str]]:
    """The rows of a table in ``data``; empty ones and those that begin with # are left out."""
    text = (files("marfa.methods.names") / "data" / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
