"""All records of all lists in one place, as columns of numbers.

They stand in the order of their content, whatever order their lists have and whatever their ids
are; and the lists in that of theirs. So nothing that follows depends on either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from marfa.methods.linkage.births import Births
from marfa.methods.linkage.fields import Field
from marfa.methods.linkage.parts import Ints, NameReader, Vocabulary
from marfa.methods.linkage.records import Record, births_by_age, births_of, documents_of
from marfa.methods.names import Document, normalise
from marfa.methods.names.context import FEMALE, MALE, Span

ADULT_DAYS = round(18 * 365.25)


@dataclass(frozen=True)
class Pool:
    """Records by row.

    records, lists: the record and the place of its list, by row. parts: own, father's and family
    name by row, as numbers of the vocabulary. sexes: 1 female, 2 male, 0 for what says nothing.
    households, addresses: as numbers, 0 for none; words: those of each address. documents: by row.
    not_understood: (row, field) of texts that say nothing.
    """

    records: Sequence[Record]
    lists: Ints
    vocabulary: Vocabulary
    parts: Ints
    births: Births
    sexes: npt.NDArray[np.int8]
    households: Ints
    addresses: Ints
    address_words: Sequence[frozenset[str]]
    documents: Sequence[tuple[Document, ...]]
    as_of: date
    not_understood: Sequence[tuple[int, Field]]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def children(self) -> npt.NDArray[np.bool_]:
        """Who may be under 18: by the latest day on which they may have been born; whoever has no
        date or age may be."""
        grown = self.births.last <= self.as_of.toordinal() - ADULT_DAYS
        return ~(self.births.known & grown)

    def joined(self, alone: Pool) -> Pool:
        """These and one record more, as the last row, before whose list there is none. The parts of
        its name are none of the vocabulary's, and are left out."""
        (record,) = alone.records
        household = normalise(" ".join(record.of_field(Field.HOUSEHOLD)))
        same = [
            int(self.households[row])
            for row, other in enumerate(self.records)
            if household and normalise(" ".join(other.of_field(Field.HOUSEHOLD))) == household
        ]
        words = alone.address_words[-1]
        return Pool(
            [*self.records, record],
            np.append(self.lists, -1).astype(np.int32),
            self.vocabulary,
            np.vstack((self.parts, np.full((1, 3), -1, dtype=np.int32))),
            self.births.joined(alone.births),
            np.concatenate((self.sexes, alone.sexes)),
            np.append(self.households, same[0] if same else 0).astype(np.int32),
            np.append(self.addresses, len(self.address_words) if words else 0).astype(np.int32),
            [*self.address_words, words],
            [*self.documents, *alone.documents],
            self.as_of,
            (),
        )


def make_pool(lists: Sequence[Sequence[Record]], as_of: date) -> Pool:
    """Records of some lists. as_of: the day on which ages were true, and children are children."""
    contents = [[(repr(record.content), record) for record in each] for each in lists]
    for each in contents:
        each.sort(key=lambda pair: pair[0])
    digests = [
        hashlib.sha256("\n".join(text for text, _ in each).encode()).digest() for each in contents
    ]
    order = sorted(range(len(lists)), key=lambda place: digests[place])
    records = [record for place in order for _text, record in contents[place]]
    where = [place for place in order for _ in contents[place]]
    vocabulary = Vocabulary()
    reader = NameReader(vocabulary)
    parts = np.array([reader.parts_of(record) for record in records], dtype=np.int32)
    wrong: list[tuple[int, Field]] = []
    births = []
    for row, record in enumerate(records):
        texts, ages = record.of_field(Field.BIRTH), record.of_field(Field.AGE)
        spans = births_of(texts) if texts else None
        if texts and spans is None:
            wrong.append((row, Field.BIRTH))
        if spans is None and ages:
            spans = births_by_age(ages, as_of)
            if spans is None:
                wrong.append((row, Field.AGE))
        births.append(_possible(spans, as_of))
    addresses, words = _addresses(records)
    return Pool(
        records,
        np.array(where, dtype=np.int32),
        vocabulary,
        parts.reshape(len(records), 3),
        Births.of(births),
        np.array([_sex_of(record) for record in records], dtype=np.int8),
        _numbered([normalise(" ".join(r.of_field(Field.HOUSEHOLD))) for r in records]),
        addresses,
        words,
        [documents_of(record.of_field(Field.DOCUMENT)) for record in records],
        as_of,
        wrong,
    )


def _possible(spans: tuple[Span, ...] | None, as_of: date) -> tuple[Span, ...] | None:
    """Without a calendar by which somebody is not born yet, where another is left."""
    return tuple(span for span in spans or () if span.earliest <= as_of) or spans


def _sex_of(record: Record) -> int:
    text = normalise(" ".join(record.of_field(Field.SEX)))
    return 1 if text in FEMALE else 2 if text in MALE else 0


def _numbered(texts: Sequence[str]) -> Ints:
    """Texts as numbers from 1, 0 for an empty one."""
    numbers: dict[str, int] = {"": 0}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int32)


def _addresses(records: Sequence[Record]) -> tuple[Ints, list[frozenset[str]]]:
    texts = [normalise(" ".join(record.of_field(Field.ADDRESS))) for record in records]
    numbers = _numbered(texts)
    words: list[frozenset[str]] = [frozenset()]
    for text, number in zip(texts, numbers.tolist(), strict=True):
        if number == len(words):
            words.append(frozenset(text.split()))
    return numbers, words
