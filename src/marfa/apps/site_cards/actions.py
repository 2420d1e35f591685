"""Changes to the cards of sites: decided by the charter, told to the log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction

from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.administration import place
from marfa.apps.site_cards.models import SiteCard
from marfa.apps.site_cards.queries import LANGUAGES
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.actions import Saved, create_row, save_changes
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ADMINISTRATION
PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,38}")


def begin_card(card: SiteCard, actor: Actor) -> SiteCard:
    """Store a card that is still empty; the one that is there where a colleague was faster.

    Raises DeniedError.
    """
    found = SiteCard.objects.filter(site=card.site_id).first()
    if found:
        return found
    with _managing(card, actor, "card_begun"):
        try:
            with transaction.atomic():
                made = SiteCard(site=card.site)
                create_row(made, actor=_user(actor), purpose=PURPOSE, action="begin_card")
        except IntegrityError:  # a colleague was faster
            return SiteCard.objects.get(site=card.site_id)
    return made


def change_card(card: SiteCard, change: Change) -> Saved:
    """Save what a person changed, on a card that is not there yet too.

    Raises DeniedError; InputError, and ConflictError for a colleague's change.
    """
    values = {**change.changes}
    values["phone"] = without_marks(latin_digits(str(values.get("phone", card.phone)))).strip()
    with _managing(card, change.actor, "card_changed") as act:
        saved = save_changes(
            begin_card(card, change.actor) if card._state.adding else card,
            base_version=change.base_version,
            changes=values,
            mine=change.mine,
            actor=_user(change.actor),
            purpose=PURPOSE,
            action="change_card",
            check=_check,
        )
        act.note(version=saved.version, **dict.fromkeys(saved.changed, True))
    return saved


@contextmanager
def _managing(card: SiteCard, actor: Actor, what: str) -> Iterator[Act]:
    """The log is told of which site; what a card says stands in its history."""
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=PURPOSE,
        resource=place(card.site.organisation),
    ) as act:
        act.note(what=what, site=str(card.site_id))
        yield act


def _user(actor: Actor) -> UUID | None:
    """Whose change the history tells of: a command has no account."""
    return actor.id if actor.kind is ActorKind.PERSON else None


def _check(values: Mapping[str, object]) -> None:
    phone, languages = str(values["phone"]), values["languages"]
    if phone and not PHONE.fullmatch(phone):
        raise InputError.at(Message("apps.site_cards:phone-form"), field="phone")
    if not isinstance(languages, list) or set(languages) - set(LANGUAGES):
        raise InputError.at(Message("apps.site_cards:language-unknown"), field="languages")
