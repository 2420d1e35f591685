"""Every page in every state: none fails, no link leads nowhere, and of whom somebody may not know
there is as much as of nobody."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from uuid import UUID

import pytest
from django.db.models import Q
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.organisations.demo import OFFICER
from marfa.apps.organisations.object_access import objects_shut_to
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.models import Person
from marfa.apps.registry.person_page import first_names
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.demo.build import build_demo
from marfa.demo.operation import Scale
from marfa.domain.codes import format_code
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from tests.conftest import Operation
from tests.web.every_state import (
    VISITOR,
    Crawl,
    Record,
    Visitor,
    alike,
    codes,
    everybody,
    match_of,
    of_nobody,
    records,
    routes,
    takes,
)
from tests.web.matrix import ARGUMENTS
from tests.web.states_made import HIDDEN_NAME, Maker, make_states

pytestmark = pytest.mark.django_db
SMALL = Scale(people=60, screenings=20, cases=8, seed=7)

TAKEN = {
    "cases:add_episode": "cases.Case",
    "cases:begun": "registry.Person",
    "consents:answer": "registry.Person",
    "consents:end_agreement": "agreements.DataAgreement",
    "consents:end_recipient": "agreements.Recipient",
    "consents:paper": "registry.Person",
    "consents:refused": "registry.Person",
    "forms:end_device": "forms.Device",
    "forms:one": "forms.Submission",
    "openrosa:form": "forms.FormVersion",
    "openrosa:manifest": "forms.FormVersion",
    "organisations:end_grant": "organisations.RoleGrant",
    "organisations:end_team": "organisations.Team",
    "organisations:link": "accounts.User",
    "organisations:member": "organisations.Team",
    "organisations:unblock": "accounts.User",
    "oversight:end_sessions": "accounts.User",
    "own_roles:end_loan": "organisations.Delegation",
    "people:end_row": "registry.PersonName",
    "people:one_registered": "registry.Person",
    "people:picture": "registry.Person",
    "people:registered": "registry.Household",
    "proceedings:review": "proceedings.CompelledAct",
    "proceedings:send": "proceedings.CompelledAct",
    "proceedings:write_act": "registry.Person",
    "queue:end": "reception.PrivateConversation",
    "queue:offer": "reception.PrivateConversation",
    "queue:pause": "reception.PrivateConversation",
    "queue:question": "reception.PrivateConversation",
    "reasons:take_away": "reception.QueueEntry reception.ScreeningReason",
    "screening:end": "screening.Screening",
    "screening:health": "screening.HealthCheck",
    "to_screen:go_on": "registry.Person",
    "to_screen:health": "registry.Person",
    "to_screen:in_danger": "registry.Person",
    "filling:begin": "forms.FormVersion",
    "filling:definition": "forms.FormVersion",
}
"""Addresses to which no link leads, or only from a page that was sent: what they take."""

NOT_IN_EVERY_STATE = {
    "accounts:": "what is sent of an account is its holder's: tests/apps/accounts",
    "cases:once": "the secret of a page that opens once is stored nowhere",
    "demo:": "takes no record",
    "files:": "the key of an upload is its holder's: tests/platform/files",
    "filling:": "the key of a draft is its holder's: tests/apps/forms",
    "finding:": "takes no record",
    "forms:attached": "the demonstration has no answers with files",
    "forms:make": "takes no record",
    "health": "takes no record",
    "openrosa:": "asked by devices with a password: tests/apps/forms",
    "consents:end_ground": "the demonstration has no ground but consent",
    "reception:check": "takes no record",
    "sealedtier:": "sealed notes want passphrases: tests/apps/sealed_records",
    "shortcuts": "takes no record",
    "tours:change": "is sent only",
}
"""What is opened here for nobody's record at most, and where its records are opened."""


NOT_MADE = {
    "violation_notices.ViolationNotice.agreed_": "whose yes counts: tests/apps/best_interests",
    "age_assessment.AgeAssessment.agreed_by=": "whose yes counts: tests/apps/best_interests",
    "accounts.OpenSession.": "made by coming in: tests/apps/accounts",
    "files.": "the key of an upload is its holder's: tests/platform/files",
    "name_search.Notice.": "made by searching: tests/apps/search",
    "sealed": "sealed notes want passphrases: tests/apps/sealed_records",
    "consents.Consent.text_state=reviewed": "a demonstration has drafts alone",
    "forms.Submission.": "answers in every state: tests/apps/forms",
    "cases.AssessmentArea.state=declined": "typed on the page of an area: tests/apps/cases",
    "cases.CaseStep.kind=moved": "a referral between sites: tests/apps/referrals",
    "cases.FormalIdentification.rests_on=": "children: tests/apps/cases",
    "cases.Review.state=withdrawn": "a higher urgency withdraws it: tests/apps/cases",
    "referrals.Referral.way=page": "the secret of a page that opens once is stored nowhere",
}
"""Codes of records of which the crawl has none, and where they are looked at."""


def say(text: str) -> None:
    """The figures of the crawl, among what a test prints (``-s`` or ``-rP``)."""
    sys.stdout.write(f"{text}\n")


def hidden_from(user: User) -> list[Person]:
    """Who is protected, or out of whose record somebody is shut, and of whom they may not know."""
    actor = actor_of(user)
    shut = objects_shut_to(user.pk, [], KIND).values("object_id")
    with every_organisation():
        rows = Person.objects.filter(Q(protected=True) | Q(pk__in=shut))
        return list(rows.exclude(visibility_condition(PERSON, actor)).distinct())


def pattern_of(hidden: Collection[Person], known: dict[str, Record]) -> re.Pattern[str] | None:
    """What would tell of them: codes, as they are stored and as they are written, names, and the
    references of every row about them."""
    if not hidden:
        return None
    keys = {person.pk for person in hidden}
    told = {text for each in hidden for text in (each.code, format_code(each.code))}
    told |= {reference for reference, record in known.items() if record.about in keys}
    with every_organisation(), open_vault():
        # Others have the names of a demonstration too; this one is one person's.
        told |= {HIDDEN_NAME} & set(first_names(keys).values())
    return re.compile("|".join(map(re.escape, sorted(told))))


def differences(crawl: Crawl, visitor: Visitor, hidden: Collection[UUID]) -> Iterator[str | None]:
    """Every address about those of whom somebody may not know, beside the same of nobody: opened,
    and sent to. Gives None where both are alike."""
    for url in crawl.addresses(hidden):
        nobody = of_nobody(url, crawl.known)
        for ask in (visitor.open, visitor.send):
            there, not_there = alike(ask(url), url), alike(ask(nobody), nobody)
            yield None if there == not_there else f"{visitor.name} {ask.__name__}: {url}"


def unopened(crawl: Crawl) -> set[str]:
    """Addresses of which nothing is known, and which are not among those that need not be."""
    left = routes().keys() - crawl.kinds.keys()
    return {name for name in left if not name.startswith(tuple(NOT_IN_EVERY_STATE))}


def say_figures(crawl: Crawl, addresses: set[str], compared: int) -> None:
    states = {(record.kind, record.state) for record in crawl.known.values()}
    kinds = {kind for kind, _state in states}
    views = {match.view_name for url in addresses if (match := match_of(url))}
    answers = Counter(status for each in crawl.opened.values() for status in each.values())
    say(f"{len(views)} of {len(routes())} views; {len(addresses)} addresses by state of record")
    say(f"{len(states)} states of {len(kinds)} kinds of record; {len(crawl.opened)} visitors")
    every, missing = codes()
    say(f"{len(every) - len(missing)} of {len(every)} codes of how a record stands")
    say(f"{answers.total()} pages: {dict(sorted(answers.items()))}")
    say(f"{compared} comparisons with nobody; {len(crawl.failed)} failed, {len(crawl.dead)} dead")


@pytest.mark.slow
def test_every_address_as_everybody_in_every_state() -> None:
    build_demo(scale=SMALL)
    make_states()
    known = records()
    crawl = Crawl(known, takes(TAKEN, ARGUMENTS))
    visitors = everybody()
    hidden = {each.name: hidden_from(each.user) for each in visitors if each.user is not None}
    for name, people in hidden.items():
        # The data-protection officer reads the log, which tells of her.
        pattern = pattern_of(people, known) if name != OFFICER else None
        crawl.hidden |= {name: pattern} if pattern else {}
    for visitor in visitors:
        crawl.follow(visitor)
    addresses = set(crawl.addresses())
    for visitor in visitors:
        for url in sorted(addresses - crawl.opened[visitor.name].keys()):
            crawl.look(visitor, url)
    compared = [
        found
        for visitor in visitors
        if visitor.user is not None
        for found in differences(crawl, visitor, {each.pk for each in hidden[visitor.name]})
    ]
    say_figures(crawl, addresses, len(compared))
    assert crawl.failed == []
    assert crawl.dead == []
    assert crawl.told == []
    assert [found for found in compared if found] == []
    assert unopened(crawl) == set()
    assert [code for code in sorted(codes()[1]) if not code.startswith(tuple(NOT_MADE))] == []
    assert len(compared) > 1000
    assert sum(map(len, crawl.opened.values())) > 10_000
    assert {each.name for each in visitors} > {VISITOR, "supervisor", "reception"}


@pytest.fixture
def made(operation: Operation) -> Maker:
    """Two who are hidden, and what is done with exclusions, without a year."""
    with every_organisation():
        maker = Maker()
        maker.exclusions()
        maker.hidden()
    return maker


def test_who_may_not_know_sees_what_there_is_of_nobody(made: Maker) -> None:
    """The short form: what a protected woman and one out of whose record the case worker is shut
    are to those who may not know of them, at each address about a person or a case."""
    crawl = Crawl(records(), takes(TAKEN, ARGUMENTS))
    worker = Visitor("protection", User.objects.get(username="protection"))
    boss = Visitor("supervisor", User.objects.get(username="supervisor"))
    hidden = hidden_from(made.users["protection"])
    assert len(hidden) == 5, "one protected, and four out of whose records they are shut"
    for view, kind in (("people:person", "registry.Person"), ("cases:case", "cases.Case")):
        record = next(each for each in crawl.known.values() if each.kind == kind)
        crawl.learn(reverse(view, args=[record.row.reference]))
    shut = next(each for each in hidden if not each.protected)
    found = list(differences(crawl, worker, {shut.pk}))
    assert len(found) > 10
    assert [each for each in found if each] == []
    seen = list(differences(crawl, boss, {shut.pk}))
    assert [each for each in seen if each], "the control: who may know sees a difference"
    protected = next(each for each in hidden if each.protected)
    assert [each for each in differences(crawl, boss, {protected.pk}) if each] == []
    crawl.hidden = {worker.name: pattern_of(hidden, crawl.known) or re.compile("^$")}
    for page in ("/", reverse("caseload:mine"), "/timeline/", reverse("hand_overs:all"), "/find/"):
        crawl.look(worker, page)
    assert crawl.told == []
    assert crawl.failed == []


def test_the_crawl_finds_what_fails_what_leads_nowhere_and_what_tells(
    made: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page that fails, a link to a page that is not the reader's, a told code."""
    crawl = Crawl(records())
    boss = Visitor("supervisor", User.objects.get(username="supervisor"))
    case = next(each for each in crawl.known.values() if each.kind == "cases.Case")
    there = reverse("cases:case", args=[case.row.reference])
    crawl.hidden = {boss.name: re.compile(re.escape(format_code(case.row.person.code)))}
    monkeypatch.setattr("marfa.apps.cases.views.case_management.workers_for", None)
    crawl.look(boss, there)
    crawl.look(boss, reverse("cases:responsible", args=[case.row.reference]))
    assert len(crawl.failed) == 1
    assert len(crawl.told) >= 1
    crawl.follow(boss, there)
    assert [each for each in crawl.dead if "/responsible/" in each]
