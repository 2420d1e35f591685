"""A household on one page: sent once it is registered once, kept as typed until it is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.reception.models import QueueEntry
from marfa.apps.registry.household_form import GroupForm
from marfa.apps.registry.models import Household, Person, PersonName, Registration, Relationship
from marfa.domain.dates import age_on, from_storage
from marfa.domain.ids import new_id, new_reference
from marfa.platform import clock
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from tests.conftest import Operation, signed_in

ROWS = (
    ("سلمى الحداد", "female", "34", ""),
    ("Karam", "male", "1988", "spouse"),
    ("", "", "", ""),
    ("ليلى", "female", "٧", "child"),
)


@pytest.fixture(autouse=True)
def sees_every_row(operation: Operation) -> Iterator[None]:
    """The test's own reads; what a request sees is told by the request."""
    with every_organisation():
        yield


def posted(operation: Operation, do: str, rows: object = ROWS, **more: str) -> dict[str, str]:
    data = {"do": do, "person": operation.desks[Desk.RECEPTION].reference, **more}
    for place, row in enumerate(rows):  # type: ignore[arg-type, var-annotated]
        for name, value in zip(("name", "sex", "born", "relation"), row, strict=True):
            data[f"{name}-{place}"] = value
    return data


@pytest.fixture
def client(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


URL = "reception:household"


def test_everybody_is_registered_and_has_a_code(operation: Operation, client: Client) -> None:
    before = set(Person.objects.values_list("pk", flat=True))
    answer = client.post(reverse(URL), posted(operation, "save", batch=str(new_id())), follow=True)
    page = answer.content.decode()
    people = Person.objects.exclude(pk__in=before).order_by("pk")
    assert [person.sex for person in people] == ["female", "male", "female"]
    for person in people:
        assert f"{person.code[:3]}\N{NO-BREAK SPACE}{person.code[3:6]}" in page
    assert page.count("Seen alone.") == 2
    assert page.count("apart from the adults they came with") == 1
    with open_vault():
        names = {name.text for name in PersonName.objects.filter(person__in=people)}
    assert names == {"سلمى الحداد", "Karam", "ليلى"}
    assert not any(name in page for name in names)
    told = Relationship.objects.filter(person__in=people).values_list("kind", "state")
    assert set(told) == {("spouse", "claimed"), ("child", "claimed")}


def test_whoever_registers_is_told_the_tickets_and_where_to_go_on(
    operation: Operation, client: Client
) -> None:
    answer = client.post(reverse(URL), posted(operation, "save", batch=str(new_id())), follow=True)
    page = answer.content.decode()
    waiting = list(QueueEntry.objects.select_related("site").order_by("person_id"))
    assert len(waiting) == 3
    at = [page.index(f">{entry.ticket}<") for entry in waiting]
    assert at == sorted(at), "in the order in which they were typed"
    who = ("Head of the household", "Person 2", "Person 3")
    assert all(page.index(words) < place for words, place in zip(who, at, strict=True))
    assert f"{reverse('queue:site')}?site={waiting[0].site.reference}" in page
    move_on(waiting[0], QueueEntry.State.DONE)
    assert f">{waiting[0].ticket}<" not in client.get(answer.request["PATH_INFO"]).content.decode()


def move_on(entry: QueueEntry, state: QueueEntry.State) -> None:
    QueueEntry.objects.filter(pk=entry.pk).update(state=state, ended_at=clock.now())


def test_names_are_shown_where_they_are_asked_for_on_the_record_and_for_a_minute(
    operation: Operation, client: Client
) -> None:
    answer = client.post(reverse(URL), posted(operation, "save", batch=str(new_id())), follow=True)
    path = answer.request["PATH_INFO"]
    opened = Entry.objects.filter(action="people.open_identity")
    assert "Refresh" not in answer.headers
    assert not opened.exists()
    named = client.get(f"{path}?names")
    assert all(name in named.content.decode() for name in ("سلمى الحداد", "Karam", "ليلى"))
    assert named.headers["Refresh"] == f"60; url={path}"
    assert set(opened.values_list("subject_id", flat=True)) == set(
        Person.objects.values_list("pk", flat=True)
    )


def test_an_age_that_cannot_be_read_says_whose_and_what_is_accepted(
    operation: Operation, client: Client
) -> None:
    rows = (*ROWS[:1], ("Karam", "male", "40 yrz", "spouse"))
    answer = client.post(reverse(URL), posted(operation, "save", rows, batch=str(new_id())))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Person 2: The word “yrz” is not understood in a date. Write an age such as 34" in page
    assert "Such as 34, 8 months or 1990." in client.get(reverse(URL)).content.decode()
    right = (*ROWS[:1], ("Karam", "male", "٤٠ سنة", "spouse"))
    answer = client.post(reverse(URL), posted(operation, "save", right, batch=str(new_id())))
    assert answer.status_code == 302
    with open_vault():
        ages = [
            age_on(from_storage(person.born or ""), clock.today(person.time_zone))
            for person in Person.objects.select_related("site").order_by("pk")
        ]
    assert ages == [(34, 34), (40, 40)]


def test_a_child_born_today_is_registered_whatever_the_day_is_elsewhere(
    operation: Operation, client: Client
) -> None:
    """After midnight at the site it is still yesterday by universal time."""
    zone = ZoneInfo("Asia/Tokyo")
    Site.objects.update(time_zone=zone.key)
    night = datetime(2027, 3, 2, 0, 30, tzinfo=zone)
    with clock.set_to(night):
        here = signed_in(operation.desks[Desk.RECEPTION])
        for day, status in (("2 March 2027", 302), ("3 March 2027", 422)):
            rows = (("Nour", "female", day, "child"),)
            sent = posted(operation, "save", rows, batch=str(new_id()))
            assert here.post(reverse(URL), sent).status_code == status


def test_sent_twice_is_registered_once(operation: Operation, client: Client) -> None:
    data = posted(operation, "save", batch=str(new_id()))
    places = {client.post(reverse(URL), data).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Registration.objects.filter(batch=data["batch"]).count() == 3


def test_what_is_wrong_is_said_at_its_row(operation: Operation, client: Client) -> None:
    count = Person.objects.count()
    wrong = (*ROWS, ("Nobody", "", "thirty-ish", "child"))
    answer = client.post(reverse(URL), posted(operation, "save", wrong, batch=str(new_id())))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-born-4"' in page
    assert 'value="thirty-ish"' in page
    assert Person.objects.count() == count


def test_an_empty_form_registers_nobody(operation: Operation, client: Client) -> None:
    count = Household.objects.count()
    answer = client.post(reverse(URL), posted(operation, "save", (("",) * 4,), batch=str(new_id())))
    assert answer.status_code == 422
    assert Household.objects.count() == count


def test_more_rows_keep_what_was_typed(operation: Operation, client: Client) -> None:
    page = client.post(reverse(URL), posted(operation, "rows")).content.decode()
    assert 'name="name-7"' in page
    assert 'value="سلمى الحداد"' in page


def test_what_is_typed_comes_back_and_goes_when_it_is_sent(
    operation: Operation, client: Client
) -> None:
    user = operation.desks[Desk.RECEPTION]
    batch = str(new_id())
    kept = client.post(
        reverse(URL), posted(operation, "draft", batch=batch), headers={"X-Draft": "1"}
    )
    assert kept.json()["version"] == 1
    assert b"Karam" not in bytes(Draft.objects.get(user=user).sealed)
    assert f'href="{reverse(URL)}"' in client.get(reverse("home")).content.decode()
    # Another browser, after the first one is gone.
    page = signed_in(user).get(reverse(URL)).content.decode()
    assert 'value="سلمى الحداد"' in page
    assert f'value="{batch}"' in page
    client.post(reverse(URL), posted(operation, "save", batch=batch))
    assert not Draft.objects.filter(user=user).exists()


def test_what_somebody_else_typed_is_not_kept_in_my_name(
    operation: Operation, client: Client
) -> None:
    data = {**posted(operation, "draft"), "person": operation.supervisor.reference}
    assert client.post(reverse(URL), data).status_code == 409
    assert client.post(reverse(URL), {**data, "do": "save"}).status_code == 403
    assert not Draft.objects.exists()


def test_the_form_asks_nothing_sensitive(client: Client) -> None:
    page = client.get(reverse(URL)).content.decode()
    for word in ("forced", "nationality", "religion", "ethnic", "migration", "reason"):
        assert word not in page.lower(), word


def test_one_person_and_one_by_code_alone(operation: Operation, client: Client) -> None:
    url, before = reverse("reception:person"), set(Person.objects.values_list("pk", flat=True))
    person = operation.desks[Desk.RECEPTION].reference
    sent = {"person": person, "name": "Никому Неизвестный", "born": "about 1990", "sex": "male"}
    answer = client.post(url, {**sent, "do": "save", "batch": str(new_id())}, follow=True)
    assert answer.status_code == 200
    client.post(url, {"person": person, "do": "code", "batch": str(new_id())})
    one, other = Person.objects.exclude(pk__in=before).order_by("pk")
    with open_vault():
        assert (one.born, one.birth_basis, other.born) == ("1990~", "stated", None)
        assert not PersonName.objects.filter(person=other).exists()
    assert list(other.registrations.values_list("mode", flat=True)) == ["code_only"]
    wrong = client.post(url, {**sent, "born": "soon", "do": "save"})
    assert wrong.status_code == 422
    assert "Никому Неизвестный" in wrong.content.decode()


def test_another_person_on_the_same_form_is_told_and_not_answered_for(
    operation: Operation, client: Client
) -> None:
    """Two tabs that came from one draft: one person each."""
    url, batch = reverse("reception:person"), str(new_id())
    user = operation.desks[Desk.RECEPTION]
    about = {"person": user.reference, "batch": batch, "sex": "female"}
    client.post(url, {**about, "name": "Amberjack", "do": "draft"}, headers={"X-Draft": "1"})
    first = client.post(url, {**about, "name": "Bonito", "do": "save"})
    assert first.status_code == 302
    told = client.post(url, {**about, "name": "Amberjack", "do": "save"})
    page = told.content.decode()
    assert told.status_code == 422
    assert "with other content" in page
    assert 'value="Amberjack"' in page
    assert batch not in page
    assert Draft.objects.filter(user=user).exists()
    assert Person.objects.count() == 1
    along = dict(re.findall(r'name="(batch|draft_version|site)" value="([^"]*)"', page))
    again = {**about, "name": "Amberjack", **along, "do": "save"}
    places = {client.post(url, again).headers["Location"] for _time in range(2)}
    assert len(places) == 1
    assert places != {first.headers["Location"]}
    assert Person.objects.count() == 2
    assert not Draft.objects.filter(user=user).exists()


def test_another_household_on_the_same_form_is_told(operation: Operation, client: Client) -> None:
    batch = str(new_id())
    client.post(reverse(URL), posted(operation, "save", batch=batch))
    empty = ("", "", "", "")
    again = client.post(reverse(URL), posted(operation, "save", (*ROWS, empty), batch=batch))
    assert again.status_code == 302
    more = (*ROWS, ("Suhayl", "male", "40", "sibling"))
    told = client.post(reverse(URL), posted(operation, "save", more, batch=batch))
    page = told.content.decode()
    assert told.status_code == 422
    assert "with other content" in page
    assert 'value="Suhayl"' in page
    assert batch not in page
    assert Person.objects.count() == 3


def test_the_draft_of_another_form_stays(operation: Operation, client: Client) -> None:
    url, user = reverse("reception:person"), operation.desks[Desk.RECEPTION]
    about = {"person": user.reference, "sex": "female"}
    kept = {**about, "name": "Amberjack", "batch": str(new_id()), "do": "draft"}
    client.post(url, kept, headers={"X-Draft": "1"})
    client.post(url, {**about, "name": "Bonito", "batch": str(new_id()), "do": "save"})
    assert 'value="Amberjack"' in client.get(url).content.decode()


def test_what_was_cleared_is_another_form(operation: Operation, client: Client) -> None:
    url, batch = reverse("reception:person"), str(new_id())
    cleared = {"person": operation.desks[Desk.RECEPTION].reference, "batch": batch, "do": "draft"}
    client.post(url, {**cleared, "name": "Amberjack", "draft_version": "0"})
    assert batch in client.get(url).content.decode()
    client.post(url, {**cleared, "name": "", "draft_version": "1"})
    page = client.get(url).content.decode()
    assert batch not in page
    found = re.search(r'name="batch" value="([^"]+)"', page)
    assert found is not None
    client.post(url, {**cleared, "name": "Bonito", "batch": found[1], "do": "save"})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("name", ["reception:person", "reception:household"])
def test_nobody_is_registered_at_another_site_without_a_word(
    operation: Operation, client: Client, name: str
) -> None:
    """The role at a site ended while the page was open."""
    url = reverse(name)
    page = client.get(url).content.decode()
    assert re.search(r'name="site"', page)
    sent = posted(operation, "save", batch=str(new_id()), name="Amberjack", site=new_reference())
    told = client.post(url, sent)
    page = told.content.decode()
    assert told.status_code == 422
    assert "You no longer register at the site chosen before." in page
    assert 'id="f-site"' in page
    assert "Amberjack" in page or "Karam" in page
    assert not Person.objects.exists()


def test_a_draft_holds_what_was_typed_exactly() -> None:
    form = GroupForm()
    assert GroupForm.kept(form.content) == form
