"""A history of children at two sites, and what must hold after each step of it.

What is expected is worked out here from the steps that were taken, and compared with what is
stored: the duties, the rows of the clocks, and the referrals.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from marfa.apps.best_interests.actions.determinations import (
    Decided,
    decide_determination,
    prepare_determination,
    put_before_panel,
)
from marfa.apps.best_interests.models import Determination
from marfa.apps.cases.actions import answer_review, ask_to_close, assign_case, presume_victim
from marfa.apps.cases.actions.case_management import raise_urgency
from marfa.apps.cases.models import Case, Review
from marfa.apps.children.actions.arrangements import set_authority
from marfa.apps.children.actions.endings import agree_to_end_duty, ask_to_end_duty, keep_duty
from marfa.apps.children.jobs import recheck_duties
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.referrals.actions.answers import (
    accept_referral,
    decline_referral,
    finish_referral,
    give_back,
)
from marfa.apps.referrals.actions.referrals import (
    ReferralRequest,
    send_referral,
    withdraw_referral,
)
from marfa.apps.referrals.models import Referral
from marfa.apps.registry.actions import (
    NewPerson,
    claim_relationship,
    record_event,
    settle_relationship,
)
from marfa.apps.registry.actions.person import doubt_age
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.actions.relationships import end_relationship
from marfa.apps.registry.actions.relocation import move_to_site
from marfa.apps.registry.models import Person, Registration, Relationship
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.units import unit_of_work
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.apps.consents.examples import clinic
from tests.conftest import Operation
from tests.support.acts import act_of

HOURS = {"danger": 0, "alone": 12, "other": 72}


@dataclass
class Child:
    """What the history knows of a child. owed: since when something is, until it was completed or
    care was verified. due: the latest moment that may stand as the end of its clock."""

    key: UUID
    alone: bool
    risk: bool = False
    owed: datetime | None = None
    due: datetime | None = None
    ended: bool = False


class Life:
    """The world of one history; each step attempts one thing."""

    def __init__(self, operation: Operation) -> None:
        self.stack = ExitStack()
        self.now = clock.now()
        self.stack.enter_context(clock.set_to(lambda: self.now))
        self.office = Office(operation)
        self.here = self.office.site
        self.there = Site.objects.filter(organisation=operation.controller).exclude(
            pk=self.here.pk
        )[0]
        self.second = actor_of(operation.supervisor)
        self.children: list[Child] = []
        # Both sites refer to the first; a decision on the second lets nobody off.
        self.bodies = [clinic(kind="child_protection", name=name) for name in ("Office", "Other")]
        for site in (self.here, self.there):
            set_authority(actor=self.second, site=site, recipient=self.bodies[0])

    def close(self) -> None:
        self.stack.close()

    def tick(self, **time: float) -> None:
        self.now += timedelta(**(time or {"seconds": 1}))

    # ---- steps ---------------------------------------------------------------------------------

    def child_arrives(self, years: int = 9, *, parent: bool = False) -> Child:
        born = PartialDate.gregorian(self.now.year - years, self.now.month, self.now.day)
        if years == 17:  # grown up in a week
            day = date(self.now.year - 18, self.now.month, self.now.day) + timedelta(days=7)
            born = PartialDate.gregorian(day.year, day.month, day.day)
        person = self.office.register(NewPerson(sex="male", born=born, basis="stated"))
        child = Child(person.pk, alone=True, owed=self.now)
        self._owe(child, "alone")
        self.children.append(child)
        if parent:
            self.parent_comes(child)
            self.parent_is_verified(child)
        return child

    def parent_comes(self, child: Child) -> None:
        adult = self.office.register()
        claim_relationship(
            actor=self.office.officer,
            purpose=Purpose.REGISTRATION,
            person=adult,
            to=self.person(child),
            kind="parent",
        )

    def parent_is_verified(self, child: Child) -> None:
        row = self._tie(child, Relationship.State.CLAIMED)
        if row is None:
            return
        person, parent = self.person(child), row.person
        settle_relationship(
            actor=self.second,
            purpose=Purpose.ASSISTANCE,
            row=row,
            state=Relationship.State.VERIFIED,
            basis="papers",
        )
        near = person.presence == parent.presence == "present" and not parent.protected
        if near and person.site_id == parent.site_id and self.is_child(child):
            child.alone = False
            if not child.risk and not self.covered(child):
                child.owed = child.due = None  # care is what was owed

    def parent_is_doubted(self, child: Child) -> None:
        row = self._tie(child, Relationship.State.VERIFIED)
        if row is None:
            return
        end_relationship(actor=self.second, purpose=Purpose.ASSISTANCE, row=row)
        self._alone_again(child)

    def parent_leaves(self, child: Child) -> None:
        row = self._tie(child, Relationship.State.VERIFIED)
        if row is None or row.person.presence != "present":
            return
        self._event(row.person, Registration.Event.DEPARTURE)
        self._alone_again(child)

    def child_leaves(self, child: Child) -> None:
        person = self.person(child)
        if person.presence == "present":
            self._event(person, Registration.Event.DEPARTURE)

    def child_moves(self, child: Child) -> None:
        person = self.person(child)
        if person.site_id != self.here.pk:
            return
        with unit_of_work(), open_vault():
            move_to_site(act=act_of(self.second), person=person, site=self.there)
        if person.presence == "present":
            self._alone_again(child)

    def is_presumed(self, child: Child) -> None:
        try:
            presume_victim(actor=self.second, person=self.person(child), ground="told", text="Told")
        except InputError:
            return
        child.risk = True
        self._owe(child, "other")

    def is_in_danger(self, child: Child) -> None:
        case = self.case(child)
        if case is None or case.urgency == "now":
            return
        raise_urgency(actor=self.second, case=case, urgency="now", text="Danger")
        self._owe(child, "danger")

    def is_somebody_elses(self, child: Child) -> None:
        case = self.case(child)
        if case is not None:
            assign_case(
                actor=self.second, case=case, worker=_user(self.office.worker.id), text="Shift"
            )

    def is_referred(self, child: Child) -> None:
        case = self.case(child)
        if case is None:
            return
        wanted = ReferralRequest(
            kind="referral",
            purpose="child_protection",
            urgency="days",
            note="A child",
            fields=["Person.code"],
            site=self.there if case.site_id == self.here.pk else self.here,
            support="shelter",
        )
        try:
            send_referral(actor=self.second, case=case, wanted=wanted)
        except (InputError, DeniedError):
            return

    def is_answered(self, child: Child, how: str) -> None:
        row = self._waiting(child)
        if row is None or row.site is None:
            return
        who = self.office.colleague if row.site_id == self.there.pk else self.office.worker
        act = {"accept": accept_referral, "decline": decline_referral}[how]
        try:
            act(actor=who, referral=row, text="Answer")
        except (InputError, DeniedError):
            return

    def is_completed(self, child: Child, how: str = "finish") -> None:
        row = Referral.objects.filter(person=child.key, state="accepted").first()
        if row is None or row.answered_by is None:
            return
        who = actor_of(_user(row.answered_by))
        act = {"finish": finish_referral, "give_back": give_back}[how]
        try:
            act(actor=who, referral=row, text="Outcome")
        except (InputError, DeniedError):
            return
        if how == "finish":
            child.owed = child.due = None

    def authority_is_unsafe(self, child: Child, *, another: bool = False) -> None:
        """By two, until a day, for one authority, naming who protects the child meanwhile. another:
        than the one to which the child would be referred."""
        case = self.case(child)
        if case is None:
            return
        row = prepare_determination(
            actor=self.office.worker,
            case=case,
            matter="authority_unsafe",
            question="May they be told?",
            about=self.bodies[another].pk,
            named="The office",
            meanwhile="The shelter",
        )
        put_before_panel(actor=self.office.worker, row=row)
        decide_determination(
            actor=self.second,
            row=row,
            told=Decided(
                outcome="yes",
                decision="Unsafe",
                reasons="Threats",
                dissent="",
                review_on=self.now.date() + timedelta(days=3),
            ),
        )

    def is_withdrawn(self, child: Child) -> None:
        row = self._waiting(child)
        if row is not None:
            withdraw_referral(actor=self.second, referral=row)

    def case_is_closed(self, child: Child) -> None:
        case = self.case(child)
        if case is None:
            return
        covered = self.covered(child) or child.owed is None
        try:
            ask_to_close(actor=self.second, case=case, reason="goals_met", text="Goals")
            review = Review.objects.get(case=case, of="closure", state="waiting")
            answer_review(actor=self.office.worker, review=review, agree=True)
        except (InputError, DeniedError):
            return
        assert covered or not self.is_child(child), "a child's case closed without a referral"

    def is_protected(self, child: Child) -> None:
        person = self.person(child)
        if person.protected:
            return
        staying = [_user(self.office.worker.id), _user(self.second.id)]
        day = self.now.date() + timedelta(days=30)
        try:
            protect_person(
                actor=self.second, person=person, reason="Threats", review_on=day, staying=staying
            )
        except (InputError, DeniedError):
            return

    def age_is_doubted(self, child: Child) -> None:
        doubt_age(actor=self.second, purpose=Purpose.ASSISTANCE, person=self.person(child))

    def grows_up(self, child: Child) -> None:
        until = self.person(child).child_until
        if until is not None and until > self.now.date():
            self.tick(days=(until - self.now.date()).days + 1)

    def is_handed_to_adult_services(self, child: Child) -> None:
        """By one alone it must not end; by two it does, of who is grown up."""
        duty = Duty.objects.filter(person=child.key, current=True, ended_at=None).first()
        if duty is None:
            return
        person = self.person(child)
        try:
            ask_to_end_duty(
                actor=self.second, person=person, reason="adult_services", text="To the clinic"
            )
        except (InputError, DeniedError):
            return
        assert not self.is_child(child), "a child was handed to services for adults"
        try:
            agree_to_end_duty(actor=self.second, person=person)
        except InputError:
            pass
        else:
            raise AssertionError("one alone ended what is owed to a child")
        try:
            agree_to_end_duty(actor=self.office.worker, person=person)
        except (InputError, DeniedError):
            keep_duty(actor=self.second, person=person)
            return
        child.ended, child.owed, child.due = True, None, None

    def worker_runs(self) -> None:
        climb_ladders()
        climb_ladders()

    # ---- what must hold ------------------------------------------------------------------------

    def check(self) -> None:
        self.tick()
        for child in self.children:
            self.check_child(child)

    def check_child(self, child: Child) -> None:
        duty = Duty.objects.filter(person=child.key, current=True).first()
        assert duty is not None, "nothing was ever owed"
        clocks = Deadline.objects.filter(kind="children.duty", state="open", subject=duty.pk)
        running = clocks.first()
        if child.owed is None or child.due is None:
            return
        covered = self.covered(child)
        assert covered or duty.is_live, "owed, not covered, and no clock runs"
        assert not (covered and duty.is_live), "covered by a referral, and the clock runs"
        assert duty.ended_at is None, "it ended by itself"
        assert duty.due_at <= child.due, "a later end than was promised"
        assert duty.first_at <= child.owed, "the first moment moved"
        lapsed = duty.met_until is not None and duty.met_until <= self.now
        if duty.is_live and not lapsed:
            assert running is not None, "live without a row that somebody hears of"
            assert running.due_at == duty.due_at
        if duty.met_by and duty.met_until is not None and not lapsed:
            ends = Deadline.objects.filter(kind="children.lapses", state="open", subject=duty.pk)
            assert ends.get().due_at == duty.met_until, "nobody hears when it lapses"

    def check_agreement(self) -> None:
        """What the events left is what the tables say: putting right finds nothing. What time
        alone changed is put right by the worker, whose step this is."""
        self.worker_runs()
        before = self.stored()
        recheck_duties()
        assert self.stored() == before

    def check_rungs(self) -> None:
        """No rung twice, none left out between others."""
        for row in Deadline.objects.filter(kind="children.duty"):
            reached = list(
                StepReached.objects.filter(deadline=row).order_by("at").values_list("step")
            )
            order = [("due",), ("supervisor",), ("outside",)]
            assert reached == order[: len(reached)]
        told = DutyStep.objects.filter(kind__in=["told", "nobody"], code="outside")
        for each in told:
            others = DutyStep.objects.filter(
                duty=each.duty_id, told=each.told, code__in=["due", "supervisor"]
            )
            if each.told is not None and self.widest(each):
                assert not others.exists(), "the last rung is nobody from outside the team"

    def widest(self, step: DutyStep) -> bool:
        """Whether there was anybody else who might have been told."""
        person = Person.objects.get(pk=step.person_id)
        return not person.protected

    def stored(self) -> list[dict[str, Any]]:
        rows = Duty.objects.filter(person__in=[each.key for each in self.children])
        return list(rows.order_by("pk").values("person", *OWN))

    def covered(self, child: Child) -> bool:
        """A referral that goes on, by its own row and the clock; or one that was completed."""
        rows = Referral.objects.filter(person=child.key, purpose="child_protection")
        live = any(
            row.state == "accepted" or (row.state in ("sent", "question") and row.due_at > self.now)
            for row in rows
        )
        done = child.owed is not None and any(
            row.ended_at is not None and row.ended_at >= child.owed
            for row in rows
            if row.state == "finished"
        )
        decided = Determination.objects.filter(
            person=child.key,
            matter="authority_unsafe",
            about=self.bodies[0].pk,
            state="decided",
            outcome="yes",
            review_on__gte=clock.today(self.here.time_zone),
        )
        return live or done or decided.exists()

    # ---- help ----------------------------------------------------------------------------------

    def person(self, child: Child) -> Person:
        return Person.objects.select_related("site").get(pk=child.key)

    def case(self, child: Child) -> Case | None:
        rows = Case.objects.filter(person=child.key, state="open")
        return rows.select_related("person", "site").first()

    def is_child(self, child: Child) -> bool:
        person = self.person(child)
        until = person.child_until
        return person.age_disputed or until is None or self.now.date() < until

    def _owe(self, child: Child, kind: str) -> None:
        if not self.is_child(child) and child.owed is None:
            return
        if child.owed is None:
            child.owed, child.ended = self.now, False
        due = self.now + timedelta(hours=HOURS[kind])
        child.due = due if child.due is None else min(child.due, due)

    def _alone_again(self, child: Child) -> None:
        if not child.alone and self.is_child(child):
            child.alone = True
            if self.person(child).presence == "present":
                self._owe(child, "alone")

    def _tie(self, child: Child, state: str) -> Relationship | None:
        rows = Relationship.objects.filter(to=child.key, state=state, ended_at=None)
        return rows.select_related("person", "to").first()

    def _waiting(self, child: Child) -> Referral | None:
        rows = Referral.objects.filter(
            person=child.key, state__in=["sent", "question"], due_at__gt=self.now
        )
        return rows.select_related("site", "case", "organisation").first()

    def _event(self, person: Person, event: Registration.Event) -> None:
        record_event(actor=self.second, purpose=Purpose.REGISTRATION, person=person, event=event)


OWN = ("first_at", "due_at", "care", "risk", "danger", "met_by", "met_until", "ended_at", "current")


def _user(key: UUID) -> Any:
    from marfa.apps.accounts.models import User

    return User.objects.get(pk=key)
