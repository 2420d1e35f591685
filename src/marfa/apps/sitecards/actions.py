"""Changes to the cards of sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from marfa.apps.editing.editor import Change
from marfa.apps.organisations.models import Site
from marfa.apps.sitecards.models import SiteCard
from marfa.apps.sitecards.queries import LANGUAGES
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.actions import Saved, create_row, save_changes

PURPOSE = "administration"
PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,38}")


def card_of(*, site: Site, actor: UUID | None) -> SiteCard:
    """The card of a site, made empty where there is none yet."""
    found = SiteCard.objects.filter(site=site).first()
    if found:
        return found
    card = SiteCard(site=site)
    try:
        with transaction.atomic():
            create_row(card, actor=actor, purpose=PURPOSE, action="begin_card")
    except IntegrityError:  # a colleague was faster
        return SiteCard.objects.get(site=site)
    return card


def change_card(card: SiteCard, change: Change) -> Saved:
    """Save what a person changed; raises InputError, and ConflictError for a colleague's change."""
    values = {**change.changes}
    values["phone"] = without_marks(latin_digits(str(values.get("phone", card.phone)))).strip()
    return save_changes(
        card,
        base_version=change.base_version,
        changes=values,
        mine=change.mine,
        actor=change.actor,
        purpose=PURPOSE,
        action="change_card",
        check=_check,
    )


def _check(values: Mapping[str, object]) -> None:
    phone, languages = str(values["phone"]), values["languages"]
    if phone and not PHONE.fullmatch(phone):
        raise InputError.at(Message("apps.sitecards:phone-form"), field="phone")
    if not isinstance(languages, list) or set(languages) - set(LANGUAGES):
        raise InputError.at(Message("apps.sitecards:language-unknown"), field="languages")
