"""The one question: what is denied when nothing permits, and when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import cedarpy
import pytest

from marfa.domain.catalogue import render
from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter import decisions, engine
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.schema import declared
from marfa.safeguards.words import LegalBasis, Purpose, Role, Tier
from tests.support.charter import CONTROLLER, Facts, key, machine, staff, thing

ON_RECORD: Facts = {"on_record": True, "purpose": "assistance"}
ASSIGNED = frozenset({key("amal")})


def test_policies_fit_the_schema() -> None:
    assert engine.engine().problems() == []


@pytest.mark.parametrize(
    ("words", "name"), [(Purpose, "Purpose"), (Tier, "Tier"), (LegalBasis, "LegalBasis")]
)
def test_the_schema_knows_the_words_of_the_safeguards(words: type[StrEnum], name: str) -> None:
    assert declared().vocabularies[name] == tuple(words)


def test_every_role_is_a_fact_of_staff() -> None:
    assert set(declared().kinds["Staff"]) == set(Role)


@pytest.mark.parametrize("action", sorted(declared().actions))
def test_who_holds_no_role_is_denied_nearly_everything(action: str) -> None:
    open_to_all_staff = {"evidence.stop", "incidents.record", "scores.compute"}
    context: Facts = {
        name: True if name == "on_record" else declared().vocabularies[fact.type.name][0]
        for name, fact in declared().actions[action].context.items()
        if fact.required
    }
    if action == "incidents.record":
        context["purpose"] = "data_protection"
    for kind in declared().actions[action].kinds:
        visitor = decide(machine(ActorKind.VISITOR), action, thing(kind), context)
        assert not visitor.allowed
        decision = decide(staff(), action, thing(kind), context)
        assert decision.allowed == (action in open_to_all_staff)
        assert not any(id.startswith("charter.") for id in decision.policies)


def test_who_is_assigned_opens_identity_on_the_record() -> None:
    person = thing("Person", {"assigned": ASSIGNED})
    decision = decide(staff(Role.CASE_WORKER), "people.open_identity", person, ON_RECORD)
    assert decision.allowed
    assert decision.policies == ("role.identity-when-assigned",)


def test_facts_as_not_declared_are_a_denial_that_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    worker = staff(Role.CASE_WORKER)
    person = thing("Person", {"assigned": ASSIGNED})
    missing = {name: value for name, value in person.facts.items() if name != "protected"}
    wrong: list[tuple[str, Resource, Facts]] = [
        ("people.open_identity", Resource("Person", person.id, missing), ON_RECORD),
        ("people.open_identity", thing("Person", {"migration_status": "none"}), ON_RECORD),
        ("people.open_identity", thing("Person", {"protected": "no"}), ON_RECORD),
        ("people.open_identity", thing("Person", {"assigned": key("amal")}), ON_RECORD),
        ("people.open_identity", thing("Log"), ON_RECORD),
        ("people.open_identity", Resource("Ship", person.id), ON_RECORD),
        ("people.open_identities", person, ON_RECORD),
        ("people.open_identity", person, {"on_record": True}),
        ("people.open_identity", person, {}),
        ("people.open_identity", person, ON_RECORD | {"step_up_age": 1}),
        ("people.open_identity", person, ON_RECORD | {"on_record": 1}),
    ]
    for action, resource, context in wrong:
        decision = decide(worker, action, resource, context)
        assert not decision.allowed
        assert decision.policies == (decisions.FACTS,)
        assert decision.message.key == "denied-engine"
    assert str(person.id) not in caplog.text


def test_a_purpose_that_does_not_exist_is_a_denial() -> None:
    person = thing("Person", {"assigned": ASSIGNED})
    context: Facts = {"on_record": True, "purpose": "other"}
    decision = decide(staff(Role.CASE_WORKER), "people.open_identity", person, context)
    assert (decision.allowed, decision.policies) == (False, (decisions.FACTS,))


def test_an_engine_that_fails_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(cedarpy, "is_authorized", fail)
    decision = decide(staff(Role.CASE_WORKER), "desks.open", Resource("Desk", "protection"))
    assert (decision.allowed, decision.policies) == (False, (decisions.FAILED,))


def test_an_answer_with_errors_in_it_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cedar skips a policy that fails, prohibitions too, and may answer Allow."""
    answer = {"decision": "Allow", "diagnostics": {"reason": ["desk.protection"], "errors": ["x"]}}
    monkeypatch.setattr(cedarpy, "is_authorized", lambda *_: cedarpy.AuthzResult(answer))
    decision = decide(staff(Role.CASE_WORKER), "desks.open", Resource("Desk", "protection"))
    assert (decision.allowed, decision.policies) == (False, (decisions.FAILED,))


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (300, True), (300.5, False), (301, False), (None, False)]
)
def test_the_second_factor_is_fresh_for_five_minutes(
    seconds: float | None, fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    administrator = staff(Role.ADMINISTRATOR, stepped_up_ago=seconds)
    context: Facts = {"on_record": True, "purpose": "administration"}
    decision = decide(administrator, "keys.rotate", thing("Key"), context)
    assert decision.allowed is fresh
    if not fresh:
        assert decision.message.key == "denied-step-up"


def test_a_second_factor_in_the_future_is_none() -> None:
    ahead = clock.now() + timedelta(minutes=1)
    held = staff(Role.ADMINISTRATOR).roles
    actor = Actor(key("amal"), ActorKind.PERSON, held, ahead)
    context: Facts = {"on_record": True, "purpose": "administration"}
    assert not decide(actor, "keys.rotate", thing("Key"), context).allowed


def test_the_sentence_tells_nothing_about_the_record() -> None:
    """Who may not see a person is answered alike whether it is there, protected or shut off."""
    reader = staff(Role.FOCAL_POINT)
    facts: list[Facts] = [
        {},
        {"protected": True},
        {"erased": True},
        {"excluded": ASSIGNED},
        {"excluded_places": frozenset({CONTROLLER})},
        {"assigned": ASSIGNED},
    ]
    off_record: Facts = {"on_record": False, "purpose": "assistance"}
    for context in (ON_RECORD, off_record):
        answers = {
            decide(reader, "people.open_identity", thing("Person", fact), context).message.code
            for fact in facts
        }
        assert len(answers) == 1


def test_only_who_would_be_allowed_hears_why_not() -> None:
    package = thing("Disclosure", {"recipient": "justice", "tier": "coded"})
    knows = staff(Role.SUPERVISOR, stepped_up_ago=1)
    told = decide(knows, "disclosures.send", package, ON_RECORD)
    outsider = staff(Role.STATISTICIAN, stepped_up_ago=1)
    untold = decide(outsider, "disclosures.send", package, ON_RECORD)
    assert told.policies == untold.policies
    assert told.message.key == "denied-agreement"
    assert untold.message.key == "denied"


def test_every_sentence_exists_in_both_languages() -> None:
    for policy in engine.engine().policies.values():
        if policy.sentence:
            message = decisions._sentence(policy)
            assert render(message, "en") != render(message, "ar")
