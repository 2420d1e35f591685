"""Changes to cases."""

from marfa.apps.cases.actions.assessment import (
    begin_assessment,
    finish_assessment,
    say_released,
    write_area,
)
from marfa.apps.cases.actions.case_management import (
    ask_lower_urgency,
    assign_case,
    assign_cases,
    raise_urgency,
    take_case,
    write_note,
)
from marfa.apps.cases.actions.case_opening import (
    case_within,
    follow_hand_over,
    open_case,
    open_case_of,
    presume_victim,
)
from marfa.apps.cases.actions.closure import ask_to_close, reopen_case
from marfa.apps.cases.actions.country_profiles import assign_site, change_profile
from marfa.apps.cases.actions.episodes import add_episode, write_episode
from marfa.apps.cases.actions.identification import (
    appeal_decision,
    ask_authority,
    record_decision,
    withdraw_request,
)
from marfa.apps.cases.actions.reviews import answer_review
from marfa.apps.cases.actions.transfers import (
    accept_transfer,
    ask_transfer,
    refuse_transfer,
    withdraw_transfer,
)

__all__ = [
    "accept_transfer",
    "add_episode",
    "answer_review",
    "appeal_decision",
    "ask_authority",
    "ask_lower_urgency",
    "ask_to_close",
    "ask_transfer",
    "assign_case",
    "assign_cases",
    "assign_site",
    "begin_assessment",
    "case_within",
    "change_profile",
    "finish_assessment",
    "follow_hand_over",
    "open_case",
    "open_case_of",
    "presume_victim",
    "raise_urgency",
    "record_decision",
    "refuse_transfer",
    "reopen_case",
    "say_released",
    "take_case",
    "withdraw_request",
    "withdraw_transfer",
    "write_area",
    "write_episode",
    "write_note",
]
