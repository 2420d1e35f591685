"""All parts of the page of a case, in the order in which they stand there."""

from __future__ import annotations

from marfa.apps.assistance.views.follow_up import PART as FOLLOWING
from marfa.apps.assistance.views.help_part import PART as HELP
from marfa.apps.cases.parts import CasePart
from marfa.apps.cases.views.assessment import PART as ASSESSMENT
from marfa.apps.cases.views.case_management import PART as STEERING
from marfa.apps.cases.views.identification import PART as IDENTIFICATION
from marfa.apps.referrals.views.referrals import PART as REFERRALS

PARTS: tuple[CasePart, ...] = (
    HELP,
    IDENTIFICATION,
    ASSESSMENT,
    FOLLOWING,
    REFERRALS,
    STEERING,
)
