"""Which words stand: those that two people agreed to, for as long as that holds.

A text that nobody reviewed, that changed since, or whose review ended is a draft. What a file says
of its review does not count here: anybody can write it there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Max

from marfa.apps.texts.models import TextReview
from marfa.methods.screening.text_packs import Pack, Status, Text
from marfa.platform import clock
from marfa.platform.once import find_once

REVIEW_HOLDS = timedelta(days=365)
REMIND = timedelta(days=30)
Decision = TextReview.Decision
Reviews = Mapping[tuple[str, str], tuple[TextReview, ...]]
"""By language and key, in their order."""


@dataclass(frozen=True)
class Standing:
    """How one text stands.

    text: the words in force now. stands: two people agreed to them. until: to the end of which day.
    waiting: the review that a second person has not confirmed. stopped: somebody stopped their use.
    """

    text: Text
    own: bool = False
    until: date | None = None
    waiting: TextReview | None = None
    stopped: bool = False

    def stands_on(self, day: date) -> bool:
        return self.until is not None and self.until >= day

    @property
    def digest(self) -> str:
        """Tells whether what somebody agrees to is what they saw."""
        return digest_of_forms(self.text)


def digest_of_forms(*texts: Text | None) -> str:
    """A digest of all words of texts, however they are spaced."""
    told = [[" ".join(each.split()) for each in _forms(one)] if one else None for one in texts]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def base_of(text: Text, source: Text | None) -> str:
    """A digest of what a review is about: a text as its file has it, and its source."""
    recordings = [text.audio, text.audio_feminine, text.audio_masculine]
    told = f"{digest_of_forms(text, source)} {json.dumps(recordings)}"
    return hashlib.sha256(told.encode()).hexdigest()


def reviews_of(name: str) -> Reviews:
    """All reviews of a set, in their order."""
    return find_once(("texts.reviews", name), lambda: _grouped(TextReview.objects.filter(set=name)))


def all_reviews() -> Mapping[str, Reviews]:
    """All reviews of all sets, by set."""
    found: dict[str, list[TextReview]] = {}
    for row in TextReview.objects.all():
        found.setdefault(row.set, []).append(row)
    return {name: _grouped(rows) for name, rows in found.items()}


def reviews_changed() -> tuple[object, ...]:
    """Tells whether there were further reviews or confirmations since."""
    last = TextReview.objects.aggregate(
        Count("pk"), Count("confirmed_at"), Max("at"), Max("confirmed_at")
    )
    return tuple(last.values())


def _grouped(rows: Iterable[TextReview]) -> Reviews:
    found: dict[tuple[str, str], list[TextReview]] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.pk)):
        found.setdefault((row.language, row.key), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def standing_of(text: Text, source: Text | None, rows: Iterable[TextReview]) -> Standing:
    """How a text stands. text: as its file has it; rows: its reviews, in their order."""
    base, told = base_of(text, source), Standing(text)
    for row in rows:
        if row.base == base:
            told = _after(told, text, row)
    return told


def _after(before: Standing, of_file: Text, row: TextReview) -> Standing:
    match row.decision:
        case Decision.STOP:
            return replace(before, until=None, waiting=None, stopped=True)
        case Decision.CHANGE:
            before = Standing(_words(row, of_file), own=True)
        case Decision.AGREE if _forms(row) != _forms(before.text):
            # Its words are not those that are in force any more.
            return before
        case Decision.COMMENT:
            return before
    if row.confirmed_at is None:
        return replace(before, waiting=row)
    return replace(before, until=row.until, waiting=None, stopped=False)


def _forms(of: TextReview | Text) -> tuple[str, str, str]:
    return of.text, of.feminine, of.masculine


def _words(row: TextReview, of_file: Text) -> Text:
    """A recording of other words is none of these."""
    if _forms(row) == _forms(of_file):
        return of_file
    return Text(text=row.text, feminine=row.feminine, masculine=row.masculine)


def standings(pack: Pack, source: Mapping[str, Text], reviews: Reviews) -> dict[str, Standing]:
    """How each text of a pack stands, in the order of the file."""
    return {
        key: standing_of(text, source.get(key), reviews.get((pack.language, key), ()))
        for key, text in pack.texts.items()
    }


def reviewed_pack(pack: Pack, source: Mapping[str, Text], reviews: Reviews, day: date) -> Pack:
    """A pack with the words that are in force, each reviewed or a draft on a day."""
    found = standings(pack, source, reviews)
    texts = {
        key: replace(
            one.text,
            status=Status.REVIEWED if one.stands_on(day) else Status.DRAFT,
            by="",
            on=None,
        )
        for key, one in found.items()
    }
    own = pack.own or any(
        one.own and _forms(one.text) != _forms(pack.texts[key]) for key, one in found.items()
    )
    return replace(pack, texts=texts, own=own)


def today() -> date:
    """The day by which reviews end."""
    return clock.now().date()
