"""Headings of a sheet whose columns are shown and left out, and why.

Where somebody comes from, what they believe and to whom they belong (charter, rule 4), whether they
cooperate with the authorities (rule 1), and what others hold them to be.
"""

from __future__ import annotations

from functools import cache

from marfa.apps.registry.sheet_answers import sheet_words
from marfa.domain.prohibited_grounds import Subject, plain_words, subjects_of

_REASONS = {
    Subject.NATIONALITY: "nationality",
    Subject.ORIGIN: "nationality",
    Subject.RELIGION: "faith",
    Subject.ETHNICITY: "ethnicity",
    Subject.TONGUE: "ethnicity",
    Subject.COOPERATION: "cooperation",
    Subject.REPORTING: "cooperation",
}


def withheld_because(heading: str) -> str | None:
    """The key of the reason; None for a heading that tells of none of this."""
    words = set(plain_words(heading).split())
    for reason, telling in _telling().items():
        if words & telling:
            return reason
    found = subjects_of(heading)
    return next((reason for subject, reason in _REASONS.items() if subject in found), None)


@cache
def _telling() -> dict[str, frozenset[str]]:
    return {
        reason: frozenset(plain_words(word) for word in words)
        for reason, words in sheet_words()["withheld"].items()
    }
