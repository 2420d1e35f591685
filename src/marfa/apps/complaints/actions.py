"""Changes to complaints."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from marfa.apps.complaints.models import Complaint, ComplaintNote, NamedInComplaint, SealedAnswer
from marfa.apps.complaints.policy_facts import resource_of
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.codes import new_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

ANSWER = deadline_kind("complaints.answer", Step("half", timedelta(hours=-12)), Step("due"))
SOON, USUAL = timedelta(hours=24), timedelta(days=5)
URGENT = frozenset({Complaint.Matter.SEXUAL, Complaint.Matter.VIOLENCE, Complaint.Matter.UNSAID})
"""What was left open may be the worst of it."""
LONGEST = 20_000


def make_complaint(
    *,
    actor: Actor,
    organisation: Organisation,
    site: Site | None,
    about: str,
    matter: str,
    text: str,
    contact: str = "",
) -> Complaint:
    """Take a complaint down. Who complains is not stored, nor who held the device.

    about, matter: unsaid where the person leaves it open.

    The log says that something was taken down on this account, not what. Raises InputError where
    nothing is said.
    """
    if not text.strip():
        raise InputError.at(Message("apps.complaints:say-what"), field="text")
    now = clock.now()
    row = Complaint(
        code=new_code(),
        organisation=organisation,
        site=site,
        about=about,
        matter=matter,
        state=Complaint.State.RECEIVED,
        received_at=now,
        due_at=now + (SOON if matter in URGENT else USUAL),
    )
    row.text = text.strip()[:LONGEST]
    row.contact = contact.strip() or None
    with action(
        actor=actor,
        code="complaints.make",
        purpose=Purpose.COORDINATION,
        resource=resource_of(row, ()),
    ) as act:
        act.create(row)
        set_deadline(kind=ANSWER, subject=row.pk, due_at=row.due_at, owner=owner_of(row))
    return row


def keep_sealed_answer(
    act: Act, *, question: UUID, organisation: UUID, site: Site | None, said: str
) -> None:
    """Keep what somebody said in private about who gives aid, as part of the action in which they
    were asked. The log says the same whatever they said, and no history keeps an earlier answer.

    question: key of the row of the question; another answer to it replaces this one. said: empty
    where it was passed over, which leaves what was answered before.
    """
    row = SealedAnswer.objects.filter(question=question).first()
    if row is not None and not said:
        return
    if row is not None:
        row.answer = said
        row.save(update_fields=["answer"])
        return
    row = SealedAnswer(
        organisation_id=organisation,
        site=site,
        question=question,
        said_on=clock.today(site.time_zone) if site else clock.now().date(),
    )
    row.answer = said
    act.create(row)


def note_on_complaint(
    *, actor: Actor, complaint: Complaint, text: str, settle: bool = False
) -> None:
    """Write down what was done; the complaint is in hand from then on, or settled."""
    if not text.strip():
        raise InputError.at(Message("apps.complaints:say-what"), field="note")
    with _answering(actor, complaint, "settle" if settle else "note") as act:
        complaint.refresh_from_db()
        if complaint.state == Complaint.State.SETTLED:
            raise InputError.at(Message("apps.complaints:settled"))
        note = ComplaintNote(
            organisation_id=complaint.organisation_id,
            complaint=complaint,
            written_at=clock.now(),
            written_by=actor.id,
        )
        note.text = text.strip()[:LONGEST]
        act.create(note)
        state = Complaint.State.SETTLED if settle else Complaint.State.IN_HAND
        Complaint.objects.filter(pk=complaint.pk).update(
            state=state, settled_at=clock.now() if settle else None
        )
        if settle:
            meet_deadline(kind=ANSWER, subject=complaint.pk)


def shut_out_named(*, actor: Actor, complaint: Complaint, accounts: Collection[UUID]) -> None:
    """These accounts are named in the complaint: from now on they neither read nor answer it."""
    with _answering(actor, complaint, "shut_out"):
        for account in accounts:
            NamedInComplaint.objects.get_or_create(
                organisation_id=complaint.organisation_id, complaint=complaint, account=account
            )


def add_what_is_known(
    *,
    actor: Actor,
    complaint: Complaint,
    about: str = "",
    matter: str = "",
    site: Site | None = None,
) -> None:
    """Write down what became clear of a complaint. Only what the person left open is written; what
    they said themselves stays. By when it is answered stays too: it was set as for the worst.

    Raises InputError where nothing was chosen, or somebody added it before.
    """
    given = {"about": about, "matter": matter, "site": site}
    known = {name: value for name, value in given.items() if value}
    if not known:
        raise InputError.at(Message("apps.complaints:say-what-is-known"))
    with _answering(actor, complaint, "known"):
        complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
        if complaint.state == Complaint.State.SETTLED:
            raise InputError.at(Message("apps.complaints:settled"))
        if not set(known) <= set(complaint.open_parts):
            raise InputError.at(Message("apps.complaints:known-already"))
        Complaint.objects.filter(pk=complaint.pk).update(**known)


@contextmanager
def _answering(actor: Actor, complaint: Complaint, step: str) -> Iterator[Act]:
    with action(
        actor=actor,
        code="complaints.answer",
        purpose=Purpose.COORDINATION,
        resource=resource_of(complaint),
    ) as act:
        act.note(step=step)
        yield act
