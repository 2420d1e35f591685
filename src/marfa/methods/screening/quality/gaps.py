"""Missing answers, by item: what was not asked, not known, refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marfa.methods.screening.answers import Answer
from marfa.methods.screening.result import ProfileResult


@dataclass(slots=True)
class ItemGaps:
    """Counts of people by answer to one item."""

    item: str
    yes: int = 0
    no: int = 0
    unknown: int = 0
    refused: int = 0
    not_asked: int = 0

    @property
    def people(self) -> int:
        return self.yes + self.no + self.unknown + self.refused + self.not_asked

    @property
    def open_share(self) -> float:
        """Share of people without a yes or a no."""
        return (self.unknown + self.refused + self.not_asked) / self.people


def gaps(results: Iterable[ProfileResult]) -> list[ItemGaps]:
    """Missing answers of one instrument, in the order of its items.

    Raises ValueError for results of different instruments: their items are not the same.
    """
    counts: list[ItemGaps] = []
    digest = ""
    fields = [Answer(code).code for code in range(len(Answer))]
    for result in results:
        if not counts:
            digest = result.instrument.questions_digest
            counts = [ItemGaps(item.id) for item in result.instrument.items]
        elif result.instrument.questions_digest != digest:
            raise ValueError("the results are of more than one instrument")
        for count, answer in zip(counts, result.answers, strict=True):
            field = fields[answer]
            setattr(count, field, getattr(count, field) + 1)
    return counts
