"""Changes to people, households and relationships."""

from marfa.apps.registry.actions.continuous_registration import (
    possible_events,
    record_event,
    register_birth,
)
from marfa.apps.registry.actions.households import (
    choose_head,
    join_household,
    leave_household,
    merge_households,
    split_household,
)
from marfa.apps.registry.actions.person import (
    change_person,
    decide_age,
    doubt_age,
)
from marfa.apps.registry.actions.person_rows import (
    add_to_person,
    change_row,
    end_row,
)
from marfa.apps.registry.actions.photograph import (
    set_photo,
)
from marfa.apps.registry.actions.registration import (
    NewMember,
    NewName,
    NewPaper,
    NewPerson,
    register_household,
    register_person,
)
from marfa.apps.registry.actions.relationships import (
    claim_relationship,
    end_relationship,
    settle_relationship,
)

__all__ = [
    "NewMember",
    "NewName",
    "NewPaper",
    "NewPerson",
    "add_to_person",
    "change_person",
    "change_row",
    "choose_head",
    "claim_relationship",
    "decide_age",
    "doubt_age",
    "end_relationship",
    "end_row",
    "join_household",
    "leave_household",
    "merge_households",
    "possible_events",
    "record_event",
    "register_birth",
    "register_household",
    "register_person",
    "set_photo",
    "settle_relationship",
    "split_household",
]
