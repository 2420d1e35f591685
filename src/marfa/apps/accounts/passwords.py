"""Passwords: optional beside passkeys, and never enough alone where a second factor is due."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files

from django.db import transaction

from marfa.apps.accounts.factor_secrets import open_secret, seal_secret
from marfa.apps.accounts.models import Password, User, username_key
from marfa.crypto.passwords import digest_is_old, password_digest, password_fits
from marfa.domain.message import InputError, Message
from marfa.platform import clock

SHORTEST = 12
LONGEST = 200
"""Longer ones would let a visitor make the server work."""
FEWEST_DIFFERENT = 5
SHORTEST_NAME = 3
TABLE = "accounts_password"
EDGES = "0123456789!?.,-_*#@$%&+ "
RUNS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")

# The digest of a password that nobody knows: what is compared with where there is none.
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=1"
    "$dBOSNHgHKGNj3rVMqHpx+Q$u0hZoJLPzBfkJ8a9LYJDVWIRZMaxMAxYhDocm89MEDk"
)


def set_password(*, user: User, password: str) -> None:
    """Give a user a password, or another one.

    Raises InputError for one that is short, very long, common, or made of the user's own name.
    Ending the user's other sessions is up to the caller, who knows which one this is.
    """
    check_password_is_good(password, user)
    digest = password_digest(password).encode()
    sealed = seal_secret(TABLE, "digest", user.pk, digest)
    with transaction.atomic():
        Password.objects.update_or_create(
            user=user, defaults={"digest": sealed, "made_at": clock.now()}
        )


def remove_password(*, user: User) -> None:
    """Take a user's password away."""
    Password.objects.filter(user=user).delete()


def user_with_password(username: str, password: str) -> User | None:
    """The user whom name and password belong to together.

    An unknown name, a user without a password, a wrong one and a blocked user give the same
    answer after the same work.
    """
    key = username_key(username.strip())
    stored = Password.objects.select_related("user").filter(user__username_key=key).first()
    digest = _open(stored) if stored else NOBODYS
    fits = password_fits(digest, password[:LONGEST]) and len(password) <= LONGEST
    if not fits or stored is None or not stored.user.is_active:
        return None
    if digest_is_old(digest):
        _make_anew(stored, password)
    return stored.user


def has_password(user: User) -> bool:
    """Whether a user has one."""
    return Password.objects.filter(user=user).exists()


def check_password_is_good(password: str, user: User) -> None:
    """Raise InputError, at the field ``password``, for one that would soon be guessed."""
    if len(password) < SHORTEST:
        raise _refused("password-short", {"lowest": SHORTEST})
    if len(password) > LONGEST:
        raise _refused("password-long", {"highest": LONGEST})
    own = {user.username_key, *user.display_name.casefold().split()}
    if _is_common(password.casefold(), own):
        raise _refused("password-common")


def _is_common(password: str, own: set[str]) -> bool:
    if len(set(password)) < FEWEST_DIFFERENT or any(password in run for run in RUNS):
        return True
    bases = {password, password.strip(EDGES)}
    bases |= {base[: len(base) // 2] for base in bases if base == base[: len(base) // 2] * 2}
    if bases & _common_passwords():
        return True
    rest = password
    for name in sorted(own, key=len, reverse=True):
        rest = rest.replace(name, "") if len(name) >= SHORTEST_NAME else rest
    return len(rest.strip(EDGES)) < SHORTEST // 2 and any(name in password for name in own)


@cache
def _common_passwords() -> frozenset[str]:
    """Twenty thousand of the most used, as Django brings them."""
    packed = files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))


def _open(stored: Password) -> str:
    return open_secret(TABLE, "digest", stored.user_id, stored.digest).decode()


def _make_anew(stored: Password, password: str) -> None:
    """Costs of the digest grew since it was made; the password is at hand now only."""
    sealed = seal_secret(TABLE, "digest", stored.user_id, password_digest(password).encode())
    Password.objects.filter(pk=stored.pk, digest=bytes(stored.digest)).update(digest=sealed)


def _refused(key: str, values: dict[str, str | int] | None = None) -> InputError:
    return InputError.at(Message(f"apps.accounts:{key}", values or {}), field="password")
