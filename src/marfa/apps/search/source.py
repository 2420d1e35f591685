"""The names of all registered people, for the index of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.name_search.entries import Entry
from marfa.apps.registry.models import Person, PersonName
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.vault.columns import open_by_owner

AT_ONCE = 1000
COLUMNS = ("pk", "organisation_id", "site_id", "protected")


class PeopleSource:
    """Everybody who is registered, by their names that count. Who departed is found too."""

    def total(self) -> int:
        return _people().count()

    def batches(self) -> Iterator[Sequence[Entry]]:
        last: UUID | None = None
        while True:
            people = _people() if last is None else _people().filter(pk__gt=last)
            rows = list(people.order_by("pk").values_list(*COLUMNS)[:AT_ONCE])
            if not rows:
                return
            names = PersonName.objects.filter(person_id__gte=rows[0][0], person_id__lte=rows[-1][0])
            yield _entries(rows, names)
            last = rows[-1][0]

    def of(self, subjects: Collection[UUID]) -> Sequence[Entry]:
        rows = list(_people().filter(pk__in=list(subjects)).values_list(*COLUMNS))
        return _entries(rows, PersonName.objects.filter(person__in=list(subjects)))


def _people() -> QuerySet[Person]:
    return Person.objects.filter(erased_at=None)


def _entries(rows: Sequence[Any], names: QuerySet[PersonName]) -> list[Entry]:
    counting = names.filter(ended_at=None).order_by("person_id", "place", "pk")
    texts: dict[UUID, list[str]] = defaultdict(list)
    # The keys of these people are forgotten before the next are read.
    with open_vault():
        for person, text in open_by_owner(counting, "text"):
            if text:
                texts[person].append(text)
    return [
        Entry(key, organisation, site, protected, tuple(texts[key]))
        for key, organisation, site, protected in rows
    ]


PEOPLE = PeopleSource()
