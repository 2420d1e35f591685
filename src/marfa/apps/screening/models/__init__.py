"""Screenings, what became of what they found, and the way to protection."""

from marfa.apps.screening.models.answers import ScreeningAnswer
from marfa.apps.screening.models.dangers import DUTIES, Danger, DangerStep, SiteWords
from marfa.apps.screening.models.facts import IndicatorFact, IndicatorKey, ScreeningFact
from marfa.apps.screening.models.health import HealthCheck
from marfa.apps.screening.models.interviews import URGENCIES, Screening
from marfa.apps.screening.models.outcomes import HandOver, NeedsDoor, OutcomeChange
from marfa.apps.screening.models.signatures import ListSignature

__all__ = [
    "DUTIES",
    "URGENCIES",
    "Danger",
    "DangerStep",
    "HandOver",
    "HealthCheck",
    "IndicatorFact",
    "IndicatorKey",
    "ListSignature",
    "NeedsDoor",
    "OutcomeChange",
    "Screening",
    "ScreeningAnswer",
    "ScreeningFact",
    "SiteWords",
]
