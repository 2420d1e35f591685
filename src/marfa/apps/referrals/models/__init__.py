"""The tables of referrals and of cases that were read in."""

from marfa.apps.referrals.models.foreign_cases import (
    ForeignCase,
)
from marfa.apps.referrals.models.referrals import (
    Referral,
    ReferralPage,
    ReferralWord,
)

__all__ = ["ForeignCase", "Referral", "ReferralPage", "ReferralWord"]
