"""Keys are unlocked by a passphrase, stay so for fifteen minutes of use, and for people alone."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta

import pytest

from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_wrap import unwrap_key
from marfa.crypto.keys import Key
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.sealed import key_lock, keyholders
from marfa.safeguards.sealed.errors import LockedError
from marfa.safeguards.sealed.key_lock import (
    Unlocked,
    is_unlocked,
    lock_keys,
    resume_keys,
    take_back,
    unlock_keys,
)
from marfa.safeguards.sealed.models import KeyHolder, UnlockedSession
from tests.safeguards.sealed.office import Office, account, words_of

START = clock.now()


def cookie_of(office: Office) -> str:
    return unlock_keys(actor=office.worker, passphrase=words_of(office.worker))[1]


def test_a_passphrase_unlocks_and_a_cookie_goes_on(office: Office) -> None:
    first, cookie = unlock_keys(actor=office.worker, passphrase=words_of(office.worker))
    assert resume_keys(cookie, actor=office.worker).private == first.private
    assert is_unlocked(cookie, actor=office.worker)


def test_a_wrong_passphrase_and_too_many_tries(office: Office) -> None:
    with clock.set_to(START):
        for _ in range(5):
            with pytest.raises(InputError, match="passphrase-wrong"):
                unlock_keys(actor=office.worker, passphrase="lantern orbit")
        with pytest.raises(InputError, match="too-many-tries"):
            unlock_keys(actor=office.worker, passphrase=words_of(office.worker))
        assert unlock_keys(actor=office.colleague, passphrase=words_of(office.colleague))
    with clock.set_to(START + timedelta(minutes=6)):
        assert unlock_keys(actor=office.worker, passphrase=words_of(office.worker))


def test_fifteen_minutes_without_use_lock(office: Office) -> None:
    with clock.set_to(START):
        cookie = cookie_of(office)
    for minutes in (14, 28, 42):  # each use puts the end off
        with clock.set_to(START + timedelta(minutes=minutes)):
            resume_keys(cookie, actor=office.worker)
    with clock.set_to(START + timedelta(minutes=42 + 15)):
        assert not is_unlocked(cookie, actor=office.worker)
        with pytest.raises(LockedError):
            resume_keys(cookie, actor=office.worker)
    assert not UnlockedSession.objects.exists(), "the half in the database is gone"
    with clock.set_to(START + timedelta(minutes=43)), pytest.raises(LockedError):
        resume_keys(cookie, actor=office.worker)


def test_looking_does_not_put_the_end_off(office: Office) -> None:
    with clock.set_to(START):
        cookie = cookie_of(office)
    with clock.set_to(START + timedelta(minutes=14)):
        assert is_unlocked(cookie, actor=office.worker)
    with clock.set_to(START + timedelta(minutes=16)):
        assert not is_unlocked(cookie, actor=office.worker)


def test_the_clock_forgets_what_nobody_uses(office: Office) -> None:
    with clock.set_to(START):
        cookie_of(office)
    with clock.set_to(START + timedelta(minutes=14)):
        assert key_lock.forget_idle() == 0
    with clock.set_to(START + timedelta(minutes=15)):
        assert key_lock.forget_idle() == 1


def test_unlocking_again_leaves_nothing_idle_behind(office: Office) -> None:
    with clock.set_to(START):
        cookie_of(office)
    with clock.set_to(START + timedelta(minutes=20)):
        cookie_of(office)
        assert UnlockedSession.objects.count() == 1


def test_a_cookie_is_of_one_person(office: Office) -> None:
    cookie = cookie_of(office)
    with pytest.raises(LockedError):
        resume_keys(cookie, actor=office.colleague)
    with pytest.raises(LockedError):
        resume_keys(cookie, actor=office.worker)  # and whoever tried it has locked it


def test_locking_and_taking_back(office: Office) -> None:
    one, two = cookie_of(office), cookie_of(office)
    lock_keys(one)
    with pytest.raises(LockedError):
        resume_keys(one, actor=office.worker)
    assert take_back(office.worker.id) == 1
    with pytest.raises(LockedError):
        resume_keys(two, actor=office.worker)


@pytest.mark.parametrize("cookie", ["", "!", "AAAA", "ä", "A" * 43, "A" * 4000])
def test_what_is_no_cookie_unlocks_nothing(office: Office, cookie: str) -> None:
    with pytest.raises(LockedError):
        resume_keys(cookie, actor=office.worker)
    lock_keys(cookie)
    assert not is_unlocked(cookie, actor=office.worker)


def test_a_job_has_no_keys(office: Office) -> None:
    cookie = cookie_of(office)
    for actor in (office.job,):
        with pytest.raises(LockedError):
            resume_keys(cookie, actor=actor)
        with pytest.raises(LockedError):
            unlock_keys(actor=actor, passphrase=words_of(office.worker))


def test_unlocked_keys_are_made_here_alone_and_go_nowhere(office: Office) -> None:
    found = unlock_keys(actor=office.worker, passphrase=words_of(office.worker))[0]
    with pytest.raises(TypeError):
        Unlocked(object(), office.worker.id, Key.random())
    for spread in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            spread(found)
    assert found.private.expose().hex() not in repr(found)


def test_neither_half_opens_anything(office: Office) -> None:
    """With all that is in the database, and with the cookie alone, the private key stays shut."""
    cookie_of(office)
    row = UnlockedSession.objects.get()
    place = key_lock._place(row.staff, row.generation)
    for under in (bytes(row.half), bytes.fromhex(row.digest)):
        for key in (Key(under), key_lock._between(under, bytes(32))):
            with pytest.raises(NotAuthenticError):
                unwrap_key(bytes(row.wrapped), under=key, context=place)


def test_another_passphrase_for_the_same_keys(office: Office) -> None:
    private, cookie = unlock_keys(actor=office.worker, passphrase=words_of(office.worker))
    new = "seven other words entirely: barge plum cinder"
    here = account(office.worker)
    with pytest.raises(InputError, match="passphrase-wrong"):
        keyholders.change_passphrase(actor=office.worker, account=here, old="x", new=new)
    keyholders.change_passphrase(
        actor=office.worker, account=here, old=words_of(office.worker), new=new
    )
    with pytest.raises(LockedError):
        resume_keys(cookie, actor=office.worker)
    with pytest.raises(InputError, match="passphrase-wrong"):
        unlock_keys(actor=office.worker, passphrase=words_of(office.worker))
    assert unlock_keys(actor=office.worker, passphrase=new)[0].private == private.private


def test_keys_are_set_up_once_with_a_strong_passphrase(office: Office) -> None:
    here = account(office.worker)
    with pytest.raises(InputError, match="keys-there"):
        keyholders.set_up(actor=office.worker, account=here, passphrase=words_of(office.worker))
    for weak in ("password", "lantern orbit kettle amal"):
        with pytest.raises(InputError, match="passphrase-guessable"):
            keyholders.set_up(actor=office.worker, account=here, passphrase=weak, known=("amal",))


def test_the_stored_lock_says_its_cost(office: Office) -> None:
    lock = KeyHolder.objects.get(pk=office.worker.id).lock
    assert lock["cost"] == {"memory_kib": 64, "passes": 1, "lanes": 1}
