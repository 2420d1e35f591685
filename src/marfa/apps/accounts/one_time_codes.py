"""One-time codes: from an authenticator app, and from a sheet of recovery codes."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from marfa.apps.accounts.factor_secrets import open_secret, seal_secret
from marfa.apps.accounts.models import Authenticator, RecoveryCode, User
from marfa.crypto.totp import matching_step, new_seed
from marfa.domain.digits import latin_digits, without_marks
from marfa.platform import clock

TABLE = "accounts_authenticator"
RECOVERY_CODES = 10
# Base32 without what looks alike (Crockford): 16 characters are 80 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
GROUPS, GROUP = 4, 4
LOOKALIKES = str.maketrans({"i": "1", "l": "1", "o": "0"})


def begin_authenticator(*, user: User) -> Authenticator:
    """A new authenticator, of no use until it is confirmed; an unconfirmed one before it goes."""
    row = Authenticator(user=user, made_at=clock.now())
    row.seed = seal_secret(TABLE, "seed", row.pk, new_seed())
    with transaction.atomic():
        user.authenticators.filter(confirmed_at=None).delete()
        row.save()
    return row


def seed_of(authenticator: Authenticator) -> bytes:
    """The secret that the app and the installation share."""
    return open_secret(TABLE, "seed", authenticator.pk, authenticator.seed)


def confirm_authenticator(*, authenticator: Authenticator, code: str) -> bool:
    """Begin to accept the codes of an app that has shown a right one; an earlier app goes."""
    step = _step(authenticator, code)
    if step is None:
        return False
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=authenticator.user_id)
        user.authenticators.exclude(pk=authenticator.pk).delete()
        waiting = Authenticator.objects.filter(pk=authenticator.pk, confirmed_at=None)
        return waiting.update(confirmed_at=clock.now(), last_step=step) == 1


def use_code(*, user: User, code: str) -> bool:
    """Whether a code is right, now and for the first time; it is used up by that."""
    row = user.authenticators.filter(confirmed_at__isnull=False).first()
    step = _step(row, code) if row else None
    if row is None or step is None:
        return False
    # Of two workers that got the same code at once, one finds the step not yet used.
    unused = Authenticator.objects.filter(pk=row.pk, last_step__lt=step)
    return unused.update(last_step=step, last_used_on=clock.now().date()) == 1


def remove_authenticator(*, user: User) -> None:
    """Accept no codes of an app any more."""
    user.authenticators.all().delete()


def make_recovery_codes(*, user: User) -> list[str]:
    """New recovery codes in place of all earlier ones. Only their digests are kept."""
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    now = clock.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        user.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=_digest(code), made_at=now) for code in codes
        )
    return codes


def use_recovery_code(*, user: User, code: str) -> bool:
    """Whether a recovery code is one of the user's and unused; it is used up by that."""
    unused = RecoveryCode.objects.filter(user_id=user.pk, digest=_digest(code), used_at=None)
    return unused.update(used_at=clock.now()) == 1


def recovery_codes_left(user: User) -> int:
    """How many recovery codes a user has left."""
    return user.recovery_codes.filter(used_at=None).count()


def _step(authenticator: Authenticator, code: str) -> int | None:
    plain = latin_digits(without_marks("".join(code.split())))
    return matching_step(seed_of(authenticator), plain, clock.now().timestamp())


def _new_recovery_code() -> str:
    drawn = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(drawn)


def _digest(code: str) -> str:
    plain = "".join(part for part in latin_digits(code).lower() if part.isalnum())
    return hashlib.sha256(plain.translate(LOOKALIKES).encode()).hexdigest()
