"""Nothing is ever sent without a ground and an agreement, or after consent was taken back; and
each fault that is planted is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents import grounds, subscribers
from marfa.apps.consents.actions import consents, disclosures, recall
from marfa.apps.consents.models import LegalBasisRecord, Withdrawal
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter import engine, question
from tests.apps.consents.disclosure_machine import Sharer
from tests.apps.consents.examples import clinic, lantern
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = settings(
    max_examples=6,
    stateful_step_count=15,
    derandomize=True,
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def at_work(operation: Operation) -> Iterator[None]:
    with every_organisation():
        Sharer.operation, Sharer.lives = operation, 0
        Sharer.recipients = {"clinic": clinic(), "lantern": lantern(operation)}
        yield


def run(*steps: str, lives: int = 6) -> None:
    every = {rule.function.__name__ for rule in Sharer.setup_state().rules}
    left_out = every - set(steps) if steps else set()
    some = type("Some", (Sharer,), dict.fromkeys(left_out))
    run_state_machine_as_test(some, settings=settings(BUDGET, max_examples=lives))


def test_nothing_is_sent_that_should_not_be() -> None:
    run()


@pytest.mark.slow
def test_nothing_is_sent_that_should_not_be_in_many_lives() -> None:
    run(lives=80)


FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {}


def fault(*steps: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (plant, steps)
        return plant

    return add


def without(patch: pytest.MonkeyPatch, *ids: str) -> None:
    """The charter without these policies."""
    whole = engine.Engine.of

    def of(self: engine.Engine, action: str) -> list[Any]:
        return [policy for policy in whole(self, action) if policy.id not in ids]

    patch.setattr(engine.Engine, "of", of)
    patch.setattr(engine.charter_engine(), "_sets", {})


AGAIN = "send_to_the_guest_and_once_more"


@fault("take_back", "other_ground", "send", AGAIN)
def what_was_taken_back_does_not_stop_another_ground(patch: pytest.MonkeyPatch) -> None:
    without(patch, "OP9.sharing.withdrawn")


@fault(AGAIN)
def a_no_lifts_what_was_taken_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grounds, "was_taken_back", lambda *_question: False)


@fault(AGAIN)
def no_agreement_is_wanted(patch: pytest.MonkeyPatch) -> None:
    without(patch, "OP9.sharing.agreement", "OP9.sharing.purpose")


@fault("send", "other_ground")
def any_purpose_of_an_agreement_will_do(patch: pytest.MonkeyPatch) -> None:
    without(patch, "OP9.sharing.purpose")


@fault("send")
def no_ground_is_wanted(patch: pytest.MonkeyPatch) -> None:
    without(patch, "OP9.sharing.ground")


@fault(AGAIN)
def an_old_second_factor_is_fresh(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(question, "step_up_age", lambda actor, _at: 0 if actor.stepped_up_at else None)


@fault(AGAIN)
def openings_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recall, "close_openings", lambda _openings: None)


@fault(AGAIN)
def openings_stay_when_an_agreement_ends(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(subscribers, "end_sharings", lambda _sent: None)


@fault(AGAIN)
def nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consents, "stop_sharing", lambda _withdrawal: None)


@fault(AGAIN)
def taking_back_is_not_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grounds, "is_withdrawn", lambda _consent: False)


@fault(AGAIN)
def a_no_follows_a_yes_without_an_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consents, "is_withdrawn", lambda _consent: True)


@fault("send_on_a_ground_and_after_its_day")
def a_ground_is_never_looked_at_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        grounds,
        "bases_in_force",
        lambda person, _at: LegalBasisRecord.objects.filter(person=person),
    )


@fault(AGAIN, "time_passes")
def an_agreement_that_ended_holds(patch: pytest.MonkeyPatch) -> None:
    def all_of(recipient: Recipient, at: object = None) -> list[Any]:
        return list(recipient.agreements.order_by("-until", "pk"))

    patch.setattr(disclosures, "agreements_in_force", all_of)


@fault(AGAIN, "time_passes")
def an_opening_outlives_its_agreement(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosures, "min", max, raising=False)


@fault("say_yes", "send")
def a_yes_is_taken_that_is_not_free(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consents, "_check_free", lambda _answer: None)


@fault("say_yes", "send")
def a_consent_to_one_counts_for_all(patch: pytest.MonkeyPatch) -> None:
    newest = grounds.current_consents

    def to_anybody(person: Any, purpose: Any, recipient: Any) -> Any:
        return newest(person).filter(decision="given").first()

    patch.setattr(grounds, "current_consent", to_anybody)


@fault("take_back", "send")
def a_withdrawal_is_written_for_another(patch: pytest.MonkeyPatch) -> None:
    def elsewhere(actor: Any, consent: Any, given_by: str, how: str) -> Withdrawal:
        return Withdrawal(consent=consent)

    patch.setattr(consents, "_take_back", elsewhere)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plant, steps = FAULTS[name]
    plant(monkeypatch)
    with pytest.raises((AssertionError, InputError, IntegrityError, StopIteration)):
        run(*steps, lives=8)


def test_without_a_fault_the_same_steps_find_nothing() -> None:
    """Each set of steps is one in which only a fault can be what is found."""
    for steps in sorted({steps for _plant, steps in FAULTS.values()}):
        run(*steps, lives=2)
