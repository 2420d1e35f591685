"""Somebody comes and asks for a child: what they and the desk are told is always the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.apps.manifest import Desk
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.tracing.enquiries import own_candidates, unseen_by
from marfa.apps.tracing.models import ClaimedRelative, Enquiry
from marfa.apps.tracing.work import work_items_of
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.apps.tracing.family import THERE, UNCLE, a_boy, decide, enquire, hear_both
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def test_the_uncle_reads_the_same_whether_there_is_such_a_child_or_not(
    office: Office, operation: Operation
) -> None:
    desk, site = operation.at(Desk.RECEPTION), office.site.reference
    desk.get(THERE)
    with CaptureQueriesContext(connection) as asked_without:
        nobody = enquire(desk, site)
    before = list(work_items_of(operation.desks[Desk.PROTECTION]))
    assert not before
    _boy, case = a_boy(office)
    with CaptureQueriesContext(connection) as asked_with:
        there = enquire(desk, site)
    assert there == nobody
    assert nobody[0] == 200
    assert len(asked_with) == len(asked_without)
    assert not [q for q in asked_with if '"cases_case"' in q["sql"]]
    # The control: the worker of the boy is asked, and the desk cannot read what it took down.
    item = next(iter(work_items_of(operation.desks[Desk.PROTECTION])))
    asked = operation.at(Desk.PROTECTION).get(item.url)
    assert UNCLE["who"] in asked.content.decode()
    assert case.reference in asked.content.decode()
    assert desk.get(item.url).status_code == 403
    # Matched, heard, refuted: he asks again and reads the same.
    sent = {"do": "match", "case": case.reference}
    matched = operation.at(Desk.PROTECTION).post(item.url, sent)
    claim = ClaimedRelative.objects.select_related("case__person", "case__site").get()
    assert matched.headers["Location"] == f"/cases/relatives/{claim.reference}/"
    with open_vault():
        assert ClaimedRelative.objects.get().name == UNCLE["who"]
    assert enquire(desk, site) == nobody
    claim.person = claim.case.person
    hear_both(office, claim)
    decide(office, claim, "refuted")
    assert claim.state == "refuted"
    assert enquire(desk, site) == nobody
    for sought in ("", "0" * 201):
        assert enquire(desk, site, sought=sought)[0] == 422


def test_a_closed_enquiry_looks_the_same_whatever_came_of_it(
    office: Office, operation: Operation
) -> None:
    desk, site = operation.at(Desk.RECEPTION), office.site.reference
    _boy, case = a_boy(office)
    for _ in range(2):
        enquire(desk, site)
    second, first = Enquiry.objects.order_by("-taken_at")[:2]
    worker = operation.at(Desk.PROTECTION)
    there = "/desks/protection/enquiries/{}/"
    worker.post(there.format(first.reference), {"do": "match", "case": case.reference})
    # Sent twice it is one claim, and it stays open like the other: the list tells nothing.
    worker.post(there.format(first.reference), {"do": "match", "case": case.reference})
    assert ClaimedRelative.objects.filter(enquiry=first).count() == 1
    both = Enquiry.objects.filter(pk__in=[first.pk, second.pk])
    assert set(both.values_list("state", "closed_at")) == {("open", None)}
    early = signed_in(operation.supervisor).post(there.format(second.reference), {"do": "close"})
    assert early.status_code == 422
    late = second.due_at + timedelta(hours=1)
    with clock.set_to(lambda: late):
        boss = signed_in(operation.supervisor)
        for row in both:
            done = boss.post(there.format(row.reference), {"do": "close"})
            assert done.status_code == 302
    rows = both.values_list("state", "sex", "tie")
    assert rows[0] == rows[1] == ("closed", "male", "aunt_or_uncle")
    assert set(Deadline.objects.filter(subject__in=both).values_list("state")) == {("met",)}


def test_a_protected_child_is_hinted_at_to_nobody_but_their_worker(
    office: Office, operation: Operation
) -> None:
    boy, case = a_boy(office)
    protect_person(
        actor=office.supervisor,
        person=boy,
        reason="They look for him.",
        review_on=clock.today("UTC") + timedelta(days=9),
        staying=[operation.supervisor],
    )
    enquire(operation.at(Desk.RECEPTION), office.site.reference)
    row = Enquiry.objects.latest("taken_at")
    asked = {
        who: own_candidates(actor, list(unseen_by(actor))).get(row.pk, [])
        for who, actor in (("worker", office.worker), ("colleague", office.colleague))
    }
    assert asked == {"worker": [case], "colleague": []}
    colleague = signed_in(operation.colleague)
    page = colleague.get(f"/desks/protection/enquiries/{row.reference}/")
    assert case.reference not in page.content.decode()
