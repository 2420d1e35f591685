"""The tables of plans, services and contacts."""

from marfa.apps.assistance.models.assistance import (
    RETURNS,
    SUPPORT,
    Goal,
    Help,
    HelpSession,
    HelpTry,
    ReflectionPeriod,
    ReturnAssessment,
    SafetyPlan,
)
from marfa.apps.assistance.models.follow_up import (
    Contact,
    Voice,
)

__all__ = [
    "RETURNS",
    "SUPPORT",
    "Contact",
    "Goal",
    "Help",
    "HelpSession",
    "HelpTry",
    "ReflectionPeriod",
    "ReturnAssessment",
    "SafetyPlan",
    "Voice",
]
