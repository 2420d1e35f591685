"""Changes to what is known of people."""

from marfa.apps.people.actions.bases import OtherBasis, end_basis, record_other_basis
from marfa.apps.people.actions.changing import change_person, decide_age, doubt_age
from marfa.apps.people.actions.consents import (
    Answer,
    record_consent,
    refuse_consent,
    withdraw_consent,
)
from marfa.apps.people.actions.households import (
    choose_head,
    join_household,
    leave_household,
    merge_households,
    split_household,
)
from marfa.apps.people.actions.picturing import set_photo
from marfa.apps.people.actions.recalling import note_answer, tell_recipient
from marfa.apps.people.actions.recipients import (
    add_recipient,
    end_agreement,
    end_recipient,
    make_agreement,
    set_age_key,
)
from marfa.apps.people.actions.recording import possible_events, record_event, register_birth
from marfa.apps.people.actions.registering import (
    NewMember,
    NewName,
    NewPerson,
    register_household,
    register_person,
)
from marfa.apps.people.actions.relating import (
    claim_relationship,
    end_relationship,
    settle_relationship,
)
from marfa.apps.people.actions.rows import add_to_person, change_row, end_row

__all__ = [
    "Answer",
    "NewMember",
    "NewName",
    "NewPerson",
    "OtherBasis",
    "add_recipient",
    "add_to_person",
    "change_person",
    "change_row",
    "choose_head",
    "claim_relationship",
    "decide_age",
    "doubt_age",
    "end_agreement",
    "end_basis",
    "end_recipient",
    "end_relationship",
    "end_row",
    "join_household",
    "leave_household",
    "make_agreement",
    "merge_households",
    "note_answer",
    "possible_events",
    "record_consent",
    "record_event",
    "record_other_basis",
    "refuse_consent",
    "register_birth",
    "register_household",
    "register_person",
    "set_age_key",
    "set_photo",
    "settle_relationship",
    "split_household",
    "tell_recipient",
    "withdraw_consent",
]
