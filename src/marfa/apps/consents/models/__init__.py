"""The tables of consents and disclosures."""

from marfa.apps.consents.models.consents import (
    Consent,
    LegalBasisRecord,
    Withdrawal,
)
from marfa.apps.consents.models.sharings import (
    RecallNotice,
    Sharing,
)

__all__ = ["Consent", "LegalBasisRecord", "RecallNotice", "Sharing", "Withdrawal"]
