"""A source of generated people, without a database."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from marfa.apps.name_search.entries import Entry

ORGANISATION = UUID(int=1)
SITE, OTHER_SITE = UUID(int=11), UUID(int=12)


class Generated:
    """People in a dictionary. pause: asked before each batch, so that a test can come between."""

    def __init__(self) -> None:
        self.people: dict[UUID, Entry] = {}
        self.pause = threading.Event()
        self.pause.set()
        self.reading = threading.Event()

    def add(self, *names: str, **more: Any) -> UUID:
        subject = uuid4()
        made = Entry(subject, ORGANISATION, SITE, False, names)
        self.people[subject] = replace(made, **more)
        return subject

    def change(self, subject: UUID, **more: Any) -> None:
        self.people[subject] = replace(self.people[subject], **more)

    def total(self) -> int:
        return len(self.people)

    def batches(self) -> Iterator[Sequence[Entry]]:
        everybody = list(self.people.values())
        for start in range(0, len(everybody), 2):
            batch = everybody[start : start + 2]
            self.reading.set()
            self.pause.wait(10)
            yield batch

    def of(self, subjects: Collection[UUID]) -> Sequence[Entry]:
        return [self.people[subject] for subject in subjects if subject in self.people]
