"""Texts of a site: what has to be reported there, and what to do in a danger; and its doors."""

from __future__ import annotations

from contextlib import AbstractContextManager

from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Site
from marfa.apps.screening.models import NeedsDoor, SiteWords
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.words import Purpose

LONGEST = 4000
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


def write_site_words(*, actor: Actor, site: Site, kind: str, language: str, text: str) -> SiteWords:
    """Write a text of a site, in place of the one that was there. It is a draft until another
    person reviews it. Raises DeniedError, InputError."""
    if kind not in dict(SiteWords.KINDS):
        raise InputError.at(Message("apps.screening:words-kind"), field="kind")
    if language not in LANGUAGES:
        raise InputError.at(Message("apps.screening:words-language"), field="language")
    if not text.strip() or len(text) > LONGEST:
        raise InputError.at(Message("apps.screening:words-text", {"most": LONGEST}), field="text")
    with _managing(actor, site) as act:
        act.note(what="site_words", site=str(site.pk), kind=kind)
        row, _made = SiteWords.objects.update_or_create(
            site=site,
            kind=kind,
            language=language,
            defaults={
                "text": text.strip(),
                "written_by": actor.id if actor.kind is ActorKind.PERSON else None,
                "written_at": clock.now(),
                "reviewed_by": None,
                "reviewed_at": None,
            },
        )
    return row


def review_site_words(*, actor: Actor, words: SiteWords) -> None:
    """Say that a text is right. Raises InputError for one's own, DeniedError."""
    with _managing(actor, words.site) as act:
        act.note(what="site_words_reviewed", site=str(words.site_id), kind=words.kind)
        if words.written_by == actor.id:
            raise InputError.at(Message("apps.screening:words-own"))
        now = clock.now()
        changed = SiteWords.objects.filter(pk=words.pk, written_at=words.written_at)
        if not changed.update(reviewed_by=actor.id, reviewed_at=now):
            raise InputError.at(Message("apps.screening:changed-since"))


def choose_needs_door(*, actor: Actor, site: Site, opened: bool) -> None:
    """Have those who assess needs receive people of a site whose reasons are vulnerability alone,
    or no more. Who waits there already stays there, due as before. Raises DeniedError."""
    with action(
        actor=actor,
        code="screening.route",
        purpose=Purpose.SCREENING,
        resource=organisation_resource(site.organisation),
    ) as act:
        act.note(what="needs_door", site=str(site.pk), opened=opened)
        NeedsDoor.objects.filter(site=site).delete()
        if opened:
            NeedsDoor.objects.create(site=site, opened_by=actor.id, opened_at=clock.now())


def _managing(actor: Actor, site: Site) -> AbstractContextManager[Act]:
    return action(
        actor=actor,
        code="organisations.manage",
        purpose=Purpose.ADMINISTRATION,
        resource=organisation_resource(site.organisation),
    )
