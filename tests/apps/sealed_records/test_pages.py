"""Sealed notes as people open them: by two, once, and not by what one of them has."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import allow_sign_in, create_user
from marfa.apps.accounts.models import OpenSession, User
from marfa.apps.organisations.actions import (
    create_organisation,
    exclude_from_object,
    grant_role,
    revoke_role,
)
from marfa.apps.organisations.models import Organisation
from marfa.apps.sealed_records.actions import new_code
from marfa.apps.sealed_records.models import SealedNote
from marfa.crypto.passphrases import Cost
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.sealed import keyholders
from marfa.safeguards.sealed.models import KeyHolder, OpeningRequest, UnlockedSession
from marfa.safeguards.words import Role
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Her true name is سلمى CANARY"
WHY = "She asked us to call her sister CANARYWHY"
WORDS = "lantern orbit kettle mosaic thunder"
PEOPLE = {"worker": Role.CASE_WORKER, "chief": Role.SUPERVISOR, "peer": Role.CASE_WORKER}


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyholders, "COST", Cost(memory_kib=64, passes=1, lanes=1))


class Office:
    """Three people with passphrases, an outsider, an officer of data protection."""

    def __init__(self) -> None:
        self.organisation = create_organisation(name="Office", kind=Organisation.Kind.CONTROLLER)
        self.users: dict[str, User] = {}
        self.browsers: dict[str, Client] = {}
        roles = {**PEOPLE, "outsider": Role.CASE_WORKER, "officer": Role.DATA_PROTECTION_OFFICER}
        for name, role in roles.items():
            user = create_user(username=name, display_name=f"Name of {name}")
            grant_role(user=user, role=role, organisation=self.organisation)
            self.users[name] = user
            self.browsers[name] = self.browser(name)
        for name in (*PEOPLE, "outsider"):
            self.set_up(name)

    def browser(self, name: str) -> Client:
        client = signed_in(self.users[name])
        OpenSession.objects.filter(user=self.users[name]).update(factor_at=clock.now())
        return client

    def prove(self) -> None:
        """Everybody proves their second factor now."""
        OpenSession.objects.update(factor_at=clock.now(), last_seen_at=clock.now())

    def set_up(self, name: str) -> None:
        sent = self.browsers[name].post(
            reverse("sealedtier:passphrase"),
            {"passphrase": WORDS, "again": WORDS, "understood": "on"},
        )
        assert sent.status_code == 302

    def unlock(self, name: str) -> None:
        sent = self.browsers[name].post(reverse("sealedtier:unlock"), {"passphrase": WORDS})
        assert sent.status_code == 302, sent.content.decode()

    def note(self) -> SealedNote:
        holders = [str(self.users[name].pk) for name in ("chief", "peer")]
        sent = self.browsers["worker"].post(
            reverse("sealedtier:new"), {"kind": "identity", "text": SECRET, "holders": holders}
        )
        assert sent.status_code == 302, sent.content.decode()
        with every_organisation():
            return SealedNote.objects.get()

    def ask(self, note: SealedNote) -> OpeningRequest:
        sent = self.browsers["worker"].post(
            reverse("sealedtier:ask", args=[note.reference]),
            {"code": "person_asked", "reason": WHY},
        )
        assert sent.status_code == 302, sent.content.decode()
        with every_organisation():
            return OpeningRequest.objects.select_related("record__note").order_by("-asked_at")[0]

    def answer(self, name: str, request: OpeningRequest, do: str) -> int:
        url = reverse("sealedtier:answer", args=[request.reference])
        return self.browsers[name].post(url, {"do": do}).status_code

    def open(self, name: str, request: OpeningRequest):  # type: ignore[no-untyped-def]
        return self.browsers[name].post(reverse("sealedtier:open", args=[request.reference]))

    def page(self, name: str, which: str, *arguments: str) -> str:
        found = self.browsers[name].get(reverse(f"sealedtier:{which}", args=arguments))
        assert found.status_code == 200, found.status_code
        return found.content.decode()


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


@pytest.fixture
def approved(office: Office) -> OpeningRequest:
    request = office.ask(office.note())
    office.unlock("chief")
    assert office.answer("chief", request, "approve") == 302
    request.refresh_from_db(fields=["state"])
    assert request.state == "approved"
    return request


def test_two_people_open_a_note_once(office: Office, approved: OpeningRequest) -> None:
    led = office.open("worker", approved)
    assert led.headers["Location"].startswith(reverse("sealedtier:unlock"))
    office.unlock("worker")
    shown = office.open("worker", approved)
    assert shown.status_code == 200
    assert "CANARY" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    title = re.search(r"<title>(.*?)</title>", shown.content.decode(), re.DOTALL)
    assert title is not None
    assert "CANARY" not in title[1]
    assert approved.record.note.code not in title[1]
    again = office.open("worker", approved)
    assert again.status_code in (403, 409)
    assert "CANARY" not in again.content.decode()


def test_a_request_says_until_when_it_is_answered_and_opened(office: Office) -> None:
    request = office.ask(office.note())
    office.unlock("chief")
    asked = office.page("chief", "request", request.reference)
    assert "Answer by" in asked
    assert "Can be opened until" not in asked
    assert office.answer("chief", request, "approve") == 302
    agreed = office.page("chief", "request", request.reference)
    assert "Can be opened until" in agreed
    assert "Answer by" not in agreed


def test_who_begins_anew_says_that_the_notes_are_lost(office: Office) -> None:
    assert "I lose the notes sealed to me" in office.page("worker", "forgotten")
    assert "I lose the notes sealed to me" not in office.page("worker", "passphrase")


def test_one_alone_is_refused(office: Office) -> None:
    request = office.ask(office.note())
    office.unlock("worker")
    assert office.answer("worker", request, "approve") == 403
    assert office.open("worker", request).status_code == 403
    request.refresh_from_db()
    assert request.state == "asked"


def test_the_reason_is_read_with_unlocked_keys_alone(office: Office) -> None:
    request = office.ask(office.note())
    assert "CANARYWHY" not in office.page("chief", "request", request.reference)
    office.unlock("chief")
    assert "CANARYWHY" in office.page("chief", "request", request.reference)


def test_who_reads_why_stands_in_the_log(office: Office) -> None:
    request = office.ask(office.note())
    office.unlock("chief")
    office.page("chief", "request", request.reference)
    entry = Entry.objects.filter(action="sealed.see_requests").latest("place")
    assert (entry.actor_id, entry.outcome) == (office.users["chief"].pk, "done")
    assert entry.object_id == request.record_id
    assert "CANARY" not in entry.detail


@pytest.mark.parametrize("how", ["shut out", "role ended"])
def test_who_may_not_sees_nothing_of_it_whatever_share_they_hold(office: Office, how: str) -> None:
    request = office.ask(office.note())
    note = request.record.note
    office.unlock("chief")
    chief = office.users["chief"]
    if how == "shut out":
        exclude_from_object(object_kind="SealedRecord", object_id=request.record_id, user=chief)
    else:
        revoke_role(grant=chief.role_grants.get())
    browser = office.browsers["chief"]
    for which, reference in (("note", note.reference), ("request", request.reference)):
        answer = browser.get(reverse(f"sealedtier:{which}", args=[reference]))
        assert answer.status_code == 404
        assert "CANARY" not in answer.content.decode()
    assert note.code not in office.page("chief", "overview")
    assert request.reference not in office.page("chief", "overview")
    assert request.reference not in browser.get(reverse("home")).content.decode()
    assert office.answer("chief", request, "approve") == 404
    assert note.code in office.page("peer", "overview"), "others still do"


def test_nobody_else_knows_of_it(office: Office, approved: OpeningRequest) -> None:
    note = approved.record.note
    for name in ("outsider", "officer"):
        browser = office.browsers[name]
        for which, reference in (("note", note.reference), ("request", approved.reference)):
            assert browser.get(reverse(f"sealedtier:{which}", args=[reference])).status_code == 404
        assert office.open(name, approved).status_code == 404
        assert note.code not in browser.get(reverse("sealedtier:overview")).content.decode()


def test_fifteen_minutes_lock_the_keys(office: Office, approved: OpeningRequest) -> None:
    office.unlock("worker")
    with clock.set_to(clock.now() + timedelta(minutes=16)):
        office.prove()
        led = office.open("worker", approved)
        assert led.status_code == 302
        assert "unlock" in led.headers["Location"]
        assert "CANARY" not in office.page("worker", "overview")


def test_an_old_second_factor_leads_to_step_up(office: Office, approved: OpeningRequest) -> None:
    office.unlock("worker")
    with clock.set_to(clock.now() + timedelta(minutes=6)):
        led = office.open("worker", approved)
        assert led.status_code == 302
        assert led.headers["Location"].startswith(reverse("accounts:step_up"))
        office.prove()
        assert "CANARY" in office.open("worker", approved).content.decode()


@pytest.mark.parametrize("how", ["lock", "sign out", "passphrase", "blocked"])
def test_what_locks_locks_for_good(office: Office, approved: OpeningRequest, how: str) -> None:
    office.unlock("worker")
    browser, other = office.browsers["worker"], "seven barge plum cinder sandal"
    cookie = browser.cookies[settings.SEALED_COOKIE_NAME].value
    match how:
        case "lock":
            browser.post(reverse("sealedtier:lock"))
        case "sign out":
            browser.post(reverse("accounts:sign_out"))
        case "passphrase":
            sent = {"old": WORDS, "passphrase": other, "again": other, "understood": "on"}
            assert browser.post(reverse("sealedtier:passphrase"), sent).status_code == 302
        case "blocked":
            allow_sign_in(user=office.users["worker"], allowed=False)
            allow_sign_in(user=office.users["worker"], allowed=True)
    # Only the supervisor's half is there still, and a cookie that was kept opens nothing.
    assert not UnlockedSession.objects.filter(staff=office.users["worker"].pk).exists()
    office.users["worker"].refresh_from_db()
    office.browsers["worker"] = office.browser("worker")
    office.browsers["worker"].cookies[settings.SEALED_COOKIE_NAME] = cookie
    led = office.open("worker", approved)
    assert led.status_code == 302
    assert "unlock" in led.headers["Location"]


def test_the_cookie_is_bound_to_this_origin(office: Office) -> None:
    office.unlock("worker")
    cookie = office.browsers["worker"].cookies[settings.SEALED_COOKIE_NAME]
    assert settings.SEALED_COOKIE_NAME.startswith("__Host-")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert not cookie["max-age"]


def test_a_passphrase_that_can_be_guessed_is_refused_in_a_sentence(office: Office) -> None:
    for weak in ("password", "lantern orbit kettle Name officer"):
        sent = office.browsers["officer"].post(
            reverse("sealedtier:passphrase"),
            {"passphrase": weak, "again": weak, "understood": "on"},
        )
        assert sent.status_code == 422
        assert "five or more unrelated words" in sent.content.decode()
        assert f'value="{weak}"' not in sent.content.decode()


def test_first_keys_are_made_after_a_fresh_proof(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that was left open, or taken over, makes no keys to which others then seal."""
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    officer, url = office.users["officer"], reverse("sealedtier:passphrase")
    sent = {"passphrase": WORDS, "again": WORDS, "understood": "on"}
    for minutes, made in ((6, False), (4, True)):
        proved = clock.now() - timedelta(minutes=minutes)
        OpenSession.objects.filter(user=officer).update(factor_at=proved)
        answer = office.browsers["officer"].post(url, sent)
        assert ("/proof/" in answer.headers.get("Location", "")) is not made
        assert KeyHolder.objects.filter(pk=officer.pk).exists() is made


def test_other_people_can_open_it_after_two_agreed(office: Office) -> None:
    note = office.note()
    new = [str(office.users[name].pk) for name in ("worker", "chief", "outsider")]
    sent = office.browsers["worker"].post(
        reverse("sealedtier:people", args=[note.reference]),
        {"holders": new, "reason": "Peer leaves us at the end of the month."},
    )
    assert sent.status_code == 302, sent.content.decode()
    request = OpeningRequest.objects.get()
    office.unlock("chief")
    assert "Name of outsider" in office.page("chief", "request", request.reference)
    office.answer("chief", request, "approve")
    office.unlock("worker")
    assert office.open("worker", request).status_code == 302
    assert (
        office.browsers["peer"].get(reverse("sealedtier:note", args=[note.reference])).status_code
        == 404
    )
    assert note.code in office.page("outsider", "note", note.reference)


def test_data_protection_sees_who_opened_what_and_not_what_it_says(
    office: Office, approved: OpeningRequest
) -> None:
    office.unlock("worker")
    office.open("worker", approved)
    shown = office.page("officer", "log")
    assert approved.record.note.code in shown
    assert "Name of worker" in shown
    assert "Name of chief" in shown
    assert "CANARY" not in shown
    assert Entry.objects.filter(action="log.read", actor_id=office.users["officer"].pk).exists()
    assert office.browsers["chief"].get(reverse("sealedtier:log")).status_code == 403


def test_a_request_waits_under_my_work_and_names_nobody(office: Office) -> None:
    request = office.ask(office.note())
    home = office.browsers["chief"].get(reverse("home")).content.decode()
    assert reverse("sealedtier:request", args=[request.reference]) in home
    assert "Name of worker" not in home
    assert request.record.note.code not in home


def test_codes_say_nothing_and_are_read_without_doubt() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)
