"""Which list of questions is offered where: by who asks, and of whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import assign_user
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Person
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import ask_first, look_at_conditions
from marfa.apps.screening.models import Screening
from marfa.apps.screening.work import work_items_of
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.methods.screening import Age, Library, Panel, PilotUse
from marfa.methods.screening.instrument import Population
from tests.apps.screening.test_interview import ADULT, ALL, Office, desk
from tests.apps.screening.test_views import HOLD, at, sit_down
from tests.conftest import Operation, signed_in

__all__ = ["desk"]
CHILD = NewPerson(sex="female", born=PartialDate.gregorian(2014), basis="stated")
PEOPLE = (ADULT, CHILD, NewPerson(sex="male"))
pytestmark = pytest.mark.django_db(transaction=True)


def offered(client: Client, row: Screening) -> set[str]:
    """Names of the lists on the page before the first question."""
    page = client.get(at("conditions", row)).content.decode()
    found = re.findall(r'<input[^>]*name="instrument"[^>]*>', page)
    return {re.search(r'value="([^"]+)"', each)[1] for each in found}  # type: ignore[index]


def begun_by(client: Client, person: Person) -> Screening:
    there = reverse("hand_overs:assess", args=[person.reference])
    assert client.post(there, {"language": "en", "form": "feminine"}).status_code == 302
    return Screening.objects.get(person=person, state="preparing")


def test_reception_is_offered_nothing_on_sex_or_offences(
    desk: Office, operation: Operation
) -> None:
    officer, seen = operation.at(Desk.RECEPTION), set()
    for told in PEOPLE:
        seen |= offered(officer, sit_down(officer, desk.register(told)))
    assert seen == {"registration-risk", "unaccompanied-child"}
    asked = [item for name in seen for one in Panel.of(name).instruments for item in one.items]
    assert not [item.id for item in asked if item.sensitive]


def test_protection_is_offered_every_built_in_list(desk: Office, operation: Operation) -> None:
    """Each on the page of somebody whom it is for; a pair stands as one."""
    supervisor, seen = signed_in(operation.supervisor), set()
    for told in PEOPLE:
        seen |= offered(supervisor, begun_by(supervisor, desk.register(told)))
    library = Library()
    there = {one.name for name in seen for one in Panel.of(name, library).instruments}
    assert there == set(library.names())
    assert len(there) == 14


def test_a_list_is_offered_to_whom_it_is_for(desk: Office) -> None:
    library = Library()
    for age in Age:
        names = instruments.offered_instruments(age, desk.supervisor)
        alone = [one for one in map(library.instrument, names) if not one.counterpart]
        of = {one.population for one in alone}
        assert (Population.CHILD in of) is age.may_be_child
        assert (Population.ADULT in of) is (age is not Age.CHILD)
        first = library.instrument(names[0]).population
        assert (first is Population.CHILD) is age.may_be_child


def test_what_is_not_offered_is_not_asked_whatever_is_sent(
    desk: Office, operation: Operation
) -> None:
    officer = operation.at(Desk.RECEPTION)
    row = sit_down(officer, desk.person)
    officer.post(at("conditions", row), {**HOLD, "do": "begin", "instrument": "conflict-context"})
    row.refresh_from_db()
    assert (row.state, row.instrument) == ("asking", "registration-risk")


def test_the_rule_holds_behind_the_page(desk: Office) -> None:
    row, use = desk.sit_down(), PilotUse()
    look_at_conditions(
        actor=desk.officer, screening=row, base_version=1, told=ALL, interpreter="T-7"
    )
    panel = Panel.of("released-from-armed-groups")
    with pytest.raises(InputError) as refused:
        ask_first(actor=desk.officer, screening=row, base_version=2, panel=panel, use=use)
    assert [each.message.key for each in refused.value.problems] == ["list-of-protection"]
    ask_first(actor=desk.supervisor, screening=row, base_version=2, panel=panel, use=use)


def test_a_case_worker_begins_with_whom_they_help_and_finds_it_again(
    desk: Office, operation: Operation
) -> None:
    worker, user = operation.at(Desk.PROTECTION), operation.desks[Desk.PROTECTION]
    there = reverse("hand_overs:assess", args=[desk.person.reference])
    assert worker.get(there).status_code == 403, "not before she is theirs"
    assign_user(user=user, object_kind="Person", object_id=desk.person.pk, decided_by=user)
    section = reverse("people:person", args=[desk.person.reference])
    assert there in worker.get(section).content.decode()
    row = begun_by(worker, desk.person)
    assert there not in worker.get(section).content.decode(), "one is open"
    worker.post(at("conditions", row), {**HOLD, "do": "begin", "instrument": "conflict-context"})
    row.refresh_from_db()
    assert (row.instrument, row.officer) == ("conflict-context", user.pk)
    assert at("conditions", row) in [item.url for item in work_items_of(user)]
    assert worker.get(at("one", row))["Location"] == at("ask", row)
    assert worker.get(at("question", row, 1)).status_code == 200


def test_reception_does_not_go_on_with_a_list_of_protection(
    desk: Office, operation: Operation
) -> None:
    """It may stop it; what was answered to such a list it neither reads there nor changes."""
    worker, user = operation.at(Desk.PROTECTION), operation.desks[Desk.PROTECTION]
    assign_user(user=user, object_kind="Person", object_id=desk.person.pk, decided_by=user)
    row, name = begun_by(worker, desk.person), "released-from-armed-groups"
    worker.post(at("conditions", row), {**HOLD, "do": "begin", "instrument": name})
    officer = operation.at(Desk.RECEPTION)
    taken = officer.post(at("conditions", row), {**HOLD, "do": "begin"})
    assert taken.status_code == 422
    assert "This list is for protection" in taken.content.decode()
    row.refresh_from_db()
    assert (row.instrument, row.officer) == (name, user.pk)
    assert officer.post(at("question", row, 1), {"do": "next"}).status_code == 403
    assert worker.get(at("question", row, 1)).status_code == 200
    leading = signed_in(operation.supervisor)
    assert leading.post(at("conditions", row), {**HOLD, "do": "begin"}).status_code == 302
    assert leading.get(at("question", row, 1)).status_code == 200
    assert officer.post(at("stop", row), {"do": "stop"}).status_code == 302


def test_reception_does_not_begin_at_the_door_of_protection(
    desk: Office, operation: Operation
) -> None:
    there = reverse("hand_overs:assess", args=[desk.person.reference])
    assert operation.at(Desk.RECEPTION).get(there).status_code == 403
    page = operation.at(Desk.RECEPTION).get(reverse("people:person", args=[desk.person.reference]))
    assert there not in page.content.decode()
