"""What a score means for a pair of scripts: limits measured on labelled pairs.

The limits and the data behind them are in ``data/limits.json``, written by
``benchmarks/names.py --calibrate``. A pair of scripts without labelled data borrows the limits of
the nearest pair that has them, and says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from marfa.methods.names.text import Script


class Band(StrEnum):
    """Where a score lies. None of them is a finding about a person."""

    LIKELY = "likely"
    """At or above the threshold: treat as the same name until a person has looked."""
    POSSIBLE = "possible"
    """Between the two limits: worth a look where a miss would be grave."""
    UNLIKELY = "unlikely"
    NOT_COMPARED = "not-compared"
    """Nobody can say: one of the two cannot be read in the script of the other, or they are names
    of two kinds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a pair of scripts.

    scripts: ISO 15924 codes, sorted (``Arab-Latn``).
    threshold, review: from where a score is ``likely`` and ``possible``.
    data: the labelled data by name; true_pairs, false_pairs: how many of each they hold.
    borrowed_from: the pair of scripts whose limits these are, where it has none of its own.
    """

    scripts: str
    threshold: float
    review: float
    data: str
    true_pairs: int
    false_pairs: int
    borrowed_from: str | None = None

    def band(self, score: float) -> Band:
        if score >= self.threshold:
            return Band.LIKELY
        return Band.POSSIBLE if score >= self.review else Band.UNLIKELY


SAME_SCRIPT = "Latn-Latn"
ACROSS_SCRIPTS = "Arab-Latn"


def limits_for(first: Script, second: Script) -> Limits:
    """The limits of a pair of scripts, in either order."""
    return _limits_for("-".join(sorted((first.value, second.value))))


@cache
def _limits_for(scripts: str) -> Limits:
    table = _table()
    if scripts in table:
        return table[scripts]
    first, _dash, second = scripts.partition("-")
    near = table[SAME_SCRIPT if first == second else ACROSS_SCRIPTS]
    return Limits(
        scripts,
        near.threshold,
        near.review,
        near.data,
        near.true_pairs,
        near.false_pairs,
        borrowed_from=near.scripts,
    )


@cache
def _table() -> dict[str, Limits]:
    text = (files("marfa.methods.names") / "data" / "limits.json").read_text(encoding="utf-8")
    return {
        row["scripts"]: Limits(
            row["scripts"],
            row["threshold"],
            row["review"],
            row["data"],
            row["true_pairs"],
            row["false_pairs"],
        )
        for row in json.loads(text)["limits"]
    }
