"""The fictional people of a demonstration."""

from __future__ import annotations

from collections import Counter

import pytest

from marfa.apps.consents.models import Consent, Withdrawal
from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.reception.models import QueueEntry
from marfa.apps.registry.care import Situation, care_of_many
from marfa.apps.registry.models import Household, Person, PersonName, Registration, Relationship
from marfa.demo.build import build_demo
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_named
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault


@pytest.mark.django_db(transaction=True)
def test_forty_people_at_two_sites() -> None:
    build_demo(without=("screening",))
    with every_organisation(), open_vault():
        assert 35 <= Person.objects.count() <= 50
        assert Person.objects.values("site").distinct().count() == 2
        assert Household.objects.count() >= 8
        names = [name.text or "" for name in PersonName.objects.all()]
        scripts = ("\u0600", "\u0400", "\u4e00", "A")
        for first, last in zip(scripts, ("\u06ff", "\u04ff", "\u9fff", "z"), strict=True):
            assert any(first <= name[0] <= last for name in names), first
        care = care_of_many(list(Person.objects.values_list("pk", flat=True)), clock.now().date())
        found = {each.situation for each in care.values()}
        assert {Situation.ACCOMPANIED, Situation.UNACCOMPANIED, None} <= found
        assert Relationship.objects.filter(state="verified").exists()
        assert Registration.objects.filter(event="departure").exists()
        assert Person.objects.filter(age_disputed=True).count() == 1
        assert compare_facts(kind_named("people")).same
        states = set(QueueEntry.objects.values_list("state", flat=True))
        assert states >= {"waiting", "called", "being_seen", "left", "declined", "done"}
        decisions = Counter(Consent.objects.values_list("decision", flat=True))
        assert decisions == {"given": 4, "refused": 1}
        assert Withdrawal.objects.count() == 1
        assert SiteSnapshot.objects.count() == 1 + Person.objects.values("site").distinct().count()
