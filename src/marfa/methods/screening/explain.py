"""The words for codes: outcomes, strengths, rules, sources. All are in the catalogue."""

from __future__ import annotations

from marfa.domain.message import Message
from marfa.methods.screening.delphi import Rule
from marfa.methods.screening.instrument import Checked, Strength
from marfa.methods.screening.outcome import Indication, Urgency

NOTES = frozenset(
    {
        "every-question-optional",
        "expert-consensus",
        "incomplete-profile",
        "needs-not-trafficking",
        "neither-proves",
        "no-details",
        "no-sensitivity-published",
        "not-for-vetting",
        "not-read-to-child",
        "not-validated",
        "raft-other-setting",
        "strengths-secondary",
        "wording-not-checked",
    }
)
"""Codes that the ``notes`` of an instrument may name."""


def indication(value: Indication) -> Message:
    return Message(f"methods.screening:indication-{value.code}")


def urgency(value: Urgency) -> Message:
    return Message(f"methods.screening:urgency-{value.code}")


def strength(value: Strength) -> Message:
    return Message(f"methods.screening:strength-{value}")


def checked(value: Checked) -> Message:
    return Message(f"methods.screening:checked-{value}")


def note(code: str) -> Message:
    """A remark that belongs to an instrument; code: one of NOTES."""
    return Message(f"methods.screening:note-{code}")


def rule(value: Rule) -> Message:
    return Message(f"methods.screening:rule-{value.code}")
