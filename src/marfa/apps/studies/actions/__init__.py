"""Changes to studies: decided by the charter, told to the log."""

from marfa.apps.studies.actions.bands import end_band, propose_band, sign_band
from marfa.apps.studies.actions.people import (
    enrol_person,
    record_reading,
    score_interview,
    withdraw_person,
)
from marfa.apps.studies.actions.studies import (
    StudyPlan,
    begin_enrolment,
    close_study,
    compute_result,
    plan_study,
    stop_enrolment,
)

__all__ = [
    "StudyPlan",
    "begin_enrolment",
    "close_study",
    "compute_result",
    "end_band",
    "enrol_person",
    "plan_study",
    "propose_band",
    "record_reading",
    "score_interview",
    "sign_band",
    "stop_enrolment",
    "withdraw_person",
]
