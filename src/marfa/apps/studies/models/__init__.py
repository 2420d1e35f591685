"""The tables of studies and of the bands that they earn."""

from marfa.apps.studies.models.bands import Band
from marfa.apps.studies.models.people import Enrolment, PanelReading, Scoring
from marfa.apps.studies.models.studies import PanelMember, Study

__all__ = ["Band", "Enrolment", "PanelMember", "PanelReading", "Scoring", "Study"]
