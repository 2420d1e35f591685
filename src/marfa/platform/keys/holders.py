"""Who holds something sealed by the instance key: asked when the key is rotated.

Whatever is sealed with ``instance_key()`` says by which version, in a column beside it or in its
own header. An app names it under ``key_holders`` in its manifest; a mechanism registers it itself,
in ``ready()``:

    register(by_column("files.keys", StoredFile, rewrap))
    register(by_header("revisions.drafts", Draft, "sealed", reseal))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from marfa.crypto.aead import key_version_of
from marfa.platform.rowsecurity.context import every_organisation

Rewrap = Callable[[Any, int], Mapping[str, object]]
Step = Callable[[int], None]
AT_ONCE = 500


class Holder(Protocol):
    """Something that is sealed by the instance key.

    name: a code such as ``files.keys``.
    """

    @property
    def name(self) -> str: ...

    def count_by_version(self) -> Mapping[int, int]:
        """How many things are under each version."""
        ...

    def bring_to(self, version: int, step: Step) -> None:
        """Bring everything under this version. It goes in steps that each are whole by themselves;
        ``step`` is told how many things each did, and may raise to stop. Doing it again goes on."""
        ...


@dataclass(frozen=True)
class Rows:
    """Rows of one model.

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

    def count_by_version(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        # A row that row security hides would be left behind, and its key destroyed.
        with every_organisation():
            for version in self._versions():
                counts[version] = counts.get(version, 0) + 1
        return counts

    def bring_to(self, version: int, step: Step) -> None:
        with every_organisation():
            self._bring_to(version, step)

    def _bring_to(self, version: int, step: Step) -> None:
        last = None
        while True:
            with transaction.atomic():
                found = self._rows(below=version)
                after = found.filter(pk__gt=last) if last is not None else found
                # Held, so that what somebody saves meanwhile is not written over.
                rows = list(after.select_for_update()[:AT_ONCE])
                done = [row for row in rows if self.version_of(row) < version]
                for row in done:
                    columns = self.rewrap(row, version)
                    self.model._base_manager.filter(pk=row.pk).update(**columns)
            if not rows:
                return
            last = rows[-1].pk
            step(len(done))

    def _rows(self, below: int | None = None) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._base_manager.filter(self.where).order_by("pk")
        if self.version_column and below is not None:
            found = found.filter(**{f"{self.version_column}__lt": below})
        return found

    def _versions(self) -> Iterator[int]:
        if self.version_column:
            yield from self._rows().values_list(self.version_column, flat=True).iterator()
        else:
            yield from map(self.version_of, self._rows().iterator(chunk_size=AT_ONCE))


def by_column(
    name: str, model: type[Model], rewrap: Rewrap, *, column: str = "key_version", **more: Any
) -> Rows:
    """Rows that have a column with the version."""
    return Rows(name, model, rewrap, lambda row: int(getattr(row, column)), column, **more)


def by_header(name: str, model: type[Model], sealed: str, rewrap: Rewrap, **more: Any) -> Rows:
    """Rows whose sealed bytes say the version themselves; all of them are looked through."""
    return Rows(
        name, model, rewrap, lambda row: key_version_of(bytes(getattr(row, sealed))), **more
    )


_holders: dict[str, Holder] = {}


def register_holder(holder: Holder) -> None:
    """Have a holder asked at each rotation, in the place of one with the same name."""
    _holders[holder.name] = holder


def key_holders() -> tuple[Holder, ...]:
    """All holders, by name."""
    return tuple(_holders[name] for name in sorted(_holders))
