"""The directory from its pages: kept, called, found, and what is not offered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.directory.demo import SERVICES
from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import CALLED_LATELY
from marfa.apps.manifest import Desk
from marfa.domain.fiction import in_both
from marfa.platform import clock
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def entry(need: str = "medical_care") -> Service:
    with every_organisation():
        found = Service.objects.select_related("keeper").filter(need=need).order_by("pk").first()
    assert found is not None
    return found


def name_of(need: str) -> str:
    told = next(each for each in SERVICES if each.need == need)
    return in_both(told.arabic, told.english)


def looked_for(client: Client, **asked: str | int) -> str:
    answer = client.get(reverse("services:find"), {"need": "", **asked})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def told(**more: object) -> dict[str, object]:
    return {
        "name": "Well of Ayn",
        "need": "legal_advice",
        "sexes": "all",
        "cost": "free",
        "papers": "no",
        "police_report": "no",
        **more,
    }


def keeper_of(client: Client) -> str:
    with every_organisation():
        return Service.objects.select_related("keeper")[0].keeper.reference


def test_an_entry_is_offered_once_somebody_called(officer: Client) -> None:
    sent = told(keeper=keeper_of(officer), phone="٠٢١ ٣٣٣", latitude="٣٢٫٩", longitude="13.2")
    answer = officer.post(reverse("services:add"), sent)
    assert answer.status_code == 302, answer.content.decode()
    with every_organisation():
        made = Service.objects.get(name="Well of Ayn")
    assert (made.phone, made.latitude) == ("021 333", 32.9)
    assert "Well of Ayn" not in looked_for(officer, need="legal_advice")
    there = reverse("services:one", args=[made.reference])
    assert officer.post(there, {"do": "called", "state": "open"}).status_code == 302
    assert "Well of Ayn" in looked_for(officer, need="legal_advice")
    assert officer.post(there, {"do": "called", "state": "closed"}).status_code == 302
    assert "Well of Ayn" not in looked_for(officer, need="legal_advice")


def test_the_call_says_who_and_stands_in_history_and_log(operation: Operation) -> None:
    client, row = operation.at(Desk.PROTECTION), entry()
    with every_organisation():
        before = Entry.objects.filter(action="services.keep").count()
    client.post(reverse("services:one", args=[row.reference]), {"do": "called", "state": "full"})
    with every_organisation():
        row.refresh_from_db()
        assert row.called_by is not None
        person = User.objects.get(pk=row.called_by)
        assert Entry.objects.filter(action="services.keep").count() == before + 1
        changes = Revision.objects.filter(object_id=row.pk, field="state").order_by("version")
        assert changes.last().actor_id == person.pk  # type: ignore[union-attr]
    assert row.state == "full"
    page = client.get(reverse("services:one", args=[row.reference])).content.decode()
    assert person.display_name in page


@pytest.mark.parametrize("state", ["", "gone"])
def test_a_call_without_an_answer_is_none(officer: Client, state: str) -> None:
    row = entry()
    there = reverse("services:one", args=[row.reference])
    assert officer.post(there, {"do": "called", "state": state}).status_code == 422
    with every_organisation():
        assert Service.objects.get(pk=row.pk).called_at == row.called_at


def test_what_was_not_called_lately_is_not_offered_and_is_somebodys_work(
    operation: Operation,
) -> None:
    client = operation.at(Desk.PROTECTION)
    name = name_of("medical_care")
    assert name in looked_for(client, need="medical_care")
    called = entry().called_at
    assert called is not None
    with clock.set_to(called + CALLED_LATELY - timedelta(minutes=5)):
        client = operation.at(Desk.PROTECTION)
        assert name in looked_for(client, need="medical_care")
    with clock.set_to(called + CALLED_LATELY + timedelta(minutes=5)):
        again = operation.at(Desk.PROTECTION)
        assert name not in looked_for(again, need="medical_care")
        work = again.get(reverse("home")).content.decode()
        assert "to be called: do they take people?" in work
        due = again.get(reverse("services:all") + "?called=due").content.decode()
        assert name in due


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"sex": "female", "age": "30"}, True),
        ({"sex": "male", "age": "30"}, False),
        ({"sex": "", "age": "30"}, False),
    ],
)
def test_a_place_for_women_takes_no_one_whose_sex_is_not_known(
    officer: Client, asked: dict[str, str], shown: bool
) -> None:
    assert (name_of("shelter") in looked_for(officer, need="shelter", **asked)) is shown


@pytest.mark.parametrize(("age", "shown"), [("17", True), ("18", False), ("", False), ("٩", True)])
def test_a_place_for_children_takes_no_one_whose_age_is_not_known(
    officer: Client, age: str, shown: bool
) -> None:
    found = looked_for(officer, need="alternative_care", sex="female", age=age)
    assert (name_of("alternative_care") in found) is shown


def test_a_language_puts_first_and_leaves_none_out(officer: Client) -> None:
    page = looked_for(officer, language="ti")
    assert page.index(name_of("mental_health_and_psychosocial")) < page.index(
        name_of("legal_advice")
    )
    assert "speaks the language" in page


def test_a_place_that_may_not_be_known_is_nowhere(officer: Client) -> None:
    row = entry("shelter")
    assert (row.address, row.latitude, row.longitude) == ("", None, None)
    edit = reverse("services:edit", args=[row.reference])
    page = officer.get(edit).content.decode()
    person = page.split('name="person" value="')[1].split('"')[0]
    sent = told(name=row.name, need="shelter", confidential="on", address="Harbour Road 4")
    answer = officer.post(
        edit, {**sent, "base_version": row.version, "person": person, "do": "save"}
    )
    assert answer.status_code == 422
    assert "The place may not be known" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "Enter"),
        ("need", "magic", "valid choice"),
        ("phone", "call Rima", "telephone number"),
        ("latitude", "91", "degrees between"),
        ("longitude", "", "latitude and longitude"),
        ("age_to", "3", "below the lowest"),
        ("on_sheets", "on", "does not stand on leaflets"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    officer: Client, field: str, value: str, says: str
) -> None:
    sent = told(keeper=keeper_of(officer), latitude="32", longitude="13", age_from="18")
    sent |= {"note": "A note of some length.", field: value}
    answer = officer.post(reverse("services:add"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'href="#f-{field}"' in page or f"{field}" in page
    assert "A note of some length." in page
    with every_organisation():
        assert not Service.objects.filter(note="A note of some length.").exists()


def test_a_guest_reads_and_changes_nothing_of_others(operation: Operation) -> None:
    guest, row = signed_in(operation.partner), entry()
    there = reverse("services:one", args=[row.reference])
    page = guest.get(there).content.decode()
    assert row.name in page
    assert "Record the call" not in page
    assert guest.get(reverse("services:edit", args=[row.reference])).status_code == 403
    assert guest.post(there, {"do": "called", "state": "closed"}).status_code == 403
    with every_organisation():
        assert Service.objects.get(pk=row.pk).state == "open"
