"""The tables of cases."""

from marfa.apps.cases.models.assessment import (
    AREAS,
    NEEDS,
    Assessment,
    AssessmentArea,
    ExploitationEpisode,
)
from marfa.apps.cases.models.case import URGENCIES, Case, CaseNote, CaseStep, Review
from marfa.apps.cases.models.facts import CaseFact
from marfa.apps.cases.models.following import Contact, Voice
from marfa.apps.cases.models.foreign import ForeignCase
from marfa.apps.cases.models.helping import (
    RETURNS,
    SUPPORT,
    Goal,
    Help,
    HelpTry,
    ReflectionPeriod,
    ReturnAssessment,
    SafetyPlan,
)
from marfa.apps.cases.models.identification import FormalIdentification, Presumption
from marfa.apps.cases.models.profiles import KINDS_OF_AUTHORITY, CountryProfile, SiteCountry
from marfa.apps.cases.models.referrals import Referral, ReferralPage, ReferralWord

__all__ = [
    "AREAS",
    "KINDS_OF_AUTHORITY",
    "NEEDS",
    "RETURNS",
    "SUPPORT",
    "URGENCIES",
    "Assessment",
    "AssessmentArea",
    "Case",
    "CaseFact",
    "CaseNote",
    "CaseStep",
    "Contact",
    "CountryProfile",
    "ExploitationEpisode",
    "ForeignCase",
    "FormalIdentification",
    "Goal",
    "Help",
    "HelpTry",
    "Presumption",
    "Referral",
    "ReferralPage",
    "ReferralWord",
    "ReflectionPeriod",
    "ReturnAssessment",
    "Review",
    "SafetyPlan",
    "SiteCountry",
    "Voice",
]
