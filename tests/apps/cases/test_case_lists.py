"""Lists of cases: narrowed and sorted, and given to somebody else, many at once."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import assign_case, assign_cases, open_case
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import exclude_from_object
from marfa.apps.registry.policy_facts import KIND
from marfa.crypto import merkle
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import together
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from tests.apps.cases.office import Office
from tests.apps.registry.protection import protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def opened(office: Office, urgency: str = "days") -> Case:
    made = open_case(
        actor=office.worker, person=office.register(), source="person", urgency=urgency
    )
    return Case.objects.select_related("person", "site").get(pk=made.pk)


def listed(client: Client, there: str) -> list[str]:
    """References of the cases of a list, in their order."""
    return re.findall(r'<a href="/cases/([^/"]+)/\?of=', client.get(there).content.decode())


def holding(office: Office, worker: UUID) -> str:
    """The list of what a worker has in hand."""
    reference = User.objects.get(pk=worker).reference
    return reverse("caseload:concern_of", args=["open", reference])


def test_a_list_is_narrowed_and_sorted_by_its_address(office: Office, operation: Operation) -> None:
    first, second, urgent = opened(office), opened(office, "routine"), opened(office, "now")
    client, there = signed_in(operation.supervisor), reverse("caseload:concern", args=["open"])
    oldest = [first.reference, second.reference, urgent.reference]
    assert listed(client, there) == oldest
    assert listed(client, f"{there}?sort=-opened") == oldest[::-1]
    by_urgency = [urgent.reference, first.reference, second.reference]
    assert listed(client, f"{there}?sort=-urgency") == by_urgency
    assert listed(client, f"{there}?urgency=now") == [urgent.reference]
    assert listed(client, f"{there}?needs=now&sort=opened") == [urgent.reference]
    assert listed(client, f"{there}?urgency=now&needs=nobodys") == []
    for wrong in ("urgency=soon", "sort=name", "site=elsewhere"):
        page = client.get(f"{there}?{wrong}").content.decode()
        assert "Part of this address is not available here" in page, wrong
    assert "Part of this address" not in client.get(there).content.decode(), "the control"


@pytest.mark.parametrize("many", [3, pytest.param(39, marks=pytest.mark.slow)])
def test_the_cases_of_a_leaver_are_given_away_at_once(
    office: Office, operation: Operation, many: int
) -> None:
    cases = [opened(office) for _ in range(many)]
    client, there = signed_in(operation.supervisor), holding(office, office.worker.id)
    assert len(listed(client, there)) == many, "click 1: the number on the board"
    before = list(Entry.objects.values_list("pk", flat=True))
    # Click 2 ticks all, click 3 is the button.
    asks = client.post(there, {"every": "1", "do": "assign"}).content.decode()
    assert not Entry.objects.exclude(pk__in=before).filter(action="people.assign").exists()
    assert all(format_code(case.person.code) in asks for case in cases)
    assert {*re.findall(r'name="rows" value="([^"]+)"', asks)} == {c.reference for c in cases}
    # Click 4 chooses the worker, 5 gives.
    sent = {"do": "assign", "sure": "1", "worker": operation.supervisor.reference, "text": "Leaves"}
    answer = client.post(there, {**sent, "rows": [case.reference for case in cases]})
    assert answer.status_code == 302
    done = Entry.objects.exclude(pk__in=before).filter(action="people.assign")
    keys = sorted(case.pk for case in cases)
    (entry,) = done
    assert (entry.rows, entry.rows_root) == (many, merkle.merkle_root([key.bytes for key in keys]))
    assert {case.worker for case in Case.objects.filter(pk__in=keys)} == {office.supervisor.id}
    steps = CaseStep.objects.filter(
        case__in=keys, kind=CaseStep.Kind.ASSIGNED, by=office.supervisor.id
    )
    assert {step.case_id for step in steps} == set(keys)


def test_what_is_not_chosen_well_does_nothing(office: Office, operation: Operation) -> None:
    case, other = opened(office), opened(office)
    client, there = signed_in(operation.supervisor), holding(office, office.worker.id)
    sure = {"do": "assign", "sure": "1", "worker": operation.supervisor.reference}
    for chosen, said in (
        ({}, "Choose at least one row"),
        ({"rows": ["0" * 20]}, "no longer in this list"),
        ({"rows": [case.reference, "0" * 20], "text": "Leaves"}, "no longer in this list"),
        ({"rows": [case.reference, "0" * 20], "text": "Leaves"}, 'value="Leaves"'),
        ({"rows": [case.reference], "worker": "", "text": "Leaves"}, 'value="Leaves"'),
    ):
        answer = client.post(there, {**sure, **chosen})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    assert {each.worker for each in Case.objects.filter(pk__in=[case.pk, other.pk])} == {
        office.worker.id
    }
    reader = signed_in(operation.desks[Desk.PROTECTION])
    assert reader.post(there, {**sure, "rows": [case.reference]}).status_code == 403


def test_a_guest_knows_no_place_of_others(office: Office, operation: Operation) -> None:
    there = f"{reverse('caseload:mine')}?site={office.site.reference}"
    unknown = "Part of this address is not available here"
    for user, known in ((operation.desks[Desk.PROTECTION], True), (operation.partner, False)):
        answer = signed_in(user).get(there)
        assert (answer.status_code, unknown not in answer.content.decode()) == (200, known)


class _UndoneError(Exception):
    pass


def outcome(office: Office, cases: list[Case], worker: User, one_by_one: bool) -> list[str]:
    """How it ends, undone again: one by one of each case, or of all at once."""
    found = []
    for some in [[case] for case in cases] if one_by_one else [cases]:
        try:
            with together():
                if one_by_one:
                    assign_case(actor=office.supervisor, case=some[0], worker=worker)
                else:
                    assign_cases(actor=office.supervisor, cases=some, worker=worker)
                raise _UndoneError
        except (InputError, DeniedError) as error:
            found.append(type(error).__name__)
        except _UndoneError:
            found.append("done")
    return found


def trouble(office: Office, operation: Operation, case: Case, kind: str) -> None:
    """What may keep a case from being given to the supervisor's choice."""
    if kind == "protected":
        protect(case.person, staying=("colleague", "focal"))
    elif kind == "closed":
        Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_at=clock.now())
    elif kind == "shut out":
        exclude_from_object(
            object_kind=KIND, object_id=case.person_id, user=operation.desks[Desk.PROTECTION]
        )


@pytest.mark.parametrize("seed", range(4))
def test_many_at_once_are_never_more_than_each_alone(
    office: Office, operation: Operation, seed: int
) -> None:
    chance = random.Random(seed)
    kinds = ["protected", "closed", "shut out"]
    cases = []
    for kind in ("", chance.choice(kinds), *chance.choices(["", *kinds], k=2)):
        cases.append(opened(office))
        trouble(office, operation, cases[-1], kind)
    keys = [case.pk for case in cases]
    cases = list(Case.objects.select_related("person", "site").filter(pk__in=keys))
    worker = operation.desks[Desk.PROTECTION]
    alone = outcome(office, cases, worker, one_by_one=True)
    assert {"done"} < {*alone}, "the control: some may be given, and some may not"
    for size in range(1, 5):
        some = chance.sample(range(4), size)
        (together,) = outcome(office, [cases[each] for each in some], worker, one_by_one=False)
        assert (together == "done") == all(alone[each] == "done" for each in some)
