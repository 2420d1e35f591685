"""Passwords and seeds are sealed anew when the instance key is rotated."""

from __future__ import annotations

from marfa.apps.accounts.factor_secrets import reseal_secret
from marfa.apps.accounts.models import Authenticator, Password
from marfa.platform.keys.holders import by_header


def _password(row: Password, version: int) -> dict[str, object]:
    return reseal_secret("accounts_password", "digest", row.pk, bytes(row.digest), version)


def _seed(row: Authenticator, version: int) -> dict[str, object]:
    return reseal_secret("accounts_authenticator", "seed", row.pk, bytes(row.seed), version)


PASSWORDS = by_header("accounts.passwords", Password, "digest", _password)
SEEDS = by_header("accounts.authenticators", Authenticator, "seed", _seed)
