"""The demonstration has a child for whom everything stands, and a plan of its own."""

from __future__ import annotations

import pytest

from marfa.apps.best_interests.demo import boys_case
from marfa.apps.best_interests.queries import decision_in_force, has_guardian
from marfa.apps.reintegration.models import RecoveryPlan
from marfa.demo.build import build_demo
from marfa.platform.rowsecurity.context import every_organisation

pytestmark = pytest.mark.django_db


def test_a_boy_has_a_guardian_a_decision_in_force_and_a_plan() -> None:
    build_demo()
    with every_organisation():
        case = boys_case()
        assert case is not None
        assert has_guardian(case.person)
        assert decision_in_force(case.person, "placement") is not None
        assert case.best_interests_assessments.count() == 1
        plan = RecoveryPlan.objects.get(case=case)
        assert sorted(plan.steps.values_list("state", flat=True)) == ["done", *["open"] * 3]
