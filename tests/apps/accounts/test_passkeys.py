"""What a passkey answers is believed only where all fits (W3C Web Authentication, 7.1, 7.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marfa.apps.accounts import factors, passkeys
from marfa.apps.accounts.actions import allow_sign_in, create_user
from marfa.apps.accounts.models import Passkey, User
from marfa.domain.message import InputError
from marfa.platform import clock
from tests.apps.accounts.people import Person
from tests.support.passkeys import PRESENT, VERIFIED, Device, b64, unb64

ORIGIN = "http://localhost"


def register(user: User, device: Device, name: str = "phone") -> Passkey:
    asked = passkeys.ask_to_register(user=user, origin=ORIGIN)
    answer = device.register(dict(asked.options))
    return passkeys.register_passkey(
        user=user, name=name, origin=ORIGIN, kept=asked.kept, answer=answer
    )


def prove(device: Device, user: User | None = None, at: str = ORIGIN) -> User:
    asked = passkeys.ask_to_prove(origin=at, user=user)
    answer = device.prove(dict(asked.options))
    return passkeys.prove_passkey(origin=at, kept=asked.kept, answer=answer, user=user)


@pytest.fixture
def amal(db: None) -> User:
    return create_user(username="amal", display_name="")


@pytest.fixture
def device(amal: User) -> Device:
    made = Device()
    register(amal, made)
    return made


def test_it_proves_its_holder(amal: User, device: Device) -> None:
    assert prove(device) == amal
    assert prove(device, user=amal) == amal
    assert Passkey.objects.get().last_used_on == clock.now().date()


def test_the_question_asks_for_what_the_design_needs(amal: User) -> None:
    asked = dict(passkeys.ask_to_register(user=amal, origin=ORIGIN).options)["publicKey"]
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert unb64(asked["user"]["id"]).decode() == amal.reference
    assert len(unb64(asked["challenge"])) == 32
    proof = dict(passkeys.ask_to_prove(origin=ORIGIN).options)["publicKey"]
    assert proof["userVerification"] == "required"
    assert not proof.get("allowCredentials"), "whose passkeys there are is told to nobody"


def set_(name: str, value: Any) -> Callable[[Device], None]:
    return lambda device: setattr(device, name, value)


WRONG = {
    "another origin": set_("origin", "http://localhost:8001"),
    "the same host by https": set_("origin", "https://localhost"),
    "a subdomain": set_("origin", "http://a.localhost"),
    "another place": set_("rp_id", "elsewhere.example"),
    "nobody present": set_("flags", VERIFIED),
    "no finger, face or PIN": set_("flags", PRESENT),
    "another person's handle": set_("user_handle", b"0" * 20),
    "no handle": set_("user_handle", None),
    "another key": lambda device: setattr(device, "key", Device().key),
    "an unknown key": set_("credential", b"x" * 32),
}


OF_THE_PLACE = [name for name in WRONG if "key" not in name and "handle" not in name]


@pytest.mark.parametrize("wrong", list(WRONG))
def test_nothing_else_proves_anything(device: Device, wrong: str) -> None:
    WRONG[wrong](device)
    with pytest.raises(passkeys.RefusedError):
        prove(device)


@pytest.mark.parametrize("wrong", OF_THE_PLACE)
def test_nothing_else_is_registered(amal: User, wrong: str) -> None:
    made = Device()
    WRONG[wrong](made)
    with pytest.raises(passkeys.RefusedError):
        register(amal, made)
    assert not Passkey.objects.exists()


def test_an_answer_is_good_once(device: Device) -> None:
    asked = passkeys.ask_to_prove(origin=ORIGIN)
    answer = device.prove(dict(asked.options))
    passkeys.prove_passkey(origin=ORIGIN, kept=asked.kept, answer=answer)
    with pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(origin=ORIGIN, kept=asked.kept, answer=answer)
    assert Passkey.objects.get().doubted_at is None, "a replay is not a copied key"


def test_an_answer_to_another_question(amal: User, device: Device) -> None:
    first, second = (passkeys.ask_to_prove(origin=ORIGIN) for _ in range(2))
    with pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(
            origin=ORIGIN, kept=second.kept, answer=device.prove(dict(first.options))
        )
    with pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(origin=ORIGIN, kept=None, answer=device.prove(dict(first.options)))
    stepping = passkeys.ask_to_prove(origin=ORIGIN, user=amal)
    with pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(
            origin=ORIGIN, kept=stepping.kept, answer=device.prove(dict(stepping.options))
        )


def test_a_question_ends_after_five_minutes(amal: User, device: Device) -> None:
    start = clock.now()
    with clock.set_to(start):
        asked = passkeys.ask_to_prove(origin=ORIGIN)
    with clock.set_to(start + passkeys.GOOD_FOR), pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(
            origin=ORIGIN, kept=asked.kept, answer=device.prove(dict(asked.options))
        )
    assert prove(device) == amal


def test_the_passkey_of_somebody_else_is_no_step_up(amal: User, device: Device) -> None:
    samir = create_user(username="samir", display_name="")
    with pytest.raises(passkeys.RefusedError):
        prove(device, user=samir)
    asked = passkeys.ask_to_prove(origin=ORIGIN, user=amal)
    with pytest.raises(passkeys.RefusedError):
        passkeys.prove_passkey(
            origin=ORIGIN, kept=asked.kept, answer=device.prove(dict(asked.options)), user=samir
        )


def test_a_registration_is_for_the_one_who_asked(amal: User) -> None:
    samir = create_user(username="samir", display_name="")
    asked = passkeys.ask_to_register(user=amal, origin=ORIGIN)
    answer = Device().register(dict(asked.options))
    with pytest.raises(passkeys.RefusedError):
        passkeys.register_passkey(
            user=samir, name="x", origin=ORIGIN, kept=asked.kept, answer=answer
        )


def test_the_same_key_twice(amal: User, device: Device) -> None:
    samir = create_user(username="samir", display_name="")
    with pytest.raises(passkeys.RefusedError):
        register(samir, device)
    assert Passkey.objects.get().user == amal


def test_a_counter_that_runs_backwards_closes_the_key(device: Device) -> None:
    """As where a key was copied and both are used."""
    copied_at = device.counter
    prove(device)
    device.counter = copied_at
    with pytest.raises(passkeys.RefusedError):
        prove(device)
    assert Passkey.objects.get().doubted_at is not None
    device.counter = 1000
    with pytest.raises(passkeys.RefusedError):
        prove(device)


def test_keys_without_a_counter_are_common_and_good(amal: User) -> None:
    made = Device(counts=False)
    register(amal, made)
    assert prove(made) == amal
    assert prove(made) == amal


def test_a_blocked_user(amal: User, device: Device) -> None:
    allow_sign_in(user=amal, allowed=False)
    with pytest.raises(passkeys.RefusedError):
        prove(device)


def test_there_are_not_many(amal: User) -> None:
    for number in range(passkeys.MOST):
        register(amal, Device(), f"key {number}")
    with pytest.raises(InputError, match="passkeys-many"):
        register(amal, Device())


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\u202eb"])
def test_a_name_that_is_none(amal: User, name: str) -> None:
    with pytest.raises(InputError, match="passkey-name"):
        register(amal, Device(), name)


class AnyAnswer(TestCase):
    """Whatever is sent, it is refused and never an error of ours."""

    @settings(max_examples=80, derandomize=True)
    @given(
        st.one_of(
            st.text(max_size=60),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=10),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["id", "rawId", "type", "response"]), inner)
                ),
                max_leaves=8,
            ).map(json.dumps),
        )
    )
    def test_is_refused(self, answer: str) -> None:
        asked = passkeys.ask_to_prove(origin=ORIGIN)
        with pytest.raises(passkeys.RefusedError):
            passkeys.prove_passkey(origin=ORIGIN, kept=asked.kept, answer=answer)

    @settings(max_examples=60, derandomize=True)
    @given(
        part=st.sampled_from(["authenticatorData", "clientDataJSON", "signature", "userHandle"]),
        place=st.integers(0, 1_000_000),
    )
    def test_one_changed_bit_is_refused(self, part: str, place: int) -> None:
        """In what was signed, in the signature, and in what the browser said."""
        user = User.objects.filter(username="amal").first()
        user = user or create_user(username="amal", display_name="")
        device = Device()
        user.passkeys.all().delete()
        register(user, device)
        asked = passkeys.ask_to_prove(origin=ORIGIN)
        answer = json.loads(device.prove(dict(asked.options)))
        changed = bytearray(unb64(answer["response"][part]))
        bit = place % (len(changed) * 8)
        changed[bit // 8] ^= 1 << bit % 8
        answer["response"][part] = b64(bytes(changed))
        with pytest.raises(passkeys.RefusedError):
            passkeys.prove_passkey(origin=ORIGIN, kept=asked.kept, answer=json.dumps(answer))


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_accepts_an_answer() -> None:
    """All have read the question before any has used it up."""
    user = create_user(username="amal", display_name="")
    made = Device()
    register(user, made)
    asked = passkeys.ask_to_prove(origin=ORIGIN)
    answer = made.prove(dict(asked.options))

    def attempt(_: int) -> bool:
        try:
            passkeys.prove_passkey(origin=ORIGIN, kept=asked.kept, answer=answer)
        except passkeys.RefusedError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_removals_at_once_one_leaves_the_last_factor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(factors, "needs_factor", lambda user: True)
    user = create_user(username="amal", display_name="")
    keys = [register(user, Device(), name) for name in ("phone", "laptop")]

    def remove(key: Passkey) -> bool:
        try:
            factors.remove_factor(user=user, factor=key)
        except InputError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, keys)) == [False, True]
    assert user.passkeys.count() == 1


@pytest.mark.usefixtures("live")
def test_another_browser_cannot_answer_the_question(samir: User) -> None:
    """The question is kept in the session that asked it."""
    person = Person(samir)
    person.by_link()
    person.add_passkey()
    asked = Person().post("passkey_options").json()
    stranger = Person()
    stranger.post("passkey_options")
    assert stranger.post("passkey", answer=person.device.prove(asked)).status_code == 403
    assert not stranger.is_in()


@pytest.mark.parametrize("minutes", [0, 4])
def test_a_slow_person_has_minutes(device: Device, minutes: int) -> None:
    start = clock.now()
    with clock.set_to(start):
        asked = passkeys.ask_to_prove(origin=ORIGIN)
    with clock.set_to(start + timedelta(minutes=minutes)):
        passkeys.prove_passkey(
            origin=ORIGIN, kept=asked.kept, answer=device.prove(dict(asked.options))
        )
