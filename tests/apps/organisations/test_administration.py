"""The pages of administration: what is done there, by whom, and what the log says of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.manifest import Desk
from marfa.apps.organisations import actions, administration
from marfa.apps.organisations.models import Delegation, Organisation, RoleGrant, Team
from marfa.apps.organisations.queries import actor_of, desks_of, grants_in_force, loans_of
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Role
from tests.conftest import Operation, signed_in

DAY = timedelta(days=1)
UNTIL = {"until-day": "1", "until-month": "2", "until-year": "2031"}


@pytest.fixture
def administrator(operation: Operation) -> Client:
    return operation.at(Desk.ADMINISTRATION)


def at(name: str, *arguments: str) -> str:
    return reverse(f"organisations:{name}", args=arguments)


def day_sent(name: str, day: date) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def told(action: str) -> Entry:
    """The newest entry of the log about an action."""
    found = Entry.objects.filter(action=action).order_by("at", "place").last()
    assert found is not None, f"the log says nothing of {action}"
    return found


def test_a_person_is_added_with_a_first_role(operation: Operation, administrator: Client) -> None:
    sent = {
        "username": "samir",
        "display_name": "Samir",
        "language": "ar",
        "role": "case_worker",
        "place": operation.guest.reference,
        # Digits as the region writes them.
        "until-day": "١",
        "until-month": "٢",
        "until-year": "٢٠٣١",
    }
    answer = administrator.post(at("add"), sent)
    user = User.objects.get(username="samir")
    assert answer.headers["Location"] == at("person", user.reference)
    (grant,) = grants_in_force().filter(user=user)
    assert (grant.role, grant.organisation) == ("case_worker", operation.guest)
    assert grant.ends_at is not None
    assert grant.ends_at.date().isoformat() == "2031-02-02", "the day that is named is included"
    assert grant.granted_by == operation.desks[Desk.ADMINISTRATION]
    page = administrator.get(at("person", user.reference)).content.decode()
    assert "Samir" in page
    assert user.reference in page
    entry = told("users.add")
    assert (entry.object_id, entry.actor_id) == (user.pk, operation.desks[Desk.ADMINISTRATION].pk)
    assert "Samir" not in f"{entry.detail}{told('access.grant').detail}"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "two words"}, "f-username"),
        ({"username": "RECEPTION"}, "f-username"),
        ({"role": ""}, "f-role"),
        ({"role": "king"}, "f-role"),
        ({"place": ""}, "f-place"),
        ({"place": "0" * 20}, "f-place"),
        ({"until-day": "31", "until-month": "2", "until-year": "2031"}, "f-until"),
        ({"until-day": "x"}, "f-until"),
        ({"until-day": "31", "until-month": "12", "until-year": "9999"}, "f-until"),
        ({"until-day": "1", "until-month": "1", "until-year": "2001"}, "f-until"),
        ({"role": "administrator", "site": "1"}, ""),
    ],
)
def test_what_is_wrong_leads_to_its_question(
    operation: Operation, administrator: Client, wrong: dict[str, str], field: str
) -> None:
    before = User.objects.count(), RoleGrant.objects.count()
    sent = {"username": "samir", "role": "case_worker", "place": operation.controller.reference}
    answer = administrator.post(at("add"), sent | wrong)
    if not field:
        assert answer.status_code == 302
        return
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}' in page
    assert f'id="{field}' in page
    typed = {**sent, **wrong}["username"]
    assert f'value="{typed}"' in page, "nothing typed is lost"
    assert (User.objects.count(), RoleGrant.objects.count()) == before


def test_roles_are_given_lent_and_ended(operation: Operation, administrator: Client) -> None:
    worker = operation.desks[Desk.PROTECTION]
    sent = {"role": "supervisor", "place": operation.controller.reference, **UNTIL}
    assert administrator.post(at("grant", worker.reference), sent).status_code == 302
    grant = RoleGrant.objects.get(user=worker, role="supervisor")
    lend = reverse("own_roles:lend", args=[grant.reference])
    wrong = administrator.post(lend, {"to": worker.reference, **UNTIL})
    assert 'href="#f-to"' in wrong.content.decode()
    soon = (clock.now() + 5 * DAY).date()
    sent = {"to": operation.colleague.reference, **day_sent("until", soon)}
    assert administrator.post(lend, sent).status_code == 302
    (loan,) = loans_of(operation.colleague)
    assert Role.SUPERVISOR in actor_of(operation.colleague).role_names
    for reader in (worker, operation.colleague):
        page = signed_in(reader).get(reverse("own_roles:mine")).content.decode()
        assert worker.display_name in page
        assert operation.colleague.display_name in page
    ended = administrator.post(at("end_grant", grant.reference))
    assert ended.headers["Location"] == at("person", worker.reference)
    assert list(loans_of(operation.colleague)) == []
    assert "supervisor" in told("access.revoke").detail
    assert loan.grant == grant


def test_everybody_lends_their_own_roles_and_nobody_elses(operation: Operation) -> None:
    worker = operation.desks[Desk.PROTECTION]
    grant = grants_in_force().get(user=worker)
    lend = reverse("own_roles:lend", args=[grant.reference])
    soon = (clock.now() + DAY).date()
    sent = {"to": operation.colleague.reference, **day_sent("until", soon)}
    for other in (operation.colleague, operation.partner, operation.officer):
        assert signed_in(other).post(lend, sent).status_code == 404
    page = signed_in(worker).get(lend).content.decode()
    assert operation.colleague.display_name in page
    assert operation.partner.display_name not in page, "no names of another organisation's staff"
    assert signed_in(worker).post(lend, sent).status_code == 302
    loan = Delegation.objects.get()
    back = reverse("own_roles:end_loan", args=[loan.reference])
    assert signed_in(operation.colleague).post(back).status_code == 404
    assert signed_in(worker).post(back).headers["Location"] == reverse("own_roles:mine")
    assert list(loans_of(worker)) == []


def test_a_role_is_lent_to_colleagues_of_the_same_place_alone(
    operation: Operation, administrator: Client
) -> None:
    """Who is not offered on the page is not chosen by a request either: another organisation's
    staff would come to its people's records by it."""
    worker = operation.desks[Desk.PROTECTION]
    lend = reverse("own_roles:lend", args=[grants_in_force().get(user=worker).reference])
    until = day_sent("until", (clock.now() + DAY).date())
    answers = []
    for stranger in (operation.partner.reference, operation.outsider.reference, "0" * 20):
        for lender in (signed_in(worker), administrator):
            page = lender.post(lend, {"to": stranger, **until})
            assert page.status_code == 422
            answers.append(page.content.decode().count("#f-to"))
    assert len(set(answers)) == 1, "nor does the answer tell who is there"
    assert not Delegation.objects.exists()


def test_blocking_bites_at_the_next_request(operation: Operation, administrator: Client) -> None:
    worker = operation.desks[Desk.PROTECTION]
    session = signed_in(worker)
    assert session.get("/desks/protection/").status_code == 200
    assert administrator.get(at("block", worker.reference)).status_code == 200
    assert session.get("/desks/protection/").status_code == 200, "asking does not do it"
    administrator.post(at("block", worker.reference))
    assert session.get("/desks/protection/").status_code == 302
    assert told("users.block").object_id == worker.pk
    administrator.post(at("unblock", worker.reference))
    assert session.get("/desks/protection/").status_code == 302, "old sessions stay ended"
    worker.refresh_from_db()
    assert worker.is_active


def test_a_link_is_shown_once_and_lets_in(operation: Operation, administrator: Client) -> None:
    answer = administrator.post(at("link", operation.outsider.reference))
    page = answer.content.decode()
    address = page.split('value="http', 1)[1].split('"', 1)[0]
    secret = address.rstrip("/").rsplit("/", 1)[1]
    visitor = Client()
    assert visitor.post(reverse("accounts:link", args=[secret])).status_code == 302
    assert secret not in str(told("users.reset").__dict__)
    administrator.post(at("block", operation.outsider.reference))
    refused = administrator.post(at("link", operation.outsider.reference))
    assert refused.status_code == 422


def test_the_last_administrator_is_kept_with_a_sentence(
    operation: Operation, administrator: Client
) -> None:
    only = operation.desks[Desk.ADMINISTRATION]
    grant = grants_in_force().get(user=only)
    answer = administrator.post(at("end_grant", grant.reference))
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    refused = administrator.post(at("block", only.reference))
    assert refused.status_code == 403, "nobody blocks themselves"
    assert desks_of(only) == {Desk.ADMINISTRATION}


def test_places_and_teams(operation: Operation, administrator: Client) -> None:
    assert administrator.post(at("add_guest"), {"name": "  "}).status_code == 422
    assert administrator.post(at("add_guest"), {"name": "Lighthouse"}).status_code == 302
    guest = Organisation.objects.get(name="Lighthouse")
    site = {"name": "Pier", "time_zone": "Moon/Base"}
    wrong = administrator.post(at("add_site", guest.reference), site)
    assert 'href="#f-time_zone"' in wrong.content.decode()
    site["time_zone"] = "Asia/Amman"
    assert administrator.post(at("add_site", guest.reference), site).status_code == 302
    made = {"name": "Night watch", "place": guest.sites.get().reference}
    administrator.post(at("add_team"), made)
    again = administrator.post(at("add_team"), made)
    assert 'href="#f-name"' in again.content.decode() or again.status_code == 422
    team = Team.objects.get(name="Night watch")
    member = at("member", team.reference)
    administrator.post(member, {"person": operation.partner.reference})
    page = administrator.get(at("team", team.reference)).content.decode()
    assert operation.partner.display_name in page
    administrator.post(member, {"person": operation.partner.reference, "leave": "1"})
    assert not team.memberships.filter(ends_at=None).exists()
    administrator.post(at("end_team", team.reference))
    assert administrator.get(at("team", team.reference)).status_code == 404
    assert administrator.get(at("end_guest", operation.guest.reference)).status_code == 200
    administrator.post(at("end_guest", operation.guest.reference))
    assert desks_of(operation.partner) == frozenset()
    assert administrator.post(at("end_guest", operation.controller.reference)).status_code == 404


def test_exclusions_are_counted_and_no_record_is_named(
    operation: Operation, administrator: Client
) -> None:
    record = new_id()
    actions.exclude_from_object(object_kind="Person", object_id=record, user=operation.colleague)
    page = administrator.get(at("exclusions")).content.decode()
    assert operation.colleague.display_name in page
    assert str(record) not in page


CHANGES = ["add", "add_guest", "add_team"]
OF_A_PERSON = ["grant", "link", "block", "unblock"]


def test_the_officer_sees_who_holds_what_and_changes_nothing(operation: Operation) -> None:
    officer = signed_in(operation.officer)
    worker = operation.desks[Desk.PROTECTION]
    for name in ("people", "ending", "sites", "teams", "exclusions"):
        assert officer.get(at(name)).status_code == 200
    page = officer.get(at("person", worker.reference)).content.decode()
    assert "</form>" not in page.split("<main", 1)[1].split("</main", 1)[0]
    for name in CHANGES:
        assert officer.post(at(name)).status_code == 403
    for name in OF_A_PERSON:
        assert officer.post(at(name, worker.reference)).status_code == 403


def test_the_charter_decides_and_not_the_page_alone(operation: Operation) -> None:
    """Whoever passes by the page is stopped by the policies; the log says so."""
    worker = operation.desks[Desk.PROTECTION]
    for stranger in (worker, operation.officer, operation.partner, operation.outsider):
        actor = actor_of(stranger)
        with pytest.raises(DeniedError):
            administration.add_person(actor=actor, username="x", display_name="")
        with pytest.raises(DeniedError):
            administration.give_role(
                actor=actor,
                user=operation.outsider,
                role=Role.CASE_WORKER,
                organisation=operation.controller,
            )
        with pytest.raises(DeniedError):
            administration.block_account(actor=actor, user=operation.colleague)
    assert told("users.block").outcome == "denied"
    assert not User.objects.filter(username="x").exists()


def test_the_officer_is_not_helped_by_administrators_alone(
    operation: Operation, administrator: Client
) -> None:
    """Nobody gives themselves a role, through the page either."""
    only = operation.desks[Desk.ADMINISTRATION]
    sent = {"role": "case_worker", "place": operation.controller.reference}
    assert administrator.post(at("grant", only.reference), sent).status_code == 403


PROVED = ["add", "grant", "link", "unblock", "block", "end_grant", "end_guest", "end_team", "lend"]


@pytest.mark.parametrize("name", PROVED)
def test_what_is_grave_asks_for_a_fresh_proof(
    operation: Operation, settings: Any, name: str
) -> None:
    """A session that was left open, or taken over, lets nobody in, gives nobody a role, and shuts
    nobody out."""
    settings.DEMONSTRATION = False
    only, worker = operation.desks[Desk.ADMINISTRATION], operation.desks[Desk.PROTECTION]
    client = signed_in(only)
    session = OpenSession.objects.get(user=only, ended_at=None)
    address = reverse("own_roles:lend", args=[worker.reference]) if name == "lend" else ""
    address = address or at(name, *([] if name == "add" else [worker.reference]))
    answers = []
    for minutes in (6, 4):
        proved = clock.now() - timedelta(minutes=minutes)
        OpenSession.objects.filter(pk=session.pk).update(factor_at=proved)
        answers.append(client.post(address).headers.get("Location", ""))
    assert "/proof/" in answers[0]
    assert "/proof/" not in answers[1]


@pytest.mark.parametrize("name", ["people", "person", "team", "teams", "exclusions"])
def test_queries_stay_the_same(operation: Operation, administrator: Client, name: str) -> None:
    team = actions.create_team(organisation=operation.controller, name="First")
    worker = operation.desks[Desk.PROTECTION]
    arguments = {"person": [worker.reference], "team": [team.reference]}.get(name, [])

    def fill(round: int) -> None:
        for number in range(round * 3, round * 3 + 3):
            site = actions.open_site(
                organisation=operation.controller, name=f"s{number}", time_zone="Asia/Amman"
            )
            grant = actions.grant_role(
                user=worker, role=Role.SUPERVISOR, organisation=operation.controller, site=site
            )
            actions.lend_role(
                lender=worker, grant=grant, to=operation.colleague, ends_at=clock.now() + DAY
            )
            actions.create_team(organisation=operation.guest, name=f"t{number}")
        for user in list(operation.desks.values())[round * 3 : round * 3 + 3]:
            actions.join_team(team=team, user=user)
            actions.exclude_from_object(object_kind="Case", object_id=new_id(), user=user)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(at(name, *arguments)).status_code == 200
        return len(captured)

    fill(0)
    before = count()
    fill(1)
    assert count() == before
