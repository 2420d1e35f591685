"""Changes to recipients of data and the agreements with them."""

from marfa.apps.agreements.actions.recipients import (
    add_recipient,
    end_agreement,
    end_recipient,
    make_agreement,
    set_age_key,
)

__all__ = ["add_recipient", "end_agreement", "end_recipient", "make_agreement", "set_age_key"]
