"""The app's part of a demonstration: the first site has a card, the others wait for theirs."""

from __future__ import annotations

from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.actions import change_card
from marfa.apps.site_cards.queries import card_of
from marfa.domain.fiction import in_both, made_up

CARD = {
    "phone": "+218 21 000 0000",
    "opening": in_both("من الأحد إلى الخميس، من 8 إلى 16", "Sunday to Thursday, 8 to 16"),
    "languages": ["ar", "en", "fr", "ti"],
    # Near the town that names the clock of the first site.
    "latitude": 32.887,
    "longitude": 13.191,
    "note": made_up("خلف مبنى الجمارك القديم، من البوابة الزرقاء.")
    + "\n"
    + made_up("Behind the old customs house, through the blue gate.", "en"),
}


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One card."""
    site = Site.objects.order_by("created_at", "pk").first()
    if site is not None:
        change_card(card_of(site), Change(by_command(), base_version=1, changes=CARD))
