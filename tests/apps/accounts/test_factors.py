"""What proves who somebody is: passwords, one-time codes, recovery codes."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.apps.accounts import one_time_codes as codes
from marfa.apps.accounts import passwords
from marfa.apps.accounts.actions import allow_sign_in, create_user
from marfa.apps.accounts.models import Authenticator, Password, RecoveryCode, User
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.passwords import Costs
from marfa.crypto.totp import code_at, step_of
from marfa.domain.message import InputError
from marfa.platform import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four olive trees by the wall"


@pytest.fixture
def amal(db: None) -> User:
    return create_user(username="amal", display_name="Amal Haddad")


def with_authenticator(user: User, at: datetime = NOON) -> Authenticator:
    """A user's app that was confirmed an hour before."""
    with clock.set_to(at - timedelta(hours=1)):
        row = codes.begin_authenticator(user=user)
        code = code_at(codes.seed_of(row), step_of(clock.now().timestamp()))
        assert codes.confirm_authenticator(authenticator=row, code=code)
    return row


def code_now(row: Authenticator, at: datetime) -> str:
    return code_at(codes.seed_of(row), step_of(at.timestamp()))


def test_a_password_lets_in_its_user_alone(amal: User) -> None:
    passwords.set_password(user=amal, password=GOOD)
    assert passwords.user_with_password(" AMAL ", GOOD) == amal
    assert passwords.user_with_password("amal", GOOD + " ") is None
    assert passwords.user_with_password("amal", "") is None
    assert passwords.user_with_password("nobody", GOOD) is None
    allow_sign_in(user=amal, allowed=False)
    assert passwords.user_with_password("amal", GOOD) is None


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("elevenchars", "password-short"),
        ("x" * 201, "password-long"),
        ("aaaaaaaaaaaaaaaa", "password-common"),
        ("abababababab", "password-common"),
        ("123456789012", "password-common"),
        ("qwertyuiopas", "password-common"),
        ("password2026!", "password-common"),
        ("Liverpool123!!", "password-common"),
        ("trustno1trustno1", "password-common"),
        ("amal-amal-2026", "password-common"),
        ("Amal Haddad 12", "password-common"),
    ],
)
def test_passwords_that_would_soon_be_guessed(amal: User, password: str, key: str) -> None:
    with pytest.raises(InputError, match=key) as caught:
        passwords.set_password(user=amal, password=password)
    assert caught.value.problems[0].place.field == "password"
    assert not passwords.has_password(amal)


@pytest.mark.parametrize(
    "password", ["أربع شجرات زيتون", "k7!vQz#92mPx", "四棵橄榄树在老城墙的旁边"]
)
def test_good_passwords_in_any_script(amal: User, password: str) -> None:
    passwords.set_password(user=amal, password=password)
    assert passwords.user_with_password("amal", password) == amal


def test_the_longest_password_is_whole(amal: User) -> None:
    """What comes after the longest that is taken is not passed over."""
    longest = (GOOD * 10)[: passwords.LONGEST]
    passwords.set_password(user=amal, password=longest)
    assert passwords.user_with_password("amal", longest) == amal
    assert passwords.user_with_password("amal", longest + "x") is None


def test_a_digest_grows_with_the_costs(amal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords.set_password(user=amal, password=GOOD)
    before = bytes(Password.objects.get().digest)
    monkeypatch.setattr("marfa.crypto.passwords.COSTS", Costs(memory=64, passes=2, lanes=1))
    assert passwords.user_with_password("amal", GOOD) == amal
    assert bytes(Password.objects.get().digest) != before
    assert passwords.user_with_password("amal", GOOD) == amal


def test_secrets_are_sealed_where_they_lie(amal: User) -> None:
    passwords.set_password(user=amal, password=GOOD)
    row = with_authenticator(amal)
    seed = codes.seed_of(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM accounts_password")
        ((digest,),) = cursor.fetchall()
        cursor.execute("SELECT seed FROM accounts_authenticator")
        ((sealed,),) = cursor.fetchall()
    assert b"argon2" not in bytes(digest)
    assert seed not in bytes(sealed)
    other = create_user(username="samir", display_name="")
    moved = Authenticator(user=other, seed=bytes(sealed), made_at=NOON)
    with pytest.raises(NotAuthenticError):
        codes.seed_of(moved)


def test_a_code_is_accepted_once(amal: User) -> None:
    row = with_authenticator(amal)
    with clock.set_to(NOON):
        code = code_now(row, NOON)
        assert codes.use_code(user=amal, code=f" {code[:3]} {code[3:]} ")
        assert not codes.use_code(user=amal, code=code)
        before = code_now(row, NOON - timedelta(seconds=30))
        assert not codes.use_code(user=amal, code=before), "an older one in the window neither"
        after = code_now(row, NOON + timedelta(seconds=30))
        assert codes.use_code(user=amal, code=after), "the phone's clock may be ahead"


def test_the_code_that_confirmed_is_used_up(amal: User) -> None:
    with clock.set_to(NOON):
        row = codes.begin_authenticator(user=amal)
        code = code_now(row, NOON)
        assert not codes.use_code(user=amal, code=code), "not yet confirmed"
        assert not codes.confirm_authenticator(authenticator=row, code="000000")
        assert codes.confirm_authenticator(authenticator=row, code=code)
        assert not codes.use_code(user=amal, code=code)
        assert not codes.confirm_authenticator(authenticator=row, code=code)


def test_digits_of_the_reader_are_digits(amal: User) -> None:
    row = with_authenticator(amal)
    arabic = code_now(row, NOON).translate({48 + n: 0x660 + n for n in range(10)})
    with clock.set_to(NOON):
        assert codes.use_code(user=amal, code=f"\u200f{arabic}")


def test_another_app_takes_the_place_of_the_first(amal: User) -> None:
    first = with_authenticator(amal)
    second = with_authenticator(amal, at=NOON + timedelta(seconds=60))
    assert list(amal.authenticators.all()) == [second]
    with clock.set_to(NOON):
        assert not codes.use_code(user=amal, code=code_now(first, NOON))
        assert codes.use_code(user=amal, code=code_now(second, NOON))


def test_a_code_of_somebody_else_is_none(amal: User) -> None:
    samir = create_user(username="samir", display_name="")
    row = with_authenticator(amal)
    with_authenticator(samir)
    with clock.set_to(NOON):
        assert not codes.use_code(user=samir, code=code_now(row, NOON))


def at_once(attempt: object, times: int = 8) -> int:
    """How many of several workers at the same moment succeed."""
    assert callable(attempt)

    def one(_: int) -> bool:
        try:
            return bool(attempt())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_accepts_a_code() -> None:
    user = create_user(username="amal", display_name="")
    row = with_authenticator(user)
    with clock.set_to(NOON):
        code = code_now(row, NOON)
        assert at_once(lambda: codes.use_code(user=user, code=code)) == 1


CHILD = """
import sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from marfa.apps.accounts.models import User
from marfa.apps.accounts.one_time_codes import use_code
user = User.objects.get()
sys.stdin.readline()
sys.exit(10 + sum(use_code(user=user, code=sys.argv[2]) for _ in range(3)))
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_accepts_a_code() -> None:
    """Each tries three times at the same moment, by the clock of the machine."""
    user = create_user(username="amal", display_name="")
    now = clock.now()
    row = with_authenticator(user, at=now)
    words = [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), code_now(row, now)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "marfa.web.settings"}
    children = [
        subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.close()
    assert sorted(child.wait(timeout=60) for child in children) == [10, 11]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_accepts_a_recovery_code() -> None:
    user = create_user(username="amal", display_name="")
    first, *_ = codes.make_recovery_codes(user=user)
    assert at_once(lambda: codes.use_recovery_code(user=user, code=first)) == 1
    assert codes.recovery_codes_left(user) == codes.RECOVERY_CODES - 1


def test_recovery_codes_work_once_each(amal: User) -> None:
    made = codes.make_recovery_codes(user=amal)
    assert len(set(made)) == codes.RECOVERY_CODES
    for left, code in enumerate(reversed(made)):
        assert codes.recovery_codes_left(amal) == codes.RECOVERY_CODES - left
        assert codes.use_recovery_code(user=amal, code=code)
        assert not codes.use_recovery_code(user=amal, code=code)
    assert codes.recovery_codes_left(amal) == 0


def test_new_recovery_codes_end_the_old(amal: User) -> None:
    old = codes.make_recovery_codes(user=amal)
    codes.make_recovery_codes(user=amal)
    assert not any(codes.use_recovery_code(user=amal, code=code) for code in old)
    assert RecoveryCode.objects.count() == codes.RECOVERY_CODES


@settings(max_examples=30, derandomize=True)
@given(code=st.text(codes.ALPHABET, min_size=16, max_size=16), data=st.data())
def test_a_code_is_known_however_it_is_written(code: str, data: st.DataObject) -> None:
    """Capitals, spaces, no hyphens, and the letters that look like digits."""
    swaps = {"1": "1ilIL", "0": "0oO"}
    written = "".join(data.draw(st.sampled_from(swaps.get(c, c + c.upper()))) for c in code)
    spaced = " ".join(written[i : i + 4] for i in range(0, 16, 4))
    assert codes._digest(spaced) == codes._digest(code)


def test_recovery_codes_are_not_stored(amal: User) -> None:
    made = codes.make_recovery_codes(user=amal)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_recoverycode")
        rows = str(cursor.fetchall())
    assert not any(code in rows or code.replace("-", "") in rows for code in made)
