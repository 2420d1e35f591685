"""The cards of sites: everybody signed in reads them, administrators change them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marfa.apps.editing.editor import Change
from marfa.apps.organisations.models import Site
from marfa.apps.registry import Desk
from marfa.apps.sitecards.actions import card_of, change_card
from marfa.apps.sitecards.models import SiteCard
from marfa.domain.message import InputError
from marfa.platform.clock import now
from tests.conftest import Operation


def test_everybody_reads_and_administrators_change(operation: Operation) -> None:
    url = reverse("sitecards:all")
    officer = operation.at(Desk.RECEPTION).get(url).content.decode()
    assert "blue gate" in officer
    assert "Tigrinya" in officer
    assert "Change the card" not in officer
    assert "Change the card" in operation.at(Desk.ADMINISTRATION).get(url).content.decode()


def test_a_site_has_one_card_also_when_two_begin_it(operation: Operation) -> None:
    site = Site.objects.filter(card=None).first()
    assert site is not None
    assert card_of(site=site, actor=None) == card_of(site=site, actor=None)
    assert SiteCard.objects.filter(site=site).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "ask Rima"}, "phone"),
        ({"phone": "1"}, "phone"),
        ({"languages": ["ar", "tlh"]}, "languages"),
    ],
)
def test_what_does_not_fit_is_refused(
    operation: Operation, changes: dict[str, object], field: str
) -> None:
    card = SiteCard.objects.get()
    with pytest.raises(InputError) as caught:
        change_card(card, Change(None, card.version, changes))
    assert [each.place.field for each in caught.value.problems] == [field]
    assert SiteCard.objects.get().version == card.version


def test_the_list_costs_the_same_for_many(
    operation: Operation, django_assert_max_num_queries: object
) -> None:
    organisation = operation.controller
    client, url = operation.at(Desk.ADMINISTRATION), reverse("sitecards:all")
    client.get(url)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    made = [
        Site(organisation=organisation, name=f"Site {n}", time_zone="UTC", created_at=now())
        for n in range(30)
    ]
    for site in made:
        site.save()
        card_of(site=site, actor=None)
    with django_assert_max_num_queries(len(few)):
        client.get(url)
