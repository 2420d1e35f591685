"""Whose reasons are vulnerability alone is received at another door, as urgent and due as soon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.registry.actions import NewPerson
from marfa.apps.screening.actions import (
    choose_needs_door,
    hand_over,
    raise_outcome,
    record_danger,
)
from marfa.apps.screening.board.doors import expected_loads
from marfa.apps.screening.models import HandOver, NeedsDoor, Screening
from marfa.apps.screening.work import work_items_of
from marfa.domain.codes import format_code
from marfa.domain.dates import PartialDate
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from tests.apps.screening.test_hand_over import nothing_is_urgent
from tests.apps.screening.test_interview import ADULT, Office, desk
from tests.apps.screening.test_views import urgent
from tests.conftest import Operation, signed_in

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
ALONE = {"vd_poverty": "yes", "vd_family": "yes", "vd_status": "yes"}
CHILD = NewPerson(sex="female", born=PartialDate.gregorian(2015), basis="stated")
PAGE = "screening_board:doors"


def open_door(desk: Office) -> None:
    choose_needs_door(actor=desk.supervisor, site=desk.site, opened=True)


def talk(desk: Office, stated: dict[str, str], told: NewPerson = ADULT) -> Screening:
    desk.person = desk.register(told)
    nothing_is_urgent()
    return desk.finished(**stated)


def handed(desk: Office, row: Screening, ground: str = "agreed") -> HandOver:
    note = "He waits outside" if ground == "life_in_danger" else ""
    return hand_over(actor=desk.officer, screening=row, ground=HandOver.Ground(ground), note=note)


def test_nobody_goes_elsewhere_before_a_supervisor_said_so(desk: Office) -> None:
    assert handed(desk, talk(desk, ALONE)).door == "protection"


def test_it_is_another_door_with_the_same_clock(desk: Office) -> None:
    before = handed(desk, talk(desk, ALONE))
    open_door(desk)
    after = handed(desk, talk(desk, ALONE))
    assert (before.door, after.door) == ("protection", "needs")
    assert before.urgency == after.urgency == "days"
    waits = [row.due_at - row.made_at for row in (before, after)]
    assert waits == [timedelta(hours=24)] * 2


@pytest.mark.parametrize(
    ("told", "stated", "ground"),
    [
        (ADULT, {**ALONE, "cd_papers": "yes"}, "agreed"),
        (ADULT, {**ALONE, "core_imminent": "yes"}, "agreed"),
        (ADULT, {**ALONE, "vd_dependence": "yes"}, "agreed"),
        (ADULT, ALONE, "life_in_danger"),
        (CHILD, ALONE, "agreed"),
        (CHILD, ALONE, "child"),
        (NewPerson(sex="male"), ALONE, "agreed"),
    ],
)
def test_in_any_doubt_it_is_protection(
    desk: Office, told: NewPerson, stated: dict[str, str], ground: str
) -> None:
    open_door(desk)
    assert handed(desk, talk(desk, stated, told), ground).door == "protection"


def test_what_is_raised_before_or_after_is_for_protection(desk: Office) -> None:
    open_door(desk)
    for first in (True, False):
        row = talk(desk, ALONE)
        made = None if first else handed(desk, row)
        assert made is None or made.door == "needs"
        raise_outcome(
            actor=desk.officer,
            screening=row,
            indication="presumed_victim",
            urgency="days",
            sentence="She was locked in",
        )
        made = made or handed(desk, row)
        made.refresh_from_db()
        assert made.door == "protection"


def test_each_list_shows_its_own_and_who_turns_out_to_be_a_child_is_protections(
    desk: Office, operation: Operation
) -> None:
    open_door(desk)
    made, other = handed(desk, talk(desk, ALONE)), handed(desk, talk(desk, {"cd_papers": "yes"}))
    worker = operation.at(Desk.PROTECTION)

    def shown(name: str) -> set[str]:
        page = worker.get(reverse(name)).content.decode()
        codes = (row.person.code for row in (made, other))
        return {code for code in codes if format_code(code) in page}

    assert shown("hand_overs:needs") == {made.person.code}
    assert shown("hand_overs:all") == {other.person.code}
    assert (
        "Waiting for needs assessment (1)" in worker.get(reverse("hand_overs:all")).content.decode()
    )
    texts = {str(item.text) for item in work_items_of(operation.desks[Desk.PROTECTION])}
    assert "A person is waiting for a needs assessment" in texts
    take = worker.get(reverse("hand_overs:take", args=[made.reference])).content.decode()
    assert "needs assessment" in take
    type(made.person).objects.filter(pk=made.person_id).update(age_disputed=True)
    assert shown("hand_overs:needs") == set()
    assert shown("hand_overs:all") == {made.person.code, other.person.code}


def test_the_supervisor_sees_the_load_before_choosing(desk: Office, operation: Operation) -> None:
    for _person in range(3):
        talk(desk, ALONE)
    talk(desk, {"cd_papers": "yes"})
    talk(desk, {"cd_papers": "no"})
    (load,) = [
        each
        for each in expected_loads(desk.supervisor, clock.now() - timedelta(days=90))
        if each.site == desk.site
    ]
    assert (load.talks, load.reasons, load.alone, load.opened) == (5, 4, 3, False)
    client = signed_in(operation.supervisor)
    before = Entry.objects.count()
    page = client.get(reverse(PAGE)).content.decode()
    assert "Of these with vulnerability alone: 3." in page
    assert Entry.objects.count() > before, "that talks were opened is on the record"
    sent = {"site": desk.site.reference, "do": "open"}
    assert client.post(reverse(PAGE), sent).status_code == 302
    assert NeedsDoor.objects.get().opened_by == desk.supervisor.id
    assert "received by needs assessment" in client.get(reverse(PAGE)).content.decode()
    assert client.post(reverse(PAGE), {**sent, "do": "close"}).status_code == 302
    assert not NeedsDoor.objects.exists()


def test_only_who_supervises_there_chooses(desk: Office, operation: Operation) -> None:
    for actor in (desk.officer, desk.worker, desk.partner):
        with pytest.raises(DeniedError):
            choose_needs_door(actor=actor, site=desk.site, opened=True)
    strange = Site.objects.create(
        organisation=operation.guest, name="Elsewhere", time_zone="UTC", created_at=clock.now()
    )
    client = signed_in(operation.supervisor)
    sent = {"site": strange.reference, "do": "open"}
    assert client.post(reverse(PAGE), sent).status_code == 400
    assert not NeedsDoor.objects.exists()


def in_danger(desk: Office, row: Screening) -> None:
    record_danger(actor=desk.officer, screening=row, kind="self_harm", done="Stayed with her")


def told_more(desk: Office, _row: Screening) -> None:
    desk.finished(cd_papers="yes")
    nothing_is_urgent()


@pytest.mark.parametrize("known", [in_danger, told_more])
def test_what_is_known_of_a_person_counts_before_and_after(
    desk: Office, known: Callable[[Office, Screening], None]
) -> None:
    """A danger, and what another interview with the same person found."""
    open_door(desk)
    row = talk(desk, ALONE)
    made = handed(desk, row)
    assert made.door == "needs"
    known(desk, row)
    made.refresh_from_db()
    assert made.door == "protection"
    assert handed(desk, desk.finished(**ALONE)).door == "protection"


def test_a_more_urgent_reason_leads_from_the_list_of_needs_to_that_of_protection(
    desk: Office, operation: Operation
) -> None:
    open_door(desk)
    made, worker = handed(desk, talk(desk, ALONE)), operation.at(Desk.PROTECTION)
    take = reverse("hand_overs:take", args=[made.reference])
    code = format_code(made.person.code)
    assert "Received by" in worker.get(take).content.decode()
    urgent(made.person, 1, 0)
    assert code not in worker.get(reverse("hand_overs:needs")).content.decode()
    assert code in worker.get(reverse("hand_overs:all")).content.decode()
    assert "Received by" not in worker.get(take).content.decode()
