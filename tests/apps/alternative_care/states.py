"""Every state of the records of alternative care."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.alternative_care.actions.placements import (
    Wanted,
    end_placement,
    move_child,
    place_child,
    record_care_visit,
    review_child,
)
from marfa.apps.alternative_care.actions.places import (
    answer_vetting,
    ask_vetting,
    raise_doubt,
    record_check,
    record_place,
    settle_doubt,
)
from marfa.apps.alternative_care.models import CareDoubt, CarePlace, CareReview, Placement
from marfa.apps.alternative_care.models.places import CHECKS
from marfa.apps.cases.models import Case
from marfa.apps.organisations.models import Site
from marfa.platform import clock
from marfa.safeguards.actor import Actor


class CareStates:
    """Made by a worker and a second person; who lives there is grown up and decides alone."""

    def __init__(self, worker: Actor, second: Actor, site: Site) -> None:
        self.worker, self.second, self.site = worker, second, site

    def make(self, cases: list[Case]) -> None:
        """cases: six of them."""
        small, large = self.place("foster_family"), self.place("supervised_independent")
        for agree in (False, True):
            vetting = ask_vetting(actor=self.worker, place=large)
            answer_vetting(actor=self.second, vetting=vetting, agree=agree)
        ask_vetting(actor=self.worker, place=large)
        ends = [each for each in Placement.End.values if each != Placement.End.MOVED]
        for case, end in zip(cases, ends, strict=False):
            row = self.lives(case, large, "short")
            row.case = case
            end_placement(actor=self.worker, placement=row, end=end, text="So it is")
        row = self.lives(cases[4], large, "emergency")
        row.case = cases[4]
        wanted = Wanted("emergency", "Yes", "A fire")
        move_child(actor=self.worker, placement=row, place=small, wanted=wanted, text="A fire")
        row = self.lives(cases[5], large, "short")
        row.case = cases[5]
        for outcome in CareReview.Outcome.values:
            review_child(
                actor=self.worker, placement=row, outcome=outcome, view="I am well", text="Seen"
            )
        record_care_visit(
            actor=self.worker, placement=row, alone=True, announced=False, text="All is well"
        )
        self.doubts(large)

    def place(self, kind: str) -> CarePlace:
        told = {
            "kind": kind,
            "label": "Blue door",
            "name": "Umm Nadia",
            "capacity": 9,
            "held": 0,
            "age_from": 0,
            "age_to": 25,
            "takes": "all",
        }
        place = record_place(actor=self.worker, site=self.site, told=told)
        now = clock.now()
        for check in CHECKS:
            outcome = "unlawful" if check == "police_certificate" else "good"
            record_check(
                actor=self.worker,
                place=place,
                kind=check,
                outcome=outcome,
                done_at=now,
                until=now + timedelta(days=99),
            )
        return place

    def lives(self, case: Case, place: CarePlace, sort: str) -> Placement:
        wanted = Wanted(sort, "I like it", "No one else is there")
        return place_child(actor=self.worker, case=case, place=place, wanted=wanted)

    def doubts(self, place: CarePlace) -> None:
        now = clock.now()
        record_check(
            actor=self.worker,
            place=place,
            kind="references",
            outcome="bad",
            done_at=now,
            until=now + timedelta(days=9),
            text="He shouts",
        )
        for why in ("complaint", "indicator", "other"):
            doubt = raise_doubt(actor=self.worker, place=place, why=why, text="He shouts")
        settle_doubt(actor=self.second, doubt=doubt, text="It was the radio")
        assert CareDoubt.objects.filter(settled_at=None).count() >= 3
