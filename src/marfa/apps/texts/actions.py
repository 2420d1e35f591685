"""Reviews of texts: decided by the charter, told to the log. The log names sets and keys of texts;
what the words are stands in the reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.texts.models import COMMENT_LENGTH, NAME_LENGTH, TEXT_LENGTH, TextReview
from marfa.apps.texts.sets import TextSet
from marfa.apps.texts.standing import (
    REVIEW_HOLDS,
    Decision,
    Standing,
    base_of,
    reviews_of,
    standings,
    today,
)
from marfa.domain.message import InputError, Message
from marfa.methods.screening.text_packs import Pack, Text
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

REVIEW = "texts.review"
PURPOSE = Purpose.ADMINISTRATION


@dataclass(frozen=True)
class Read:
    """What somebody says of one text. seen: digest of the words that they saw.

    words: where they change them. reviewer: who read it for them, without an account. row: of the
    sheet in which it came.
    """

    key: str
    seen: str
    decision: Decision
    words: Text = field(default_factory=Text)
    comment: str = ""
    reviewer: str = ""
    row: int | None = None


@dataclass(frozen=True)
class _Place:
    """A set in one language, and how its texts stand."""

    of: TextSet
    pack: Pack
    source: Mapping[str, Text]
    standing: Mapping[str, Standing]


def review_texts(
    *, actor: Actor, of: TextSet, language: str, told: Sequence[Read]
) -> tuple[int, int]:
    """Write down what somebody says of texts of a set, all or nothing. Who agrees to words to which
    another agreed or which another changed is the second person, and the words stand.

    Gives how many stand by it, and how many wait for a second person. Raises DeniedError;
    InputError with every problem, by row or key.
    """
    if not told:
        raise InputError.at(Message("apps.texts:nothing-chosen"))
    place = place_of(of, language)
    problems = [
        problem
        for each in told
        for message in _faults(place, each)
        for problem in InputError.at(message, field=each.key, row=each.row).problems
    ]
    if problems:
        raise InputError(*problems)
    stand = wait = 0
    with _reviewing(actor) as act:
        for each in told:
            before = place.standing[each.key]
            waiting = before.waiting
            if each.decision is Decision.AGREE and waiting is not None and waiting.by != actor.id:
                _confirm(actor, waiting)
                stand += 1
                continue
            if each.decision is Decision.AGREE and waiting is not None:
                # One's own agreement, said again, is no second one.
                wait += 1
                continue
            act.create(_row(actor, place, each))
            wait += each.decision in (Decision.AGREE, Decision.CHANGE)
        act.note(what="texts_reviewed", set=of.name, language=language, texts=len(told))
        act.note(stand=stand)
    return stand, wait


def place_of(of: TextSet, language: str) -> _Place:
    """A set in a language. Raises InputError where it has none."""
    pack = of.packs().get(language)
    if pack is None:
        raise InputError.at(Message("apps.texts:no-language"), field="language")
    source = of.source_of(pack)
    return _Place(of, pack, source, standings(pack, source, reviews_of(of.name)))


def _reviewing(actor: Actor) -> AbstractContextManager[Act]:
    # Words are put to people at all sites: it is the controller who answers for them.
    return action(actor=actor, code=REVIEW, purpose=PURPOSE, resource=organisation_resource())


def _confirm(actor: Actor, waiting: TextReview) -> None:
    changed = TextReview.objects.filter(pk=waiting.pk, confirmed_at=None).update(
        confirmed_at=clock.now(), confirmed_by=actor.id, until=today() + REVIEW_HOLDS
    )
    if not changed:
        raise InputError.at(Message("apps.texts:changed-since"), field=waiting.key)


def _row(actor: Actor, place: _Place, told: Read) -> TextReview:
    words = Text()
    if told.decision is Decision.AGREE:
        words = place.standing[told.key].text
    elif told.decision is Decision.CHANGE:
        words = tidy_words(told.words)
    return TextReview(
        set=place.of.name,
        language=place.pack.language,
        key=told.key,
        base=base_of(place.pack.texts[told.key], place.source.get(told.key)),
        decision=told.decision,
        text=words.text,
        feminine=words.feminine,
        masculine=words.masculine,
        comment=told.comment.strip(),
        reviewer=" ".join(told.reviewer.split()),
        at=clock.now(),
        by=actor.id,
    )


def tidy_words(words: Text) -> Text:
    """Words without space around them, in one line."""
    said = (" ".join(each.split()) for each in (words.text, words.feminine, words.masculine))
    text, feminine, masculine = said
    return Text(text=text, feminine=feminine, masculine=masculine)


def _faults(place: _Place, told: Read) -> Iterable[Message]:
    standing = place.standing.get(told.key)
    if standing is None:
        yield Message("apps.texts:no-text", {"key": told.key})
        return
    if told.seen != standing.digest:
        yield Message("apps.texts:changed-since")
    if len(told.comment) > COMMENT_LENGTH:
        yield Message("apps.texts:comment-long", {"most": COMMENT_LENGTH})
    if len(told.reviewer) > NAME_LENGTH:
        yield Message("apps.texts:reviewer-long", {"most": NAME_LENGTH})
    match told.decision:
        case Decision.COMMENT | Decision.STOP if not told.comment.strip():
            yield Message("apps.texts:comment-missing")
        case Decision.CHANGE:
            yield from _faults_of_words(place, told, standing)
        case Decision.AGREE:
            yield from place.of.check(_as_own(place, told.key), told.key, standing.text)


def _faults_of_words(place: _Place, told: Read, standing: Standing) -> Iterable[Message]:
    words, before = tidy_words(told.words), place.pack.texts[told.key]
    if bool(words.feminine) != bool(words.masculine) or bool(words.text) == bool(words.feminine):
        yield Message("apps.texts:words-forms")
        return
    if before.has_forms and place.pack.gendered and not words.has_forms:
        yield Message("apps.texts:words-forms")
    if any(len(form) > TEXT_LENGTH for form in words.every_form()):
        yield Message("apps.texts:words-long", {"most": TEXT_LENGTH})
    if (words.text, words.feminine, words.masculine) == (
        standing.text.text,
        standing.text.feminine,
        standing.text.masculine,
    ):
        yield Message("apps.texts:words-same")
    for gap in _gaps(before):
        if any(gap not in form for form in words.every_form()):
            yield Message("apps.texts:gap-missing", {"gap": gap})
    own = replace(_as_own(place, told.key), own=True)
    yield from place.of.check(own, told.key, words)


def _as_own(place: _Place, key: str) -> Pack:
    """The pack, as one of one's own where these words are no longer those that come with Marfa."""
    return replace(place.pack, own=place.pack.own or place.standing[key].own)


def _gaps(text: Text) -> list[str]:
    """Places in a text where something is put in, such as ``{phone}``: no form may lose one."""
    found = [part.split("}")[0] for form in text.every_form() for part in form.split("{")[1:]]
    return list(dict.fromkeys("{" + name + "}" for name in found))
