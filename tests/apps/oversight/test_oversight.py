"""What administrators see of how others sign in, and what they may do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts import one_time_codes as codes
from marfa.apps.accounts.models import OpenSession, Passkey, User
from marfa.apps.manifest import Desk
from marfa.apps.oversight import queries
from marfa.platform import clock
from marfa.platform.recovery import Split
from marfa.safeguards.audit.models import Entry
from tests.apps.accounts.people import with_app, with_password
from tests.conftest import Operation, signed_in

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def samir(operation: Operation) -> User:
    return operation.desks[Desk.RECEPTION]


@pytest.fixture
def amal(operation: Operation) -> Client:
    """An administrator's browser."""
    return operation.at(Desk.ADMINISTRATION)


def at(name: str, user: User) -> str:
    return reverse(f"oversight:{name}", args=[user.reference])


def test_nothing_secret_is_shown(amal: Client, samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    made = codes.make_recovery_codes(user=samir)
    key = Passkey.objects.create(
        user=samir,
        credential="canary-credential",
        public_key=b"k",
        name="canary-name",
        made_at=NOON,
    )
    for url in (reverse("oversight:people"), at("person", samir)):
        page = amal.get(url).content.decode()
        assert "canary" not in page, "nor what its holder calls it: it may be a name"
        assert key.reference not in page
        assert codes.seed_of(row).hex() not in page
        assert not any(code in page for code in made)
    assert "10 codes left" in page


def test_a_person_is_signed_out_everywhere(amal: Client, samir: User) -> None:
    theirs = [signed_in(samir), signed_in(samir)]
    assert amal.post(at("end_sessions", samir)).status_code == 302
    for client in theirs:
        assert client.get(reverse("home")).status_code == 302
    entry = Entry.objects.get(action="users.block")
    assert (entry.object_id, entry.outcome) == (samir.pk, "done")


def test_a_reset_takes_a_reason(amal: Client, samir: User) -> None:
    with_password(samir)
    with_app(samir)
    url = at("reset", samir)
    assert amal.get(url).status_code == 200
    refused = amal.post(url, {"reason": "because"})
    assert refused.status_code == 403
    assert "Say why" in refused.content.decode()
    assert samir.authenticators.exists()
    assert amal.post(url, {"reason": "stolen"}).status_code == 302
    assert not samir.authenticators.exists()
    told = Entry.objects.filter(action__in=["users.reset", "accounts.factors_reset"])
    assert {entry.action for entry in told} == {"users.reset", "accounts.factors_reset"}
    assert "stolen" in str([entry.detail for entry in told])


def test_what_is_grave_asks_for_a_fresh_proof(operation: Operation, samir: User) -> None:
    client = signed_in(operation.desks[Desk.ADMINISTRATION], factor=False)
    assert client.get(at("person", samir)).status_code == 200
    for name in ("end_sessions", "reset"):
        answer = client.post(at(name, samir), {"reason": "lost"})
        assert answer.headers["Location"].startswith(reverse("accounts:step_up")), name


def test_nobody_resets_themselves(operation: Operation, amal: Client) -> None:
    me = operation.desks[Desk.ADMINISTRATION]
    with_app(me)
    assert amal.post(at("reset", me), {"reason": "lost"}).status_code == 403
    assert me.authenticators.exists()
    assert "Reset the factors" not in amal.get(at("person", me)).content.decode()


def test_others_reach_none_of_it(operation: Operation, samir: User) -> None:
    client = operation.at(Desk.PROTECTION)
    for name in ("person", "reset"):
        assert client.get(at(name, samir)).status_code == 403
    for name in ("reset", "end_sessions"):
        assert client.post(at(name, samir), {"reason": "lost"}).status_code == 403
    assert not OpenSession.objects.filter(ended_by="revoked").exists()


def test_as_many_questions_for_many_as_for_few(
    amal: Client, operation: Operation, django_assert_max_num_queries: Any
) -> None:
    for user in operation.desks.values():
        with_app(user)
    with django_assert_max_num_queries(16):
        amal.get(reverse("oversight:people"))


def split(*, rehearsed: datetime | None) -> Split:
    return Split(1, 5, 3, NOON, "x", ("a",) * 5, rehearsed_at=rehearsed)


@pytest.mark.parametrize(
    ("rehearsed", "days", "due"),
    [(None, 0, True), (NOON, 364, False), (NOON, 365, True)],
)
def test_a_rehearsal_is_due_after_a_year(rehearsed: datetime | None, days: int, due: bool) -> None:
    with clock.set_to(NOON + timedelta(days=days)):
        kept = queries.KeysKept(None, split(rehearsed=rehearsed))
        assert kept.rehearsal_is_due == due


def test_the_keys_of_an_installation(amal: Client) -> None:
    page = amal.get(reverse("oversight:keys")).content.decode()
    assert "its file alone" in page
    assert "a lost key is lost permanently" in page


def test_administrators_are_told_that_nobody_could_restore(
    operation: Operation, settings: Any
) -> None:
    administrator = operation.desks[Desk.ADMINISTRATION]
    assert list(queries.nobody_could_restore(administrator)) == []
    settings.DEMONSTRATION = False
    (item,) = queries.nobody_could_restore(administrator)
    assert "not split" in str(item.text)
    assert list(queries.nobody_could_restore(operation.desks[Desk.RECEPTION])) == []
