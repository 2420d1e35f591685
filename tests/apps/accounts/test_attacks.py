"""What somebody tries who wants in and should not be."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts import one_time_codes as codes
from marfa.apps.accounts import passwords
from marfa.apps.accounts.actions import allow_sign_in, create_user, issue_sign_in_link
from marfa.apps.accounts.factors import Reason, reset_factors
from marfa.apps.accounts.log_entries import VISITOR
from marfa.apps.accounts.models import OpenSession, User
from marfa.crypto.passwords import password_fits
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from tests.apps.accounts.people import GOOD, Person, code_now, with_app, with_password
from tests.conftest import signed_in

pytestmark = pytest.mark.usefixtures("live")

COOKIE = django_settings.SESSION_COOKIE_NAME
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"')


def plain(answer: Any) -> str:
    """A page without what is new in every answer."""
    return TOKEN.sub("", answer.content.decode())


# Who is there must not show


def test_unknown_wrong_blocked_and_too_often_are_one_answer(
    samir: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same status, page, headers and cookies, after as many digests and questions to the
    database."""
    with_password(samir)
    blocked = with_password(create_user(username="blocked", display_name=""))
    allow_sign_in(user=blocked, allowed=False)
    create_user(username="no-password", display_name="")
    digests: list[str] = []

    def counted(digest: str, password: str) -> bool:
        digests.append(digest)
        return password_fits(digest, password)

    monkeypatch.setattr(passwords, "password_fits", counted)
    seen = set()
    tries = {
        "unknown": ("nobody", GOOD),
        "wrong": (samir.username, "not the password"),
        "blocked": ("blocked", GOOD),
        "without": ("no-password", GOOD),
        "longer": (samir.username, GOOD * 20),
    }
    limited = Person()
    for _ in range(11):
        limited.by_password("not the password", username=samir.username.upper())
    digests.clear()
    for name, (username, password) in {**tries, "limited": (samir.username, GOOD)}.items():
        person = limited if name == "limited" else Person()
        if name != "limited":
            person.client.defaults["REMOTE_ADDR"] = "192.0.2.9"
        before = len(digests)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = person.by_password(password, username=username)
        page = plain(answer).replace(username, "")
        statements = [re.sub(r"'[^']*'|\d+", "?", each["sql"])[:40] for each in asked]
        seen.add(
            (
                answer.status_code,
                page,
                tuple(sorted(answer.headers)),
                tuple(sorted(answer.cookies)),
                len(digests) - before,
                tuple(statements),
            )
        )
    assert len(seen) == 1, seen
    assert next(iter(seen))[0] == 403
    assert next(iter(seen))[4] == 1


def test_a_link_tells_nothing_of_its_user(samir: User) -> None:
    """A link of a blocked user, an old one, a used one, and one that never was."""
    pages: dict[str, set[tuple[int, str]]] = {"get": set(), "post": set()}
    for spoil in ("unknown", "blocked", "old", "used"):
        secret = issue_sign_in_link(user=samir, valid_for=timedelta(minutes=spoil != "old"))
        if spoil == "unknown":
            secret = "x" * 43
        if spoil == "used":
            Person().post("link", secret)
        if spoil == "blocked":
            allow_sign_in(user=samir, allowed=False)
        for method in ("get", "post"):
            answer = getattr(Person(), method)("link", secret)
            pages[method].add((answer.status_code, plain(answer).replace(secret, "")))
        allow_sign_in(user=samir, allowed=True)
        samir.refresh_from_db()
    assert [len(found) for found in pages.values()] == [1, 1]


def test_the_question_of_a_passkey_is_the_same_for_everybody(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    keys = [set(Person().post("passkey_options").json()["publicKey"]) for _ in range(2)]
    assert keys[0] == keys[1]


# Guessing


def test_ten_guesses_and_then_one_every_two_minutes(samir: User) -> None:
    with_password(samir)
    start = clock.now()
    with clock.set_to(start):
        for _ in range(10):
            Person().by_password("not the password", username=samir.username)
        assert Person().by_password(GOOD, username=samir.username).status_code == 403
    with clock.set_to(start + timedelta(minutes=2)):
        assert Person().by_password(GOOD, username=samir.username).status_code == 302


@pytest.mark.parametrize(
    "written", ["SAMIR-\u0130", " samir-i\u0307", "samir-\uff49\u0307", "Samir-i\u0307 "]
)
def test_the_limit_is_not_passed_by_another_way_of_writing(samir: User, written: str) -> None:
    user = with_password(create_user(username="samir-\u0130", display_name=""))
    for _ in range(10):
        Person().by_password("not the password", username=written)
    assert Person().by_password(GOOD, username=user.username).status_code == 403


def test_a_stranger_cannot_shut_anybody_out(samir: User) -> None:
    """From elsewhere the password still works, and the passkey from anywhere."""
    with_password(samir)
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    stranger = Person()
    for _ in range(70):
        answer = stranger.by_password("not the password", username=samir.username)
    assert answer.status_code == 429
    here = Person(samir)
    assert here.by_passkey(person.device).status_code == 302
    assert here.is_in()
    elsewhere = Person(samir)
    elsewhere.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    assert elsewhere.by_password().status_code == 302


def test_the_source_is_not_what_a_visitor_writes(samir: User, settings: Any) -> None:
    """Without a proxy in the settings the header is not read; with one, its last entry is."""
    with_password(samir)
    for number in range(11):
        person = Person()
        person.client.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        answer = person.by_password(
            GOOD if number == 10 else "not the password", username=samir.username
        )
    assert answer.status_code == 403


def test_codes_are_limited_for_an_account_whatever_the_browser(samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    for _ in range(6):
        person = Person(samir)
        person.by_password()
        person.post("second", code="000000")
    person = Person(samir)
    person.by_password()
    assert person.post("second", code=code_now(row)).status_code == 403
    later = clock.now() + timedelta(minutes=6)
    with clock.set_to(later):
        again = Person(samir)
        again.by_password()
        assert again.post("second", code=code_now(row)).status_code == 302


def test_a_step_up_cannot_be_guessed_either(samir: User) -> None:
    row = with_app(samir)
    client = signed_in(samir, factor=False)
    url = reverse("accounts:step_up")
    for _ in range(6):
        assert client.post(url, {"code": "000000"}).status_code == 403
    assert client.post(url, {"code": code_now(row)}).status_code == 403
    spare, *_ = codes.make_recovery_codes(user=samir)
    assert client.post(url, {"recovery": spare}).status_code == 403


# Sessions


def test_a_session_that_somebody_planted_is_not_taken_over(samir: User) -> None:
    """At every step of the way in, the name of the session is a new one."""
    with_password(samir)
    row = with_app(samir)
    person = Person(samir)
    person.post("passkey_options")
    names = [person.client.cookies[COOKIE].value]
    person.by_password()
    names.append(person.client.cookies[COOKIE].value)
    person.post("second", code=code_now(row))
    names.append(person.client.cookies[COOKIE].value)
    later = clock.now() + timedelta(minutes=1)
    with clock.set_to(later):
        person.post("step_up", code=code_now(row))
        names.append(person.client.cookies[COOKIE].value)
    assert len(set(names)) == 4
    for name in names[:-1]:
        planted = Client()
        planted.cookies[COOKIE] = name
        assert planted.get(reverse("home")).status_code == 302


def test_a_session_without_its_row_is_none(samir: User) -> None:
    client = signed_in(samir)
    session = client.session
    del session["open_session"]
    session.save()
    assert client.get(reverse("home")).status_code == 302


def test_the_row_of_somebody_else_is_none(samir: User, operation: Any) -> None:
    client, other = signed_in(samir), signed_in(operation.outsider)
    session = client.session
    session["open_session"] = other.session["open_session"]
    session.save()
    assert client.get(reverse("home")).status_code == 302


def test_nothing_comes_back_after_a_block(samir: User) -> None:
    client = signed_in(samir)
    assert client.get(reverse("home")).status_code == 200
    allow_sign_in(user=samir, allowed=False)
    allow_sign_in(user=samir, allowed=True)
    assert client.get(reverse("home")).status_code == 302


def test_idleness_and_time_end_a_session(samir: User, settings: Any) -> None:
    start = clock.now()
    with clock.set_to(start):
        client = signed_in(samir)
    minutes = settings.MARFA.idle_minutes
    for number in range(1, 4):
        with clock.set_to(start + number * timedelta(minutes=minutes - 1)):
            assert client.get(reverse("home")).status_code == 200
    with clock.set_to(start + timedelta(minutes=3 * (minutes - 1) + minutes)):
        assert client.get(reverse("home")).status_code == 302
    assert OpenSession.objects.get().ended_by == "idle"


def test_a_day_of_work_ends_whatever_is_done(samir: User, settings: Any) -> None:
    start = clock.now()
    with clock.set_to(start):
        client = signed_in(samir)
    step = timedelta(minutes=settings.MARFA.idle_minutes - 1)
    end = timedelta(hours=settings.MARFA.session_hours)
    passed = step
    while passed < end:
        with clock.set_to(start + passed):
            assert client.get(reverse("home")).status_code == 200
        passed += step
    with clock.set_to(start + end):
        assert client.get(reverse("home")).status_code == 302
    assert OpenSession.objects.get().ended_by == "time"


def test_who_comes_in_over_somebody_else_ends_their_session(samir: User, operation: Any) -> None:
    """At a browser that is shared: nothing of the first stays open, half-way or all the way in."""
    person = Person(operation.outsider)
    person.by_link()
    row = with_app(samir)
    person.user = samir
    person.by_link()
    first = OpenSession.objects.get()
    assert (first.user_id, first.ended_by) == (operation.outsider.pk, "left")
    person.post("second", code=code_now(row))
    assert person.is_in()


def test_a_device_that_nobody_came_back_to_is_not_listed(samir: User, settings: Any) -> None:
    start = clock.now()
    with clock.set_to(start):
        signed_in(samir)
    with clock.set_to(start + timedelta(minutes=settings.MARFA.idle_minutes)):
        here = signed_in(samir)
        page = here.get(reverse("accounts:sessions")).content.decode()
        assert page.count('<tr role="row">') == 2, "the headings and this device"


def test_ending_my_other_devices(samir: User, operation: Any) -> None:
    here, there, third = signed_in(samir), signed_in(samir), signed_in(samir)
    stranger = signed_in(operation.outsider)
    row = OpenSession.objects.get(pk=there.session["open_session"])
    url = reverse("accounts:end_session", args=[row.reference])
    assert stranger.post(url).status_code == 404
    assert there.get(reverse("home")).status_code == 200
    assert here.post(url).status_code == 302
    assert there.get(reverse("home")).status_code == 302
    assert third.get(reverse("home")).status_code == 200
    here.post(reverse("accounts:end_others"))
    assert third.get(reverse("home")).status_code == 302
    assert here.get(reverse("home")).status_code == 200
    assert stranger.get(reverse("home")).status_code == 200


def test_a_reset_leaves_nothing_half_way(samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    inside = signed_in(samir)
    waiting = Person(samir)
    waiting.by_password()
    code = code_now(row)
    reset_factors(user=samir, reason=Reason.STOLEN, actor=VISITOR)
    assert inside.get(reverse("home")).status_code == 302
    assert waiting.leads_to(waiting.post("second", code=code)) == "accounts:sign_in"
    assert Person(samir).by_password().status_code == 403


def test_another_password_leaves_nobody_half_way(samir: User) -> None:
    """Who guessed the old one and waits for a code waits in vain."""
    with_password(samir)
    row = with_app(samir)
    thief = Person(samir)
    thief.by_password()
    mine = signed_in(samir)
    mine.post(reverse("accounts:password"), {"password": "another wall with olive trees"})
    assert mine.get(reverse("home")).status_code == 200
    assert thief.leads_to(thief.post("second", code=code_now(row))) == "accounts:sign_in"


def test_a_factor_that_is_removed_signs_its_device_out(samir: User) -> None:
    with_app(samir)
    lost = Person(samir)
    lost.by_link()
    lost.post("second", code=code_now(samir.authenticators.get()))
    lost.add_passkey()
    found = signed_in(samir)
    key = samir.passkeys.get().reference
    assert found.post(reverse("accounts:remove_passkey", args=[key])).status_code == 302
    assert not lost.is_in()
    assert found.get(reverse("home")).status_code == 200


# Going down a step


def test_a_link_cannot_add_a_factor_beside_one(samir: User) -> None:
    """Who reads the link of somebody with a passkey gets no further than the question for it."""
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    thief = Person(samir)
    thief.by_link()
    assert not thief.is_in()
    for name in ("security", "add_passkey", "add_app", "password", "sessions"):
        assert thief.leads_to(thief.get(name)) == "accounts:sign_in", name
    assert thief.leads_to(thief.post("add_options")) == "accounts:sign_in"


def test_who_was_in_before_the_first_factor_does_not_stay(samir: User) -> None:
    first, second = Person(samir), Person(samir)
    first.by_link()
    second.by_link()
    second.add_passkey()
    assert second.is_in()
    assert first.leads_to(first.get("security")) == "accounts:sign_in"


def test_a_session_without_a_factor_is_led_to_prove_it(samir: User) -> None:
    """A role that was given later, or a factor that was added elsewhere."""
    client = signed_in(samir, factor=False)
    with_app(samir)
    answer = client.get("/desks/reception/")
    assert answer.headers["Location"].startswith(reverse("accounts:step_up"))
    answer = client.get(reverse("accounts:add_passkey"))
    assert answer.headers["Location"].startswith(reverse("accounts:step_up"))


# Leading elsewhere


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "///elsewhere.example",
        "http:elsewhere.example",
        "/a\r\nLocation: https://elsewhere.example",
        "elsewhere",
    ],
)
def test_no_way_in_leads_to_another_place(samir: User, target: str) -> None:
    with_password(samir)
    row = with_app(samir)
    person = Person(samir)
    page = person.get("sign_in", next=target).content.decode()
    # The first is the form of the language, which leads back to this very page.
    assert set(re.findall(r'name="next" value="([^"]*)"', page)[1:]) == {""}
    person.by_password(next=target)
    answer = person.post("second", code=code_now(row))
    assert answer.headers["Location"] == reverse("home")
    assert person.get("sign_in", next=target).headers["Location"] == reverse("home")
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        answer = person.post("step_up", code=code_now(row), next=target)
    assert answer.headers["Location"] == reverse("home")


def test_every_form_needs_its_token(samir: User) -> None:
    client = signed_in(samir, enforce_csrf_checks=True)
    visitor = Client(enforce_csrf_checks=True)
    for name in ("sign_in", "passkey", "passkey_options", "second"):
        assert visitor.post(reverse(f"accounts:{name}")).status_code == 403, name
    for name in (
        "step_up",
        "step_up_passkey",
        "step_up_options",
        "add_passkey",
        "add_options",
        "add_app",
        "remove_app",
        "recovery",
        "password",
        "remove_password",
        "end_others",
    ):
        answer = client.post(reverse(f"accounts:{name}"))
        assert answer.status_code == 403, name
        assert "open for too long" in answer.content.decode()


# What is written down


def test_the_log_holds_keys_and_codes(samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    Person().by_password("not the password", username="canary-name")
    Person().by_password("not the password", username=samir.username)
    person = Person(samir)
    person.client.defaults["HTTP_USER_AGENT"] = "Canary/1.0 Firefox/140.0 (Android 16; SM-X1)"
    person.by_password()
    person.post("second", code="000000")
    person.post("second", code=code_now(row))
    found = [
        (entry.action, entry.outcome, entry.object_id, entry.detail)
        for entry in Entry.objects.filter(action__startswith="accounts.").order_by("place")
    ]
    assert [(action, outcome, key) for action, outcome, key, _ in found] == [
        ("accounts.sign_in_refused", "denied", None),
        ("accounts.sign_in_refused", "denied", samir.pk),
        ("accounts.sign_in_refused", "denied", samir.pk),
        ("accounts.signed_in", "done", samir.pk),
    ]
    everything = str(list(Entry.objects.values()))
    assert "anary" not in everything
    assert samir.display_name not in everything
    assert "127.0.0.1" not in everything


def test_of_a_device_its_family_is_kept(samir: User) -> None:
    person = Person(samir)
    agent = "Mozilla/5.0 (Android 16; Mobile; SM-X1 canary) Gecko/140.0 Firefox/140.0"
    person.client.defaults["HTTP_USER_AGENT"] = agent
    person.by_link()
    kept = OpenSession.objects.get()
    assert (kept.browser, kept.system, kept.device) == ("firefox", "android", "Firefox, Android")
    everything = str(list(OpenSession.objects.values()))
    assert "canary" not in everything
    assert "127.0.0.1" not in everything


def test_a_seed_is_in_no_session(samir: User) -> None:
    """Sessions are signed and not sealed; what they hold can be read in a copy of the database."""
    person = Person(samir)
    person.by_link()
    person.get("add_app")
    seed = codes.seed_of(samir.authenticators.get())
    for session in Session.objects.all():
        kept = str(session.get_decoded())
        assert seed.hex() not in kept
        assert "secret" not in kept
