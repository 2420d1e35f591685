"""The cards of sites: everybody reads them, administrators change them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, administrators_only, at_desk
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import is_administrator
from marfa.apps.site_cards.actions import begin_card, change_card
from marfa.apps.site_cards.forms import CardForm
from marfa.apps.site_cards.queries import card_of, sites_with_cards, spoken_language_names

PAGE = 20
EDITOR = Editor("site_cards.card", CardForm, change_card, begin_card)


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """All sites with what their cards say."""
    page = Paginator(sites_with_cards(), PAGE).get_page(request.GET.get("page"))
    cards = [(site, getattr(site, "card", None)) for site in page]
    context = {
        "page": page,
        "cards": [
            (site, card, [*spoken_language_names(card)] if card else []) for site, card in cards
        ],
        "may_change": is_administrator(actor_in(request)),
    }
    return render(request, "site_cards/cards.html", context)


@form_view
@at_desk(Desk.ADMINISTRATION)
@administrators_only
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of one site's card; a card is made when something is first kept of it."""
    site = get_object_or_404(Site.objects.select_related("organisation"), reference=reference)
    card, done = card_of(site), reverse("sitecards:all")
    return edit_row(request, EDITOR, card, title=_("Card of a site"), done=done)
