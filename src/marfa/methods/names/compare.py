"""Compare two names, and say why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from marfa.domain.message import Message
from marfa.methods.names import explain
from marfa.methods.names.alignment import Alignment, align_parts
from marfa.methods.names.bands import Band, Limits, limits_for
from marfa.methods.names.context import NO_EVIDENCE, Context, Evidence, weigh_context
from marfa.methods.names.scores import Score, score
from marfa.methods.names.similarity import Likeness, likeness
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import ParsedName, Reading, Token, parse


@dataclass(frozen=True)
class Comparison:
    """What came of comparing two names.

    score: in [0, 1]; never a probability.
    band: where the score lies among the limits of this pair of scripts.
    limits: those limits, and the data that they were measured on.
    parts: what met what, in the order of the first name, then what was left over.
    remarks: what counted against beyond the parts, and what the context added.
    """

    score: float
    name_score: float
    band: Band
    limits: Limits
    parts: tuple[explain.Part, ...]
    remarks: tuple[Message, ...]

    @property
    def match(self) -> bool:
        """Whether the score reaches the threshold: worth a person's look, never a finding."""
        return self.band is Band.LIKELY

    def explanation(self) -> tuple[Message, ...]:
        """Sentences for a person: the verdict, each part, then the remarks."""
        return (
            explain.explain_verdict(self.band, self.score, self.limits),
            *(part.message() for part in self.parts),
            *self.remarks,
        )

    def as_json(self) -> dict[str, object]:
        """Plain data for programs; sentences as message codes."""
        return {
            "score": round(self.score, 4),
            "name_score": round(self.name_score, 4),
            "band": self.band.value,
            "match": self.match,
            "scripts": self.limits.scripts,
            "threshold": self.limits.threshold,
            "threshold_measured_on": self.limits.data,
            "parts": [part.as_json() for part in self.parts],
            "remarks": [remark.as_json() for remark in self.remarks],
        }


@dataclass(frozen=True, slots=True)
class Match:
    """The best meeting of any reading of one name with any reading of the other."""

    score: Score
    alignment: Alignment
    left: Reading
    right: Reading
    swapped: bool = False


class Comparer:
    """Compares names and keeps what it learnt about single parts, for lists of names.

    The memory holds parts of names in clear; ``forget()`` empties it. At most ``capacity``
    meetings of parts are kept.
    """

    def __init__(self, capacity: int = 200_000) -> None:
        self._capacity = capacity
        self._known: dict[tuple[str, str, Script, Script], Likeness] = {}

    def forget(self) -> None:
        """Forget every part seen."""
        self._known.clear()

    def likeness(self, first: Token, second: Token) -> Likeness:
        """``similarity.likeness``, remembered."""
        key = (first.written, second.written, first.script, second.script)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._capacity:
                self._known.clear()
            known = self._known[key] = likeness(first, second)
        return known

    def compare(
        self, a: str, b: str, *, context: Context | Mapping[str, object] | None = None
    ) -> Comparison:
        """``compare()`` with this memory."""
        return self.compare_parsed(parse(a), parse(b), context)

    def compare_parsed(
        self,
        left: ParsedName,
        right: ParsedName,
        context: Context | Mapping[str, object] | None = None,
    ) -> Comparison:
        """Compare two names that were taken apart before."""
        found = self.match(left, right)
        return compare_match(found, weigh_context(Context.of(context), self._same_name))

    def match(self, left: ParsedName, right: ParsedName) -> Match | None:
        """The best meeting of the two; None where one of them has no letters or digits."""
        # The order of the two must not matter, down to the breaking of ties.
        swapped = right.order < left.order
        found = self._match(right, left) if swapped else self._match(left, right)
        return replace(found, swapped=swapped) if found else None

    def _match(self, left: ParsedName, right: ParsedName) -> Match | None:
        best: Match | None = None
        for one, other in _pairs(left.readings, right.readings):
            if not one.compounds and best is not None and best.score.value > _GOOD:
                continue
            alignment = align_parts(one.tokens, other.tokens, self.likeness)
            value = score(one, other, alignment)
            if best is None or value.value > best.score.value:
                best = Match(value, alignment, one, other)
        return best

    def _same_name(self, a: str, b: str) -> float | None:
        found = self.match(parse(a), parse(b))
        return None if found is None else found.score.value


_GOOD = 0.9
"""A meeting as good as this is not looked at again with its compounds apart."""


def _pairs(
    left: tuple[Reading, ...], right: tuple[Reading, ...]
) -> Iterator[tuple[Reading, Reading]]:
    """Readings to compare: every script of one with every script of the other, compounds joined;
    within one script also with the compounds of both apart."""
    joined_left = [reading for reading in left if reading.compounds]
    joined_right = [reading for reading in right if reading.compounds]
    for one in joined_left:
        for other in joined_right:
            yield one, other
    apart_left = {reading.script: reading for reading in left if not reading.compounds}
    apart_right = {reading.script: reading for reading in right if not reading.compounds}
    for one in joined_left:
        for other in joined_right:
            script = one.script
            if script is other.script and (script in apart_left or script in apart_right):
                first = apart_left.get(script, one)
                second = apart_right.get(script, other)
                yield (
                    Reading(first.tokens, script, compounds=False),
                    Reading(second.tokens, script, compounds=False),
                )


def compare_match(found: Match | None, evidence: Evidence = NO_EVIDENCE) -> Comparison:
    """A meeting of two names in words, with what the context adds to it."""
    if found is None:
        limits = limits_for(Script.OTHER, Script.OTHER)
        nothing = (Message("methods.names:nothing-to-compare"),)
        return Comparison(0.0, 0.0, Band.UNLIKELY, limits, (), nothing)
    limits = limits_for(found.left.script, found.right.script)
    name_score = found.score.value
    value = evidence.apply(name_score)
    parts = explain.explain_parts(found.left, found.right, found.alignment)
    if found.swapped:
        parts = tuple(part.swapped() for part in parts)
    remarks = explain.explain_remarks(found.score.remarks) + evidence.messages
    return Comparison(value, name_score, limits.band(value), limits, parts, remarks)


def compare(a: str, b: str, *, context: Context | Mapping[str, object] | None = None) -> Comparison:
    """Compare two names of people (or bodies) in any scripts.

    context: what else is known of the two (``Context``, or ``{"left": {...}, "right": {...}}``
        with ``born``, ``sex``, ``father``, ``documents``). Nationality, religion and ethnicity
        are refused: they are never evidence about who somebody is.
    Raises InputError for a context that is refused or not understood.
    Symmetric: exchanging the names (and the sides of the context) exchanges nothing but sides.
    """
    return Comparer().compare(a, b, context=context)
