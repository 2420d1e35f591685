"""The tables of who speaks for a child, of assessments and of determinations."""

from marfa.apps.best_interests.models.answers import ChildAnswer
from marfa.apps.best_interests.models.assessments import BestInterestsAssessment
from marfa.apps.best_interests.models.determinations import (
    Determination,
    DeterminationOption,
    PanelMember,
)
from marfa.apps.best_interests.models.representatives import (
    AdultDoubt,
    AgencyDecision,
    CapacityNote,
    Representative,
)

__all__ = [
    "AdultDoubt",
    "AgencyDecision",
    "BestInterestsAssessment",
    "CapacityNote",
    "ChildAnswer",
    "Determination",
    "DeterminationOption",
    "PanelMember",
    "Representative",
]
