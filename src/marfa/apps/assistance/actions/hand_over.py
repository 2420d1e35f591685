"""Handing plan, help and contacts over to the next worker."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.assistance.models import Contact, Help
from marfa.apps.cases.action_base import change_case_row
from marfa.apps.cases.deadlines import hand_over_deadlines
from marfa.safeguards.actions import Act


def hand_over_help(act: Act, *, case: UUID, before: UUID | None, after: UUID) -> None:
    """The planned contacts of who was responsible, and the deadlines of contacts and help, are
    theirs who is now."""
    contacts = Contact.objects.filter(case=case)
    for row in contacts.filter(state=Contact.State.PLANNED, responsible=before):
        change_case_row(act, row, responsible=after)
    for rows in (contacts, Help.objects.filter(case=case)):
        hand_over_deadlines(rows.values_list("pk", flat=True), before, after)
