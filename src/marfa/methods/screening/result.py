"""What scoring returns: the outcome on two axes and everything that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from marfa.methods.screening.answers import Age, Answer
from marfa.methods.screening.delphi import (
    DIMENSIONS,
    MEANS,
    Dimension,
    Label,
    Rule,
    Signal,
    grounds,
    label,
)
from marfa.methods.screening.instrument import Instrument, Item, Population
from marfa.methods.screening.outcome import Outcome

_YES, _NO = int(Answer.YES), int(Answer.NO)
_ANSWERS = tuple(Answer)
_NOW = int(Signal.NOW)


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension: whether its rule is met, and which items fired or are open.

    positive: None where the dimension has no rule.
    """

    dimension: str
    positive: bool | None
    fired: tuple[Item, ...]
    open: tuple[tuple[Item, Answer], ...]


@dataclass(frozen=True)
class ProfileResult:
    """One profile's reading of one person's answers.

    lowest: the outcome known so far, which is also the best case. highest: the worst case,
    with every open answer a yes. Both are None where the instrument gives no band.
    found, could_find: bits of the dimensions that are positive so far, and of those that are
    positive in the worst case.
    """

    instrument: Instrument
    answers: tuple[int, ...]
    lowest: Outcome | None
    highest: Outcome | None
    found: int = 0
    signals: int = 0
    child: bool = False
    could_find: int = 0

    @property
    def labels(self) -> tuple[Label | None, ...]:
        """Every published Delphi label that some completion of the open answers gives.

        None stands for a combination that the published table does not label. Empty for a
        checklist and for the child profile, which have no labels.
        """
        if not self.instrument.gives_band or self.instrument.population is Population.CHILD:
            return ()
        return _labels(self.found, self.could_find)

    @property
    def label(self) -> Label | None:
        """The published Delphi label, if it is settled: the same for every completion."""
        return self.labels[0] if len(self.labels) == 1 else None

    @property
    def grounds(self) -> tuple[Rule, ...]:
        """The rules that gave the outcome."""
        if not self.instrument.gives_band:
            return ()
        return grounds(self.found, self.signals, self.child)

    @property
    def consent_is_irrelevant(self) -> bool:
        """The person agreed, and it does not count.

        A child's agreement never does (article 3 (c)); an adult's not once a means was used
        (article 3 (b)).
        """
        return bool(self.signals & Signal.CONSENT and (self.child or self.means_used))

    @property
    def means_used(self) -> bool:
        """Whether a dimension that stands for a means is positive."""
        return bool(Dimension(self.found) & MEANS)

    @property
    def danger_now(self) -> bool:
        """A yes to an item that says: act now. It holds for checklists too."""
        if self.instrument.gives_band:
            return bool(self.signals & _NOW)
        return any(_NOW & int(item.signals) for item in self.fired())

    def pairs(self) -> Iterator[tuple[Item, Answer]]:
        for item, answer in zip(self.instrument.items, self.answers, strict=True):
            yield item, _ANSWERS[answer]

    def fired(self) -> tuple[Item, ...]:
        return tuple(
            item
            for item, answer in zip(self.instrument.items, self.answers, strict=True)
            if answer == _YES
        )

    def open(self) -> tuple[tuple[Item, Answer], ...]:
        """Items that were not asked, not known or refused."""
        return tuple((item, answer) for item, answer in self.pairs() if answer.is_open)

    def number_open(self) -> int:
        """How many items have neither a yes nor a no."""
        return len(self.answers) - self.answers.count(_YES) - self.answers.count(_NO)

    def positive_dimensions(self) -> tuple[str, ...]:
        """Names of the Delphi dimensions whose rule is met."""
        return tuple(name for name, bit in DIMENSIONS.items() if self.found & bit)

    @cached_property
    def dimensions(self) -> tuple[DimensionResult, ...]:
        """Every dimension, in the order of the instrument."""
        answers = self.answers
        return tuple(
            DimensionResult(
                name,
                self._positive(name),
                tuple(item for place, item in items if answers[place] == _YES),
                tuple(
                    (item, _ANSWERS[answers[place]])
                    for place, item in items
                    if answers[place] not in (_YES, _NO)
                ),
            )
            for name, items in self.instrument.by_dimension
        )

    def _positive(self, dimension: str) -> bool | None:
        if not self.instrument.gives_band or dimension not in DIMENSIONS:
            return None
        return bool(self.found & int(DIMENSIONS[dimension]))


@lru_cache(maxsize=4096)
def _labels(found: int, could_find: int) -> tuple[Label | None, ...]:
    """Labels of all sets of dimensions in between; no item belongs to two dimensions."""
    possible = (found | extra for extra in range(could_find + 1) if not extra & ~could_find)
    return tuple(dict.fromkeys(label(Dimension(bits)) for bits in possible))


@dataclass(frozen=True)
class Result:
    """The reading of all profiles that the person's age calls for.

    outcome: known so far, None where no profile gives a band. worst: with every open answer
    a yes. pilot: the result is for training or trial and decides nothing about a person.
    """

    profiles: tuple[ProfileResult, ...]
    age: Age
    outcome: Outcome | None
    worst: Outcome | None
    pilot: bool

    @property
    def settled(self) -> bool:
        """Whether no open answer could change the outcome; a checklist is never settled."""
        return self.outcome is not None and self.outcome == self.worst

    @property
    def danger_now(self) -> bool:
        return any(profile.danger_now for profile in self.profiles)

    @property
    def any_fired(self) -> bool:
        return any(_YES in profile.answers for profile in self.profiles)
