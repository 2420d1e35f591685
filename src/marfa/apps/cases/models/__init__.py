"""The tables of cases."""

from marfa.apps.cases.models.assessment import (
    AREAS,
    NEEDS,
    Assessment,
    AssessmentArea,
    ExploitationEpisode,
)
from marfa.apps.cases.models.case import (
    BY_URGENCY,
    EVER_MET,
    URGENCIES,
    Case,
    CaseNote,
    CaseStep,
    Review,
)
from marfa.apps.cases.models.country_profiles import (
    KINDS_OF_AUTHORITY,
    CountryProfile,
    SiteCountry,
)
from marfa.apps.cases.models.facts import (
    CaseFact,
)
from marfa.apps.cases.models.identification import (
    FormalIdentification,
    Presumption,
)
from marfa.apps.cases.models.transfers import CaseTransfer

__all__ = [
    "AREAS",
    "BY_URGENCY",
    "EVER_MET",
    "KINDS_OF_AUTHORITY",
    "NEEDS",
    "URGENCIES",
    "Assessment",
    "AssessmentArea",
    "Case",
    "CaseFact",
    "CaseNote",
    "CaseStep",
    "CaseTransfer",
    "CountryProfile",
    "ExploitationEpisode",
    "FormalIdentification",
    "Presumption",
    "Review",
    "SiteCountry",
]
