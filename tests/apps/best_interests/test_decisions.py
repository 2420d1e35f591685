"""Who decides on a child, on what it rests, until when, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marfa.apps.best_interests.actions.answers import ask_agency, decide_for_agency
from marfa.apps.best_interests.actions.determinations import drop_determination, enter_order
from marfa.apps.best_interests.actions.panels import declare_conflict
from marfa.apps.best_interests.actions.representatives import doubt_adult, lift_doubt
from marfa.apps.best_interests.agreement import Agreement, check_agreement
from marfa.apps.best_interests.deadlines import REVIEW
from marfa.apps.best_interests.models import Determination
from marfa.apps.best_interests.queries import decision_in_force, has_guardian, who_may_agree
from marfa.apps.cases.closure_conditions import decide_on_child, find_obstacles
from marfa.apps.children.actions.arrangements import set_authority
from marfa.apps.manifest import my_work
from marfa.apps.organisations.queries import actor_of
from marfa.apps.referrals.actions.prepared_referrals import prepare_referral
from marfa.apps.referrals.actions.referrals import ReferralRequest, send_referral
from marfa.apps.registry.actions import claim_relationship, settle_relationship
from marfa.apps.registry.models import Relationship
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import StepReached
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.best_interests.states import Child
from tests.apps.cases.office import CHILD, Office
from tests.apps.consents.examples import agreed, clinic
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
BEGAN = datetime(2031, 3, 1, 8, tzinfo=UTC)


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = BEGAN

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def office(operation: Operation, now: Now) -> Iterator[Office]:
    with every_organisation(), clock.set_to(now):
        yield Office(operation)


@pytest.fixture
def child(office: Office) -> Child:
    case = office.case(office.register(CHILD))
    to = clinic()
    agreed(to)
    return Child(case, office.worker, office.supervisor, to)


def said(error: pytest.ExceptionInfo[InputError]) -> set[str]:
    return {each.message.code.rpartition(":")[2] for each in error.value.problems}


def tie(office: Office, child: Child, *, verified: bool) -> Relationship:
    about: dict[str, Any] = {"actor": office.officer, "purpose": Purpose.REGISTRATION}
    row = claim_relationship(
        **about, person=office.person, to=child.case.person, kind="aunt_or_uncle"
    )
    if verified:
        settle_relationship(
            actor=office.supervisor,
            purpose=Purpose.ASSISTANCE,
            row=row,
            state=Relationship.State.VERIFIED,
            basis="Both tell the same",
        )
    row.refresh_from_db()
    return row


def test_guardian_has_a_verified_tie_and_no_doubt(office: Office, child: Child) -> None:
    with pytest.raises(InputError) as error:
        child.appoint(tie(office, child, verified=False))
    assert said(error) == {"tie-unverified"}
    with pytest.raises(InputError) as error:
        child.appoint(basis="asked")
    assert said(error) == {"guardian-basis"}
    Relationship.objects.all().delete()
    row = tie(office, child, verified=True)
    guardian = child.appoint(row)
    yes = Agreement("guardian", "given", guardian.pk, clock.now())
    assert has_guardian(child.case.person)
    check_agreement(child.case.person, yes)

    doubt = doubt_adult(
        actor=office.worker, case=child.case, sign="control", text="Seen", adult=office.person
    )
    assert not has_guardian(child.case.person)
    with pytest.raises(InputError):
        check_agreement(child.case.person, Agreement("guardian", "given", guardian.pk, clock.now()))
    with pytest.raises(InputError) as error:
        child.appoint(row)
    assert said(error) == {"guardian-in-doubt"}
    with pytest.raises(DeniedError):
        lift_doubt(actor=office.worker, row=doubt, text="I was wrong")
    lift_doubt(actor=office.supervisor, row=doubt, text="It was another man")
    assert has_guardian(child.case.person)
    # A tie that falls takes its guardian along at once.
    settle_relationship(
        actor=office.supervisor,
        purpose=Purpose.ASSISTANCE,
        row=row,
        state=Relationship.State.REFUTED,
        basis="The child does not know him",
    )
    assert not has_guardian(child.case.person)


def test_agency_decides_by_two_until_there_is_a_guardian(office: Office, child: Child) -> None:
    def ask() -> object:
        return ask_agency(
            actor=office.worker,
            case=child.case,
            agency=None,
            mandate="The law",
            why="No court sits",
            what="A school",
            child_view="Yes",
            review_on=child.today + timedelta(days=30),
        )

    row = ask()
    assert who_may_agree(child.case.person).decisions == ()
    with pytest.raises(DeniedError):
        decide_for_agency(actor=office.worker, row=row, agree=True, text="Yes")  # type: ignore[arg-type]
    decide_for_agency(actor=office.supervisor, row=row, agree=True, text="Yes")  # type: ignore[arg-type]
    assert who_may_agree(child.case.person).decisions == (row,)
    child.appoint()
    assert who_may_agree(child.case.person).decisions == ()
    with pytest.raises(InputError) as error:
        ask()
    assert said(error) == {"has-guardian"}


def test_panel_of_one_agency_decides_nothing(office: Office, child: Child) -> None:
    row = child.prepare()
    with pytest.raises(InputError) as error:
        child.decide(row)  # not before the panel yet
    assert said(error) == {"determination-otherwise"}
    child.before_panel(row)
    with pytest.raises(DeniedError):
        child.decide(row, office.worker)
    with pytest.raises(InputError) as error:
        child.decide(row, review_on=None)
    assert said(error) == {"review-day"}
    outsider = row.members.get(agency=child.other)
    declare_conflict(actor=office.worker, row=outsider, text="His cousin")
    with pytest.raises(InputError) as error:
        child.decide(row)
    assert said(error) == {"no-quorum"}
    child.member(row, agency=child.other, name="Another doctor")
    child.decide(row)
    assert decision_in_force(child.case.person, "transfer", about=child.other.pk) == row
    # The next decision on the same replaces it; a no lets nothing go ahead.
    later = child.before_panel(child.prepare())
    child.decide(later, outcome="no")
    row.refresh_from_db()
    assert row.state == Determination.State.SUPERSEDED
    assert decision_in_force(child.case.person, "transfer", about=child.other.pk) is None


def test_separation_needs_the_order_of_the_authority(office: Office, child: Child) -> None:
    row = child.decided("separation")
    assert decision_in_force(child.case.person, "separation") is None
    enter_order(actor=office.worker, row=row, ordered_by="The court", reference="7", on=child.today)
    assert decision_in_force(child.case.person, "separation") == row


def ask_for(child: Child, **changes: object) -> ReferralRequest:
    told: dict[str, object] = {
        "kind": "transfer",
        "purpose": "assistance",
        "urgency": "days",
        "note": "Please take the case",
        "fields": ["Person.code"],
        "recipient": child.other,
        "way": "package",
        **changes,
    }
    return ReferralRequest(**told)  # type: ignore[arg-type]


def test_child_is_transferred_on_a_determination_alone(office: Office, child: Child) -> None:
    def refused(**changes: object) -> set[str]:
        boss = actor_of(office.operation.supervisor, stepped_up_at=clock.now())
        try:
            send_referral(actor=boss, case=child.case, wanted=ask_for(child, **changes))
        except InputError as error:
            return {each.message.code.rpartition(":")[2] for each in error.problems}
        except DeniedError:
            return {"charter"}  # no consent of the child: asked after what is ours
        return set()

    assert refused() == {"transfer-undecided"}
    with pytest.raises(InputError) as error:
        prepare_referral(actor=office.worker, case=child.case, wanted=ask_for(child))
    assert said(error) == {"transfer-undecided"}
    # Child protection is the duty itself, and a part of the help is no transfer.
    assert refused(purpose="child_protection") == {"charter"}
    assert refused(kind="referral", support="shelter") == {"charter"}
    child.decided()
    assert refused() == {"charter"}
    child.decided("authority_unsafe")
    assert refused(purpose="child_protection") == {"authority-is-unsafe"}


def test_authority_unsafe_satisfies_rule_3_until_its_day(
    office: Office, child: Child, now: Now
) -> None:
    def may_close() -> bool:
        decision = decide_on_child(office.supervisor, child.case)
        assert decision is not None
        return decision.allowed

    assert not may_close()
    other = clinic(kind="child_protection", name="Ministry")
    set_authority(actor=office.supervisor, site=office.site, recipient=other)
    child.decided("authority_unsafe")
    assert not may_close(), "a decision on any authority but the one that is asked"
    set_authority(actor=office.supervisor, site=office.site, recipient=child.other)
    assert may_close(), "the control: that decision is about this one"
    set_authority(actor=office.supervisor, site=office.site, recipient=None)
    assert not may_close(), "nobody said which one is asked"
    set_authority(actor=office.supervisor, site=office.site, recipient=other)
    row = child.before_panel(child.prepare("authority_unsafe", about=other.pk))
    assert not may_close()
    obstacle = find_obstacles(office.supervisor, child.case)[0]
    assert obstacle.said.code == "apps.best_interests:determination-open"
    with pytest.raises(DeniedError):
        child.decide(row, office.worker)
    child.decide(row)
    assert may_close()

    climb_ladders()
    reached = StepReached.objects.filter(deadline__kind=REVIEW.name, deadline__subject=row.pk)
    assert list(reached) == []
    for days, steps in (
        (28, ["due"]),
        (31, ["due", "supervisor"]),
        (33, ["due", "supervisor", "outside"]),
    ):
        now.moment = BEGAN + timedelta(days=days)
        climb_ladders()
        assert list(reached.order_by("at").values_list("step", flat=True)) == steps
        assert may_close() is (days <= 30)  # by the clock, whether or not a job ran
    texts = {str(item.text) for item in my_work(office.operation.supervisor)}
    assert "A decision for a child has to be reviewed" in texts


def test_decision_waits_for_another_than_who_prepared_it(office: Office, child: Child) -> None:
    row = child.before_panel(child.prepare("authority_unsafe"))
    text = "A decision for a child is prepared, and waits for you"
    boss, worker = (
        {str(item.text) for item in my_work(user)}
        for user in (office.operation.supervisor, office.operation.desks["protection"])  # type: ignore[index]
    )
    assert text in boss
    assert text not in worker
    drop_determination(actor=office.worker, row=row)
    assert text not in {str(item.text) for item in my_work(office.operation.supervisor)}


def test_what_is_unsafe_in_words_stays_beside_another(office: Office, child: Child) -> None:
    """Two authorities that are in no list: a decision on one does not replace that on the other."""
    post = child.decided("authority_unsafe", about=None, named="The border post")
    embassy = child.decided("authority_unsafe", about=None, named="The embassy")
    again = child.decided("authority_unsafe", about=None, named="the  Border post")
    states = {}
    for row in (post, embassy, again):
        row.refresh_from_db()
        states[row.pk] = row.state
    assert list(states.values()) == ["superseded", "decided", "decided"]


def test_an_order_is_entered_once(office: Office, child: Child) -> None:
    row = child.decided("separation")
    told: dict[str, Any] = {"actor": office.worker, "row": row, "on": child.today}
    enter_order(**told, ordered_by="The court", reference="7/31")
    with pytest.raises(InputError) as error:
        enter_order(**told, ordered_by="A policeman", reference="none")
    assert said(error) == {"order-entered"}
    row.refresh_from_db()
    assert row.order_entered_by == office.worker.id
