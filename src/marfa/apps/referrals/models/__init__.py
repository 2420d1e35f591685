"""The tables of referrals and of cases that were read in."""

from marfa.apps.referrals.models.foreign_cases import (
    ForeignCase,
)
from marfa.apps.referrals.models.prepared_referrals import (
    PreparedReferral,
)
from marfa.apps.referrals.models.referrals import (
    Referral,
    ReferralPage,
    ReferralWord,
)

__all__ = ["ForeignCase", "PreparedReferral", "Referral", "ReferralPage", "ReferralWord"]
