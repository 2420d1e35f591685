"""What the demonstration shows of cases, and that it is coherent."""

from __future__ import annotations

import pytest

from marfa.apps.accounts.models import User
from marfa.apps.assistance.models import Contact, Goal, Help, Voice
from marfa.apps.cases.models import Case, CaseFact, FormalIdentification, Review
from marfa.apps.cases.work import work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.referrals.models import PreparedReferral, Referral
from marfa.demo.build import build_demo
from marfa.platform.rowsecurity.context import every_organisation


@pytest.mark.django_db
def test_cases_in_every_state() -> None:
    build_demo()
    with every_organisation():
        assert set(Case.objects.values_list("state", flat=True)) == {"open", "closed"}
        kinds = set(Help.objects.values_list("state", flat=True))
        assert {"no_place", "running"} <= kinds
        assert Referral.objects.get().state == "sent"
        prepared = PreparedReferral.objects.values_list("state", flat=True)
        assert sorted(prepared) == ["given_back", "waiting"]
        assert FormalIdentification.objects.get().decision == ""
        assert Voice.objects.get().mark == "helps"
        assert Goal.objects.exists()
        states = set(Contact.objects.values_list("state", flat=True))
        assert {"planned", "held"} <= states
        assert Review.objects.filter(state="waiting", of="presumption").exists()
        assert Case.objects.filter(worker=None).count() == 1
        assert CaseFact.objects.filter(replaced_at=None).values("subject").distinct().count() == (
            Case.objects.values("person").distinct().count()
        )
        for name in (Desk.PROTECTION.value, SUPERVISOR):
            assert list(work_items_of(User.objects.get(username=name)))
