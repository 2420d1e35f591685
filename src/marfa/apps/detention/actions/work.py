"""What is seen of a detention and done about it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from marfa.apps.cases.action_base import (
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.detention.actions.base import PURPOSE, columns_of, detention_action, is_child
from marfa.apps.detention.models import (
    ALTERNATIVES,
    CONDITIONS,
    MEASURES,
    AlternativeConsidered,
    ConditionsSeen,
    Detention,
    DetentionStep,
)
from marfa.apps.detention.policy import DETAIN, child_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide, refusal_sentence
from marfa.safeguards.charter.engine import charter_engine

NEVER = "OP21.children.detention-is-no-permission"
"""The policy of rule 3 that refuses every detention of a child."""
ANSWERS = ("yes", "no", "unknown")
BY_THEMSELVES = (DetentionStep.Kind.LOST, DetentionStep.Kind.AGREEMENT)
"""Steps that an action of their own writes."""
DOABLE = tuple(kind for kind in DetentionStep.Kind.values if kind not in BY_THEMSELVES)


def note_conditions(
    *, actor: Actor, row: Detention, answers: Mapping[str, str], text: str = ""
) -> ConditionsSeen:
    """Write down how the person is held. answers: of ``CONDITIONS``; what is not said is unknown.
    Raises InputError where nothing is known and nothing written."""
    said = clean_text(text, field="text")
    whole = {code: answers.get(code) or "unknown" for code in CONDITIONS}
    for code, answer in whole.items():
        require_choice(answer, ANSWERS, field=code)
    if not said and set(whole.values()) == {"unknown"}:
        raise InputError.at(Message("apps.detention:nothing-said"), field="text")
    with detention_action(actor, row, "conditions") as act:
        seen = ConditionsSeen(**columns_of(row), at=clock.now(), by=actor.id)
        create_case_row(act, seen, answers=whole, words=said)
    return seen


def consider_alternative(
    *, actor: Actor, row: Detention, kind: str, why_not: str
) -> AlternativeConsidered:
    """Write down something else than holding the person, and why it is not done. Raises
    InputError."""
    check_together(
        partial(require_choice, kind, ALTERNATIVES, field="kind"),
        partial(clean_text, why_not, field="why_not", needed=True),
    )
    with detention_action(actor, row, "alternative") as act:
        made = AlternativeConsidered(**columns_of(row), kind=kind, at=clock.now(), by=actor.id)
        create_case_row(act, made, why_not=why_not.strip())
    return made


def note_measure(*, actor: Actor, row: Detention, measure: str, text: str = "") -> None:
    """Write down which measure is in force, as it is seen there. Raises InputError."""
    require_choice(measure, MEASURES, field="measure")
    said = clean_text(text, field="text")
    with detention_action(actor, row, "measure") as act:
        change_case_row(act, row, measure=measure, measure_words=said)


def note_step(
    *, actor: Actor, row: Detention, kind: str, whom: str = "", text: str = ""
) -> DetentionStep:
    """Write down what was done about it. Whoever is told above is named. Raises InputError."""
    named = kind == DetentionStep.Kind.ESCALATED
    check_together(
        partial(require_choice, kind, DOABLE, field="done"),
        partial(clean_text, whom, field="whom", needed=named),
        partial(clean_text, text, field="text"),
    )
    return _step(actor, row, kind, whom, text)


def refuse_to_agree(*, actor: Actor, row: Detention, whom: str, text: str = "") -> Message | None:
    """Somebody wants to hear or to have signed that the person may be held. That is put to the
    charter, and the refusal is written down: nobody here agrees to it.

    whom: who asked. Returns the charter's sentence, of a child; of an adult no rule has one.
    """
    clean_text(whom, field="whom", needed=True)
    asked = {"on_record": True, "purpose": PURPOSE.value}
    decision = decide(actor, DETAIN, child_of(row.person), asked) if is_child(row) else None
    if decision is not None and decision.allowed:
        raise RuntimeError("the charter lets a child be detained")
    _step(actor, row, DetentionStep.Kind.AGREEMENT, whom, text)
    # Whoever may write this down may hear which rule refuses it, though no role could be allowed.
    if decision is None or NEVER not in decision.policies:
        return None
    return refusal_sentence(charter_engine().policies[NEVER])


def _step(actor: Actor, row: Detention, kind: str, whom: str, text: str) -> DetentionStep:
    with detention_action(actor, row, f"step_{kind}") as act:
        step = DetentionStep(**columns_of(row), kind=kind, at=clock.now(), by=actor.id)
        create_case_row(act, step, whom=whom.strip(), words=text.strip())
    return step
