"""The end of a referral: answered, taken back, returned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from marfa.apps.accounts.models import User
from marfa.apps.cases.action_base import by_itself, change_case_row
from marfa.apps.consents.actions.recall import close_openings
from marfa.apps.organisations.actions import close_to_organisation, unassign_user
from marfa.apps.organisations.models import AccessGrant
from marfa.apps.referrals.events import ReferralMoved
from marfa.apps.referrals.models import Referral, ReferralPage, ReferralWord
from marfa.apps.referrals.queries import ANSWER, GOING_ON, KIND, WAITING, State
from marfa.apps.registry.policy_facts import KIND as PERSON
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, withdraw_deadline
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act
from marfa.safeguards.vault.access import open_vault


def come_back(key: UUID) -> bool:
    """What nobody answered in time is back with its sender; False for anything else.

    Whoever does it, and however late: once, and at the moment at which the time was over. Its
    deadline stays open until the sender says what they do instead.
    """
    row = Referral.objects.filter(pk=key, state__in=WAITING, due_at__lte=clock.now()).first()
    if row is None:
        return False
    with open_vault():
        end_referral(by_itself(), row, State.CAME_BACK, at=row.due_at)
    return True


def withdraw_what_rests_on(act: Act, sharings: Collection[UUID]) -> None:
    """Referrals that left by these disclosures are withdrawn at once, accepted ones too: nothing
    of them is shown any more. act: by which consent or agreement ended."""
    for row in Referral.objects.filter(sharing__in=list(sharings), state__in=GOING_ON):
        with open_vault():
            end_referral(act, row, State.WITHDRAWN)
        withdraw_deadline(kind=ANSWER, subject=row.pk)


def end_referral(
    act: Act,
    row: Referral,
    state: Referral.State,
    *,
    at: datetime | None = None,
    **more: Any,
) -> None:
    """End a referral and everything by which the other side sees it."""
    change_case_row(act, row, state=state, ended_at=at or clock.now(), **more)
    publish_event(ReferralMoved(row.pk, row.person_id))
    close_referral_access(row)
    if state in (State.DECLINED, State.RETURNED, State.FINISHED):
        meet_deadline(kind=ANSWER, subject=row.pk)


def close_referral_access(row: Referral) -> None:
    """Close what was opened for a referral: its row, the record, the page, and who was let in."""
    now = clock.now()
    opened = AccessGrant.objects.filter(object_kind=KIND, object_id=row.pk, until__gt=now)
    for grant in opened:
        close_to_organisation(grant=grant)
    if row.sharing is not None and row.sharing.opening is not None:
        close_openings([row.sharing.opening])
    ReferralPage.objects.filter(referral=row, shut_at=None).update(shut_at=now)
    by = row.answered_by
    if row.kind == Referral.Kind.REFERRAL and by is not None and by != row.case.worker:
        _let_go(row, by)


def _let_go(row: Referral, by: UUID) -> None:
    """Whoever works with the person because they accepted this does so no more, unless another
    referral that they accepted goes on. Who did before they accepted anything keeps it."""
    theirs = Referral.objects.filter(person=row.person_id, answered_by=by)
    accepted = theirs.exclude(state=State.DECLINED)
    since = accepted.aggregate(first=Min("answered_at"))["first"]
    if since is None or accepted.filter(state=State.ACCEPTED).exists():
        return
    for user in User.objects.filter(pk=by):
        unassign_user(user=user, object_kind=PERSON, object_id=row.person_id, since=since)


def add_referral_message(act: Act, row: Referral, text: str | None, *, theirs: bool) -> None:
    """Write down what one side said to the other; a visitor who wrote it has no key."""
    if not text:
        return
    said = ReferralWord(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        referral=row,
        theirs=theirs,
        at=clock.now(),
        by=act.user,
    )
    said.words = text
    act.create(said)


def must_be(row: Referral, *states: str) -> None:
    """Read it again, and hold that it stands so. Raises InputError: it ended or was answered
    meanwhile, or its time is over."""
    row.refresh_from_db()
    if row.state in WAITING and row.due_at <= clock.now():
        raise InputError.at(Message("apps.referrals:referral-came-back"))
    if row.state not in states:
        raise InputError.at(Message("apps.referrals:referral-otherwise"))
