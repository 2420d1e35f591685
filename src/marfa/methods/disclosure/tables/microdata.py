"""How well records hide among one another: k-anonymity and l-diversity.

k: the smallest number of records that share their values in the columns an outsider may know
(Sweeney, IJUFKS 10 (2002)). l: the smallest number of different values of a sensitive column in
such a group, and its entropy form (Machanavajjhala et al., TKDD 1 (2007), definition 4.1).
"Not reported" is a value of its own in the groups and none in the diversity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.source import RecordFile


@dataclass(frozen=True)
class Anonymity:
    """records, groups: all of them. k: smallest group. records_below, groups_below: in groups
    smaller than ``minimum``. l_distinct, l_entropy: of the sensitive column, None without one;
    an l of 0 is a group in which nothing is reported."""

    minimum: int
    records: int
    groups: int
    k: int
    records_below: int
    groups_below: int
    l_distinct: int | None = None
    l_entropy: float | None = None

    @property
    def holds(self) -> bool:
        """Every record hides among at least ``minimum``."""
        return self.k >= self.minimum


def anonymity(
    source: RecordFile,
    by: tuple[str, ...],
    *,
    minimum: int = 5,
    sensitive: str | None = None,
    missing: tuple[str, ...] = (),
) -> Anonymity:
    """Measure the records of a source over the columns ``by``.

    Raises InputError for unknown columns and a file without records.
    """
    source.need(*by, *([sensitive] if sensitive else []))
    columns = ", ".join(f"{source.value(name, missing)} AS d{i}" for i, name in enumerate(by))
    names = ", ".join(f"d{i}" for i in range(len(by)))
    groups = f"SELECT {names}, count(*) AS n FROM (SELECT {columns} FROM records) GROUP BY {names}"  # noqa: S608
    found = source.rows(
        f"SELECT coalesce(sum(n), 0), count(*), min(n), coalesce(sum(n) FILTER (n < {minimum}), 0),"  # noqa: S608
        f" count(*) FILTER (n < {minimum}) FROM ({groups})"
    )[0]
    records, number, k, below, groups_below = (int(str(value or 0)) for value in found)
    if not records:
        raise InputError.at(Message("methods.disclosure.tables:nobody"), file=source.path.name)
    distinct, entropy = None, None
    if sensitive is not None:
        columns += f", {source.value(sensitive, missing)} AS s"
        inner = f"(SELECT {columns} FROM records)"  # noqa: S608
        counted = f"SELECT {names}, s, count(*) AS n FROM {inner} GROUP BY {names}, s"  # noqa: S608
        shares = (
            f"SELECT count(s) AS l, -sum(n * ln(n)) FILTER (s IS NOT NULL) AS a, "  # noqa: S608
            f"sum(n) FILTER (s IS NOT NULL) AS t FROM ({counted}) GROUP BY {names}"
        )
        least, low = source.rows(
            f"SELECT min(l), min(CASE WHEN t > 0 THEN a / t + ln(t) END) FROM ({shares})"  # noqa: S608
        )[0]
        distinct = int(str(least))
        told = distinct > 0 and low is not None
        entropy = round(math.exp(float(str(low))), 4) if told else 0.0
    return Anonymity(minimum, records, number, k, below, groups_below, distinct, entropy)
