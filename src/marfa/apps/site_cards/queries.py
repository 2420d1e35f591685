"""Questions about the cards of sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from babel import Locale
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.models import SiteCard
from marfa.domain.catalogue import SOURCE_LANGUAGE

# Those of the six official languages of the United Nations and of the places where Marfa is used.
LANGUAGES = ("ar", "en", "fr", "es", "ru", "zh", "am", "ckb", "fa", "ha", "ku", "so", "ti", "tr")


def language_names(codes: Iterable[str] = LANGUAGES) -> list[tuple[str, str]]:
    """Codes with the names of the languages in the reader's own; CLDR has them."""
    names = Locale.parse(get_language() or SOURCE_LANGUAGE).languages
    return [(code, names.get(code, code)) for code in codes]


def sites_with_cards() -> QuerySet[Site]:
    """All sites by name, each with its card where somebody wrote one."""
    return Site.objects.select_related("card").order_by("name", "pk")


def card_of(site: Site) -> SiteCard:
    """The card of a site; an empty one, not stored, where there is none yet."""
    return SiteCard.objects.filter(site=site).first() or SiteCard(site=site, version=1)


def address_of(card: UUID | None) -> str | None:
    """The page on which a card is changed; None for a card that is gone."""
    if card is None:
        return None
    reference = SiteCard.objects.filter(pk=card).values_list("site__reference", flat=True).first()
    return reverse("sitecards:edit", args=[reference]) if reference else None


def spoken_language_names(card: SiteCard) -> Iterator[str]:
    """Names of the languages spoken at a site."""
    names = dict(language_names(card.languages))
    yield from (names[code] for code in card.languages)
