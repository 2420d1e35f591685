"""What a question to the charter costs, against ``cedarpy`` used naively and against plain ifs.

    .venv/bin/python benchmarks/charter.py

Processor time, so that other work on the machine counts little.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import cedarpy

from marfa.safeguards.charter import cases, question
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.engine import charter_engine
from marfa.safeguards.charter.source import policies, schema_text
from marfa.safeguards.words import Role

ROUNDS = 2000
ACTION = "people.open_identity"
ACTOR = cases.sample_staff("case_worker")
PERSON = cases.sample_resource("Person", {"assigned": [cases.ME]})
ON_RECORD = cases.usual_context(ACTION, {})
OFF_RECORD = cases.usual_context(ACTION, {"on_record": False})


def microseconds(ask: Callable[[], object], rounds: int = ROUNDS) -> float:
    ask()
    start = time.process_time()
    for _ in range(rounds):
        ask()
    return (time.process_time() - start) / rounds * 1e6


def naive() -> Callable[[], object]:
    """Policies and schema as text in each call, as the shortest example of the package has it."""
    text = cedarpy.policies_from_json_str(
        json.dumps(
            {
                "templates": {},
                "templateLinks": [],
                "staticPolicies": {policy.id: policy.body for policy in policies()},
            }
        )
    )
    request, _entities = charter_engine().put(ACTOR, ACTION, PERSON, ON_RECORD)
    facts = question.resource_json(PERSON, charter_engine().words.kinds["Person"])
    entities = f"[{question.principal_json(ACTOR)},{facts}]"
    return lambda: cedarpy.is_authorized(request, text, entities, schema_text())


def ifs() -> bool:
    """The same answer by hand, for this one action and two of its rules."""
    facts = PERSON.facts
    assigned = facts["assigned"]
    if not ON_RECORD["on_record"] or facts["erased"] or facts["protected"]:
        return False
    return ACTOR.id in assigned and Role.CASE_WORKER in ACTOR.role_names  # type: ignore[operator]


def main() -> None:
    assert decide(ACTOR, ACTION, PERSON, ON_RECORD).allowed
    assert not decide(ACTOR, ACTION, PERSON, OFF_RECORD).allowed
    reference = microseconds(naive(), 50)
    by_hand = microseconds(ifs)
    print(f"cedarpy with texts in each call: {reference:.0f} us (reference)")
    for name, context in (("allowed", ON_RECORD), ("denied with its sentence", OFF_RECORD)):
        took = microseconds(lambda context=context: decide(ACTOR, ACTION, PERSON, context))  # type: ignore[misc]
        print(f"decide(), {name}: {took:.0f} us, {reference / took:.0f} times faster")
    print(f"ifs by hand: {by_hand:.2f} us")


if __name__ == "__main__":
    main()
