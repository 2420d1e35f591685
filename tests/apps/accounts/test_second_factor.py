"""Coming in with two factors, in a real installation."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.accounts import one_time_codes as codes
from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import OpenSession, Passkey, User
from marfa.platform import clock
from tests.apps.accounts.people import GOOD, Person, code_now, with_app, with_password
from tests.support.passkeys import Device

pytestmark = pytest.mark.usefixtures("live")


def test_without_a_factor_only_the_set_up_opens(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    for path in ("/", "/desks/reception/", "/desks/administration/", "/files/uploads/"):
        answer = person.client.get(path)
        assert person.leads_to(answer) == "accounts:security", path
    for name in ("security", "add_passkey", "add_app", "password", "sessions"):
        assert person.get(name).status_code == 200, name


def test_the_first_passkey_opens_the_work_and_brings_recovery_codes(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    answer = person.add_passkey()
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert shown.count("<li><code>") == codes.RECOVERY_CODES
    assert person.is_in()
    assert Passkey.objects.get().name == "work phone"


def test_somebody_without_a_role_needs_no_factor(operation: object) -> None:
    person = Person(create_user(username="guest", display_name=""))
    person.by_link()
    assert person.is_in()


def test_coming_in_by_passkey_alone(samir: User) -> None:
    first = Person(samir)
    first.by_link()
    first.add_passkey()
    first.post("sign_out")
    assert not first.is_in()
    elsewhere = Person(samir)
    answer = elsewhere.by_passkey(first.device, next="/desks/reception/")
    assert answer.headers["Location"] == "/desks/reception/"
    assert elsewhere.is_in()
    row = OpenSession.objects.filter(ended_at=None).get()
    assert (row.entered_by, row.factor_at is not None) == ("passkey", True)


def test_a_password_alone_opens_nothing(samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    person = Person(samir)
    answer = person.by_password(next="/desks/reception/")
    assert person.leads_to(answer) == "accounts:second"
    assert not person.is_in()
    assert not OpenSession.objects.exists()
    answer = person.post("second", code=code_now(row))
    assert answer.headers["Location"] == "/desks/reception/"
    assert person.is_in()


def test_a_link_does_not_count_as_second_factor(samir: User) -> None:
    row = with_app(samir)
    person = Person(samir)
    assert person.leads_to(person.by_link()) == "accounts:second"
    assert not person.is_in()
    assert person.post("second", code="000000").status_code == 403
    person.post("second", code=code_now(row))
    assert person.is_in()


def test_a_recovery_code_in_place_of_the_device(samir: User) -> None:
    with_password(samir)
    with_app(samir)
    spare, *_ = codes.make_recovery_codes(user=samir)
    person = Person(samir)
    person.by_password()
    person.post("second", recovery=spare.upper())
    assert person.is_in()
    other = Person(samir)
    other.by_password()
    assert other.post("second", recovery=spare).status_code == 403
    assert not other.is_in()


def test_half_way_in_is_for_minutes(samir: User) -> None:
    with_password(samir)
    row = with_app(samir)
    person = Person(samir)
    start = clock.now()
    with clock.set_to(start):
        person.by_password()
    with clock.set_to(start + timedelta(minutes=10)):
        answer = person.post("second", code=code_now(row))
        assert person.leads_to(answer) == "accounts:sign_in"
        assert not person.is_in()


def test_an_app_is_set_up_by_showing_a_code(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    page = person.get("add_app").content.decode()
    assert "<svg" in page
    row = samir.authenticators.get()
    assert person.post("add_app", code="000000").status_code == 403
    assert not person.is_in()
    answer = person.post("add_app", code=code_now(row))
    assert answer.status_code == 200
    assert person.is_in()
    assert codes.recovery_codes_left(samir) == codes.RECOVERY_CODES


def test_the_key_can_be_typed_where_it_cannot_be_scanned(samir: User) -> None:
    """The typed key beside the picture is the seed that the codes are made from."""
    person = Person(samir)
    person.by_link()
    page = person.get("add_app").content.decode()
    typed = re.search(r"<code dir=\"ltr\">([A-Z2-7 ]+)</code>", page)
    assert typed is not None
    key = base64.b32decode(typed.group(1).replace(" ", ""))
    assert key == codes.seed_of(samir.authenticators.get())


def test_a_password_is_set_and_changed(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    elsewhere = Person(samir)
    elsewhere.by_passkey(person.device)
    assert elsewhere.is_in()
    assert person.post("password", password="short").status_code == 403
    assert person.leads_to(person.post("password", password=GOOD)) == "accounts:security"
    assert person.is_in()
    assert not elsewhere.is_in(), "other sessions end with another password"


def test_the_last_factor_stays(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    first = samir.passkeys.get()
    answer = person.post("remove_passkey", first.reference)
    assert answer.status_code == 403
    assert "only second factor" in answer.content.decode()
    person.add_passkey("spare", Device())
    assert person.leads_to(person.post("remove_passkey", first.reference)) == "accounts:security"
    assert samir.passkeys.get().name == "spare"


def test_what_takes_a_way_in_away_is_asked_again_and_says_what_ends_with_it(samir: User) -> None:
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    person.post("password", password=GOOD)
    page = person.get("security").content.decode()
    key = samir.passkeys.get().reference
    dialogs = re.findall(r"<dialog.*?</dialog>", page, re.DOTALL)
    outside = re.sub(r"<dialog.*?</dialog>", "", page, flags=re.DOTALL)
    for address in (
        reverse("accounts:remove_passkey", args=[key]),
        reverse("accounts:remove_password"),
    ):
        [asked] = [each for each in dialogs if f'action="{address}"' in each]
        assert "All your other devices are signed out." in asked
        assert address not in outside
    assert "your recovery codes are removed with it" in page


def test_changes_ask_for_a_fresh_proof(samir: User) -> None:
    person = Person(samir)
    start = clock.now()
    with clock.set_to(start):
        person.by_link()
        person.add_passkey()
        key = samir.passkeys.get().reference
    with clock.set_to(start + timedelta(seconds=299)):
        assert person.get("add_app").status_code == 200
    with clock.set_to(start + timedelta(seconds=301)):
        for name in ("add_passkey", "add_app", "recovery", "password"):
            answer = person.get(name)
            assert person.leads_to(answer) == "accounts:step_up", name
        assert person.leads_to(person.post("remove_passkey", key)) == "accounts:step_up"
        for name in ("add_options", "remove_app", "remove_password", "recovery", "password"):
            answer = person.post(name)
            assert person.leads_to(answer) == "accounts:step_up", name
        question = person.post("step_up_options").json()
        answer = person.post(
            "step_up_passkey",
            answer=person.device.prove(question),
            next=reverse("accounts:add_app"),
        )
        assert answer.headers["Location"] == reverse("accounts:add_app")
        assert person.get("add_app").status_code == 200
