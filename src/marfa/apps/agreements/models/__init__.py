"""The tables of recipients and agreements."""

from marfa.apps.agreements.models.recipients import (
    DataAgreement,
    Recipient,
)

__all__ = ["DataAgreement", "Recipient"]
