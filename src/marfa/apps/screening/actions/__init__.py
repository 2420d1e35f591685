"""Changes to screenings."""

from marfa.apps.screening.actions.answers import Clash, keep_answers
from marfa.apps.screening.actions.dangers import record_danger
from marfa.apps.screening.actions.health import (
    agree_to_health_check,
    agree_without_list,
    record_health_service,
)
from marfa.apps.screening.actions.interview import (
    ask_first,
    change_language,
    finish_screening,
    forget_said,
    go_on_with_screening,
    look_at_conditions,
    open_screening,
    put_off,
    stop_screening,
    take_over_said,
    with_directory,
)
from marfa.apps.screening.actions.outcomes import (
    answer_lowering,
    ask_to_lower,
    decline_help,
    hand_over,
    raise_outcome,
    take_up,
)
from marfa.apps.screening.actions.sites import (
    choose_needs_door,
    review_site_words,
    write_site_words,
)

__all__ = [
    "Clash",
    "agree_to_health_check",
    "agree_without_list",
    "answer_lowering",
    "ask_first",
    "ask_to_lower",
    "change_language",
    "choose_needs_door",
    "decline_help",
    "finish_screening",
    "forget_said",
    "go_on_with_screening",
    "hand_over",
    "keep_answers",
    "look_at_conditions",
    "open_screening",
    "put_off",
    "raise_outcome",
    "record_danger",
    "record_health_service",
    "review_site_words",
    "stop_screening",
    "take_over_said",
    "take_up",
    "with_directory",
    "write_site_words",
]
