"""Changes to consents, other legal grounds, and what was disclosed."""

from marfa.apps.consents.actions.consents import (
    ConsentAnswer,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.consents.actions.legal_bases import (
    OtherBasis,
    end_basis,
    record_other_basis,
)
from marfa.apps.consents.actions.recall import (
    note_answer,
    tell_recipient,
)

__all__ = [
    "ConsentAnswer",
    "OtherBasis",
    "end_basis",
    "note_answer",
    "record_consent",
    "record_other_basis",
    "refuse_consent",
    "tell_recipient",
    "withdraw_consent",
]
