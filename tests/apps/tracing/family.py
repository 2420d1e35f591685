"""What tests of tracing begin with: a boy with a case, and an uncle who comes and asks for him."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from marfa.apps.cases.models import Case
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Person
from marfa.apps.tracing.actions.claims import (
    Account,
    Finding,
    answer_decision,
    claim_relative,
    propose_outcome,
    record_account,
)
from marfa.apps.tracing.models import ClaimedRelative, TieDecision
from marfa.domain.dates import PartialDate
from tests.apps.cases.office import Office

BOY = NewPerson(sex="male", born=PartialDate.gregorian(2018), basis="stated")
THERE = "/someone-looks-for/"
UNCLE = {
    "who": "Halil Quzah",
    "reach": "At the bakery",
    "tie": "aunt_or_uncle",
    "sought": "Zubayr Quzah",
    "sex": "male",
    "age_from": "6",
    "age_to": "10",
    "told": "His mother is my sister",
}
SECRETS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|nonce-[^\' ;]+')


def a_boy(office: Office) -> tuple[Person, Case]:
    person = office.register(BOY)
    return person, office.case(person)


def enquire(client: Client, site: str, **more: str) -> tuple[int, int, bytes]:
    """Status, length and words of the answer at the desk, without the tokens of its form."""
    page = client.post(THERE, {**UNCLE, "site": site, **more})
    return page.status_code, len(page.content), SECRETS.sub(b"", page.content)


def a_claim(office: Office, case: Case, **more: Any) -> ClaimedRelative:
    told = {"kind": "aunt_or_uncle", "name": "Halil Quzah", **more}
    row = claim_relative(actor=office.worker, case=case, **told)
    row.case, row.person = case, case.person
    return row


def hear_both(office: Office, claim: ClaimedRelative) -> None:
    child = Account("child", "My aunt Salma", apart=True, open_questions=True)
    relative = Account("relative", "His aunt Salma", untold=True)
    for told in (child, relative):
        record_account(actor=office.worker, claim=claim, told=told)


def decide(office: Office, claim: ClaimedRelative, outcome: str = "verified") -> TieDecision:
    """Proposed by the worker, agreed by the supervisor."""
    sides = "agree" if outcome == "verified" else "differ"
    found = Finding(outcome, sides, "Both name the same street")
    row = propose_outcome(actor=office.worker, claim=claim, found=found)
    answer_decision(actor=office.supervisor, decision=row, agree=True)
    claim.refresh_from_db()
    return row
