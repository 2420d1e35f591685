"""The words for codes: outcomes, strengths, rules, sources. All are in the catalogue."""

from __future__ import annotations

from marfa.domain.message import Message
from marfa.methods.screening.delphi import Rule
from marfa.methods.screening.instrument import Checked, Strength
from marfa.methods.screening.outcome import Indication, Urgency
from marfa.methods.screening.text_packs import Status
from marfa.methods.screening.validity import Study, base_rate, studies

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


def indication_message(value: Indication) -> Message:
    return Message(f"methods.screening:indication-{value.code}")


def urgency_message(value: Urgency) -> Message:
    return Message(f"methods.screening:urgency-{value.code}")


def strength_message(value: Strength) -> Message:
    return Message(f"methods.screening:strength-{value}")


def checked_message(value: Checked) -> Message:
    return Message(f"methods.screening:checked-{value}")


def note_message(code: str) -> Message:
    """A remark that belongs to an instrument; code: one of NOTES."""
    return Message(f"methods.screening:note-{code}")


def rule_message(value: Rule) -> Message:
    return Message(f"methods.screening:rule-{value.code}")


def status_message(value: str) -> Message:
    """Review of a text; value: one of Status."""
    return Message(f"methods.screening:status-{Status(value)}")


def marks_message(rated: Strength, review: str) -> Message:
    """Strength and review of an item, as they stand behind its words."""
    params = {"strength": strength_message(rated), "review": status_message(review)}
    return Message("methods.screening:marks", params)


def step_message(code: str) -> Message:
    """The sentence of a next step; code: from ``next_step_code``."""
    return Message(f"methods.screening:next-{code}")


def validity() -> list[Message]:
    """Published validity, and what it means for those flagged: never for the officer's desk."""
    return [Message("methods.screening:validity-head"), *map(_validity, studies())]


def _validity(study: Study) -> Message:
    where = Message(f"methods.screening:study-{study.setting}")
    params: dict[str, object] = {"name": study.name, "year": str(study.year), "where": where}
    if study.sensitivity is None or study.specificity is None:
        return Message("methods.screening:validity-none", params)
    params |= {"sensitivity": study.sensitivity, "specificity": study.specificity}
    if study.prevalence is None:
        return Message("methods.screening:validity-rates", params)
    means = base_rate(study.sensitivity, study.specificity, study.prevalence)
    params |= {"flagged": means.flagged, "true": means.true_cases, "missed": means.missed}
    return Message("methods.screening:validity-base-rate", params)
