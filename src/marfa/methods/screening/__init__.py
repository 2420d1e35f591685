"""Screening: who may be at risk, with the reasons. Never a probability, never a legal finding.

An instrument is data; scoring gives an outcome on two axes (indication and urgency) with
everything that led to it. Only the ILO/EC Delphi labour lists give an outcome; all other
instruments are checklists that give reasons, for pilots until an organisation signs for them.
"""

from __future__ import annotations

from marfa.domain.addressee import Addressee
from marfa.methods.screening import explain, skeletons
from marfa.methods.screening.answers import Age, Answer
from marfa.methods.screening.completions import could_change
from marfa.methods.screening.files import check_file, examine
from marfa.methods.screening.instrument import Instrument, Item, Source
from marfa.methods.screening.library import Library
from marfa.methods.screening.outcome import Indication, Outcome, Urgency
from marfa.methods.screening.result import ProfileResult, Result
from marfa.methods.screening.score import Panel, score
from marfa.methods.screening.table import COLUMNS, row_of, score_table
from marfa.methods.screening.use import Authorisation, LiveUse, PilotUse, Use, read_authorisation
from marfa.methods.screening.views import (
    for_officer,
    for_supervisor,
    full,
    instrument_json,
    next_step,
    next_step_code,
    validity_json,
)
from marfa.methods.screening.wording import Wording

__all__ = [
    "COLUMNS",
    "Addressee",
    "Age",
    "Answer",
    "Authorisation",
    "Indication",
    "Instrument",
    "Item",
    "Library",
    "LiveUse",
    "Outcome",
    "Panel",
    "PilotUse",
    "ProfileResult",
    "Result",
    "Source",
    "Urgency",
    "Use",
    "Wording",
    "check_file",
    "could_change",
    "examine",
    "explain",
    "for_officer",
    "for_supervisor",
    "full",
    "instrument_json",
    "next_step",
    "next_step_code",
    "read_authorisation",
    "row_of",
    "score",
    "score_table",
    "skeletons",
    "validity_json",
]
