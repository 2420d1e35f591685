"""What the database itself refuses, whoever writes: rows written past every action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from marfa.apps.best_interests.models import (
    AdultDoubt,
    AgencyDecision,
    CapacityNote,
    ChildAnswer,
    Determination,
    PanelMember,
    Representative,
)
from marfa.apps.cases.models import Case
from marfa.apps.registry.models import Person, Relationship
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
Row = Callable[..., Any]


class House:
    """A child with a case and an uncle of whom nothing is verified; rows are written bare."""

    def __init__(self, operation: Operation) -> None:
        office = Office(operation)
        self.child: Person = office.register(CHILD)
        self.uncle: Person = office.register()
        self.other: Person = office.register(CHILD)
        self.case: Case = office.case(self.child)
        self.today = clock.today(self.case.site.time_zone)
        self.staff = (office.worker.id, office.supervisor.id)
        self.recipient = None

    def about(self) -> dict[str, Any]:
        return {
            "organisation_id": self.child.organisation_id,
            "person": self.child,
            "case": self.case,
        }

    def tie(self, state: str = "verified") -> Relationship:
        return Relationship.objects.create(
            organisation_id=self.child.organisation_id,
            person=self.uncle,
            to=self.child,
            kind="aunt_or_uncle",
            state=state,
            recorded_at=clock.now(),
            settled_at=None if state == "claimed" else clock.now(),
        )

    def guardian(self, tie: Relationship | None = None, **changes: Any) -> Representative:
        told: dict[str, Any] = {
            "kind": "guardian",
            "basis": "tie" if tie else "authority",
            "adult": self.uncle if tie else None,
            "relationship": tie,
            "appointed_by": None if tie else "The court",
            "name": "Somebody",
            "since": self.today,
            "review_on": self.today + timedelta(days=90),
            "recorded_at": clock.now(),
            "recorded_by": self.staff[0],
        }
        return Representative.objects.create(**self.about(), **{**told, **changes})

    def doubt(self) -> AdultDoubt:
        return AdultDoubt.objects.create(
            **self.about(),
            adult=self.uncle,
            sign="control",
            began_at=clock.now(),
            began_by=self.staff[0],
        )

    def says_yes(self, by: str, basis: models.Model | None, **changes: Any) -> ChildAnswer:
        told = {
            "agreed_by": by,
            "agreed_answer": "given",
            "agreed_basis": basis.pk if basis else new_id(),
            "agreed_at": clock.now(),
            "at": clock.now(),
            "by": self.staff[0],
        }
        return ChildAnswer.objects.create(**self.about(), **{**told, **changes})

    def capacity(self, level: str = "alone") -> CapacityNote:
        return CapacityNote.objects.create(
            **self.about(),
            level=level,
            explained="You may say no",
            at=clock.now(),
            by=self.staff[0],
        )

    def agency(self, state: str = "agreed", **changes: Any) -> AgencyDecision:
        decided = state != "waiting"
        told = {
            "state": state,
            "review_on": self.today + timedelta(days=30),
            "asked_at": clock.now(),
            "asked_by": self.staff[0],
            "due_at": clock.now(),
            "decided_on": self.today if decided else None,
            "decided_at": clock.now() if decided else None,
            "decided_by": self.staff[1] if decided else None,
        }
        return AgencyDecision.objects.create(**self.about(), **{**told, **changes})

    def draft(self, **changes: Any) -> Determination:
        told = {
            "matter": "placement",
            "prepared_at": clock.now(),
            "prepared_by": self.staff[0],
        }
        return Determination.objects.create(**self.about(), **{**told, **changes})

    def member(self, of: Determination, **changes: Any) -> PanelMember:
        told = {"role": "child_protection", "name": "Somebody"}
        return PanelMember.objects.create(
            organisation_id=of.organisation_id,
            person=self.child,
            determination=of,
            **{**told, **changes},
        )

    def decide(self, row: Determination, **changes: Any) -> None:
        told = {
            "state": "decided",
            "outcome": "yes",
            "reasons": "It is best",
            "decided_on": self.today,
            "decided_at": clock.now(),
            "decided_by": self.staff[1],
            "review_on": self.today + timedelta(days=30),
        }
        for name, value in {**told, **changes}.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture
def house(operation: Operation) -> Any:
    with every_organisation():
        yield House(operation)


def _refused(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_yes_of_unverified_adult_is_refused(house: House) -> None:
    tie = house.tie("claimed")
    assert _refused(lambda: house.guardian(tie))
    Relationship.objects.filter(pk=tie.pk).update(state="verified", settled_at=clock.now())
    guardian = house.guardian(tie)
    answer = house.says_yes("guardian", guardian)  # the control

    # What was answered while it held stays, and may be saved again with the rest of the row.
    Relationship.objects.filter(pk=tie.pk).update(state="refuted")
    answer.at = clock.now()
    answer.save()
    assert _refused(lambda: house.says_yes("guardian", guardian))
    assert not _refused(lambda: house.says_yes("guardian", guardian, agreed_answer="refused"))
    no = house.says_yes("guardian", guardian, agreed_answer="refused")
    no.agreed_answer = "given"
    assert _refused(no.save)
    assert _refused(lambda: house.says_yes("guardian", None))
    assert _refused(lambda: house.says_yes("uncle", guardian))


def test_yes_of_adult_whom_doubt_concerns_is_refused(house: House) -> None:
    guardian = house.guardian(house.tie())
    assert not _refused(lambda: house.says_yes("guardian", guardian))
    doubt = house.doubt()
    assert _refused(lambda: house.says_yes("guardian", guardian))
    assert _refused(lambda: house.guardian(house.tie()))
    assert _refused(lambda: house.guardian(adult=house.uncle))
    doubt.ended_at, doubt.ended_by = clock.now(), house.staff[0]
    assert _refused(doubt.save)  # who had the doubt does not lift it
    doubt.ended_by = house.staff[1]
    doubt.save()
    assert not _refused(lambda: house.says_yes("guardian", guardian))


def test_yes_of_child_and_agency_rests_on_record(house: House) -> None:
    assert _refused(lambda: house.says_yes("child", house.capacity("not_yet")))
    assert not _refused(lambda: house.says_yes("child", house.capacity("supported")))
    assert _refused(lambda: house.says_yes("mandate", house.agency("waiting")))
    assert _refused(lambda: house.says_yes("mandate", house.agency("not_agreed")))
    agency = house.agency()
    assert not _refused(lambda: house.says_yes("mandate", agency))
    assert _refused(lambda: house.agency(decided_by=house.staff[0]))
    past = house.today - timedelta(days=9)
    assert _refused(lambda: house.agency(review_on=past))
    guardian = house.guardian()
    assert _refused(lambda: house.says_yes("mandate", agency))
    assert not _refused(lambda: house.says_yes("guardian", guardian))
    ended = house.guardian(since=past - timedelta(days=30), until=past)
    assert _refused(lambda: house.says_yes("guardian", ended))


def test_decision_without_review_date_or_by_one_is_refused(house: House) -> None:
    from tests.apps.consents.examples import clinic

    row = house.draft()
    house.member(row)
    assert _refused(lambda: house.decide(row))  # one agency alone
    away = house.member(row, agency=clinic(), has_conflict=True, conflict="Kin", stood_back=True)
    assert _refused(lambda: house.decide(row))
    PanelMember.objects.filter(pk=away.pk).update(has_conflict=False, stood_back=False)
    row.refresh_from_db()
    assert _refused(lambda: house.decide(row, review_on=None))
    assert _refused(lambda: house.decide(row, review_on=house.today))
    assert _refused(lambda: house.decide(row, decided_by=house.staff[0]))
    house.decide(row)
    assert _refused(lambda: house.member(row, has_conflict=True, conflict="Kin"))
    assert _refused(lambda: house.draft(matter="authority_unsafe"))
    assert _refused(lambda: house.draft(matter="anything"))
