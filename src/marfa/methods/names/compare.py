"""Compare two names, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from marfa.domain.message import Message
from marfa.methods.names import explain
from marfa.methods.names.alignment import SURE, Alignment, align_parts
from marfa.methods.names.bands import Band, Limits, limits_for
from marfa.methods.names.context import NO_EVIDENCE, Context, Evidence, Feature, weigh_context
from marfa.methods.names.fields import PersonName, parse_name, text_of
from marfa.methods.names.frequencies import Frequencies
from marfa.methods.names.kinds import Kind, vessel_name
from marfa.methods.names.scores import Score, score
from marfa.methods.names.similarity import Likeness, likeness
from marfa.methods.names.text import Script
from marfa.methods.names.tokens import COUNTS, Known, ParsedName, Reading, Role, Token, parse
from marfa.methods.names.writings import writing_of

VERSION = "2"
"""The version of the method: a result says it, and a score of another version is another score."""

Name = str | PersonName


@dataclass(frozen=True)
class Comparison:
    """What came of comparing two names.

    score: in [0, 1]; never a probability. It means nothing where ``compared`` is False.
    band: where the score lies among the limits of this pair of scripts, or that the two could not
        be compared.
    limits: those limits, and the data that they were measured on.
    parts: what met what, in the order of the first name, then what was left over.
    remarks: what counted against beyond the parts, and what the context added.
    evidence: each thing that the context added, with its strength.
    standing: what a search ranks by, no less than the score (``scores.Score``).
    """

    score: float
    name_score: float
    band: Band
    limits: Limits
    parts: tuple[explain.Part, ...]
    remarks: tuple[Message, ...]
    evidence: tuple[Feature, ...] = ()
    version: str = VERSION
    standing: float = 0.0

    @property
    def match(self) -> bool:
        """Whether the score reaches the threshold: worth a person's look, never a finding."""
        return self.band is Band.LIKELY

    @property
    def compared(self) -> bool:
        """False where one of the two cannot be read in the script of the other, or where they are
        names of two kinds: the score then says nothing, not even that they are unlike."""
        return self.band is not Band.NOT_COMPARED

    def explanation(self) -> tuple[Message, ...]:
        """Sentences for a person: the verdict, each part, then the remarks."""
        if not self.compared:
            return self.remarks
        return (
            explain.explain_verdict(self.band, self.score, self.limits),
            *(part.message() for part in self.parts),
            *self.remarks,
        )

    def as_json(self) -> dict[str, object]:
        """Plain data for programs; sentences as codes. Scores are null where not compared."""
        return {
            "score": round(self.score, 4) if self.compared else None,
            "name_score": round(self.name_score, 4) if self.compared else None,
            "band": self.band.value,
            "match": self.match,
            "scripts": self.limits.scripts,
            "threshold": self.limits.threshold,
            "threshold_measured_on": self.limits.data,
            "parts": [part.as_json() for part in self.parts],
            "remarks": [remark.as_json() for remark in self.remarks],
            "evidence": [feature.as_json() for feature in self.evidence],
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class Match:
    """The best meeting of any reading of one name with any reading of the other.

    score: None where no reading of one can be compared with a reading of the other.
    unread: whether one of the names has a part besides, in letters that nobody reads here.
    """

    score: Score | None
    alignment: Alignment
    left: Reading
    right: Reading
    swapped: bool = False
    unread: bool = False

    @property
    def value(self) -> float:
        """The score; 0 where there is none."""
        return self.score.value if self.score else 0.0

    @property
    def standing(self) -> float:
        """By what a search ranks (``scores.Score``); 0 where there is no score."""
        return self.score.standing if self.score else 0.0

    @property
    def limits(self) -> Limits:
        return limits_for(self.left.script, self.right.script)

    @property
    def compared(self) -> bool:
        """Whether something can be said. Of two names in one script that nobody reads here the
        letters are compared: alike they are, but unlike letters may be another spelling."""
        if self.score is None:
            return False
        if writing_of(self.left.script) or writing_of(self.right.script):
            return True
        return self.limits.band(self.value) is not Band.UNLIKELY


NOTHING = Alignment((), (), ())


class Comparer:
    """Compares names and keeps what it learnt about single parts, for lists of names.

    frequencies: how common parts are; by default the tables that ship.
    The memory holds parts of names in clear; ``forget()`` empties it. At most ``capacity``
    meetings of parts are kept.
    """

    def __init__(self, capacity: int = 200_000, frequencies: Frequencies | None = None) -> None:
        self._capacity = capacity
        self.frequencies = frequencies or Frequencies.shipped()
        self._known: dict[tuple[object, ...], Likeness] = {}
        self._common: dict[tuple[object, ...], float] = {}

    def forget(self) -> None:
        """Forget every part seen."""
        self._known.clear()
        self._common.clear()

    def commonness(self, token: Token) -> float:
        """``Frequencies.commonness``, remembered."""
        # A first half of a compound, or an initial, may stand elsewhere as a name.
        key = (token.text, token.script, token.role, token.families)
        known = self._common.get(key)
        if known is None:
            if len(self._common) >= self._capacity:
                self._common.clear()
            known = self._common[key] = self.frequencies.commonness(token)
        return known

    def likeness(self, first: Token, second: Token) -> Likeness:
        """``similarity.likeness``, remembered."""
        # All that likeness depends on: a first half of a compound may stand elsewhere as a name.
        key = (
            first.text,
            second.text,
            first.written,
            second.written,
            first.script,
            second.script,
            first.role is Role.HEAD,
            second.role is Role.HEAD,
        )
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._capacity:
                self._known.clear()
            known = self._known[key] = likeness(first, second)
        return known

    def compare(
        self,
        a: Name,
        b: Name,
        *,
        context: Context | Mapping[str, object] | None = None,
        query: bool = False,
        kind: Kind | str | tuple[Kind | str | None, Kind | str | None] | None = None,
    ) -> Comparison:
        """``compare()`` with this memory."""
        kinds = kinds_of(kind)
        if None not in kinds and kinds[0] is not kinds[1]:
            return kinds_differ()
        left, right = (parse_kind(name, of) for name, of in zip((a, b), kinds, strict=True))
        found = self.match(left, right, query=query)
        evidence = weigh_context(Context.of(context), self.same_name)
        words = explain.written_words(text_of(a)), explain.written_words(text_of(b))
        return compare_match(found, evidence, words)

    def compare_record(
        self,
        query: Name,
        names: Iterable[str],
        *,
        context: Context | Mapping[str, object] | None = None,
    ) -> Comparison:
        """A query against all names of one record, taken together.

        The name that compares best counts; parts of the query that it lacks and another name of
        the record has are not counted as missing. A name of one part adds, and never decides.
        """
        texts = tuple(names)
        evidence = weigh_context(Context.of(context), self.same_name)
        return compare_match(self.match_record(query, texts), evidence)

    def match_record(self, query: Name, names: Iterable[str]) -> Match | None:
        """The meeting that :meth:`compare_record` tells of."""
        return self.match_names(parse_name(query), [parse(name) for name in names], query=True)

    def match_names(
        self, asked: ParsedName, parsed: Sequence[ParsedName], *, query: bool
    ) -> Match | None:
        """The same of names that were taken apart before. query: as in :meth:`match`."""
        # A name of one part is looked at last, and adds to the others.
        whole = [name for name in parsed if any(r.parts > 1 for r in name.readings)] or parsed
        matches = [self.match(asked, name, query=query) for name in whole]
        values = [match.value if match else -1.0 for match in matches]
        if not values:
            return None
        place = values.index(max(values))
        best = matches[place]
        if best is None or best.score is None:
            return best
        others = [name for name in parsed if name is not whole[place]]
        return self._joined(best, others, query=query) or best

    def _joined(self, best: Match, others: Iterable[ParsedName], *, query: bool) -> Match | None:
        """The best meeting once more, with what other names of the record have of its query."""
        asked, record = (best.right, best.left) if best.swapped else (best.left, best.right)
        over = best.alignment.right_over if best.swapped else best.alignment.left_over
        missing = [asked.tokens[i] for i in over if asked.tokens[i].weight >= COUNTS]
        added: list[Token] = []
        for token in missing:
            held = [
                other
                for name in others
                for reading in name.readings
                if reading.script is record.script or token.readable
                for other in reading.tokens
                if self.likeness(token, other).value >= SURE_ENOUGH
            ]
            added += held[:1]
        if not added:
            return None
        reading = replace(record, tokens=(*record.tokens, *added), fields=())
        found = self.match(ParsedName((asked,)), ParsedName((reading,)), query=query)
        return found if found and found.value > best.value else None

    def compare_parsed(
        self,
        left: ParsedName,
        right: ParsedName,
        context: Context | Mapping[str, object] | None = None,
    ) -> Comparison:
        """Compare two names that were taken apart before."""
        found = self.match(left, right)
        return compare_match(found, weigh_context(Context.of(context), self.same_name))

    def match(self, left: ParsedName, right: ParsedName, *, query: bool = False) -> Match | None:
        """The best meeting of the two; None where one of them has no letters or digits.

        query: whether the left one is a query and the right one a record.
        """
        # The order of the two must not matter, down to the breaking of ties.
        swapped = right.order < left.order
        asked = ("right" if swapped else "left") if query else None
        if swapped:
            return self._match(right, left, asked, swapped=True)
        return self._match(left, right, asked, swapped=False)

    def _match(
        self, left: ParsedName, right: ParsedName, asked: str | None, *, swapped: bool
    ) -> Match | None:
        best: Match | None = None
        for one in left.readings:
            for other in right.readings:
                if one.script is not other.script and not (one.readable and other.readable):
                    best = best or Match(None, NOTHING, one, other, swapped)
                    continue
                if one.apart and other.apart:
                    continue
                bodies = one.is_body or other.is_body
                alignment = align_parts(one.tokens, other.tokens, self.likeness, acronyms=bodies)
                if (one.apart or other.apart) and not _whole(one, alignment):
                    continue
                value = score(one, other, alignment, self.commonness, asked)
                if best is None or best.score is None or value.value > best.score.value:
                    best = Match(value, alignment, one, other, swapped)
        if best and best.score and (_unread(left, right) or _unread(right, left)):
            best = replace(best, unread=True)
        return best

    def same_name(self, a: str, b: str) -> float | None:
        """The score of two names, without any context; None where there is nothing to compare."""
        found = self.match(parse(a), parse(b))
        return None if found is None or found.score is None else found.score.value


def _unread(name: ParsedName, other: ParsedName) -> bool:
    """Whether a name of several readings has one that cannot be read beside the other name."""
    if len(name.readings) < 2:
        return False
    scripts = {reading.script for reading in other.readings}
    return any(not each.readable and each.script not in scripts for each in name.readings)


def _whole(left: Reading, alignment: Alignment) -> bool:
    """Whether both words of a compound that is read apart surely met something, in their order."""
    if alignment.left_over if left.apart else alignment.right_over:
        return False
    if any(pair.likeness.value < SURE for pair in alignment.pairs):
        return False
    if any(len(pair.left if left.apart else pair.right) > 1 for pair in alignment.pairs):
        # The two words together are the compound again, and one part.
        return False
    return [pair.right for pair in alignment.pairs] == sorted(p.right for p in alignment.pairs)


SURE_ENOUGH = 0.86
"""From here on a part of another name of a record is the part that was asked for."""


def kinds_of(
    kind: Kind | str | tuple[Kind | str | None, Kind | str | None] | None,
) -> tuple[Kind | None, Kind | None]:
    """The kinds of the two, from one for both or one for each."""
    one, other = kind if isinstance(kind, tuple) else (kind, kind)
    return Kind.of(one), Kind.of(other)


def parse_kind(name: Name, kind: Kind | None, known: Known | None = None) -> ParsedName:
    """A name taken apart as one of its kind. known: as in ``tokens.parse``."""
    if kind is Kind.VESSEL:
        return parse(vessel_name(text_of(name)), known)
    return parse(name, known) if isinstance(name, str) else parse_name(name)


def kinds_differ() -> Comparison:
    """What comes of comparing, say, a person's name and a body's."""
    limits = limits_for(Script.OTHER, Script.OTHER)
    why = (Message("methods.names:not-compared-kinds"),)
    return Comparison(0.0, 0.0, Band.NOT_COMPARED, limits, (), why)


def compare_match(
    found: Match | None,
    evidence: Evidence = NO_EVIDENCE,
    words: tuple[explain.Words, explain.Words] | None = None,
) -> Comparison:
    """A meeting of two names in words, with what the context adds to it.

    words: of the two as they were written.
    """
    if found is None:
        limits = limits_for(Script.OTHER, Script.OTHER)
        nothing = (Message("methods.names:nothing-to-compare"),)
        return Comparison(0.0, 0.0, Band.NOT_COMPARED, limits, (), nothing)
    limits = found.limits
    if found.score is None or not found.compared:
        why = (explain.explain_unreadable(found.left.script, found.right.script),)
        remarks = why + evidence.messages
        return Comparison(0.0, 0.0, Band.NOT_COMPARED, limits, (), remarks, evidence.features)
    name_score = found.score.value
    value = evidence.apply(name_score)
    parts = explain.explain_parts(found.left, found.right, found.alignment)
    if found.swapped:
        parts = tuple(part.swapped() for part in parts)
    if words:
        parts = explain.as_written(parts, *words)
    remarks = explain.explain_remarks(found.score.remarks) + evidence.messages
    if found.unread:
        remarks += (Message("methods.names:remark-part-unread"),)
    band = evidence.band(limits.band(value), limits.band(name_score))
    standing = evidence.apply(found.standing)
    if band is Band.UNLIKELY and limits.band(standing) is Band.LIKELY:
        # Nothing but the own name is wanting, and the rest is rare.
        band = Band.POSSIBLE
    features = evidence.features
    return Comparison(value, name_score, band, limits, parts, remarks, features, standing=standing)


def compare(
    a: Name,
    b: Name,
    *,
    context: Context | Mapping[str, object] | None = None,
    query: bool = False,
    kind: Kind | str | tuple[Kind | str | None, Kind | str | None] | None = None,
    frequencies: Frequencies | None = None,
    version: str = VERSION,
) -> Comparison:
    """Compare two names of people (or bodies, or vessels) in any scripts.

    a, b: each as one string, or by fields (``PersonName``).
    context: what else is known of the two (``Context``, or ``{"left": {...}, "right": {...}}``
        with ``born``, ``sex``, ``father``, ``places``, ``documents``). Nationality, religion and
        ethnicity are refused: they are never evidence about who somebody is.
    query: whether ``a`` is a query and ``b`` a record: what ``b`` lacks of ``a`` then costs more
        than the reverse.
    kind: of both, or of each; two kinds are not compared.
    frequencies: how common parts are in a caller's own register or list.
    version: of the method; see ``versions.py``.
    Raises InputError for a context, kind or version that is refused or not understood.
    Symmetric, unless ``query``: exchanging the names (and the sides of the context) exchanges
    nothing but sides.
    """
    from marfa.methods.names.versions import comparer_of

    comparer = comparer_of(version, frequencies)
    return comparer.compare(a, b, context=context, query=query, kind=kind)
