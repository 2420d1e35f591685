"""What a child says of the help, on a page that is handed to it."""

from __future__ import annotations

from marfa.apps.assistance.actions.follow_up import record_voice
from marfa.apps.assistance.models import Voice
from marfa.apps.cases.action_base import require_choice
from marfa.apps.cases.models import Case
from marfa.apps.complaints.actions import make_complaint
from marfa.apps.complaints.models import Complaint
from marfa.domain.message import Message
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor

FACES = {"good": Voice.Mark.HELPS, "so_so": Voice.Mark.PARTLY, "bad": Voice.Mark.NOT}


def take_feedback(*, actor: Actor, case: Case, face: str, text: str = "") -> None:
    """The face stands in the case, for who helps. The words do not: they are taken as a complaint
    is, so that nobody of the site that they concern reads them, and without who said them.

    Raises DeniedError; InputError where no face was chosen.
    """
    require_choice(face, FACES, field="face", said=Message("apps.children:choose-one"))
    with together():
        record_voice(actor=actor, case=case, mark=FACES[face])
        if text.strip():
            make_complaint(
                actor=actor,
                organisation=case.organisation,
                site=case.site,
                about=Complaint.About.UNSAID,
                matter=Complaint.Matter.UNSAID,
                text=text,
            )
