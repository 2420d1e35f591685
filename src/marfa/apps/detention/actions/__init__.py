"""What may be written down of a detention, and what keeps its alarm on."""

from marfa.apps.detention.actions.base import PURPOSE
from marfa.apps.detention.actions.protocols import MANAGE, record_protocol
from marfa.apps.detention.actions.record import Told, lose_track, move_person, record_detention
from marfa.apps.detention.actions.release import end_detention
from marfa.apps.detention.actions.reviews import review_detention
from marfa.apps.detention.actions.work import (
    consider_alternative,
    note_conditions,
    note_measure,
    note_step,
    refuse_to_agree,
)

__all__ = [
    "MANAGE",
    "PURPOSE",
    "Told",
    "consider_alternative",
    "end_detention",
    "lose_track",
    "move_person",
    "note_conditions",
    "note_measure",
    "note_step",
    "record_detention",
    "record_protocol",
    "refuse_to_agree",
    "review_detention",
]
