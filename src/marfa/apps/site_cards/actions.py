"""Changes to the cards of sites: decided by the charter, told to the log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.site_cards.models import SiteCard
from marfa.apps.site_cards.queries import LANGUAGES
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ADMINISTRATION
PHONE = re.compile(r"\+?[0-9(][0-9 ()/-]{2,38}")
"""From three digits, as of the short numbers for emergencies."""


def begin_card(card: SiteCard, actor: Actor) -> SiteCard:
    """Store a card that is still empty; the one that is there where a colleague was faster.

    Raises DeniedError.
    """
    found = SiteCard.objects.filter(site=card.site_id).first()
    if found:
        return found
    with _managing(card, actor, "card_begun") as act:
        try:
            with transaction.atomic():
                made = SiteCard(site=card.site)
                act.create(made)
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
        saved = act.save(
            begin_card(card, change.actor) if card._state.adding else card,
            base_version=change.base_version,
            changes=values,
            mine=change.mine,
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
        resource=organisation_resource(card.site.organisation),
    ) as act:
        act.note(what=what, site=str(card.site_id))
        yield act


def _check(values: Mapping[str, object]) -> None:
    phone, languages = str(values["phone"]), values["languages"]
    if phone and not PHONE.fullmatch(phone):
        raise InputError.at(Message("apps.site_cards:phone-form"), field="phone")
    if problems := list(place_faults(values["latitude"], values["longitude"])):
        raise InputError(*(each for fault in problems for each in fault.problems))
    if not isinstance(languages, list) or set(languages) - set(LANGUAGES):
        raise InputError.at(Message("apps.site_cards:language-unknown"), field="languages")


def place_faults(latitude: object, longitude: object) -> Iterator[InputError]:
    """What is wrong with a place in degrees."""
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        yield InputError.at(Message("apps.site_cards:place-half"), field=missing)
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if isinstance(value, float) and not -most <= value <= most:
            yield InputError.at(Message("apps.site_cards:place-off", {"most": most}), field=name)
