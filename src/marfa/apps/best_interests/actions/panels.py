"""Who sits on a panel, and who stands back."""

from __future__ import annotations

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.actions.determinations import State, must_be
from marfa.apps.best_interests.models import Determination, PanelMember
from marfa.apps.cases.action_base import (
    case_action,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor


def add_member(
    *,
    actor: Actor,
    determination: Determination,
    role: str,
    colleague: User | None = None,
    agency: Recipient | None = None,
    name: str = "",
    conflict: str = "",
) -> PanelMember:
    """Somebody on the panel: a colleague, or someone of another agency by name. conflict: what of
    theirs may stand against the child's interests; who declares one stands back.

    Raises DeniedError, InputError.
    """
    require_choice(role, PanelMember.Role.values, field="role")
    if (colleague is None) == (agency is None):
        raise InputError.at(Message("apps.cases:choose-one"), field="who")
    said = clean_text(conflict, field="conflict")
    called = clean_text(name, field="name", needed=colleague is None, most=200)
    with case_action(actor, determination.case, "add_member") as act:
        must_be(determination, State.DRAFT, State.PANEL)
        if colleague is not None and determination.members.filter(user=colleague.pk).exists():
            raise InputError.at(Message("apps.best_interests:member-already"), field="who")
        row = PanelMember(
            organisation_id=determination.organisation_id,
            person=determination.case.person,
            determination=determination,
            agency=agency,
            user=colleague.pk if colleague else None,
            role=role,
            has_conflict=said is not None,
            stood_back=said is not None,
        )
        create_case_row(act, row, name=None if colleague else called, conflict=said)
    return row


def declare_conflict(*, actor: Actor, row: PanelMember, text: str) -> None:
    """A member declares a conflict of interest and stands back. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, row.determination.case, "stand_back") as act:
        must_be(row.determination, State.DRAFT, State.PANEL)
        row.refresh_from_db()
        change_case_row(act, row, has_conflict=True, stood_back=True, conflict=said)


def record_dissent(*, actor: Actor, row: PanelMember, text: str) -> None:
    """What a member would have decided instead. Raises InputError."""
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, row.determination.case, "dissent") as act:
        must_be(row.determination, State.PANEL, State.DECIDED)
        row.refresh_from_db()
        if row.stood_back:
            raise InputError.at(Message("apps.best_interests:stood-back"), field="text")
        change_case_row(act, row, dissents=True, dissent=said)
