"""Printing for everyone, offering, counting: from the pages."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marfa.apps.directory.models import Service
from marfa.apps.manifest import Desk
from marfa.apps.materials.models import PrintBatch
from marfa.apps.organisations.models import Site
from marfa.apps.site_cards.models import SiteCard
from marfa.domain.codes import format_code
from marfa.domain.telling_words import find_telling_words
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def site_with_number() -> Site:
    return SiteCard.objects.select_related("site").get().site


def ordered(client: Client, **more: object) -> PrintBatch:
    sent = {
        "site": site_with_number().reference,
        "material": "leaflet",
        "language": "ar",
        "addressee": "feminine",
        "manner": "words",
        "tone": "discreet",
        "copies": "200",
    }
    answer = client.post(reverse("materials:order"), sent | more)
    assert answer.status_code == 302, answer.content.decode()
    reference = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    with every_organisation():
        return PrintBatch.objects.select_related("site").get(reference=reference)


def stored() -> list[PrintBatch]:
    with every_organisation():
        return list(PrintBatch.objects.all())


def test_a_sheet_is_ordered_and_its_file_taken(officer: Client) -> None:
    made = ordered(officer)
    page = officer.get(reverse("materials:one", args=[made.reference])).content.decode()
    assert format_code(made.code) in page
    assert "fewer than 5" in page
    answer = officer.get(reverse("materials:file", args=[made.reference]))
    assert answer.headers["Content-Type"] == "application/pdf"
    name = answer.headers["Content-Disposition"]
    assert find_telling_words(name + reverse("materials:file", args=[made.reference])) == []
    assert f'filename="information-{made.code}.pdf"' in name
    assert len(pypdfium2.PdfDocument(io.BytesIO(answer.content))) == 1


@pytest.mark.parametrize("copies", ["1", "199", "100001", "-200", "x", ""])
def test_a_batch_is_never_small(officer: Client, copies: str) -> None:
    sent = {
        "site": site_with_number().reference,
        "material": "card",
        "language": "en",
        "addressee": "feminine",
        "manner": "words",
        "tone": "open",
        "copies": copies,
    }
    answer = officer.post(reverse("materials:order"), sent)
    assert answer.status_code == 422
    assert f'value="{copies}"' in answer.content.decode() or not copies
    assert stored() == []


def test_more_of_the_same_sheet_in_a_month_has_the_same_code(officer: Client) -> None:
    first, second = ordered(officer), ordered(officer, copies="300")
    assert first.pk == second.pk
    assert (second.copies, second.code) == (500, first.code)
    assert ordered(officer, tone="open").code != first.code


def test_contacts_are_counted_and_few_are_hidden(officer: Client, operation: Operation) -> None:
    made, url = ordered(officer), reverse("materials:all")
    for number in range(1, 7):
        answer = officer.post(url, {"code": format_code(made.code)})
        assert answer.status_code == 302
        page = officer.get(url).content.decode()
        assert ("fewer than 5" in page) == (number < 5)
    assert [each.contacts for each in stored()] == [6]
    told = Entry.objects.filter(action="materials.count").values_list("detail", flat=True)
    assert len(told) == 6
    assert made.code not in str(list(told))


def test_a_code_of_no_sheet_is_said_and_kept_in_the_field(officer: Client) -> None:
    ordered(officer)
    url = reverse("materials:all")
    for code in ("123456789", "12", "abc"):
        answer = officer.post(url, {"code": code})
        assert answer.status_code == 422
        assert f'value="{code}"' in answer.content.decode()
    assert [each.contacts for each in stored()] == [0]


def test_a_number_that_changed_closes_what_was_printed(officer: Client) -> None:
    made = ordered(officer)
    url = reverse("materials:one", args=[made.reference])
    assert "Do not give" not in officer.get(url).content.decode()
    SiteCard.objects.update(phone="+218 21 111 1111")
    assert "Do not give" in officer.get(url).content.decode()
    assert "Do not give" in officer.get(reverse("materials:all")).content.decode()
    again = ordered(officer)
    assert again.code != made.code, "else nobody could tell the new copies from the old ones"
    assert "Do not give" in officer.get(url).content.decode()
    there = reverse("materials:one", args=[again.reference])
    assert "Do not give" not in officer.get(there).content.decode()
    for batch, status in ((made, 422), (again, 200)):
        file = reverse("materials:file", args=[batch.reference])
        assert officer.get(file).status_code == status


def test_a_service_that_closes_closes_sheets_and_no_card(officer: Client) -> None:
    leaflet, card = ordered(officer), ordered(officer, material="card")
    with every_organisation():
        assert Service.objects.filter(on_sheets=True).update(state="closed") > 0
    for batch, closed in ((leaflet, True), (card, False)):
        page = officer.get(reverse("materials:one", args=[batch.reference])).content.decode()
        assert ("Do not give" in page) == closed


def test_a_site_without_a_number_prints_nothing(officer: Client) -> None:
    made = ordered(officer)
    SiteCard.objects.update(phone="")
    assert officer.get(reverse("materials:file", args=[made.reference])).status_code == 422
    sent = officer.post(
        reverse("materials:order"),
        {
            "site": made.site.reference,
            "material": "poster",
            "language": "en",
            "addressee": "feminine",
            "manner": "words",
            "tone": "discreet",
            "copies": "250",
        },
    )
    assert sent.status_code == 422
    assert "no telephone number" in sent.content.decode()


def test_a_site_with_a_telling_name_prints_open_sheets_alone(officer: Client) -> None:
    site = site_with_number()
    Site.objects.filter(pk=site.pk).update(name="Survivors' house")
    sent = {
        "site": site.reference,
        "material": "leaflet",
        "language": "en",
        "addressee": "feminine",
        "manner": "words",
        "copies": "200",
    }
    refused = officer.post(reverse("materials:order"), sent | {"tone": "discreet"})
    assert refused.status_code == 422
    assert "must not say: Survivors" in refused.content.decode()
    assert officer.post(reverse("materials:order"), sent | {"tone": "open"}).status_code == 302


def test_drafts_reach_nobody_real(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ordered(officer)
    offer = reverse("materials:offer")
    asked = {"language": "en", "safe": "no"}
    assert "Help is free" in officer.get(offer, asked).content.decode()
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    assert officer.get(reverse("materials:file", args=[made.reference])).status_code == 422
    assert "Help is free" not in officer.get(offer, asked).content.decode()
    assert officer.post(reverse("materials:order"), {"language": "en"}).status_code == 422


def test_it_asks_first_whether_paper_is_safe(officer: Client) -> None:
    url = reverse("materials:offer")
    first = officer.get(url).content.decode()
    assert "Is it safe to carry?" in first
    assert "Help is free" not in first
    no = officer.get(url, {"language": "en", "safe": "no"}).content.decode()
    assert "Give no paper" in no
    assert "+218 21 000 0000" in no
    assert "Give the sheet" not in no
    yes = officer.get(url, {"language": "ar", "form": "masculine", "safe": "yes"}).content.decode()
    assert "Give the sheet" in yes
    assert "أنتَ تقرر" in yes


def test_another_organisation_sees_no_batch(operation: Operation, officer: Client) -> None:
    made = ordered(officer)
    partner = signed_in(operation.partner)
    assert partner.get(reverse("materials:one", args=[made.reference])).status_code == 404
    assert partner.get(reverse("materials:file", args=[made.reference])).status_code == 404
    assert partner.post(reverse("materials:all"), {"code": made.code}).status_code == 422
    assert [each.contacts for each in stored()] == [0]


def test_who_works_with_nobody_orders_nothing(operation: Operation) -> None:
    for user in (operation.desks[Desk.ADMINISTRATION], operation.outsider):
        for name in ("all", "order", "offer"):
            assert signed_in(user).get(reverse(f"materials:{name}")).status_code == 403
