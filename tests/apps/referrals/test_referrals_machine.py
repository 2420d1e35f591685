"""Nothing of a referral is shown after consent was taken back, in any order of events; and faults
that are planted are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions import withdraw_consent
from marfa.apps.consents.grounds import current_consent, is_withdrawn
from marfa.apps.organisations.models import AccessGrant
from marfa.apps.referrals import queries
from marfa.apps.referrals.actions import outcomes
from marfa.apps.referrals.actions.answers import accept_referral
from marfa.apps.referrals.actions.one_time_page import page_of
from marfa.apps.referrals.actions.referrals import pack_referral
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import to_us
from marfa.crypto.agefiles import new_phrase
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.referrals.referrers import Desk
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)
BUDGET = settings(
    max_examples=4,
    stateful_step_count=12,
    derandomize=True,
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TO = st.sampled_from(["guest", "clinic"])
SUPPORT = st.sampled_from(["shelter", "legal_advice", "education"])


class Referrer(RuleBasedStateMachine):
    """Each rule attempts one thing. It knows by itself to whom the person says yes now."""

    desk: ClassVar[Desk]

    def __init__(self) -> None:
        super().__init__()
        self.now = clock.now()
        self.stack = ExitStack()
        self.stack.enter_context(clock.set_to(lambda: self.now))
        self.secrets: list[str] = []
        self.agreed: dict[str, bool] = {}
        self.carried: set[object] = set()

    def teardown(self) -> None:
        self.stack.close()

    def recipient(self, to: str) -> Recipient:
        found: Recipient = getattr(self.desk, to)
        return found

    @initialize()
    def somebody_is_helped(self) -> None:
        self.desk.case = self.desk.office.case(self.desk.office.register())
        for to in ("guest", "clinic"):
            self.say_yes(to)

    @rule(to=TO)
    def say_yes(self, to: str) -> None:
        self.desk.agree(self.recipient(to))
        self.agreed[to] = True

    @rule(to=TO)
    def take_back(self, to: str) -> None:
        row = current_consent(self.desk.case.person_id, "assistance", self.recipient(to))
        if row is None or is_withdrawn(row):
            return
        self.tick()
        withdraw_consent(actor=self.desk.supervisor, purpose=Purpose.ASSISTANCE, consent=row)
        self.agreed[to] = False
        kept = Referral.objects.filter(case=self.desk.case, recipient=self.recipient(to))
        self.carried -= set(kept.values_list("pk", flat=True))

    @rule(to=TO, support=SUPPORT, page=st.booleans(), record=st.booleans())
    def send(self, to: str, support: str, page: bool, record: bool) -> None:
        self.tick()
        way = "inside" if to == "guest" else "page" if page else "package"
        try:
            sent = self.desk.send(
                self.recipient(to),
                support=support,
                way=way,
                opens_record=record and to == "guest",
            )
        except DeniedError:
            assert not self.agreed[to]
            return
        except InputError:
            return
        assert self.agreed[to], "sent without a yes"
        self.carried.add(sent.referral.pk)
        if sent.page is not None:
            self.secrets.append(sent.page.secret)

    @rule()
    def accept(self) -> None:
        self.tick()
        for row in to_us(self.desk.partner)[:1]:
            if row.state in ("sent", "question"):
                accept_referral(actor=self.desk.partner, referral=row)

    @rule(hours=st.sampled_from([1, 13, 30]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def tick(self) -> None:
        self.now += timedelta(seconds=1)

    @invariant()
    def nothing_is_shown_that_is_not_carried(self) -> None:
        self.tick()
        shown = {row.pk for row in to_us(self.desk.partner)}
        opened = AccessGrant.objects.filter(object_kind="Referral", until__gt=self.now)
        shown |= set(opened.values_list("object_id", flat=True))
        shown |= {page.referral_id for each in self.secrets if (page := page_of(each))}
        here = set(Referral.objects.filter(case=self.desk.case).values_list("pk", flat=True))
        assert shown & here <= self.carried

    @rule()
    def pack(self) -> None:
        for row in Referral.objects.filter(case=self.desk.case, way="package")[:1]:
            try:
                pack_referral(
                    actor=self.desk.worker, referral=row, language="en", phrase=new_phrase()
                )
            except InputError:
                continue
            assert row.pk in self.carried, "packed without a yes"


@pytest.fixture(autouse=True)
def at_work(operation: Operation) -> Iterator[None]:
    with every_organisation():
        Referrer.desk = Desk(operation)
        yield


def run() -> None:
    run_state_machine_as_test(Referrer, settings=BUDGET)


def test_nothing_is_shown_after_consent_was_taken_back() -> None:
    run()


def _nothing_follows(patch: pytest.MonkeyPatch) -> None:
    from marfa.apps.referrals import subscribers

    patch.setattr(subscribers, "withdraw_what_rests_on", lambda _act, _sharings: None)


def _nothing_closes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcomes, "close_referral_access", lambda _row: None)


def _accepted_ones_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcomes, "GOING_ON", queries.WAITING)


def one_life(*, accepted: bool) -> None:
    """A history in which each of the faults shows, with what the machine holds after each step."""
    life = Referrer()
    try:
        life.somebody_is_helped()
        life.send("guest", "shelter", page=False, record=True)
        life.nothing_is_shown_that_is_not_carried()
        if accepted:
            life.accept()
        life.take_back("guest")
        life.nothing_is_shown_that_is_not_carried()
    finally:
        life.teardown()


@pytest.mark.parametrize("plant", [_nothing_follows, _nothing_closes, _accepted_ones_stay])
def test_planted_faults_are_found(
    monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    one_life(accepted=True)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        one_life(accepted=True)
