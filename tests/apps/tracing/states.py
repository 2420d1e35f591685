"""Every state of the records of tracing."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models import Case
from marfa.apps.organisations.models import Site
from marfa.apps.tracing.actions.claims import (
    Account,
    Finding,
    answer_decision,
    claim_relative,
    propose_outcome,
    record_account,
    record_contact,
)
from marfa.apps.tracing.actions.enquiries import EnquiryTold, match_enquiry, take_enquiry
from marfa.apps.tracing.actions.partings import answer_parting, ask_parting
from marfa.apps.tracing.actions.requests import Fear, end_request, open_request, record_fear
from marfa.apps.tracing.actions.reunification import (
    SIGNS,
    Preparation,
    answer_reunification,
    check_risks,
    finish_reunification,
    prepare_reunification,
    record_visit,
    stop_reunification,
)
from marfa.apps.tracing.models import (
    ClaimedRelative,
    FamilyContact,
    FamilyVisit,
    NeverThrough,
    Parting,
    Reunification,
    TracingRequest,
)
from marfa.platform import clock
from marfa.safeguards.actor import Actor


class TracingStates:
    """Made by a worker and a second person, in cases of adults, who decide by themselves."""

    def __init__(self, worker: Actor, second: Actor, site: Site) -> None:
        self.worker, self.second, self.site = worker, second, site

    def make(self, cases: list[Case]) -> None:
        """cases: two of them."""
        self.enquiries(cases[0])
        self.requests(cases[0])
        for state in ClaimedRelative.State.values:
            claim = self.claim(cases[0])
            if state != ClaimedRelative.State.CLAIMED:
                self.decide(claim, state)
        self.ways_back(cases)
        self.partings(*cases)

    def enquiries(self, case: Case) -> None:
        told = EnquiryTold("other_relative", "Halil", "At the bakery", "Zubayr")
        for matched in (False, True):
            row = take_enquiry(actor=self.worker, site=self.site, told=told)
            if matched:
                match_enquiry(actor=self.worker, enquiry=row, case=case)

    def requests(self, case: Case) -> None:
        for state in TracingRequest.State.values:
            row = open_request(actor=self.worker, case=case, kind="sibling", name="Salma")
            if state != TracingRequest.State.OPEN:
                end_request(actor=self.worker, request=row, state=state, text="So it is")
        feared = Recipient.objects.filter(guest=None).order_by("pk").first()
        for said_by in NeverThrough.SaidBy.values:
            fear = Fear("consulate", said_by, "They hunt us", feared)
            record_fear(actor=self.worker, case=case, fear=fear)

    def claim(self, case: Case) -> ClaimedRelative:
        row = claim_relative(actor=self.worker, case=case, kind="sibling", name="Halil")
        row.case, row.person = case, case.person
        for side in ("child", "relative", "document", "other"):
            told = Account(side, "The same street", True, True, True)
            record_account(actor=self.worker, claim=row, told=told)
        return row

    def decide(self, claim: ClaimedRelative, outcome: str, *, sides: str = "agree") -> None:
        for agree in (False, True):
            found = Finding(outcome, sides, "Both name the street")
            row = propose_outcome(actor=self.worker, claim=claim, found=found)
            answer_decision(actor=self.second, decision=row, agree=agree, text="Not yet")
        claim.refresh_from_db()

    def ways_back(self, cases: list[Case]) -> None:
        for fit in ("partly", "differ", "one_side"):
            outcome = "verified" if fit == "partly" else "not_enough"
            self.decide(self.claim(cases[1]), outcome, sides=fit)
        claim = self.claim(cases[1])
        self.decide(claim, "verified")
        propose_outcome(
            actor=self.worker, claim=self.claim(cases[1]), found=Finding("refuted", "differ", "No")
        )
        for way in FamilyContact.Way.values:
            record_contact(
                actor=self.worker, claim=claim, way=way, at=clock.now(), wished=True, text="Well"
            )
        check_risks(
            actor=self.worker, claim=claim, answers=dict.fromkeys(SIGNS, "no"), text="Three asked"
        )
        for wish in (*Reunification.Wish.values, "yes", "yes", "yes"):
            self.way_back(claim, wish)

    def way_back(self, claim: ClaimedRelative, wish: str) -> None:
        told = Preparation(wish, "Alone with me", clock.now(), False, "They wish it")
        row = prepare_reunification(actor=self.worker, claim=claim, told=told)
        row.case, row.claim = claim.case, claim
        made = Reunification.objects.filter(claim=claim).count()
        if wish != "yes":
            stop_reunification(actor=self.worker, row=row, text="They do not wish it")
        elif made == 1:
            answer_reunification(actor=self.second, row=row, agree=False)
        elif made < 6:
            answer_reunification(actor=self.second, row=row, agree=True)
            days = [timedelta(days=each) for each in range(1, 7)]
            visits = finish_reunification(actor=self.worker, row=row, text="Well", visits=days)
            held = [each for each in FamilyVisit.State.values if each != "planned"]
            for visit, state in zip(visits, held, strict=False):
                visit.reunification = row
                record_visit(actor=self.worker, visit=visit, state=state, text="Seen alone")
        else:
            answer_reunification(actor=self.second, row=row, agree=True)

    def partings(self, case: Case, other: Case) -> None:
        for state in ("agreed", "not_agreed", "waiting"):
            row = ask_parting(actor=self.worker, case=case, other=other.person, text="She is ill")
            row.case = case
            if state != Parting.State.WAITING:
                answer_parting(actor=self.second, parting=row, agree=state == "agreed")
