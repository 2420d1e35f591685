"""Talks of a demonstration: each state is there, and the desks have something to do."""

from __future__ import annotations

import pytest

from marfa.apps.accounts.models import User
from marfa.apps.forms.converters import to_record
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SUPERVISOR
from marfa.apps.organisations.queries import actor_of
from marfa.apps.screening.board.figures import outcome_shares
from marfa.apps.screening.board.interviews import talks_since
from marfa.apps.screening.models import HandOver, OutcomeChange, Screening
from marfa.apps.screening.queries import (
    to_agree,
    to_screen,
    under_way,
    unresolved_screenings,
    waiting_hand_overs,
)
from marfa.demo.build import build_demo
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_named
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.rowsecurity.context import every_organisation


@pytest.mark.django_db(transaction=True)
def test_each_state_is_there() -> None:
    build_demo()
    officer, helper, boss = (
        actor_of(User.objects.get(username=name))
        for name in (Desk.RECEPTION.value, Desk.PROTECTION.value, SUPERVISOR)
    )
    with every_organisation():
        assert set(Screening.objects.values_list("state", flat=True)) == set(Screening.State)
        assert set(HandOver.objects.values_list("state", flat=True)) == set(HandOver.State)
        assert Screening.objects.exclude(help_declined_at=None).count() == 1
        assert OutcomeChange.objects.filter(direction="raise").count() == 1
        assert any(vars(row)["first"] for row in to_screen(officer)), "children are still to be met"
        assert (under_way(officer).count(), unresolved_screenings(officer).count()) == (2, 2)
        assert to_agree(boss).count() == 1
        assert [row.urgency for row in waiting_hand_overs(helper)] == ["now", "days"]
        found = outcome_shares(talks_since(boss, clock.now()), lambda talk: talk.site)
        assert sorted(each.share is None for each in found) == [False, True]
        assert to_record(boss).count() == 1
        assert compare_facts(kind_named("screenings")).same
        assert compare_facts(kind_named("people")).same
