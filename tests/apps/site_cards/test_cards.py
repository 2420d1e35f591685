"""The cards of sites: everybody signed in reads them, administrators change them."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.site_cards.actions import begin_card, change_card
from marfa.apps.site_cards.models import SiteCard
from marfa.apps.site_cards.queries import card_of
from marfa.domain.message import InputError
from marfa.platform.clock import now
from marfa.platform.revisions.models import Draft, Revision
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from tests.conftest import Operation, signed_in


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
    first, second = card_of(site), card_of(site)
    assert begin_card(first, by_command()) == begin_card(second, by_command())
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
        change_card(card, Change(by_command(), card.version, changes))
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
        begin_card(card_of(site), by_command())
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def without_card() -> Site:
    found = Site.objects.filter(card=None).first()
    assert found is not None
    return found


def told(operation: Operation) -> list[tuple[str, str]]:
    """What the log says that the administrator did to cards."""
    mine = Entry.objects.filter(
        actor_id=operation.desks[Desk.ADMINISTRATION].pk, action="organisations.manage"
    )
    return [
        (each.outcome, str(json.loads(each.detail).get("what"))) for each in mine.order_by("place")
    ]


def test_opening_a_form_stores_nothing(operation: Operation) -> None:
    site, client = without_card(), operation.at(Desk.ADMINISTRATION)
    url = reverse("sitecards:edit", args=[site.reference])
    rows = SiteCard.objects.count(), Revision.objects.count(), Entry.objects.count()
    assert client.get(url).status_code == client.head(url).status_code == 200
    assert (SiteCard.objects.count(), Revision.objects.count(), Entry.objects.count()) == rows


def send(operation: Operation, site: Site, do: str, **fields: object) -> int:
    client = operation.at(Desk.ADMINISTRATION)
    person = operation.desks[Desk.ADMINISTRATION].reference
    plain = {"phone": "", "opening": "", "note": "", "base_version": "1", "person": person}
    url = reverse("sitecards:edit", args=[site.reference])
    return client.post(url, {**plain, "do": do, **fields}).status_code


def test_the_first_draft_makes_the_card(operation: Operation) -> None:
    site = without_card()
    assert send(operation, site, "draft", opening="half a sent") == 302
    card = SiteCard.objects.get(site=site)
    assert (card.opening, card.version) == ("", 1)
    assert Draft.objects.get().subject == str(card.pk)
    assert told(operation) == [("done", "card_begun")]


def test_a_saved_card_stands_in_the_log_without_what_it_says(operation: Operation) -> None:
    site = without_card()
    assert send(operation, site, "save", opening="canary at noon") == 302
    assert SiteCard.objects.get(site=site).opening == "canary at noon"
    assert sorted(told(operation)) == [("done", "card_begun"), ("done", "card_changed")]
    entry = Entry.objects.filter(detail__contains="card_changed").latest("place")
    detail = json.loads(entry.detail)
    assert (detail["version"], detail["opening"], detail["site"]) == (2, True, str(site.pk))
    assert "phone" not in detail
    assert "canary" not in entry.detail


def test_what_is_wrong_makes_no_card_and_is_told_as_failed(operation: Operation) -> None:
    site = without_card()
    assert send(operation, site, "save", phone="call me") == 422
    assert not SiteCard.objects.filter(site=site).exists()
    assert {outcome for outcome, _ in told(operation)} == {"failed"}


def test_who_does_not_administer_changes_no_card(operation: Operation) -> None:
    """Data-protection officers share the desk, and the charter gives them no cards."""
    url, site = reverse("sitecards:all"), without_card()
    client = signed_in(operation.officer)
    assert "Change the card" not in client.get(url).content.decode()
    assert client.get(reverse("sitecards:edit", args=[site.reference])).status_code == 403
    card = SiteCard.objects.get()
    with pytest.raises(DeniedError):
        change_card(card, Change(actor_of(operation.officer), card.version, {"note": "mine"}))
    assert SiteCard.objects.get().version == card.version
    refused = Entry.objects.get(actor_id=operation.officer.pk, action="organisations.manage")
    assert refused.outcome == "denied"
