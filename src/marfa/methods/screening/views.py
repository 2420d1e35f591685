"""A result as plain data: in full, for the officer, and for the supervisor.

The officer sees the next step and the reasons, without error rates. The supervisor sees the
rules, the bounds and the published validity too. Nobody sees a probability.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marfa.domain.message import Message
from marfa.methods.screening.answers import Age, Answer
from marfa.methods.screening.completions import could_change
from marfa.methods.screening.delphi import LABEL_OUTCOME, RULES, Label, Rule
from marfa.methods.screening.instrument import Instrument
from marfa.methods.screening.outcome import Indication, Outcome, Urgency
from marfa.methods.screening.result import DimensionResult, ProfileResult, Result
from marfa.methods.screening.validity import base_rate, studies

_CODES = tuple(answer.code for answer in Answer)
UNLABELLED = "not-in-the-published-table"


def next_step_code(result: Result) -> str:
    """The one thing to do next, as a code; the sentence is in the catalogue."""
    child = "-child" if result.age.may_be_child else ""
    outcome = result.outcome
    if result.danger_now or (outcome is not None and outcome.urgency is Urgency.NOW):
        return f"act-now{child}"
    if outcome is None:
        return f"checklist{child}" if result.any_fired else "checklist-none"
    if outcome.indication is Indication.PRESUMED_VICTIM:
        return f"presumed{child}"
    if outcome.indication is Indication.AT_RISK:
        return f"at-risk{child}"
    return "none" if result.settled else "open"


def next_step(result: Result) -> Message:
    return Message(f"methods.screening:next-{next_step_code(result)}")


def notes(result: Result) -> list[Message]:
    """What must stand beside the outcome whenever it is shown."""
    found = [Message("methods.screening:remark-never-a-finding")]
    if result.pilot:
        found.append(Message("methods.screening:remark-pilot"))
    if any(profile.instrument.pilot_only for profile in result.profiles):
        found.append(Message("methods.screening:remark-not-validated"))
    if any(profile.instrument.incomplete for profile in result.profiles):
        found.append(Message("methods.screening:remark-incomplete"))
    if len(result.profiles) > 1:
        both = "adult-too" if result.age is Age.CHILD else "both-profiles"
        found.append(Message(f"methods.screening:remark-{both}"))
    agreed = [profile for profile in result.profiles if profile.consent_is_irrelevant]
    if any(profile.means_used for profile in agreed):
        found.append(Message("methods.screening:remark-consent"))
    elif agreed:
        found.append(Message("methods.screening:remark-consent-child"))
    return found


def full(result: Result) -> dict[str, Any]:
    """Everything, as plain data for JSON."""
    return {
        "age": result.age.code,
        "pilot": result.pilot,
        "outcome": _outcome(result.outcome),
        "worst_case": _outcome(result.worst),
        "settled": result.settled,
        "next_step": next_step_code(result),
        "consent_irrelevant": any(one.consent_is_irrelevant for one in result.profiles),
        "profiles": [profile_json(one) for one in result.profiles],
    }


def profile_json(result: ProfileResult) -> dict[str, Any]:
    """One profile's reading, as plain data."""
    return {
        "instrument": result.instrument.name,
        "version": result.instrument.version,
        "outcome": _outcome(result.lowest),
        "worst_case": _outcome(result.highest),
        "label": result.label,
        "labels_possible": [one or UNLABELLED for one in result.labels],
        "rules": [rule_json(one) for one in result.grounds],
        "dimensions": [dimension_json(one, result.instrument) for one in result.dimensions],
    }


def rule_json(one: Rule) -> dict[str, Any]:
    return {"rule": one.code, "origin": one.origin, "gives": one.gives.as_json()}


def dimension_json(one: DimensionResult, instrument: Instrument) -> dict[str, Any]:
    """A dimension with the items that fired and those that are open."""
    known = instrument.item_json
    return {
        "dimension": one.dimension,
        "positive": one.positive,
        "fired": [known[item.id] for item in one.fired],
        "open": {item.id: _CODES[answer] for item, answer in one.open},
    }


def for_officer(result: Result) -> dict[str, Any]:
    """The next step first, then the reasons and the questions that still matter."""
    questions = {item.id: None for one in result.profiles for item in could_change(one)}
    reasons = {item.id: None for one in result.profiles for item in one.fired()}
    return {
        "next_step": next_step(result).as_json(),
        "outcome": _outcome(result.outcome),
        "reasons": list(reasons),
        "questions_that_could_change_it": list(questions),
        "notes": [note.as_json() for note in notes(result)],
    }


def for_supervisor(result: Result) -> dict[str, Any]:
    """The full result, and what is published on the validity of instruments of this kind."""
    return full(result) | {
        "notes": [note.as_json() for note in notes(result)],
        "published_validity": validity_json(),
    }


def _outcome(outcome: Outcome | None) -> dict[str, str] | None:
    return outcome.as_json() if outcome is not None else None


def instrument_json(instrument: Instrument) -> dict[str, Any]:
    """An instrument with its sources, items and, where it gives an outcome, its rules."""
    return {
        "name": instrument.name,
        "version": instrument.version,
        "digest": instrument.digest,
        "rule": instrument.rule,
        "population": instrument.population,
        "setting": instrument.setting,
        "pilot_only": instrument.pilot_only,
        "incomplete": instrument.incomplete,
        "notes": list(instrument.notes),
        "sources": [
            {"source": one.id, "citation": one.citation, "licence": one.licence}
            | {"checked": one.checked}
            for one in instrument.sources.values()
        ],
        "items": [
            instrument.item_json[item.id]
            | {"dimension": item.dimension, "about": item.about}
            | ({"asks": list(item.asks)} if item.asks else {})
            for item in instrument.items
        ],
        "rules": [rule_json(one) for one in RULES] if instrument.gives_band else [],
        "labels": {one: LABEL_OUTCOME[one].as_json() for one in Label}
        if instrument.gives_band
        else {},
    }


def validity_json() -> list[dict[str, Any]]:
    """Published validity with what the base rate does to it, of 10,000 people screened."""
    rows = []
    for study in studies():
        row: dict[str, Any] = asdict(study)
        rates = (study.sensitivity, study.specificity, study.prevalence)
        if all(rate is not None for rate in rates):
            row["of_10000"] = asdict(base_rate(*(rate or 0.0 for rate in rates)))
        rows.append(row)
    return rows
