"""The wall between cases and those who monitor violations: a person writes a notification, with a
yes of its own and after help, and nothing else ever does."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import marfa
from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.best_interests.actions.answers import note_capacity
from marfa.apps.best_interests.models import CapacityNote
from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.violation_notices import actions
from marfa.apps.violation_notices.models import ViolationNotice
from marfa.apps.violation_notices.module import MODULE
from marfa.apps.violation_notices.views import PART
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
ALLOWED = {"name", "desks", "stands_on", "urls", "case_parts"}


class Child(Office):
    """A child with a case, who can decide; help has begun where it is asked for."""

    def __init__(self, operation: Operation, *, helped: bool = True) -> None:
        super().__init__(operation)
        self.of_child: Case = self.case(self.register(CHILD))
        note = {"about": "A notification", "explained": "It may say no", "said": "Yes"}
        self.able: CapacityNote = note_capacity(
            actor=self.worker, case=self.of_child, level="alone", **note
        )
        self.client = signed_in(operation.desks[Desk.PROTECTION])
        if helped:
            self.help()

    def help(self) -> None:
        wanted = HelpRequest("shelter")
        ask_help(actor=self.worker, case=self.of_child, wanted=wanted, begin=True)

    @property
    def page(self) -> str:
        return reverse("cases:notice_new", args=[self.of_child.reference])

    def sent(self, answer: str = "given") -> dict[str, str]:
        return {
            "violation": "recruitment_and_use",
            "text": "They kept us at a post (canary-notice)",
            "agreed_who": f"child:{self.able.pk}",
            "agreed_answer": answer,
            "agreed_on": clock.today(self.site.time_zone).isoformat(),
        }


@pytest.fixture
def inside(operation: Operation) -> Iterator[Operation]:
    with every_organisation():
        yield operation


def test_after_help_with_a_yes_and_on_paper(inside: Operation) -> None:
    child = Child(inside, helped=False)
    case_page = reverse("cases:case", args=[child.of_child.reference])
    assert child.client.get(child.page).status_code == 404
    assert child.page not in child.client.get(case_page).content.decode()
    assert child.client.post(child.page, child.sent()).status_code == 404
    child.help()
    assert child.page in child.client.get(case_page).content.decode()
    assert child.client.post(child.page, child.sent("refused")).status_code == 422
    assert not ViolationNotice.objects.exists()
    assert child.client.post(child.page, child.sent()).status_code == 302
    row = ViolationNotice.objects.get()
    there = reverse("cases:notice", args=[row.reference])
    assert "it cannot be sent" in child.client.get(there).content.decode()
    assert child.client.post(there, {"do": "taken"}).status_code == 302
    assert child.client.post(there, {"do": "withdraw"}).status_code == 302
    row.refresh_from_db()
    with open_vault():
        assert (row.state, row.words) == ("withdrawn", None)
    assert signed_in(inside.outsider).get(there).status_code in (403, 404)


def test_the_database_wants_the_yes(inside: Operation) -> None:
    child = Child(inside)
    bare = {
        "organisation_id": child.of_child.organisation_id,
        "person": child.of_child.person,
        "violation": "abduction",
        "written_at": clock.now(),
        "written_by": child.worker.id,
    }
    yes = {
        "agreed_by": "child",
        "agreed_answer": "given",
        "agreed_basis": child.able.pk,
        "agreed_at": clock.now(),
    }
    for wrong in (
        {},
        {**yes, "agreed_answer": "refused"},
        {**yes, "agreed_basis": child.of_child.pk},
        {**yes, "agreed_by": "guardian"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ViolationNotice.objects.create(**bare, **wrong)
    ViolationNotice.objects.create(**bare, **yes)


def test_nothing_of_the_house_begins_one_or_asks_for_one(inside: Operation) -> None:
    """The manifest brings pages alone: no listener, work, job, deadline, fact or concern; no line
    outside the app names it; and the page of a case never says that it is to be done."""
    brought = {each.name for each in dataclasses.fields(MODULE) if getattr(MODULE, each.name)}
    assert brought == ALLOWED
    child = Child(inside)
    assert list(PART.next(child.of_child)) == []
    source = Path(marfa.__file__).parent
    named = re.compile(r"violation_notices|ViolationNotice")
    outside = [
        file
        for file in source.rglob("*.py")
        if "violation_notices" not in file.parts and named.search(file.read_text("utf-8"))
    ]
    assert outside == []
    columns = {each.name for each in ViolationNotice._meta.concrete_fields}
    assert not columns & {"case", "screening", "talk", "referral"}


def test_a_life_of_a_case_leaves_none(inside: Operation) -> None:
    """Whatever the demonstration of the house does, no notification is there, and the action that
    writes one was never called."""
    with patch.object(actions, "create_case_row") as wrote:
        child = Child(inside)
        child.client.get(reverse("cases:case", args=[child.of_child.reference]))
        child.client.get("/")
    assert not wrote.called
    assert not ViolationNotice.objects.exists()
