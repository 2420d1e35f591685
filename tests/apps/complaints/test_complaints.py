"""Somebody complains: who reads it, who does not learn that there is one, what is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.complaints import actions, queries
from marfa.apps.complaints.models import Complaint
from marfa.apps.manifest import Desk
from marfa.apps.name_search.models import Search
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import RoleGrant, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.privacy import retention
from marfa.apps.privacy.access import answer_access
from marfa.domain.codes import new_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.models import Erasure, SubjectKey
from marfa.safeguards.words import Role
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "The guard CANARYGUARD asked my daughter"


class Office:
    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        with every_organisation():
            Complaint.objects.all().delete()  # the demonstration's own
        self.sites = list(Site.objects.filter(organisation=operation.controller).order_by("name"))
        self.reader = self.focal("reader")
        self.local = self.focal("local")
        grant_role(
            user=self.local,
            role=Role.RECEPTION_OFFICER,
            organisation=operation.controller,
            site=self.sites[0],
        )
        self.of_the_site = create_user(username="ofsite", display_name="Of the site")
        grant_role(
            user=self.of_the_site,
            role=Role.FOCAL_POINT,
            organisation=operation.controller,
            site=self.sites[0],
        )

    def focal(self, name: str) -> User:
        user = create_user(username=name, display_name=name.title())
        grant_role(user=user, role=Role.FOCAL_POINT, organisation=self.operation.controller)
        return user

    def send(self, **more: str) -> Complaint:
        typed = {
            "text": STORY,
            "about": "guard",
            "matter": "sexual",
            "site": self.sites[0].reference,
            "contact": "",
        }
        sent = self.operation.at(Desk.RECEPTION).post(reverse("complaint:make"), typed | more)
        assert sent.status_code == 200
        with every_organisation():
            row = Complaint.objects.order_by("-pk")[0]
        shown = re.sub(
            r"\D", "", re.findall(r"<strong><bdi[^>]*>(.*?)</bdi>", str(sent.content.decode()))[0]
        )
        assert shown == row.code
        return row


@pytest.fixture
def office(operation: Operation) -> Office:
    return Office(operation)


def opens(browser: Client, row: Complaint) -> int:
    return browser.get(reverse("complaints:one", args=[row.reference])).status_code


def test_it_is_read_past_the_team_that_it_is_about(office: Office) -> None:
    row = office.send()
    page = signed_in(office.reader).get(reverse("complaints:one", args=[row.reference]))
    assert STORY in page.content.decode()
    others = [
        office.local,
        office.of_the_site,
        office.operation.supervisor,
        office.operation.colleague,
        office.operation.partner,
        office.operation.officer,
        office.operation.desks[Desk.RECEPTION],
        office.operation.desks[Desk.ADMINISTRATION],
    ]
    for user in others:
        answer = signed_in(user).get(reverse("complaints:one", args=[row.reference]))
        assert answer.status_code in (403, 404), user.username
        assert STORY not in answer.content.decode()
        assert queries.readable_complaints(actor_of(user)) == []
        assert list(queries.work_items_of(user)) == []
    with every_organisation():
        assert [item.urgency for item in queries.work_items_of(office.reader)] == ["due"]


def test_who_is_named_is_shut_out(office: Office) -> None:
    row = office.send(site="")
    second = office.focal("second")
    assert opens(signed_in(second), row) == 200
    there = reverse("complaints:one", args=[row.reference])
    assert signed_in(office.reader).post(there, {"named": "nobody"}).status_code == 400
    assert signed_in(office.reader).post(there, {"named": "second"}).status_code == 302
    with every_organisation(), pytest.raises(DeniedError):
        queries.open_complaint(actor=actor_of(second), complaint=row)
    assert opens(signed_in(second), row) == 404
    assert opens(signed_in(office.reader), row) == 200


def test_who_is_named_serves_nobodys_rights_in_it(office: Office) -> None:
    row, officer = office.send(site=""), office.operation.officer
    with every_organisation():
        assert answer_access(actor=actor_of(officer), subject=row.pk, language="en").about
        named = {"named": officer.username}
        signed_in(office.reader).post(reverse("complaints:one", args=[row.reference]), named)
        with pytest.raises(DeniedError) as denied:
            answer_access(actor=actor_of(officer), subject=row.pk, language="en")
    (policy,) = denied.value.decision.policies
    assert policy == "OP29.complaints.rights-not-by-who-is-named"


def test_the_log_says_that_and_not_what(office: Office) -> None:
    row = office.send(contact="+218 91 CANARYPHONE")
    opens(signed_in(office.reader), row)
    told = list(Entry.objects.filter(object_id=row.pk).order_by("at", "place"))
    assert [entry.action for entry in told] == ["complaints.make", "complaints.read"]
    for entry in told:
        assert "CANARY" not in str(vars(entry))
    with every_organisation():
        stored = Complaint.objects.filter(pk=row.pk).values().get()
        assert b"CANARY" not in b"".join(
            bytes(value) for value in stored.values() if isinstance(value, (bytes, memoryview))
        )


def test_what_became_of_it_is_told_for_a_code_and_nothing_more(office: Office) -> None:
    row = office.send()
    desk = office.operation.at(Desk.RECEPTION)
    there = reverse("complaint:what_became")
    before = desk.post(there, {"code": row.code}).content.decode()
    assert "not looked into yet" in before
    assert STORY not in before
    reader = signed_in(office.reader)
    to_it = reverse("complaints:one", args=[row.reference])
    assert reader.post(to_it, {"note": " "}).status_code == 400
    assert reader.post(to_it, {"note": "We moved the guard", "settle": "1"}).status_code == 302
    after = desk.post(there, {"code": row.code}).content.decode()
    assert "it was looked into" in after
    assert "moved the guard" not in after
    assert reader.post(to_it, {"note": "again"}).status_code == 400
    assert "no complaint with this code" in desk.post(there, {"code": new_code()}).content.decode()
    assert list(queries.work_items_of(office.reader)) == []


def test_whom_and_what_it_is_about_can_be_left_open(office: Office) -> None:
    desk = office.operation.at(Desk.RECEPTION)
    desk.post(reverse("complaint:make"), {"hand": "en"})
    form = desk.get(reverse("complaint:make")).content.decode()
    assert "You need not say, and need not name anyone" in form
    sent = desk.post(reverse("complaint:make"), {"text": STORY})
    assert "You did not say who it is about. That is fine" in sent.content.decode()
    with every_organisation():
        row = Complaint.objects.order_by("-pk")[0]
    assert (row.about, row.matter, row.site) == ("unsaid", "unsaid", None)
    # What is left open may be the worst: it waits no longer than that.
    assert row.due_at - row.received_at == timedelta(hours=24)
    page = signed_in(office.reader).get(reverse("complaints:one", args=[row.reference]))
    told = page.content.decode()
    assert STORY in told
    assert "did not say who it is about" in told
    assert "I do not want to say" not in told
    listed = signed_in(office.reader).get(reverse("complaints:all")).content.decode()
    assert "left open" in listed


def test_what_becomes_clear_is_added_and_what_was_said_stays(office: Office) -> None:
    row = office.send(about="unsaid", matter="unsaid", site="")
    due = row.due_at
    there = reverse("complaints:one", args=[row.reference])
    reader = signed_in(office.reader)
    assert reader.post(there, {"known": "1"}).status_code == 400
    assert reader.post(there, {"known": "1", "about": "unsaid"}).status_code == 400
    assert reader.post(there, {"known": "1", "about": "guard"}).status_code == 302
    with every_organisation():
        row.refresh_from_db()
        assert (row.about, row.matter, row.due_at) == ("guard", "unsaid", due)
        actor = actor_of(office.reader)
        with pytest.raises(InputError):
            actions.add_what_is_known(actor=actor, complaint=row, about="staff")
    told = Entry.objects.filter(object_id=row.pk, action="complaints.answer").order_by("at")
    assert any('"known"' in entry.detail for entry in told)


def test_a_place_that_becomes_clear_shuts_out_who_works_there(office: Office) -> None:
    row = office.send(site="")
    there = reverse("complaints:one", args=[row.reference])
    local = signed_in(office.local)
    assert opens(local, row) == 200
    answer = local.post(there, {"known": "1", "site": office.sites[0].reference})
    assert (answer.status_code, answer["Location"]) == (302, reverse("complaints:all"))
    assert opens(local, row) == 404
    assert opens(signed_in(office.reader), row) == 200


def test_codes_are_not_tried_out(office: Office) -> None:
    desk = office.operation.at(Desk.RECEPTION)
    there = reverse("complaint:what_became")
    answers = [desk.post(there, {"code": new_code()}).content.decode() for _ in range(12)]
    assert "Too many attempts" in answers[-1]


def test_asking_for_one_is_a_search_that_does_not_say_which(office: Office) -> None:
    row = office.send()
    desk = office.operation.desks[Desk.RECEPTION]
    there = reverse("complaint:what_became")
    for code in (row.code, new_code()):
        signed_in(desk).post(there, {"code": code})
    with every_organisation():
        asked = Search.objects.filter(searcher=desk.pk).order_by("at", "id")
        assert list(asked.values_list("found", "met")) == [(1, []), (0, [])]


def test_its_key_goes_with_it_three_years_after_it_was_settled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = office.send()
    to_it = reverse("complaints:one", args=[row.reference])
    signed_in(office.reader).post(to_it, {"note": "We moved the guard", "settle": "1"})
    whole = retention.find_due_rows
    complaints = lambda: [each for each in whole() if each.model is Complaint]  # noqa: E731
    monkeypatch.setattr(retention, "find_due_rows", complaints)
    for days, left in ((1095, 1), (1097, 0)):
        with clock.set_to(clock.now() + timedelta(days=days)), every_organisation():
            retention.apply_retention(actor=by_command())
            assert Complaint.objects.filter(pk=row.pk).count() == left
            assert SubjectKey.objects.filter(subject=row.pk).count() == left
            assert Erasure.objects.filter(subject=row.pk).exists() == (not left)
    told = Entry.objects.get(action="vault.erase", object_id=row.pk)
    assert (told.object_kind, told.subject_id) == ("Complaint", None)


def test_nothing_typed_is_lost_where_something_is_missing(office: Office) -> None:
    with every_organisation():
        before = Complaint.objects.count()
    typed = {"text": " ", "contact": "by the well", "about": "guard"}
    sent = office.operation.at(Desk.RECEPTION).post(reverse("complaint:make"), typed)
    assert "by the well" in sent.content.decode()
    with every_organisation():
        assert Complaint.objects.count() == before


def test_it_is_said_where_nobody_would_read_it(operation: Operation) -> None:
    shown = operation.at(Desk.RECEPTION).get(reverse("complaint:make")).content.decode()
    assert "No one outside the sites" not in shown
    RoleGrant.objects.filter(role=Role.FOCAL_POINT.value).delete()
    page = operation.at(Desk.RECEPTION).get(reverse("complaint:make")).content.decode()
    assert "No one outside the sites" in page


def test_a_settled_complaint_says_when(office: Office) -> None:
    row = office.send()
    with every_organisation(), pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(settled_at=clock.now())
