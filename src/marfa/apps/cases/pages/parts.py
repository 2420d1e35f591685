"""All parts of the page of a case, in the order in which they stand there."""

from __future__ import annotations

from marfa.apps.cases.pages.assessing import PART as ASSESSMENT
from marfa.apps.cases.pages.following import PART as FOLLOWING
from marfa.apps.cases.pages.help_part import PART as HELP
from marfa.apps.cases.pages.identifying import PART as IDENTIFICATION
from marfa.apps.cases.pages.referring import PART as REFERRALS
from marfa.apps.cases.pages.steering import PART as STEERING
from marfa.apps.cases.parts import CasePart

PARTS: tuple[CasePart, ...] = (
    HELP,
    IDENTIFICATION,
    ASSESSMENT,
    FOLLOWING,
    REFERRALS,
    STEERING,
)
