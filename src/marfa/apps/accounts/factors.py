"""Which factors a person has, and whether they must have one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts import sessions
from marfa.apps.accounts.log_entries import log_account_event
from marfa.apps.accounts.models import Authenticator, OpenSession, Passkey, Password, User
from marfa.apps.accounts.one_time_codes import recovery_codes_left
from marfa.apps.manifest import needs_factor
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor


class Reason(models.TextChoices):
    """Why somebody's factors are reset; stolen and suspected are matters for the register of
    incidents too."""

    LOST = "lost", _("lost or forgotten")
    BROKEN = "broken", _("broken or replaced")
    STOLEN = "stolen", _("stolen or taken away")
    SUSPECTED = "suspected", _("someone else may have used them")


@dataclass(frozen=True)
class Factors:
    """What a person can prove themselves with."""

    passkeys: tuple[Passkey, ...]
    authenticator: Authenticator | None
    password: Password | None
    recovery_codes: int

    @property
    def second(self) -> int:
        """How many second factors there are; recovery codes are none by themselves."""
        return len(self.passkeys) + bool(self.authenticator)


def factors_of(user: User) -> Factors:
    """All factors of a user."""
    return Factors(
        passkeys=tuple(user.passkeys.order_by("made_at")),
        authenticator=user.authenticators.filter(confirmed_at__isnull=False).first(),
        password=Password.objects.filter(user=user).first(),
        recovery_codes=recovery_codes_left(user),
    )


def has_factor(user: User) -> bool:
    """Whether a second factor is asked for when a user comes in."""
    return user.passkeys.exists() or user.authenticators.filter(confirmed_at__isnull=False).exists()


def remove_factor(*, user: User, factor: Passkey | Authenticator) -> None:
    """Take one second factor away; without any, recovery codes go too.

    Raises InputError for the last one of somebody whose role needs one.
    """
    with transaction.atomic():
        # Two removals at once would each see the other's factor still there.
        User.objects.select_for_update().get(pk=user.pk)
        if factors_of(user).second <= 1 and needs_factor(user):
            raise InputError.at(Message("apps.accounts:last-factor"), field="factor")
        factor.delete()
        if not has_factor(user):
            user.recovery_codes.all().delete()


def new_stamp(*, user: User) -> None:
    """Give a user another stamp. Sessions are bound to it, and so is who is half-way in."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def reset_factors(*, user: User, reason: Reason, actor: Actor) -> None:
    """Forget all factors and the password of somebody who lost them, and end their sessions.

    They come in by a one-time link and set up new ones.
    """
    with together():
        stored = User.objects.select_for_update().get(pk=user.pk)
        stored.passkeys.all().delete()
        stored.authenticators.all().delete()
        stored.recovery_codes.all().delete()
        stored.sign_in_links.filter(used_at=None).delete()
        Password.objects.filter(user=stored).delete()
        new_stamp(user=stored)
        sessions.end_all_of(user=stored, by=OpenSession.Ended.CHANGED)
        log_account_event("accounts.factors_reset", user=stored, actor=actor, reason=reason.value)
