"""The one question: what is denied when nothing permits, and when something is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

import cedarpy
import pytest

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter import cases, decisions, engine
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Decision, Resource
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.words import LegalBasis, Purpose, Role, Tier
from tests.support.charter import CONTROLLER, Facts, key, machine, staff, thing

ON_RECORD: Facts = {"on_record": True, "purpose": "assistance"}
ASSIGNED = frozenset({key("amal")})


def test_policies_fit_the_schema() -> None:
    assert engine.charter_engine().problems() == []


@pytest.mark.parametrize(
    ("words", "name"), [(Purpose, "Purpose"), (Tier, "Tier"), (LegalBasis, "LegalBasis")]
)
def test_the_schema_knows_the_words_of_the_safeguards(words: type[StrEnum], name: str) -> None:
    assert declared_schema().vocabularies[name] == tuple(words)


def test_every_role_is_a_fact_of_staff() -> None:
    assert set(declared_schema().kinds["Staff"]) == set(Role)


@pytest.mark.parametrize("action", sorted(declared_schema().actions))
def test_who_holds_no_role_is_denied_nearly_everything(action: str) -> None:
    open_to_all_staff = {"evidence.stop", "incidents.record", "scores.compute"}
    words = declared_schema().vocabularies
    context: Facts = {
        name: True if name == "on_record" else words[of][0] if of in words else frozenset[UUID]()
        for name, fact in declared_schema().actions[action].context.items()
        for of in (fact.type.name,)
        if fact.required
    }
    if action == "incidents.record":
        context["purpose"] = "data_protection"
    for kind in declared_schema().actions[action].kinds:
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
        assert sentence_of(decision) == "denied-step-up"


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
    assert sentence_of(told) == "denied-agreement"
    assert render_message(told.message).endswith(" Rule 6 of the charter: lawful sharing.")
    assert untold.message == decisions.NOTHING_PERMITS


def sentence_of(decision: Decision) -> str:
    """The key of the sentence alone, without the rule that is named beside it."""
    said = decision.message.params.get("sentence", decision.message)
    assert isinstance(said, Message)
    return said.key


def test_a_rule_without_a_sentence_is_named_to_who_could_do_it_otherwise() -> None:
    help = thing("Case", {"assigned": ASSIGNED})
    context = ON_RECORD | {"reason": "no_testimony"}
    told = decide(staff(Role.CASE_WORKER), "assistance.end", help, context)
    assert told.by_rule
    assert render_message(told.message).endswith(" Rule 1 of the charter: unconditional help.")
    untold = decide(staff(Role.FOCAL_POINT), "assistance.end", help, context)
    assert untold.policies == told.policies
    assert untold.message == decisions.NOTHING_PERMITS


HIDING: list[Facts] = [
    {"protected": True, "assigned": frozenset()},
    {"erased": True},
    {"excluded": ASSIGNED},
    {"excluded_places": frozenset({CONTROLLER})},
]
"""What nobody hears of a record, whatever their role lets them do."""


def names_a_hidden_fact() -> list[str]:
    """Actions whose refusal names a rule where only such a fact stands against it."""
    found = []
    roles = staff(*(role for role in Role if role != Role.ADMINISTRATOR), stepped_up_ago=1)
    for action, known in declared_schema().actions.items():
        asked = cases.usual_context(action, {})
        for kind in set(known.kinds) & {"Person", "Case", "SealedRecord", "Referral", "Complaint"}:
            for facts in HIDING:
                fit = {
                    name: fact
                    for name, fact in facts.items()
                    if name in declared_schema().kinds[kind]
                }
                decision = decide(roles, action, thing(kind, {"assigned": ASSIGNED, **fit}), asked)
                hides = HIDES & set(decision.policies)
                if hides and decision.by_rule:
                    found.append(action)
    return found


HIDES = {
    *("OP29.protected.hidden", "OP29.excluded.staff", "OP29.excluded.places"),
    *("OP29.erased.is-nobody", "OP29.referrals.excluded-staff", "OP29.referrals.excluded-places"),
    *("OP29.referrals.erased", "OP29.complaints.past-the-local-team"),
    *("OP29.complaints.not-by-who-is-named", "OP29.complaints.rights-not-by-who-is-named"),
}


def test_no_rule_is_named_where_it_would_tell_of_protection_or_exclusion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not any(engine.charter_engine().policies[id].tellable for id in HIDES)
    assert names_a_hidden_fact() == []
    # The control: were it said of one of them, this would see it.
    policies = dict(engine.charter_engine().policies)
    for id in HIDES:
        policies[id] = replace(policies[id], named=True)
    monkeypatch.setattr(engine.charter_engine(), "policies", policies)
    assert len(set(names_a_hidden_fact())) > 10


def test_every_sentence_exists_in_both_languages() -> None:
    for policy in engine.charter_engine().policies.values():
        if policy.sentence:
            message = decisions.refusal_sentence(policy)
            assert render_message(message, "en") != render_message(message, "ar")
