"""Changes to accounts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from marfa.apps.accounts import sessions
from marfa.apps.accounts.models import (
    LONGEST_QUERY,
    Authenticator,
    ListView,
    OpenSession,
    SignInLink,
    User,
    username_key,
)
from marfa.apps.validation import clean_row
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock

SECRET_BYTES = 32
HIGHEST_LENGTH = 60
SEEDS_KEPT = timedelta(days=1)


def create_user(*, username: str, display_name: str, language: str = "") -> User:
    """A new user without any role; they come in by a link.

    Raises InputError when the user name is taken, empty, or not one word.
    """
    name = username.strip()
    check_visible(name, field="username")
    if not name or len(name) > HIGHEST_LENGTH or len(name.split()) != 1 or not name.isprintable():
        raise InputError.at(
            Message("apps.accounts:username-form", {"highest": HIGHEST_LENGTH}), field="username"
        )
    check_visible(display_name.strip(), field="display_name")
    with transaction.atomic():
        if User.objects.filter(username_key=username_key(name)).exists():
            raise InputError.at(Message("apps.accounts:username-taken"), field="username")
        user = User(
            username=name,
            username_key=username_key(name),
            display_name=display_name.strip() or name,
            language=language,
            created_at=clock.now(),
        )
        user.set_unusable_password()
        clean_row(user)
        user.save()
    return user


def issue_sign_in_link(*, user: User, valid_for: timedelta) -> str:
    """A secret that lets ``user`` in once; earlier links of theirs stop working.

    Raises InputError for a user who is blocked: such a link would let nobody in.
    """
    if not user.is_active:
        raise InputError.at(Message("apps.accounts:user-is-blocked"), field="username")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    with transaction.atomic():
        # Who came in when is not kept for ever: used and expired links go, everybody's.
        SignInLink.objects.filter(Q(user=user) | Q(expires_at__lte=now)).delete()
        SignInLink.objects.create(
            user=user, digest=secret_digest(secret), created_at=now, expires_at=now + valid_for
        )
    return secret


def use_sign_in_link(*, secret: str) -> User | None:
    """The user whom a link lets in, once; None for a link that is unknown, used or too old.

    The update names columns of the link alone: a condition on the user would become a
    subquery, which PostgreSQL does not ask again after it has waited for another click.
    """
    now = clock.now()
    unused = SignInLink.objects.filter(
        digest=secret_digest(secret), used_at=None, expires_at__gt=now
    )
    with transaction.atomic():
        if unused.update(used_at=now) != 1:
            return None
        return User.objects.filter(
            sign_in_links__digest=secret_digest(secret), is_active=True
        ).first()


def forget_past_sign_ins() -> int:
    """Delete sessions that ended, links that were used or are too old, and apps that were never
    confirmed; how many.

    Who worked when is not kept for ever.
    """
    now = clock.now()
    stored = Session.objects.filter(expire_date__lte=now)
    seeds = Authenticator.objects.filter(confirmed_at=None, made_at__lte=now - SEEDS_KEPT)
    links = SignInLink.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lte=now))
    gone = sum(rows.delete()[0] for rows in (stored, links, seeds))
    return gone + sessions.forget_ended()


def choose_language(*, user: User, language: str) -> None:
    """Remember the language that a user chose; raises InputError for one that we do not speak."""
    if language not in LANGUAGES:
        raise InputError.at(Message("apps.accounts:language-unknown"), field="language")
    User.objects.filter(pk=user.pk).update(language=language)


def allow_sign_in(*, user: User, allowed: bool) -> None:
    """Let a user come in, or stop them.

    Either way their sessions and unused links end for good: what was open when somebody was
    blocked must not open again when the block is lifted.
    """
    with transaction.atomic():
        stored = User.objects.select_for_update().get(pk=user.pk)
        stored.is_active = allowed
        # Sessions are bound to this; a new one that fits no password ends them all.
        stored.set_unusable_password()
        stored.save(update_fields=["is_active", "password"])
        stored.sign_in_links.filter(used_at=None).delete()
        sessions.end_all_of(user=stored, by=OpenSession.Ended.BLOCKED)


MOST_VIEWS = 20
"""Views of one list that one person keeps."""


def keep_list_view(*, user: User, path: str, query: str) -> None:
    """Keep a view of a list; twice is once. What is too long or too much is not kept."""
    own = ListView.objects.filter(user=user, path=path)
    if len(query) <= LONGEST_QUERY and own.count() < MOST_VIEWS:
        ListView.objects.get_or_create(
            user=user, path=path, query=query, defaults={"kept_at": clock.now()}
        )


def forget_list_view(*, user: User, path: str, query: str) -> None:
    """Forget a view of a list."""
    ListView.objects.filter(user=user, path=path, query=query).delete()


def secret_digest(secret: str) -> str:
    """What is stored of a link's secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()
