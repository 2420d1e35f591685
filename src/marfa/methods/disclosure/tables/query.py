"""A table as a recorded question: enough to count it again and get the same figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.hierarchy import Groups
from marfa.methods.disclosure.tables.protected_table import RESERVED
from marfa.methods.disclosure.tables.rates import Denominators

Merged = Mapping[str, Mapping[str, tuple[str | None, ...]]]
OPTIONAL = frozenset(
    {"merged", "series", "denominators", "sensitive", "zeros", "household", "whole_groups"}
    | {"amount", "p_percent", "dominance", "new_values"}
)
SUBJECTS = ("victims", "grave-violations", "sexual-violence")
METHODS = ("suppress", "round")
MAX_DIMENSIONS = 8


@dataclass(frozen=True)
class TableQuery:
    """What is counted and how it is protected.

    population: who is counted, in words. period: the time it is about, in words.
    dimensions: columns. where: records counted, (column, value) pairs that must all hold.
    unit: column that names the person, if a person may have several records; else records count.
    missing: codes that mean "not reported" beside an empty field. several: columns whose fields
    may hold several values divided by ``separator``; such records count once, as "_several".
    groups: hierarchies. merged: by column and name of a merged value, the values that it stands
    for. series: one of dated tables. denominators: for rates, inhabitants by values. sensitive:
    columns that nobody should learn of a whole group. zeros: whether zeros (with a sensitive value,
    where columns are) are protected as small counts are. whole_groups: whether somebody confirmed
    that whole groups may be shown with a value of a column known as sensitive. household: column
    that names the household or the incident, whose members shall learn nothing of others. amount:
    column of which sums and means stand beside the counts; p_percent, dominance: the rules by which
    they are withheld (see ``amounts``). new_values: whether somebody confirmed that values which
    no table before had are no old ones under another name. subject: one of SUBJECTS. source:
    SHA-256 of the file.
    """

    dimensions: tuple[str, ...]
    source: str
    population: str = ""
    period: str = ""
    where: tuple[tuple[str, str], ...] = ()
    unit: str | None = None
    missing: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    separator: str = ";"
    groups: Groups = field(default_factory=dict)
    merged: Merged = field(default_factory=dict)
    series: bool = False
    denominators: Denominators = ()
    sensitive: tuple[str, ...] = ()
    zeros: bool = False
    whole_groups: bool = False
    household: str | None = None
    amount: str | None = None
    p_percent: int = 0
    dominance: tuple[int, int] = (0, 0)
    new_values: bool = False
    min_cell: int = 5
    method: str = "suppress"
    base: int | None = None
    subject: str = "victims"
    occurred: str | None = None
    recorded: str | None = None

    def check(self) -> None:
        """Raises InputError for a question that has no answer."""
        for name in self.dimensions:
            if self.dimensions.count(name) > 1:
                raise _error("dimension-twice", column=name)
            if name in RESERVED:
                raise _error("dimension-reserved", column=name)
        if not 1 <= len(self.dimensions) <= MAX_DIMENSIONS:
            raise _error("dimension-number", limit=MAX_DIMENSIONS)
        if self.min_cell < 2:
            raise _error("min-cell-low")
        if self.method == "round" and (self.base is None or self.base < self.min_cell):
            raise _error("base-low", min_cell=self.min_cell)
        if self.method == "round" and self.subject != "victims":
            raise _error("never-rounded")

    @property
    def hides_zeros(self) -> bool:
        """Whether a zero may be withheld."""
        return self.zeros or bool(self.sensitive)

    @property
    def query_id(self) -> str:
        """The first 32 hexadecimal digits of SHA-256 over the canonical JSON of the query."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        """Plain data, as it is recorded beside the figures."""
        data = asdict(self)
        # What is not asked for is left out, so that the id of a plain query stays what it was.
        data = {n: v for n, v in data.items() if v or n not in OPTIONAL}
        if self.amount is None:
            data.pop("dominance", None)
        data["where"] = [list(pair) for pair in self.where]
        return {name: list(v) if isinstance(v, tuple) else v for name, v in data.items()}


def query_from_json(data: Mapping[str, Any]) -> TableQuery:
    """The query that ``as_json`` recorded. Raises InputError for anything else."""
    try:
        values = dict(data)
        for name in ("dimensions", "missing", "several"):
            values[name] = tuple(str(item) for item in values[name])
        values["sensitive"] = tuple(str(item) for item in values.get("sensitive", ()))
        first, second = values.get("dominance", (0, 0))
        values["dominance"] = (int(first), int(second))
        values["denominators"] = tuple(
            (tuple((str(column), str(value)) for column, value in key), int(number))
            for key, number in values.get("denominators", ())
        )
        values["where"] = tuple((str(column), str(value)) for column, value in values["where"])
        values["merged"] = {
            str(column): {
                str(label): tuple(None if part is None else str(part) for part in parts)
                for label, parts in merges.items()
            }
            for column, merges in values.get("merged", {}).items()
        }
        return TableQuery(**values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError.at(Message("methods.disclosure.tables:not-a-query")) from error


def _error(key: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.disclosure.tables:{key}", params))
