"""Questions to accounts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from marfa.apps.accounts.actions import secret_digest
from marfa.apps.accounts.models import SignInLink, User, username_key
from marfa.domain.message import InputError, Message
from marfa.platform import clock


def user_named(username: str) -> User:
    """The user with this name in any case; raises InputError where there is none."""
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        message = Message("apps.accounts:username-unknown", {"username": username})
        raise InputError.at(message) from None


def key_of_user(text: str) -> UUID | None:
    """The key of the user whom a user name or a reference names; None where it names nobody."""
    return next(iter(keys_of_users(text)), None)


def keys_of_users(text: str) -> list[UUID]:
    """The keys of the users whom a user name or a reference names."""
    named = Q(username_key=username_key(text)) | Q(reference=text)
    return list(User.objects.filter(named).values_list("pk", flat=True))


def link_is_good(secret: str) -> bool:
    """Whether a link would let somebody in now; asking does not use it up."""
    return SignInLink.objects.filter(
        digest=secret_digest(secret), used_at=None, expires_at__gt=clock.now(), user__is_active=True
    ).exists()
