"""A machine in which a person answers, agreements come and go, and somebody tries to send.

What it expects is written here by hand and shares nothing with the policies or the queries. After
each step it compares the answer, what was written, and what the guest partner sees.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from marfa.apps.agreements.actions import end_agreement, make_agreement
from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.consents.actions import (
    OtherBasis,
    record_consent,
    record_other_basis,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.consents.actions.disclosures import disclose_fields
from marfa.apps.consents.models import Consent, RecallNotice, Sharing
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Purpose
from tests.apps.consents.examples import answer, registered
from tests.conftest import Operation

START = datetime(2030, 3, 1, 8, tzinfo=UTC)
A_LIFE = timedelta(days=400)
PURPOSES = st.sampled_from(["assistance", "tracing"])
TO = st.sampled_from(["clinic", "lantern"])
Question = tuple[str, str]
"""For what, and to whom."""


@dataclass
class Agreed:
    """What the machine knows of an agreement."""

    row: DataAgreement
    to: str
    purposes: set[str]
    until: datetime
    ended: bool = False


@dataclass
class Opened:
    """What the machine knows of an opening to the guest partner."""

    question: Question
    until: datetime
    agreement: Agreed
    on_consent: bool
    closed: bool = False


@dataclass
class Known:
    """What the machine knows of the person's answers and of what was sent."""

    answers: dict[Question, str] = field(default_factory=dict)
    rows: dict[Question, Consent] = field(default_factory=dict)
    grounds: dict[Question, datetime] = field(default_factory=dict)
    sent: list[tuple[Question, bool]] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    notices: int = 0


class Sharer(RuleBasedStateMachine):
    """Each rule attempts one thing. ``operation`` and ``recipients`` are given by the test."""

    operation: ClassVar[Operation]
    recipients: ClassVar[dict[str, Recipient]]
    lives: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        # Recipients stay from life to life, so that each begins after the one before has ended.
        self.now = START + A_LIFE * Sharer.lives
        Sharer.lives += 1
        self.stack = ExitStack()
        self.stack.enter_context(clock.set_to(lambda: self.now))
        self.agreements: list[Agreed] = []
        self.proved: datetime | None = None
        self.known = Known()

    def teardown(self) -> None:
        for agreed in self.agreements:
            end_agreement(actor=by_command(), agreement=agreed.row)
        self.stack.close()

    @initialize()
    def somebody_comes(self) -> None:
        """There is an agreement with each, the person said yes to one, and nothing was sent."""
        self.person: Person = registered(self.operation)
        self.proved = self.now
        for to in self.recipients:
            self.make_agreement(to, {"assistance"}, 20)
        self.answered(("assistance", "lantern"), yes=True)

    # -- who acts ---------------------------------------------------------------------------------

    def supervisor(self) -> Actor:
        return actor_of(self.operation.supervisor, stepped_up_at=self.proved)

    def fresh(self) -> bool:
        return self.proved is not None and self.now - self.proved <= timedelta(minutes=5)

    # -- what must come of it -----------------------------------------------------------------

    def in_force(self, to: str) -> list[Agreed]:
        return [
            each
            for each in self.agreements
            if each.to == to and not each.ended and self.now < each.until
        ]

    def may_be_sent(self, question: Question) -> bool:
        about, to = question
        agreed = any(about in each.purposes for each in self.in_force(to))
        said = self.known.answers.get(question)
        until = self.known.grounds.get(question)
        ground = until is not None and self.now < until
        return agreed and self.fresh() and said != "withdrawn" and (said == "yes" or ground)

    @invariant()
    def the_guest_sees_what_is_open(self) -> None:
        if not hasattr(self, "person"):
            return
        expected = any(not each.closed and self.now < each.until for each in self.known.opened)
        partner = actor_of(self.operation.partner)
        listed = Person.objects.filter(
            visibility_condition(PERSON, partner), pk=self.person.pk
        ).exists()
        one = decide(partner, "people.see", PERSON.resource(self.person)).allowed
        assert listed == one == expected, f"the guest sees the person: {listed}, {one}"

    @invariant()
    def nothing_else_was_sent(self) -> None:
        if not hasattr(self, "person"):
            return
        rows = Sharing.objects.filter(person=self.person).select_related("agreement", "consent")
        assert len(rows) == len(self.known.sent), "more or less was sent than should be"
        for row in rows:
            held = row.agreement
            assert held.starts_at <= row.at < held.until, "sent outside an agreement"
            assert row.purpose in held.purposes, "sent for what was not agreed"
            taken = row.consent.withdrawals.filter(at__lt=row.at) if row.consent else ()
            assert not list(taken), "sent after it was taken back"
        notices = RecallNotice.objects.filter(person=self.person).count()
        assert notices == self.known.notices, f"{notices} notices"

    # -- rules ----------------------------------------------------------------------------------

    @rule(about=PURPOSES, to=TO, free=st.sampled_from([True, True, False]))
    def say_yes(self, about: str, to: str, free: bool) -> None:
        self.answered((about, to), yes=True, free=free)

    @rule(about=PURPOSES, to=TO)
    def say_no(self, about: str, to: str) -> None:
        self.answered((about, to), yes=False)

    def answered(self, question: Question, *, yes: bool, free: bool = True) -> None:
        about, to = question
        told = answer(
            self.recipients[to],
            about=about,
            circumstance="free" if free else "held",
            opens_record=to == "lantern",
        )
        act = record_consent if yes else refuse_consent
        try:
            row = act(
                actor=self.supervisor(),
                purpose=Purpose.ASSISTANCE,
                person=self.person,
                answer=told,
            )
        except InputError:
            assert yes, "a no was not taken"
            assert not free, "a free yes was not taken"
            return
        assert free or not yes, "a yes that is not free was taken"
        before = self.known.answers.get(question)
        if not yes and before == "yes":
            self.stopped(question)
        # A no after a yes takes it back, and no further no lifts that.
        taken_back = before in ("yes", "withdrawn")
        self.known.answers[question] = "yes" if yes else "withdrawn" if taken_back else "no"
        self.known.rows[question] = row

    @rule(about=PURPOSES, to=TO)
    def take_back(self, about: str, to: str) -> None:
        self.taken_back((about, to))

    def taken_back(self, question: Question) -> None:
        row = self.known.rows.get(question)
        if row is None:
            return
        expected = self.known.answers[question] == "yes"
        try:
            withdraw_consent(actor=self.supervisor(), purpose=Purpose.ASSISTANCE, consent=row)
        except InputError:
            assert not expected, "a consent could not be taken back"
            return
        assert expected, "what was no consent was taken back"
        self.known.answers[question] = "withdrawn"
        self.stopped(question)

    def stopped(self, question: Question) -> None:
        """What must follow: openings end, and who received something is told."""
        for each in self.known.opened:
            if each.question == question and each.on_consent:
                each.closed = True
        self.known.notices += (question, True) in self.known.sent

    @rule(about=PURPOSES, to=TO, days=st.integers(1, 12))
    def other_ground(self, about: str, to: str, days: int) -> None:
        self.grounded((about, to), days)

    def grounded(self, question: Question, days: int) -> None:
        about, to = question
        review = self.now.date() + timedelta(days=days)
        told = OtherBasis(
            about=about,
            recipient=self.recipients[to],
            ground="vital_interest",
            reason="She does not wake up.",
            review_on=review,
        )
        record_other_basis(
            actor=self.supervisor(), purpose=Purpose.ASSISTANCE, person=self.person, told=told
        )
        # The newest counts while it holds, an older one as long as it holds too.
        until = datetime(review.year, review.month, review.day, tzinfo=UTC)
        before = self.known.grounds.get(question, until)
        self.known.grounds[question] = max(before, until)

    @rule(to=TO, purposes=st.sets(PURPOSES, min_size=1), days=st.integers(1, 30))
    def agree(self, to: str, purposes: set[str], days: int) -> None:
        self.make_agreement(to, purposes, days)

    def make_agreement(self, to: str, purposes: set[str], days: int) -> None:
        until = self.now + timedelta(days=days)
        row = make_agreement(
            actor=by_command(),
            recipient=self.recipients[to],
            purposes=purposes,
            starts_at=self.now,
            until=until,
        )
        self.agreements.append(Agreed(row, to, purposes, until))

    @rule(which=st.integers(0, 5))
    def an_agreement_ends(self, which: int) -> None:
        self.ended(self.agreements[which % len(self.agreements)])

    def ended(self, agreed: Agreed) -> None:
        end_agreement(actor=by_command(), agreement=agreed.row)
        agreed.ended = True
        for each in self.known.opened:
            each.closed = each.closed or each.agreement is agreed

    @rule(about=PURPOSES, to=TO, proves=st.booleans(), days=st.sampled_from([0, 0, 3, 60]))
    def send(self, about: str, to: str, proves: bool, days: int) -> None:
        if proves:
            self.proved = self.now
        self.sent((about, to), days)

    @rule(then=st.sampled_from(["take_back", "say_no", "end", "wait", "nothing"]))
    def send_to_the_guest_and_once_more(self, then: str) -> None:
        """All is there, then one thing is not, and it is tried again."""
        question = ("assistance", "lantern")
        self.proved = self.now
        self.make_agreement("lantern", {"assistance"}, 5)
        self.answered(question, yes=True)
        self.sent(question, 60)
        if then == "take_back":
            self.taken_back(question)
        if then == "say_no":
            self.answered(question, yes=False)
            self.grounded(question, 3)
        if then == "end":
            for agreed in self.in_force("lantern"):
                self.ended(agreed)
        if then == "wait":
            self.now += timedelta(minutes=6)
        self.sent(question, 0)

    @rule(days=st.integers(1, 4), late=st.booleans())
    def send_on_a_ground_and_after_its_day(self, days: int, late: bool) -> None:
        """Nobody has answered, a ground holds for some days, and it is tried again."""
        question = ("tracing", "clinic")
        self.make_agreement("clinic", {"tracing"}, 20)
        self.grounded(question, days)
        self.proved = self.now
        self.sent(question, 0)
        self.now += timedelta(days=days if late else 0)
        self.proved = self.now
        self.sent(question, 0)

    def sent(self, question: Question, days: int) -> None:
        about, to = question
        expected = self.may_be_sent(question)
        opens = self.now + timedelta(days=days) if days and to == "lantern" else None
        try:
            done: Any = disclose_fields(
                actor=self.supervisor(),
                purpose=Purpose(about),
                person=self.person,
                recipient=self.recipients[to],
                opens_until=opens,
            )
        except DeniedError:
            done = None
        assert (done is not None) == expected, f"{about} to {to}: {'sent' if done else 'denied'}"
        if done is None:
            return
        on_consent = self.known.answers.get(question) == "yes"
        assert (done.sharing.consent is not None) == on_consent, "it names the wrong ground"
        self.known.sent.append((question, on_consent))
        if opens is not None:
            self.opened(question, opens, done.sharing.agreement_id, on_consent)

    def opened(
        self, question: Question, until: datetime, agreement: object, on_consent: bool
    ) -> None:
        held = next(each for each in self.agreements if each.row.pk == agreement)
        ends = [until, held.until]
        if not on_consent:
            ends.append(self.known.grounds[question])
        self.known.opened.append(Opened(question, min(ends), held, on_consent))

    @rule(minutes=st.sampled_from([1, 4, 6, 60 * 24, 60 * 24 * 4]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
