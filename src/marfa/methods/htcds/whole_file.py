"""A file is taken whole or not at all; what is wrong with it is told together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.htcds.layout import pointer
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.rules import MOST_PROBLEMS, Finding, reference_twice
from marfa.methods.htcds.utf8 import Hashed

MOST_KEPT = 1000
"""Cases that are held in memory instead of being read twice."""


@dataclass(frozen=True)
class Refused:
    """A case that was not taken. number: its place among the cases, from 1."""

    number: int
    problems: tuple[Problem, ...]


Scan = Callable[[Hashed], Iterator[Case | Refused]]


def taken_whole(stream: BinaryIO, scan: Scan, file: str | None) -> Iterator[Case]:
    """The cases of a file in which nothing is wrong.

    A file of up to MOST_KEPT cases is read once; a longer one to see, and once more. Raises
    InputError with the first MOST_PROBLEMS problems before any case is given; and on the way,
    should the file have been changed between the two readings. The stream must be able to go
    back to where it stands.
    """
    start = stream.tell()
    first = Hashed(stream)
    kept: list[Case] = []
    found = limited(_problems(scan(first), kept))
    if found:
        raise InputError(*found)
    if len(kept) <= MOST_KEPT:
        return iter(kept)
    kept.clear()
    stream.seek(start)
    return _again(Hashed(stream), scan, first.digest, file)


def limited(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """At most MOST_PROBLEMS of them, and one that says that there are more."""
    kept: list[Problem] = []
    more = 0
    for each in problems:
        if len(kept) < MOST_PROBLEMS:
            kept.append(each)
        else:
            more += 1
    if more:
        kept.append(Problem(Message("methods.htcds:more", {"more": more})))
    return tuple(kept)


class Seen:
    """Texts that were seen, by digest: eight bytes each, since files may be long."""

    def __init__(self) -> None:
        self._digests: set[int] = set()

    def add(self, text: str) -> bool:
        """Remember the text. False where it was seen before."""
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = int.from_bytes(digest)
        if number in self._digests:
            return False
        self._digests.add(number)
        return True


def problems_of(
    found: list[Finding], plain: object, seen: Seen, at: str, place: Place | None = None
) -> tuple[Problem, ...]:
    """Findings as problems of a file, and whether the case's reference was seen before.

    at: JSON pointer of the case. place: file and row, where there are any.
    """
    place = place or Place()
    return tuple(
        Problem(each.message, replace(place, field=f"{at}{pointer(each.path)}"))
        for each in [*found, *reference_twice(plain, seen.add)][:MOST_PROBLEMS]
    )


def _problems(results: Iterator[Case | Refused], kept: list[Case]) -> Iterator[Problem]:
    """Problems of a file. Its first cases are kept: one beyond MOST_KEPT, where there are more."""
    try:
        for each in results:
            if isinstance(each, Refused):
                yield from each.problems
            elif len(kept) <= MOST_KEPT:
                kept.append(each)
    except InputError as error:
        yield from error.problems


def _again(stream: Hashed, scan: Scan, digest: bytes, file: str | None) -> Iterator[Case]:
    changed = InputError.at(Message("methods.htcds:changed"), file=file)
    try:
        for each in scan(stream):
            if isinstance(each, Refused):
                raise changed
            yield each
    except InputError:
        raise changed from None
    if stream.digest != digest:
        raise changed
