"""The ILO/EC Delphi rule for labour exploitation, and what this project adds to it.

Sources: ILO and European Commission, "Operational indicators of trafficking in human beings"
(2009), p. 3, and the combination table of the Moldova labour force survey, both by way of a
secondary transcription; Palermo Protocol (2000), article 3 (a) to (c).

The published rule stops where exploitation has not happened yet and leaves two combinations
of dimensions without a label. What is ours is marked so in RULES. Everything can only raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from functools import lru_cache

from marfa.methods.screening.outcome import NONE_SEEN, Indication, Outcome, Urgency


class Dimension(IntFlag):
    """The six Delphi dimensions, as a set of those that are positive."""

    DECEPTION = 1
    COERCIVE_RECRUITMENT = 2
    RECRUITMENT_VULNERABILITY = 4
    EXPLOITATION = 8
    DESTINATION_COERCION = 16
    DESTINATION_VULNERABILITY = 32


DIMENSIONS: dict[str, Dimension] = {
    "deceptive_recruitment": Dimension.DECEPTION,
    "coercive_recruitment": Dimension.COERCIVE_RECRUITMENT,
    "recruitment_abuse_of_vulnerability": Dimension.RECRUITMENT_VULNERABILITY,
    "exploitation": Dimension.EXPLOITATION,
    "coercion_at_destination": Dimension.DESTINATION_COERCION,
    "abuse_of_vulnerability_at_destination": Dimension.DESTINATION_VULNERABILITY,
}

_RECRUITMENT = Dimension.DECEPTION | Dimension.COERCIVE_RECRUITMENT
_VULNERABILITY = Dimension.RECRUITMENT_VULNERABILITY | Dimension.DESTINATION_VULNERABILITY
_COERCION = Dimension.COERCIVE_RECRUITMENT | Dimension.DESTINATION_COERCION
MEANS = _RECRUITMENT | _VULNERABILITY | Dimension.DESTINATION_COERCION


class Signal(IntFlag):
    """What a single yes says by itself, whatever its dimension.

    ACT: somebody recruited, moved, handed over, housed or received the person.
    INTENT: exploitation is intended or imminent, seen from recruiter, route, debt or sale.
    NOW: the person is in danger now, or about to be moved or handed over.
    CONSENT: the person agreed. It is recorded and reaches no rule.
    STRONG: the item is a strong indicator.
    """

    NONE = 0
    ACT = 1
    INTENT = 2
    NOW = 4
    CONSENT = 8
    STRONG = 16


@lru_cache(maxsize=4096)
def positive(strong: int, medium: int, weak: int) -> bool:
    """Whether a dimension is positive, from the number of its items that were answered yes.

    Two strong; one strong and one medium or weak; three medium; or two medium and one weak
    (ILO/EC 2009, p. 3).
    """
    if strong >= 2 or (strong == 1 and medium + weak >= 1):
        return True
    return medium >= 3 or (medium == 2 and weak >= 1)


class Label(StrEnum):
    """The four labels of the published combination table for adults."""

    PRESUMED_VICTIM = "presumed-victim-of-trafficking"
    DECEPTION = "deception-and-exploitation"
    EXPLOITATION = "labour-exploitation"
    NO_EXPLOITATION = "no-exploitation-found"


def label(found: Dimension) -> Label | None:
    """The published label of a set of positive dimensions; None where the table has none.

    Abuse of vulnerability "may stand for or reinforce the means element": it does so here
    where there is exploitation under coercion. Without a label stay coercive recruitment
    with exploitation but no coercion at destination, coercion at destination with
    exploitation but no means of recruitment, and abuse of vulnerability with exploitation.
    """
    if not found & Dimension.EXPLOITATION:
        return Label.NO_EXPLOITATION
    if found & Dimension.DESTINATION_COERCION:
        return Label.PRESUMED_VICTIM if found & (_RECRUITMENT | _VULNERABILITY) else None
    if found & Dimension.DECEPTION:
        return Label.DECEPTION
    return None if found & MEANS else Label.EXPLOITATION


_PRESUMED = Outcome(Indication.PRESUMED_VICTIM, Urgency.DAYS)
_AT_RISK = Outcome(Indication.AT_RISK, Urgency.DAYS)

LABEL_OUTCOME: dict[Label, Outcome] = {
    Label.PRESUMED_VICTIM: _PRESUMED,
    Label.DECEPTION: _AT_RISK,
    Label.EXPLOITATION: _AT_RISK,
    Label.NO_EXPLOITATION: NONE_SEEN,
}
"""From the four Delphi labels to our outcomes. A label never lowers what a rule below gives."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the rules look at. Consent, nationality or any attribute is not in it."""

    found: Dimension
    signals: Signal
    child: bool

    @property
    def purpose(self) -> bool:
        """Exploitation happened, or is intended (article 3 (a): purpose, not completion)."""
        return bool(self.found & Dimension.EXPLOITATION or self.signals & Signal.INTENT)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for an outcome: its code, whose rule it is, when it applies, what it gives."""

    code: str
    origin: str
    applies: Callable[[State], bool]
    gives: Outcome


def _has_label(wanted: Label) -> Callable[[State], bool]:
    return lambda state: not state.child and label(state.found) is wanted


RULES: tuple[Rule, ...] = (
    Rule(
        "delphi-presumed-victim",
        "ilo-ec-2009",
        _has_label(Label.PRESUMED_VICTIM),
        LABEL_OUTCOME[Label.PRESUMED_VICTIM],
    ),
    Rule(
        "delphi-deception",
        "ilo-ec-2009",
        _has_label(Label.DECEPTION),
        LABEL_OUTCOME[Label.DECEPTION],
    ),
    Rule(
        "delphi-exploitation",
        "ilo-ec-2009",
        _has_label(Label.EXPLOITATION),
        LABEL_OUTCOME[Label.EXPLOITATION],
    ),
    Rule(
        "child-act-and-purpose",
        "palermo-3c",
        lambda state: state.child and state.purpose and bool(state.signals & Signal.ACT),
        _PRESUMED,
    ),
    Rule(
        "purpose-under-coercion",
        "marfa",
        lambda state: state.purpose and bool(state.found & _COERCION),
        _PRESUMED,
    ),
    Rule(
        "intended-exploitation",
        "palermo-3a",
        lambda state: bool(state.signals & Signal.INTENT),
        _AT_RISK,
    ),
    Rule("positive-dimension", "marfa", lambda state: bool(state.found), _AT_RISK),
    Rule("strong-sign", "marfa", lambda state: bool(state.signals & Signal.STRONG), _AT_RISK),
    Rule(
        "danger-now",
        "marfa",
        lambda state: bool(state.signals & Signal.NOW),
        Outcome(Indication.NONE_SEEN, Urgency.NOW),
    ),
)


@lru_cache(maxsize=4096)
def grounds(found: int, signals: int, child: bool) -> tuple[Rule, ...]:
    """The rules that apply, in the order of RULES.

    found, signals: bits of Dimension and Signal, as plain numbers for speed.
    """
    state = State(Dimension(found), Signal(signals), child)
    return tuple(rule for rule in RULES if rule.applies(state))


@lru_cache(maxsize=8192)
def outcome(found: int, signals: int, child: bool) -> Outcome:
    """The join of everything that the applying rules give."""
    result = NONE_SEEN
    for rule in grounds(found, signals, child):
        result = result.join(rule.gives)
    return result
