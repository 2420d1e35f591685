"""Which rows an actor may see: the policies themselves, put into the words of the database.

    Person.objects.filter(visible(PERSON, actor))

A policy that says something for which there is no translation raises TranslationError, and is
never left out. Tests hold that the rows are those that Cedar allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from marfa.platform import clock
from marfa.platform.once import find_once
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import question
from marfa.safeguards.charter.columns import Standing
from marfa.safeguards.charter.engine import charter_engine
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.charter.translation import (
    TranslationError,
    Translator,
    as_q,
    either_condition,
    negated_condition,
)

SEE = "people.see"


def visibility_condition(
    standing: Standing,
    actor: Actor,
    action: str = SEE,
    context: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Q:
    """The condition under which a row of a model may be acted upon.

    standing: where the model keeps its facts. at: the moment, by default now.
    Raises FactsError where the circumstances are not as declared; TranslationError.
    """
    if at is not None:
        return _condition(standing, actor, action, context or {}, at)
    asked = (standing.kind, actor, action, frozenset((context or {}).items()))
    return find_once(asked, lambda: _condition(standing, actor, action, context or {}, clock.now()))


def _condition(
    standing: Standing, actor: Actor, action: str, context: Mapping[str, object], at: datetime
) -> Q:
    known = declared_schema().actions[action]
    if standing.kind not in known.kinds:
        raise TranslationError(f"{action} is not done to {standing.kind}")
    circumstances = question.decision_context(actor, context, known.context)
    translate = Translator(standing, actor, action, circumstances, at)
    permitted: Q | bool = False
    forbidden: Q | bool = False
    for policy in charter_engine().of(action):
        holds = translate.policy(policy.body)
        if policy.forbids:
            forbidden = either_condition(forbidden, holds)
        else:
            permitted = either_condition(permitted, holds)
    return as_q(permitted) & as_q(negated_condition(forbidden))
