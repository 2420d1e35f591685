"""Names screened against lists: what is near enough that a person should look, and why.

Whether two meet depends on the two alone and on nothing else in the list, so that what one changed
entry touches can be found by screening against that entry. Names are found by
``NameIndex.search_all``, whose bound is never less than the score from 0.6 on
(``docs/methods/names.md``); from there every name of the entry is compared in full.

    primary, Good, a.k.a., f.k.a., original script    full weight
    Low                    at most 0.80, and never likely without a date or a document that agrees
    one part (al-Bija)     meets a name of several parts only beside a date or a document
    the own name wanting   shown as possible where all the rest met and is rare: it may be his
                           father's or his brother's child's name
    all names of an entry  count together: a part that one lacks may stand in another

A name in letters that are not read here is ``not-compared``, which is not "no hit". People, bodies
and vessels are never compared with one another. Nationality is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marfa.domain.message import Message
from marfa.methods.names import (
    VERSION,
    Band,
    Comparison,
    Context,
    Document,
    Facts,
    Kind,
    NameIndex,
    comparer_of,
)
from marfa.methods.names.compare import Match, compare_match, parse_kind
from marfa.methods.names.context import Evidence, weigh_context
from marfa.methods.names.explain import written_words
from marfa.methods.names.tokens import COUNTS, ParsedName, parse
from marfa.methods.watchlists.entries import Entry, ListedName, Quality
from marfa.methods.watchlists.name_strings import count_parts
from marfa.methods.watchlists.subjects import Subject

METHOD = f"watchlists-2 names-{VERSION}"
"""The version of the method: a result of another is another result."""
LOW_AT_MOST = 0.80
FLOOR = 0.6
"""From here on names are found exactly; whoever asks for less has every name compared."""
PART_ALIKE = 0.86
"""From here on a part of a name is an alias of one part."""
MOST_PARTS = 200_000
"""Parts of names that are remembered."""
AGREES = frozenset({"dates-same", "dates-agree", "document-same"})
"""Evidence beside which a weak name counts."""


@dataclass(frozen=True)
class Result:
    """A subject beside an entry, or a subject whose name could not be compared.

    name: of the entry, the one that met. score: in [0, 1]; None where nothing was compared. why:
    sentences. effects: what else is known and what it did to the score, by code. is_held: the name
    alone would be likely, and a rule for weak names, or for those without the own name, holds it
    down. standing: what results are ranked by, no less than the score.
    """

    subject_id: str
    subject_name: str
    list_name: str
    reference: str
    name: str
    quality: str
    score: float | None
    band: Band
    why: tuple[Mapping[str, Any], ...]
    effects: Mapping[str, float] = field(default_factory=dict)
    is_held: bool = False
    subject_digest: str = ""
    entry_digest: str = ""
    method: str = METHOD
    standing: float = 0.0

    @property
    def is_hit(self) -> bool:
        """Whether a person should look: likely, held down by a rule alone, or of one document."""
        return self.band is Band.LIKELY or self.is_held or "document-same" in self.effects

    @property
    def pair(self) -> tuple[str, str, str]:
        return self.subject_id, self.list_name, self.reference

    @property
    def sentences(self) -> tuple[Message, ...]:
        return tuple(message_of(each) for each in self.why)

    def as_json(self) -> dict[str, Any]:
        return {
            "subject_id": self.subject_id,
            "subject_name": self.subject_name,
            "list": self.list_name,
            "reference": self.reference,
            "name": self.name,
            "quality": self.quality,
            "score": self.score,
            "standing": self.standing,
            "band": self.band.value,
            "held": self.is_held,
            "evidence": [dict(each) for each in self.why],
            "effects": dict(self.effects),
            "subject_digest": self.subject_digest,
            "entry_digest": self.entry_digest,
            "method": self.method,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Result:
        """From what :meth:`as_json` gave."""
        return cls(
            data["subject_id"],
            data["subject_name"],
            data["list"],
            data["reference"],
            data["name"],
            data["quality"],
            data["score"],
            Band(data["band"]),
            tuple(data["evidence"]),
            data["effects"],
            data["held"],
            data["subject_digest"],
            data["entry_digest"],
            data["method"],
            data.get("standing", data["score"] or 0.0),
        )


def message_of(data: Mapping[str, Any]) -> Message:
    """A message from its plain data."""
    params = {
        name: message_of(value) if isinstance(value, Mapping) else value
        for name, value in data.get("params", {}).items()
    }
    return Message(data["code"], params, count=data.get("count"))


@dataclass(frozen=True)
class _Listed:
    """An entry made ready: its names by weight, and what is known."""

    list_name: str
    entry: Entry
    kind: Kind
    whole: tuple[ListedName, ...]
    single: tuple[ListedName, ...]
    facts: Facts
    _parsed: dict[str, ParsedName] = field(default_factory=dict, compare=False)

    def parsed(self, name: str) -> ParsedName:
        """A name of it taken apart, once."""
        known = self._parsed.get(name)
        if known is None:
            known = self._parsed[name] = parse_kind(name, self.kind)
        return known

    @classmethod
    def of(cls, list_name: str, entry: Entry) -> _Listed:
        kind = Kind(entry.kind)
        # An acronym stands for the whole name of a body; one part of a person's says little.
        singles = {
            each.text for each in entry.names if kind is Kind.PERSON and count_parts(each.text) <= 1
        }
        return cls(
            list_name,
            entry,
            kind,
            tuple(each for each in entry.names if each.text not in singles),
            tuple(each for each in entry.names if each.text in singles),
            facts_of(entry, kind),
        )


def facts_of(entry: Entry, kind: Kind) -> Facts:
    """What a list says of an entry beside its names."""
    document_kind = "imo" if kind is Kind.VESSEL else None
    # Publishers and registers name kinds and issuers each in their own words: numbers decide.
    return Facts(
        born=tuple(each.span() for each in entry.births) or None,
        sex=entry.sex or None,
        documents=tuple(Document(each.number, document_kind) for each in entry.documents),
        places=entry.places,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A name of a subject, taken apart once.

    parts: those that count, each as a name by itself. is_lone: whether there is one at most.
    """

    text: str
    parsed: ParsedName
    parts: tuple[str, ...]
    is_lone: bool
    is_readable: bool

    @classmethod
    def of(cls, text: str, kind: Kind | None) -> _Asked:
        parsed = parse_kind(text, kind)
        parts = {token.written: None for token in parsed.tokens if token.weight >= COUNTS}
        return cls(
            text,
            parsed,
            tuple(parts),
            max((reading.parts for reading in parsed.readings), default=0) <= 1,
            any(reading.readable for reading in parsed.readings),
        )


def floor_of(threshold: float | None) -> float:
    """What a name of an entry scores at least to be looked at."""
    return FLOOR if threshold is None else min(FLOOR, max(threshold, 0.31))


class Screener:
    """Lists held ready. It learns parts of names as it goes; ``forget`` empties that.

    entries: with the list that each is of. Aircraft have no names of their own and are left out.
    threshold: results below it are not given; None for those that a person should look at.
    """

    def __init__(
        self, entries: Iterable[tuple[str, Entry]], *, threshold: float | None = None
    ) -> None:
        self._threshold = threshold
        self._floor = floor_of(threshold)
        self._whole, self._single = NameIndex(), NameIndex()
        self._comparer = comparer_of(VERSION)
        self._listed: dict[str, _Listed] = {}
        self._bearers: dict[str, list[str]] = {}
        self._parts: dict[str, frozenset[str]] = {}
        self.unread: list[tuple[str, str]] = []
        for list_name, entry in entries:
            if entry.kind != "aircraft":
                self._add(_Listed.of(list_name, entry))

    def __len__(self) -> int:
        """How many entries it holds."""
        return len(self._listed)

    def _add(self, listed: _Listed) -> None:
        key = f"{listed.list_name}\t{listed.entry.reference}"
        self._listed[key] = listed
        for index, names in ((self._whole, listed.whole), (self._single, listed.single)):
            for each in names:
                index.add(key, each.text, kind=listed.kind)
        for document in listed.facts.documents:
            if len(document.key) >= MIN_NUMBER:
                self._bearers.setdefault(document.key, []).append(key)
        if not any(is_readable(each.text) for each in listed.entry.names):
            self.unread.append((listed.list_name, listed.entry.reference))

    def forget(self) -> None:
        """Forget what was learnt from subjects; results are the same."""
        self._whole.forget()
        self._single.forget()
        self._comparer.forget()
        self._parts.clear()

    def screen(self, subject: Subject) -> list[Result]:
        """What a person should look at, best first, or that nothing could be compared."""
        best: dict[str, Result] = {}
        asked = [_Asked.of(name, subject.kind) for name in subject.names]
        for name in asked:
            for key in self._met(subject, name):
                found = self._weigh(subject, name, self._listed[key])
                if found is not None and self._is_given(found):
                    before = best.get(key)
                    if before is None or _strength(found) > _strength(before):
                        best[key] = found
        results = sorted(best.values(), key=_rank)
        if not any(name.is_readable for name in asked):
            results.append(not_compared(subject))
        return results

    def screen_all(self, subjects: Iterable[Subject]) -> Iterator[Result]:
        """The results of many, in their order."""
        for subject in subjects:
            yield from self.screen(subject)

    def _is_given(self, found: Result) -> bool:
        if self._threshold is None:
            return found.is_hit
        return found.standing >= self._threshold

    def _met(self, subject: Subject, name: _Asked) -> list[str]:
        """Entries that may meet a name, in the order of their keys."""
        found = {key for key, _ in self._search(self._whole, name.text, subject.kind, self._floor)}
        if name.is_lone:
            found.update(
                key for key, _ in self._search(self._single, name.text, subject.kind, self._floor)
            )
        else:
            for part in name.parts:
                found.update(self._bearers_of_part(part, subject.kind))
            if subject.kind in (None, Kind.PERSON) and len(self._whole):
                found.update(self._whole.search_apart(name.text, kind=Kind.PERSON))
        for document in subject.facts.documents:
            for key in self._bearers.get(document.key, ()):
                if subject.kind in (None, self._listed[key].kind):
                    found.add(key)
        return sorted(found)

    def _bearers_of_part(self, part: str, kind: Kind | None) -> frozenset[str]:
        """Entries with an alias of one part that is a part of a name, remembered: it may complete
        another name of the entry, or count beside a date or a document."""
        if kind not in (None, Kind.PERSON):
            return frozenset()
        known = self._parts.get(part)
        if known is None:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            met = self._search(self._single, part, Kind.PERSON, PART_ALIKE)
            known = self._parts[part] = frozenset(key for key, _score in met)
        return known

    def _search(
        self, index: NameIndex, name: str, kind: Kind | None, floor: float
    ) -> list[tuple[str, float]]:
        if not len(index):
            return []
        return index.search_all(name, floor, kind=kind, as_query=True, standing=True)

    def _weigh(self, subject: Subject, asked: _Asked, listed: _Listed) -> Result | None:
        """The best of all that an entry's names say of a name; None where they say nothing."""
        context = Context(subject.facts, listed.facts)
        evidence = weigh_context(context, self._comparer.same_name)
        names = (*listed.whole, *listed.single) if asked.is_lone else listed.whole
        found = [
            self._compared(subject, asked, each, listed, match, evidence)
            for each, match in self._best(asked, names, listed, evidence)
        ]
        if not asked.is_lone:
            found += [self._beside(subject, asked, each, listed, context) for each in listed.single]
        found.append(self._together(subject, asked, listed, evidence))
        told = [each for each in found if each is not None]
        return max(told, key=_strength, default=None)

    def _best(
        self, asked: _Asked, names: Iterable[ListedName], listed: _Listed, evidence: Evidence
    ) -> Iterator[tuple[ListedName, Match | None]]:
        """Of the names of full weight and of the weak ones that which says the most: what a rule
        does to a name depends on its weight alone."""
        best: dict[bool, tuple[tuple[bool, float], ListedName, Match | None]] = {}
        for each in names:
            match = self._comparer.match(asked.parsed, listed.parsed(each.text), query=True)
            strength = _strength_of(match, evidence)
            weak = each.quality is Quality.LOW
            if weak not in best or strength > best[weak][0]:
                best[weak] = strength, each, match
        for _strength_found, each, match in best.values():
            yield each, match

    def _compared(
        self,
        subject: Subject,
        asked: _Asked,
        each: ListedName,
        listed: _Listed,
        match: Match | None,
        evidence: Evidence,
    ) -> Result | None:
        words = written_words(asked.text), written_words(each.text)
        comparison = compare_match(match, evidence, words)
        return self._judged(subject, asked.text, each, listed, comparison)

    def _together(
        self, subject: Subject, asked: _Asked, listed: _Listed, evidence: Evidence
    ) -> Result | None:
        """All names of full weight together; weak ones of several parts do not join in, those of
        one part add what another lacks."""
        strong = [each for each in listed.whole if not each.quality.is_weak]
        names = [each.text for each in (*strong, *listed.single)]
        if not strong or len(names) < 2 or listed.kind is Kind.VESSEL:
            return None
        parsed = [listed.parsed(name) for name in names]
        match = self._comparer.match_names(asked.parsed, parsed, query=True)
        comparison = compare_match(match, evidence)
        found = self._judged(subject, asked.text, strong[0], listed, comparison)
        said = Message("methods.watchlists:names-together").as_json()
        return found and replace(found, why=(*found.why, said))

    def _beside(
        self, subject: Subject, asked: _Asked, each: ListedName, listed: _Listed, context: Context
    ) -> Result | None:
        """An alias of one part beside a name of several: only with a date or a document."""
        if not (subject.facts.births or subject.facts.documents):
            return None
        for part in asked.parts:
            comparison = self._comparer.compare(
                part, each.text, context=context, query=True, kind=(subject.kind, listed.kind)
            )
            codes = {feature.code for feature in comparison.evidence}
            if comparison.name_score >= PART_ALIKE and codes & AGREES:
                found = self._judged(subject, asked.text, each, listed, comparison)
                return found and _held(found, "one-part-alias", "document-same" in codes)
        return None

    def _judged(
        self,
        subject: Subject,
        name: str,
        each: ListedName,
        listed: _Listed,
        comparison: Comparison,
    ) -> Result | None:
        effects = {feature.code: feature.effect for feature in comparison.evidence}
        if not comparison.compared and "document-same" not in effects:
            return None
        quality = Message(f"methods.watchlists:quality-{each.quality.value}", {"name": each.text})
        found = Result(
            subject.subject_id,
            name,
            listed.list_name,
            listed.entry.reference,
            each.text,
            each.quality.value,
            round(comparison.score, 4) if comparison.compared else None,
            comparison.band,
            tuple(message.as_json() for message in (quality, *comparison.explanation())),
            effects,
            False,
            subject.digest,
            listed.entry.digest,
            standing=round(comparison.standing, 4),
        )
        if comparison.limits.band(comparison.standing) is Band.LIKELY is not found.band:
            said = Message("methods.watchlists:own-name-missing").as_json()
            found = replace(found, band=Band.POSSIBLE, is_held=True, why=(*found.why, said))
        if each.quality is Quality.LOW:
            return _held(found, "weak-alias", bool(effects.keys() & AGREES))
        return found


def _held(found: Result, rule: str, corroborated: bool) -> Result:
    """A result of a weak name: capped, and likely only where something else agrees."""
    score = None if found.score is None else min(found.score, LOW_AT_MOST)
    likely = found.band is Band.LIKELY
    band = Band.POSSIBLE if likely and not corroborated else found.band
    key = "corroborated" if corroborated else "alone"
    said = Message(f"methods.watchlists:{rule}-{key}").as_json()
    return replace(
        found,
        score=score,
        standing=min(found.standing, LOW_AT_MOST),
        band=band,
        is_held=found.is_held or (likely and not corroborated),
        why=(*found.why, said),
    )


def not_compared(subject: Subject) -> Result:
    """What is said of a subject whose names nobody can read here: nothing, which is not no hit."""
    said = Message("methods.watchlists:subject-not-compared").as_json()
    return Result(
        subject.subject_id,
        subject.names[0],
        "",
        "",
        "",
        "",
        None,
        Band.NOT_COMPARED,
        (said,),
        subject_digest=subject.digest,
    )


MIN_NUMBER = 4
"""Numbers shorter than this are shared by chance, as in Names."""


def _strength_of(match: Match | None, evidence: Evidence) -> tuple[bool, float]:
    """The same of a meeting of names, before it is told."""
    if match is None or not match.compared:
        return False, -1.0
    band = evidence.band(
        match.limits.band(evidence.apply(match.value)), match.limits.band(match.value)
    )
    return band is Band.LIKELY, evidence.apply(match.standing)


def _strength(found: Result) -> tuple[bool, float, bool]:
    """Of several names of an entry the one that is told: one that is likely before one that a rule
    holds down, whatever the scores."""
    return found.band is Band.LIKELY, found.standing, not found.is_held


def _rank(found: Result) -> tuple[float, float, str, str]:
    return -found.standing, -(found.score or 0.0), found.list_name, found.reference


def is_readable(name: str) -> bool:
    """Whether a name can be read beside one in another script."""
    readings = parse(name).readings
    return any(reading.readable for reading in readings)
