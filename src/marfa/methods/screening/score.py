"""From answers to a result.

The outcome is what is known so far. Open answers (not asked, unknown, refused) are never read
as no: the best case takes them all as no, the worst case takes them all as yes. Every rule is
monotone in the yes answers, so these two are the exact bounds over all completions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from marfa.domain.message import InputError, Message
from marfa.methods.screening.answers import Age, Answer
from marfa.methods.screening.delphi import DIMENSIONS, outcome, positive
from marfa.methods.screening.instrument import Instrument, Item, Population, Strength
from marfa.methods.screening.library import Library
from marfa.methods.screening.outcome import Outcome
from marfa.methods.screening.result import ProfileResult, Result
from marfa.methods.screening.use import Use

_STRENGTHS = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)
_YES, _NO = int(Answer.YES), int(Answer.NO)
_WIDTH = len(_STRENGTHS)


class Profile:
    """An instrument made ready for scoring many people."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.child = instrument.population is Population.CHILD
        self.order = tuple(item.id for item in instrument.items)
        names = list(DIMENSIONS)
        # Items outside the six dimensions are counted in a last slot that no rule reads.
        self._last = len(names) * _WIDTH
        self._slots = [
            names.index(item.dimension) * _WIDTH + _STRENGTHS.index(item.strength)
            if item.dimension in DIMENSIONS and item.strength in _STRENGTHS
            else self._last
            for item in instrument.items
        ]
        self._signals = [int(item.signals) for item in instrument.items]

    def score(self, answers: Sequence[int], *, may_be_child: bool) -> ProfileResult:
        """One person.

        answers: codes of Answer in the order of the instrument's items.
        may_be_child: whether the child rule protects this person.
        """
        if not self.instrument.gives_band:
            return ProfileResult(self.instrument, tuple(answers), None, None)
        known = [0] * (self._last + 1)
        most = [0] * (self._last + 1)
        signals = most_signals = 0
        for slot, signal, answer in zip(self._slots, self._signals, answers, strict=True):
            if answer == _NO:
                continue
            most[slot] += 1
            most_signals |= signal
            if answer == _YES:
                known[slot] += 1
                signals |= signal
        child = self.child and may_be_child
        found = _found(known)
        lowest = outcome(found, signals, child)
        could_find = _found(most)
        highest = outcome(could_find, most_signals, child)
        return ProfileResult(
            self.instrument, tuple(answers), lowest, highest, found, signals, child, could_find
        )


def _found(counts: Sequence[int]) -> int:
    """Bits of the positive dimensions, from counts by dimension and strength."""
    found = 0
    for bit in range(len(DIMENSIONS)):
        start = bit * _WIDTH
        if positive(counts[start], counts[start + 1], counts[start + 2]):
            found |= 1 << bit
    return found


@dataclass(frozen=True)
class Panel:
    """The profiles that belong together: one for everybody, or an adult's and a child's.

    Raises ValueError for a pair that is not an adult's and a child's, and for an outcome that
    has no such pair: a child must never be read by the adult rule alone.
    """

    instruments: tuple[Instrument, ...]

    def __post_init__(self) -> None:
        if not self._fits():
            names = ", ".join(instrument.name for instrument in self.instruments)
            raise ValueError(f"not an adult's and a child's profile: {names}")

    def _fits(self) -> bool:
        bands = {instrument.gives_band for instrument in self.instruments}
        if len(self.instruments) == 1:
            return bands == {False}
        populations = sorted(instrument.population for instrument in self.instruments)
        return len(bands) == 1 and populations == [Population.ADULT, Population.CHILD]

    @classmethod
    def of(cls, name: str, library: Library | None = None, *, kept: bool = False) -> Panel:
        """An instrument by name, with its counterpart for the other age.

        Raises InputError where the file names no counterpart that fits, and for a list of one's own
        that two people have not signed for.
        kept: to read what was answered and scored before; nothing new is scored with it, since no
        use permits what is unsigned.
        """
        library = library or Library()
        pair = [library.instrument(name)]
        if pair[0].counterpart:
            pair.append(library.instrument(pair[0].counterpart))
        for one in () if kept else pair:
            library.must_be_usable(one)
        try:
            return cls(tuple(pair))
        except ValueError:
            message = Message("methods.screening:counterpart-wrong", {"name": name})
            raise InputError.at(message, file=f"{name}.toml", field="counterpart") from None

    @cached_property
    def item_ids(self) -> frozenset[str]:
        return frozenset().union(*(instrument.item_ids for instrument in self.instruments))

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        return tuple(Profile(instrument) for instrument in self.instruments)

    @cached_property
    def _by_age(self) -> dict[Age, tuple[Profile, ...]]:
        return {age: tuple(self._choose(age)) for age in Age}

    def for_age(self, age: Age) -> tuple[Profile, ...]:
        """The adult's profile for an adult; both for whoever is or may be a child.

        Of a child whose age is decided the child's stands first. The adult's is read beside it, so
        that a yes counts for a child wherever it counts for an adult.
        """
        return self._by_age[age]

    def _choose(self, age: Age) -> list[Profile]:
        if len(self.profiles) == 1 or age in (Age.DISPUTED, Age.UNKNOWN):
            return list(self.profiles)
        if age is Age.CHILD:
            return sorted(self.profiles, key=lambda profile: not profile.child)
        return [profile for profile in self.profiles if not profile.child]


def score(panel: Panel, answers: Mapping[str, Answer], *, age: Age, use: Use) -> Result:
    """One person's answers, scored by every profile that the age calls for.

    answers: by id of item; what is not there was not asked.
    use: PilotUse or LiveUse. Raises ValueError where it does not permit the instrument, and
    InputError for an item that no profile has.
    """
    for item in answers.keys() - panel.item_ids:
        raise InputError.at(Message("methods.screening:item-unknown", {"item": item}))
    results = []
    for profile in panel.for_age(age):
        codes = [int(answer_of(item, answers)) for item in profile.instrument.items]
        results.append(profile.score(codes, may_be_child=age.may_be_child))
    return join_results(results, age, use)


def answer_of(item: Item, answers: Mapping[str, Answer]) -> Answer:
    """The answer to an item whose facts are asked one by one: yes where any of them is yes, or the
    item as a whole; no where each of them is. Where none of them was asked, the item as a whole."""
    if not item.asks:
        return answers.get(item.id, Answer.NOT_ASKED)
    given = [answers.get(one, Answer.NOT_ASKED) for one in item.asks]
    return join_answers(answers.get(item.id, Answer.NOT_ASKED), given)


def join_answers(whole: Answer, given: Iterable[Answer]) -> Answer:
    """See ``answer_of``. whole: to the item itself. given: to each of its facts."""
    given = tuple(given)
    if Answer.YES in (whole, *given):
        return Answer.YES
    if all(each is Answer.NOT_ASKED for each in given):
        return whole
    return next((each for each in given if each is not Answer.NO), Answer.NO)


def join_results(results: Sequence[ProfileResult], age: Age, use: Use) -> Result:
    """The joint result of the profiles: the higher outcome stands on each axis."""
    for result in results:
        if not use.permits(result.instrument):
            raise ValueError(f"use of {result.instrument.name} is not permitted")
    return Result(
        tuple(results),
        age,
        join(result.lowest for result in results),
        join(result.highest for result in results),
        pilot=use.pilot,
    )


def join(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """The join of the outcomes that are there; None where no profile gives a band."""
    total: Outcome | None = None
    for one in outcomes:
        if one is not None:
            total = one if total is None else total.join(one)
    return total
