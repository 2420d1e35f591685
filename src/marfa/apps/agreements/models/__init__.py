"""The tables of people."""

from marfa.apps.agreements.models.recipients import (
    DataAgreement,
    Recipient,
)

__all__ = ["DataAgreement", "Recipient"]
