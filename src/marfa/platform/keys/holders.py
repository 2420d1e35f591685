"""Who holds something sealed by the instance key: asked when the key is rotated.

Whatever is sealed with ``instance_key()`` says by which version, in a column beside it or in its
own header, and its app registers it in ``ready()``:

    register(by_column("files.keys", StoredFile, rewrap))
    register(by_header("revisions.drafts", Draft, "sealed", reseal))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet

from marfa.crypto.sealing import key_version_of

Rewrap = Callable[[Any, int], Mapping[str, object]]
AT_ONCE = 500


@dataclass(frozen=True)
class Holder:
    """Rows of one model that hold something sealed by the instance key.

    name: a code such as ``files.keys``.
    rewrap: given a row and the new version, the columns to write; it writes nothing itself.
    version_of: the version under which a row is.
    version_column: the column with it, where there is one to ask the database by.
    where: rows that hold something; others are passed over.
    """

    name: str
    model: type[Model]
    rewrap: Rewrap
    version_of: Callable[[Any], int]
    version_column: str = ""
    where: Q = field(default_factory=Q)

    def rows(self, below: int | None = None) -> QuerySet[Any]:
        """The rows, without those that the database knows to be at ``below`` or above."""
        found: QuerySet[Any] = self.model._base_manager.filter(self.where).order_by("pk")
        if self.version_column and below is not None:
            found = found.filter(**{f"{self.version_column}__lt": below})
        return found

    def count_by_version(self) -> dict[int, int]:
        """How many rows are under each version."""
        counts: dict[int, int] = {}
        for version in self._versions():
            counts[version] = counts.get(version, 0) + 1
        return counts

    def _versions(self) -> Iterator[int]:
        if self.version_column:
            yield from self.rows().values_list(self.version_column, flat=True).iterator()
        else:
            yield from map(self.version_of, self.rows().iterator(chunk_size=AT_ONCE))


def by_column(
    name: str, model: type[Model], rewrap: Rewrap, *, column: str = "key_version", **more: Any
) -> Holder:
    """A holder whose rows have a column with the version."""
    return Holder(name, model, rewrap, lambda row: int(getattr(row, column)), column, **more)


def by_header(name: str, model: type[Model], sealed: str, rewrap: Rewrap, **more: Any) -> Holder:
    """A holder whose sealed bytes say the version themselves; all its rows are looked through."""
    return Holder(
        name, model, rewrap, lambda row: key_version_of(bytes(getattr(row, sealed))), **more
    )


_holders: dict[str, Holder] = {}


def register(holder: Holder) -> Holder:
    """Have a holder asked at each rotation; raises ValueError for a name that is another's."""
    known = _holders.get(holder.name)
    if known is not None and known.model is not holder.model:
        raise ValueError(f"there is already a holder called {holder.name}")
    _holders[holder.name] = holder
    return holder


def holders() -> tuple[Holder, ...]:
    """All holders, by name."""
    return tuple(_holders[name] for name in sorted(_holders))
