"""Nothing that is said at the desk stands in clear: in talks, forms that come in, complaints, their
history, the log and what a shoulder sees."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.complaints.actions import make_complaint, note_on_complaint
from marfa.apps.complaints.models import Complaint
from marfa.apps.forms.actions.decisions import accept_submission, recheck_submission
from marfa.apps.forms.actions.submissions import receive_submission
from marfa.apps.forms.instances import read_told
from marfa.apps.forms.models import FormDefinition, FormVersion, Submission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.queries import actor_of
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_to_lower,
    decline_help,
    finish_screening,
    hand_over,
    keep_answers,
    record_danger,
    stop_screening,
    take_up,
)
from marfa.apps.screening.models import HandOver, Screening
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from tests.apps.screening.test_interview import ADULT, PANEL, USE, Office
from tests.canary.test_canary import logged
from tests.conftest import Operation, signed_in
from tests.contracts.openrosa.answers import arrival
from tests.support.canary import (
    CANARIES,
    NAMES,
    PHONE,
    STORY,
    scan_database,
    scan_folder,
    scan_text,
)
from tests.support.canary import told as told_of

EVERYTHING = "\n".join([*CANARIES.values(), STORY])
XFORM = Path(__file__).parents[1] / "apps" / "forms" / "arrival.xml"


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def talk(desk: Office) -> Screening:
    """A talk with canaries in every word that is typed, at its end and handed over."""
    row = desk.asking()
    keep_answers(
        actor=desk.officer,
        screening=row,
        base_version=3,
        stated={"cd-papers": "yes"},
        observed={},
        said=EVERYTHING,
        seen=EVERYTHING,
    )
    record_danger(actor=desk.officer, screening=row, kind="immediate", done=EVERYTHING)
    finish_screening(
        actor=desk.officer, screening=row, base_version=4, panel=PANEL, use=USE, wish=EVERYTHING
    )
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="none_seen",
        urgency="routine",
        sentence=EVERYTHING,
    )
    answer_lowering(actor=desk.supervisor, change=change, agree=False)
    decline_help(actor=desk.officer, screening=row, reach=PHONE)
    made = hand_over(
        actor=desk.officer, screening=row, ground=HandOver.Ground.LIFE_IN_DANGER, note=EVERYTHING
    )
    take_up(actor=desk.worker, hand_over=made)
    with open_vault():
        stored = Screening.objects.get(pk=row.pk)
        assert (stored.said, stored.wish, stored.reach) == (EVERYTHING, EVERYTHING, PHONE)
    return stored


def submission(desk: Office, operation: Operation) -> Submission:
    """A form with a canary among its answers, which differs and is accepted with a sentence."""
    form = FormDefinition.objects.create(
        organisation=operation.controller,
        form_id="arrival",
        titles={"en": "Arrival"},
        purpose="registration",
        sensitive=False,
        created_at=clock.now(),
    )
    xml = XFORM.read_text(encoding="utf-8")
    version = FormVersion.objects.create(
        organisation=operation.controller,
        form=form,
        version="2026010101",
        xml=xml,
        md5=hashlib.md5(xml.encode(), usedforsecurity=False).hexdigest(),
        source_sha256="0" * 64,
        added_at=clock.now(),
        published_at=clock.now(),
    )
    content = arrival(people=NAMES["arabic"], adults=PHONE)
    row = receive_submission(
        actor=desk.officer, version=version, told=read_told(content), content=content, way="pages"
    ).submission
    row = recheck_submission(actor=by_command(), submission=row)
    assert row.state == Submission.State.DIFFERENT
    accept_submission(actor=desk.supervisor, submission=row, sentence=STORY)
    return row


def complaint(desk: Office, operation: Operation, focal: Actor) -> Complaint:
    row = make_complaint(
        actor=desk.officer,
        organisation=operation.controller,
        site=desk.site,
        about="guard",
        matter="sexual",
        text=EVERYTHING,
        contact=PHONE,
    )
    note_on_complaint(actor=focal, complaint=row, text=EVERYTHING, settle=True)
    return row


def outside(answer: Any) -> str:
    """What a shoulder and a proxy see of a page: its title and its headers."""
    assert answer.status_code == 200
    title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    return f"{title[1] if title else ''} {answer.headers}"


@pytest.mark.django_db(transaction=True)
def test_nothing_said_at_the_desk_is_in_clear(desk: Office, operation: Operation) -> None:
    focal = User.objects.get(username="focal")
    with logged() as log:
        row = talk(desk)
        submission(desk, operation)
        made = complaint(desk, operation, actor_of(focal))
        desk.person = desk.register(ADULT)
        stopped = desk.asking()
        keep_answers(
            actor=desk.officer,
            screening=stopped,
            base_version=3,
            stated={},
            observed={},
            said=EVERYTHING,
        )
        stop_screening(actor=desk.officer, screening=stopped, why=EVERYTHING)
        page = operation.at(Desk.PROTECTION).get(reverse("screening:one", args=[row.reference]))
        assert NAMES["arabic"] in page.content.decode(), "who may read it reads it"
        read = signed_in(focal).get(reverse("complaints:one", args=[made.reference]))
        assert NAMES["chinese"] in read.content.decode()
        board = signed_in(operation.supervisor).get(reverse("screening_board:questions"))
    found = scan_text("pages", *(outside(each) for each in (page, read, board)))
    found += scan_database()
    found += scan_folder(Path(settings.FOLDER.path).parent)
    found += scan_text("log", log.getvalue())
    found += scan_text("mail", *(str(message.message()) for message in mail.outbox))
    assert not found, told_of(found)
