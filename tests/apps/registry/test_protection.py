"""A protected person: who stays in, that nobody else sees them in the queue, how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.models import Assignment, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.queue import State, call_next, move_entry
from marfa.apps.reception.queries import called_at, waiting_at
from marfa.apps.registry.actions.protection import (
    ask_to_unprotect,
    keep_protected,
    let_stay,
    protect_person,
    review_protection,
    unprotect_person,
)
from marfa.apps.registry.models import Person, Protection, RegisteredFact, Relationship
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.reception.test_queue import (  # noqa: F401
    codes_of,
    entry_of,
    officer,
    registered,
    site,
    supervisor,
)
from tests.apps.registry.protection import MONTH, WHY, called, protect, unprotect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].message.code.partition(":")[2]


def test_who_is_assigned_stays_in_and_nobody_else(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    boss = supervisor(operation)
    with pytest.raises(InputError) as error:
        protect(person, staying=())
    assert code_of(error) == "protect-two-stay"
    assert not Person.objects.get().protected
    protect(person)
    assert list(waiting_at(site, officer)) == []
    assert list(waiting_at(site, boss)) == []
    assert call_next(actor=officer, site=site) is None
    focal = actor_of(*called("focal"))
    assert [each.person for each in waiting_at(site, focal)] == [person]
    with open_vault():
        assert Protection.objects.get().reason == WHY
    told = Entry.objects.filter(action="people.protect", subject_id=person.pk)
    assert {(row.actor_id, row.outcome) for row in told} == {(boss.id, "failed"), (boss.id, "done")}


@pytest.mark.parametrize(
    ("days", "reason", "staying", "code"),
    [
        (0, WHY, ("colleague", "focal"), "protect-review"),
        (185, WHY, ("colleague", "focal"), "protect-review"),
        (30, "  ", ("colleague", "focal"), "sentence-needed"),
        (30, WHY, ("focal",), "protect-two-stay"),
        (30, WHY, ("focal", "partner"), "protect-may-not-stay"),
        (30, WHY, ("focal", "officer"), "protect-may-not-stay"),
        (30, WHY, ("focal", "reception"), "protect-may-not-stay"),
    ],
)
def test_nobody_is_protected_without_a_reason_a_day_and_two_who_can_reach_them(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    days: int,
    reason: str,
    staying: tuple[str, ...],
    code: str,
) -> None:
    person = registered(officer, site, 1990)
    with pytest.raises(InputError) as error:
        protect_person(
            actor=supervisor(operation),
            person=person,
            reason=reason,
            review_on=clock.today(site.time_zone) + timedelta(days=days),
            staying=called(*staying),
        )
    assert code_of(error) == code
    assert not Protection.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("who", ["focal", "supervisor"])
def test_who_may_protect(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    who: str,
) -> None:
    person = registered(officer, site, 1990)
    for other in ("reception", "colleague", "protection", "partner", "administration"):
        with pytest.raises(DeniedError):
            protect(person, by=other)
    protect(person, by=who)
    with pytest.raises(DeniedError):
        protect(person, by="supervisor")


def test_two_people_take_it_away_and_nobody_alone(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    row = protect(person)
    worker, focal = (actor_of(user) for user in called("colleague", "focal"))
    with pytest.raises(DeniedError):
        unprotect_person(actor=worker, person=person)
    for outsider in (supervisor(operation), officer):
        with pytest.raises(DeniedError):
            ask_to_unprotect(actor=outsider, person=person, why="Why not?")
    ask_to_unprotect(actor=worker, person=person, why="She wishes it.")
    for nobody in (worker, supervisor(operation), officer):
        with pytest.raises(DeniedError):
            unprotect_person(actor=nobody, person=person)
    with pytest.raises(DeniedError) as denied:
        unprotect_person(actor=by_command(), person=person)
    assert "OP29.identity.only-by-hand" in denied.value.decision.policies
    with pytest.raises(InputError):
        ask_to_unprotect(actor=focal, person=person, why="Me too.")
    keep_protected(actor=focal, person=person)
    with pytest.raises(DeniedError):
        unprotect_person(actor=focal, person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Protection.objects.filter(pk=row.pk).update(
            asked_at=clock.now(), asked_by=worker.id, ended_at=clock.now(), ended_by=worker.id
        )
    unprotect(person)
    assert [each.person for each in waiting_at(site, officer)] == [person]
    row.refresh_from_db()
    assert (row.asked_by, row.ended_by) == (worker.id, focal.id)
    told = Entry.objects.filter(action="people.unprotect", outcome="done").get()
    assert (told.subject_id, told.actor_id) == (person.pk, focal.id)
    protect(person, staying=())


def test_it_is_looked_at_again_by_a_day_and_does_not_end_by_itself(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    protect(person)
    focal = signed_in(*called("focal"))
    address = reverse("people:protection", args=[person.reference])
    assert address not in focal.get("/").content.decode()
    later = clock.now() + MONTH + timedelta(days=2)
    with clock.set_to(lambda: later):
        assert list(waiting_at(site, officer)) == []
        focal = signed_in(*called("focal"))
        assert address in focal.get("/").content.decode()
        for other in (operation.supervisor, operation.desks[Desk.RECEPTION], operation.partner):
            assert person.reference not in signed_in(other).get("/").content.decode()
        again = later.date() + MONTH
        review_protection(actor=actor_of(*called("colleague")), person=person, review_on=again)
        assert address not in focal.get("/").content.decode()
    states = Deadline.objects.filter(kind="registry.protection_review").order_by("created_at")
    assert [row.state for row in states] == ["met", "open"]


def test_a_further_colleague_is_let_in_by_who_stays(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    protect(person)
    worker = actor_of(*called("colleague"))
    with pytest.raises(DeniedError):
        let_stay(actor=officer, person=person, user=operation.supervisor)
    with pytest.raises(InputError):
        let_stay(actor=worker, person=person, user=operation.partner)
    let_stay(actor=worker, person=person, user=operation.supervisor)
    assert [each.person for each in waiting_at(site, supervisor(operation))] == [person]


def test_their_ticket_is_on_no_board(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    move_entry(actor=officer, entry=entry_of(person), to=State.CALLED)
    assert called_at(site, officer) == [entry_of(person).ticket]
    protect(person)
    assert called_at(site, officer) == []
    assert called_at(site, actor_of(*called("focal"))) == []


def without(person: Person) -> bool:
    present = {"replaced_at": None, "valid_until": None}
    return bool(RegisteredFact.objects.get(subject=person.pk, **present).without_care)


def test_who_is_protected_looks_after_nobody_as_far_as_others_see(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    """In the reasons and in the facts that are counted; it counts again once they are not."""
    mother = registered(officer, site, 1990)
    child = registered(officer, site, 2016)
    alone = registered(officer, site, 2016)
    with transaction.atomic():
        Relationship.objects.create(
            organisation_id=child.organisation_id,
            person=mother,
            to=child,
            kind="parent",
            state="verified",
            settled_at=clock.now(),
            recorded_at=clock.now(),
        )
    protect(mother)
    assert codes_of(child) == codes_of(alone) == {"child_without_care"}
    assert without(child)
    assert without(alone)
    unprotect(mother)
    assert not without(child)


def page(user: User, person: Person, **sent: str | list[str]) -> tuple[int, str]:
    """What somebody sees of the protection, or after they sent something."""
    client = signed_in(user)
    address = reverse("people:protection", args=[person.reference])
    answer = client.post(address, sent) if sent else client.get(address)
    return answer.status_code, answer.content.decode()


def test_the_pages_from_protecting_to_its_end(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    mona, samar = called("focal", "colleague")
    shown = reverse("people:person", args=[person.reference])
    assert (
        reverse("people:protection", args=[person.reference])
        in signed_in(mona).get(shown).content.decode()
    )
    assert page(operation.desks[Desk.RECEPTION], person)[0] == 403
    assert page(mona, person, reason="", review_on="30", staying=[samar.reference])[0] == 422
    chosen = [mona.reference, samar.reference]
    status, _text = page(mona, person, reason=WHY, review_on="30", staying=chosen)
    assert status == 302
    assert page(operation.desks[Desk.RECEPTION], person)[0] == 404
    assert page(operation.supervisor, person)[0] == 404
    status, text = page(samar, person)
    assert status == 200
    assert WHY in text
    assert mona.display_name in text
    assert "This person is protected" in signed_in(samar).get(shown).content.decode()
    assert "This person is protected" in signed_in(mona).get(shown).content.decode()
    huda = operation.supervisor.reference
    for sent in ({"do": "stay", "staying": huda}, {"do": "review", "review_on": "14"}):
        assert page(samar, person, **sent)[0] == 302
    assert page(samar, person, do="ask", why="")[0] == 422
    assert page(samar, person, do="ask", why="She wishes it.")[0] == 302
    assert page(samar, person, do="end")[0] == 403
    assert "She wishes it." in page(mona, person)[1]
    assert page(mona, person, do="end")[0] == 302
    assert page(operation.desks[Desk.RECEPTION], person)[0] == 403
    seen = signed_in(operation.desks[Desk.RECEPTION]).get(shown).content.decode()
    assert samar.display_name not in seen, "that there was a protection is told to nobody else"
    assert mona.display_name not in seen
