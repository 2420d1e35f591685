"""A caregiver who becomes doubtful: every child there is reviewed the same day, by the clock and in
the transaction of what made the doubt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps.alternative_care.actions.placements import (
    Wanted,
    end_placement,
    move_child,
    review_child,
    settle_emergency,
)
from marfa.apps.alternative_care.actions.places import (
    raise_doubt,
    settle_doubt,
)
from marfa.apps.alternative_care.concerns import with_doubtful_caregiver
from marfa.apps.alternative_care.deadlines import REVIEW
from marfa.apps.alternative_care.models import CareDoubt, Placement, Vetting
from marfa.apps.alternative_care.vetting_state import (
    in_doubt_since,
    open_doubts,
    runs_out_at,
    same_day,
)
from marfa.apps.alternative_care.work import work_items_of
from marfa.apps.best_interests.actions.determinations import enter_order
from marfa.apps.cases.closure_conditions import find_what_goes_on
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk, Urgency
from marfa.apps.registry.actions import claim_relationship, settle_relationship
from marfa.apps.registry.models import Relationship
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.alternative_care.home import a_child, a_place, live_there, own_yes, vet
from tests.apps.best_interests.states import Child as Decisions
from tests.apps.cases.office import Office
from tests.apps.consents.examples import clinic
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def reviews_due() -> dict[object, datetime]:
    found = Deadline.objects.filter(kind=REVIEW.name, state="open")
    return dict(found.values_list("subject", "due_at"))


def test_vetting_runs_out_with_three_children_and_no_job_has_run(
    office: Office, operation: Operation
) -> None:
    place = a_place(office)
    vet(office, place, days=60)
    rows = [live_there(office, a_child(office), place) for _ in range(3)]
    ends = runs_out_at(place)
    assert ends is not None
    quiet = [item.url for item in work_items_of(operation.desks[Desk.PROTECTION])]
    assert not quiet, "nothing is due as long as all is well"
    now = ends + timedelta(minutes=1)
    with clock.set_to(lambda: now):
        zone = office.site.time_zone
        due = reviews_due()
        assert {due[row.pk] for row in rows} == {same_day(ends, zone)}
        items = list(work_items_of(operation.desks[Desk.PROTECTION]))
        assert [item.url for item in items if item.urgency is Urgency.URGENT] == [
            f"/cases/care/{row.reference}/" for row in rows
        ]
        assert Case.objects.filter(with_doubtful_caregiver()).count() == 3
        with pytest.raises(InputError):
            live_there(office, a_child(office), place)
        browser = operation.at(Desk.PROTECTION)
        there = f"/cases/{a_child(office).reference}/care/place/"
        assert "Blue door" not in browser.get(there).content.decode()
        page = browser.get(f"/desks/protection/care-places/{place.reference}/").content.decode()
        assert "Umm Nadia Quzah" in page
        assert all(f"/cases/care/{row.reference}/" in page for row in rows)
        review_child(
            actor=office.worker, placement=rows[0], outcome="stays", view="I am fine", text="Seen"
        )
        assert reviews_due()[rows[0].pk] <= now + 7 * DAY
    # Nobody looked: each rung once, and in the end somebody outside the team.
    later = same_day(ends, office.site.time_zone) + 2 * DAY
    with clock.set_to(lambda: later):
        for _ in range(2):
            climb_ladders()
        steps = StepReached.objects.filter(deadline__subject__in=[rows[1].pk, rows[2].pk])
        steps = steps.filter(deadline__kind=REVIEW.name)
        assert sorted(steps.values_list("step", flat=True)) == [
            *("due", "due", "outside", "outside", "supervisor", "supervisor")
        ]
        assert [i for i in work_items_of(operation.supervisor) if rows[1].reference in i.url]
        # The control: renewed by two, all is as before.
        vet(office, place)
        assert not Case.objects.filter(with_doubtful_caregiver()).exists()
        assert min(reviews_due().values()) > clock.now()


def test_a_vetting_that_ran_out_takes_no_child(office: Office) -> None:
    place = a_place(office)
    vet(office, place, days=60)
    row = live_there(office, a_child(office), place)
    assert row.vetting_id is not None, "the control: as long as it holds"
    ends = runs_out_at(place)
    assert ends is not None
    late = ends + timedelta(minutes=1)
    with clock.set_to(lambda: late), pytest.raises(InputError):
        live_there(office, a_child(office), place)


def test_a_complaint_makes_one_review_a_child_the_same_day(
    office: Office, operation: Operation
) -> None:
    place = a_place(office)
    vet(office, place)
    rows = [live_there(office, a_child(office), place) for _ in range(3)]
    there = f"/desks/protection/care-places/{place.reference}/"
    sent = {"do": "doubt", "why": "complaint", "doubt_text": "He shouts at night"}
    assert operation.at(Desk.PROTECTION).post(there, sent).status_code == 302
    today = same_day(clock.now(), office.site.time_zone)
    assert {reviews_due()[row.pk] for row in rows} == {today}
    doubt = CareDoubt.objects.get()
    with pytest.raises(DeniedError):
        settle_doubt(actor=office.worker, doubt=doubt, text="I know him")
    boss = signed_in(operation.supervisor)
    cleared = {"do": "settle", "doubt": doubt.reference, "answer": "It was the radio"}
    assert boss.post(there, cleared).status_code == 302
    assert min(reviews_due().values()) > today


def test_an_emergency_waits_for_nothing_and_has_three_days(office: Office) -> None:
    place = a_place(office)
    row = live_there(office, a_child(office), place, "emergency")
    assert reviews_due()[row.pk] == row.begun_at + 3 * DAY
    yes = own_yes(office, row.case)
    with pytest.raises(InputError):
        settle_emergency(actor=office.worker, placement=row, agreement=yes)
    vet(office, place)
    with pytest.raises(InputError):
        settle_emergency(actor=office.worker, placement=row, agreement=None)
    settle_emergency(actor=office.worker, placement=row, agreement=yes)
    assert row.settle_by is None
    assert reviews_due()[row.pk] > clock.now() + 3 * DAY
    # A lasting one needs a determination that stands.
    with pytest.raises(InputError):
        live_there(office, a_child(office), place, "lasting")


def test_growing_up_ends_no_placement_and_keeps_the_case_open(office: Office) -> None:
    place = a_place(office)
    vet(office, place, days=4000)
    row = live_there(office, a_child(office), place)
    grown = clock.now() + timedelta(days=366 * 8)
    with clock.set_to(lambda: grown):
        row.refresh_from_db()
        assert row.state == "current"
        assert row.pk in reviews_due()
        assert [each.said.code for each in find_what_goes_on(row.case)][-1:] == [
            "apps.alternative_care:lives-in-care"
        ]
        with pytest.raises(InputError):
            end_placement(actor=office.worker, placement=row, end="adult_now", text="18 now")
        with transaction.atomic(), pytest.raises(DatabaseError):
            Placement.objects.filter(pk=row.pk).update(
                state="ended", ended_at=grown, end="adult_now"
            )


def test_brothers_and_sisters_are_placed_together(office: Office) -> None:
    small, large = a_place(office, capacity=1), a_place(office, label="Green door")
    vet(office, small)
    vet(office, large)
    first, second = a_child(office), a_child(office)
    claim_relationship(
        actor=office.officer,
        purpose=Purpose.REGISTRATION,
        person=first.person,
        to=second.person,
        kind="sibling",
    )
    with pytest.raises(InputError):
        live_there(office, first, small)
    live_there(office, first, large)
    with pytest.raises(InputError):
        live_there(office, second, small)
    assert live_there(office, second, large).place == large


def test_the_database_refuses_who_was_not_vetted_by_two(office: Office) -> None:
    place, other = a_place(office), a_place(office, label="Green door")
    vet(office, other)
    case, now = a_child(office), clock.now()

    def placement(**more: object) -> Placement:
        told: dict[str, object] = {
            "organisation_id": case.organisation_id,
            "person": case.person,
            "case": case,
            "place": place,
            "sort": "short",
            "grown_up": True,
            "begun_at": now,
            "begun_by": office.worker.id,
            "review_at": now + DAY,
            "visit_by": now + DAY,
            **more,
        }
        return Placement(**told)

    def refused(row: Placement) -> bool:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except DatabaseError:
            return True
        return False

    of_other = Vetting.objects.get(place=other)
    assert refused(placement())
    assert refused(placement(vetting=of_other))
    with transaction.atomic(), pytest.raises(DatabaseError):
        Vetting.objects.filter(pk=of_other.pk).update(decided_by=office.worker.id)
    vet(office, place)
    mine = Vetting.objects.get(place=place)
    assert refused(placement(vetting=mine, begun_at=mine.until))
    assert refused(placement(vetting=mine, grown_up=False)), "without a yes"
    assert refused(placement(vetting=mine, sort="lasting")), "without a determination"
    assert not refused(placement(vetting=mine))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "place",
                "emergency",
                "settle",
                "doubt",
                "clear",
                "vet",
                "wait",
                "review",
                "move",
                "end",
            )
        ),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=25,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_no_child_is_ever_with_a_doubtful_caregiver_without_a_live_review(
    office: Office, steps: list[tuple[str, int]]
) -> None:
    """Histories of caregivers and children; after each step, and after time alone, every child has
    one open review, and where there is a doubt it is due on the day on which it arose."""
    History(office).live(steps)


class History:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = datetime(2033, 3, 1, 9, tzinfo=clock.now().tzinfo)

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def live(self, steps: list[tuple[str, int]]) -> None:
        with clock.set_to(self.tick):
            self.places = [a_place(self.office, label=f"Door {n}") for n in range(2)]
            for place in self.places:
                vet(self.office, place, days=9)
            self.rows = [live_there(self.office, a_child(self.office), self.places[0])]
            for verb, number in steps:
                with suppress(InputError, DeniedError):
                    getattr(self, verb)(number)
                self.hold()

    def place(self, number: int) -> None:
        self.rows.append(live_there(self.office, a_child(self.office), self.places[number % 2]))

    def emergency(self, number: int) -> None:
        place, case = self.places[number % 2], a_child(self.office)
        self.rows.append(live_there(self.office, case, place, "emergency"))

    def settle(self, number: int) -> None:
        row = self.row(number)
        yes = own_yes(self.office, row.case)
        settle_emergency(actor=self.office.worker, placement=row, agreement=yes)

    def doubt(self, number: int) -> None:
        place = self.places[number % 2]
        raise_doubt(actor=self.office.worker, place=place, why="other", text="Seen")

    def clear(self, number: int) -> None:
        for doubt in open_doubts(self.places[number % 2])[:1]:
            settle_doubt(actor=self.office.supervisor, doubt=doubt, text="Cleared")

    def vet(self, number: int) -> None:
        vet(self.office, self.places[number % 2], days=2 + number)

    def wait(self, number: int) -> None:
        self.now += timedelta(hours=17 * (number + 1))

    def review(self, number: int) -> None:
        review_child(
            actor=self.office.worker,
            placement=self.row(number),
            outcome="watched",
            view="I am fine",
            text="Seen alone",
        )

    def move(self, number: int) -> None:
        row = self.row(number)
        to = self.places[1 - self.places.index(row.place)]
        wanted = Wanted("short", "As you like", agreement=own_yes(self.office, row.case))
        made = move_child(
            actor=self.office.worker, placement=row, place=to, wanted=wanted, text="Nearer"
        )
        self.rows.append(made)

    def end(self, number: int) -> None:
        end_placement(
            actor=self.office.worker, placement=self.row(number), end="reunited", text="At home"
        )

    def row(self, number: int) -> Placement:
        return self.rows[number % len(self.rows)]

    def hold(self) -> None:
        due = reviews_due()
        current = Placement.objects.filter(state="current").select_related("place", "case__site")
        for row in current:
            assert row.pk in due, "a child without a review"
            last = row.reviews.order_by("-at").first()
            looked = last.at if last else None
            if last is not None:
                assert due[row.pk] <= last.next_at
            for doubt in CareDoubt.objects.filter(place=row.place, settled_at=None):
                if looked is None or looked < doubt.at:
                    assert due[row.pk] <= same_day(doubt.at, row.case.site.time_zone)
            since = in_doubt_since(row.place)
            if since is not None and row.sort != "emergency" and (not looked or looked < since):
                assert due[row.pk] <= same_day(since, row.case.site.time_zone)
        gone = Placement.objects.exclude(state="current").values_list("pk", flat=True)
        assert not set(gone) & set(due), "a review of a child who left"


def test_a_child_is_parted_from_a_parent_by_the_order_of_the_authority_alone(
    office: Office, operation: Operation
) -> None:
    case, place = a_child(office), a_place(office)
    vet(office, place)
    about = {"actor": office.officer, "purpose": Purpose.REGISTRATION}
    tie = claim_relationship(**about, person=office.person, to=case.person, kind="parent")  # type: ignore[arg-type]
    settle_relationship(
        actor=office.supervisor,
        purpose=Purpose.ASSISTANCE,
        row=tie,
        state=Relationship.State.VERIFIED,
        basis="papers",
    )
    browser, there = operation.at(Desk.PROTECTION), f"/cases/{case.reference}/care/place/"
    yes = own_yes(office, case)
    told = {
        "place": place.reference,
        "sort": "short",
        "view": "I do not know",
        "agreed_who": f"child:{yes.basis}",
        "agreed_answer": "given",
        "agreed_on": clock.today(office.site.time_zone).isoformat(),
    }
    decisions = Decisions(case, office.worker, office.supervisor, clinic())
    refused = browser.post(there, told)
    assert refused.status_code == 422
    assert "A parent of the child is here" in refused.content.decode()
    row = decisions.decided("separation")
    assert browser.post(there, told).status_code == 422, "the panel advises"
    enter_order(
        actor=office.worker,
        row=row,
        ordered_by="The court",
        reference="7",
        on=clock.today(office.site.time_zone),
    )
    assert browser.post(there, told).status_code == 302, "the control"
    other = a_child(office)
    tie = claim_relationship(**about, person=office.person, to=other.person, kind="parent")  # type: ignore[arg-type]
    live_there(office, other, place)  # what is only claimed parts nobody
