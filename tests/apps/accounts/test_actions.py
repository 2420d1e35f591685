"""Accounts: names that can be told apart, links that work once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marfa.apps.accounts import actions
from marfa.apps.accounts.models import SignInLink, User
from marfa.apps.accounts.queries import link_is_good, user_named
from marfa.domain.ids import is_reference
from marfa.domain.message import InputError

QUARTER = timedelta(minutes=15)


@pytest.fixture
def amal(db: None) -> User:
    return actions.create_user(username="amal", display_name="Amal")


def test_a_new_user_can_do_nothing_by_password(amal: User) -> None:
    assert not amal.has_usable_password()
    assert is_reference(amal.reference)
    assert amal.pk.version == 7


def test_a_user_shows_no_name_in_logs(amal: User) -> None:
    assert "amal" not in f"{amal} {amal!r}".lower()


@pytest.mark.parametrize("name", ["амаль", "АМАЛЬ"])
def test_names_differ_by_more_than_case_in_any_script(db: None, name: str) -> None:
    actions.create_user(username="Амаль", display_name="")
    with pytest.raises(InputError, match="username-taken"):
        actions.create_user(username=name, display_name="")
    assert user_named(name).username == "Амаль"


def test_a_blocked_user_gets_no_link(amal: User) -> None:
    actions.allow_sign_in(user=amal, allowed=False)
    amal.refresh_from_db()
    with pytest.raises(InputError, match="user-is-blocked"):
        actions.issue_sign_in_link(user=amal, valid_for=QUARTER)


def test_used_and_expired_links_are_not_kept(amal: User) -> None:
    other = actions.create_user(username="other", display_name="")
    actions.issue_sign_in_link(user=other, valid_for=timedelta(0))
    actions.use_sign_in_link(secret=actions.issue_sign_in_link(user=amal, valid_for=QUARTER))
    actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    assert SignInLink.objects.count() == 1


def test_a_name_that_is_too_long_is_refused_with_its_field(db: None) -> None:
    with pytest.raises(InputError) as caught:
        actions.create_user(username="amal", display_name="x" * 300)
    assert caught.value.problems[0].place.field == "display_name"


@pytest.mark.parametrize("name", ["amal", "AMAL", " Amal "])
def test_names_differ_by_more_than_case(amal: User, name: str) -> None:
    with pytest.raises(InputError, match="username-taken"):
        actions.create_user(username=name, display_name="")


def test_the_database_itself_refuses_the_same_name_in_another_case(amal: User) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="AMAL", username_key="amal", created_at=amal.created_at)


class UserNames(TestCase):
    """Any text is either taken as one word or refused with a sentence."""

    @given(st.text(max_size=80))
    def test_any_text(self, name: str) -> None:
        one_word = len(name.split()) == 1 and name.strip().isprintable()
        if one_word and len(name.strip()) <= actions.HIGHEST_LENGTH:
            user = actions.create_user(username=name, display_name="")
            assert user_named(user.username) == user
        else:
            with pytest.raises(InputError, match=r"username-form|domain:sign"):
                actions.create_user(username=name, display_name="")


def test_a_link_lets_in_once(amal: User) -> None:
    secret = actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    assert link_is_good(secret)
    assert actions.use_sign_in_link(secret=secret) == amal
    assert not link_is_good(secret)
    assert actions.use_sign_in_link(secret=secret) is None


def test_the_secret_is_not_stored(amal: User) -> None:
    secret = actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM accounts_signinlink")
        ((stored,),) = cursor.fetchall()
    assert stored != secret
    assert secret not in stored


def test_a_newer_link_ends_the_older(amal: User) -> None:
    first = actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    second = actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    assert actions.use_sign_in_link(secret=first) is None
    assert actions.use_sign_in_link(secret=second) == amal


def test_a_link_ends_with_its_time(amal: User) -> None:
    secret = actions.issue_sign_in_link(user=amal, valid_for=timedelta(0))
    assert not link_is_good(secret)
    assert actions.use_sign_in_link(secret=secret) is None


def test_blocking_ends_links(amal: User) -> None:
    secret = actions.issue_sign_in_link(user=amal, valid_for=QUARTER)
    actions.allow_sign_in(user=amal, allowed=False)
    assert actions.use_sign_in_link(secret=secret) is None
    actions.allow_sign_in(user=amal, allowed=True)
    assert actions.use_sign_in_link(secret=secret) is None, "an old link does not come back"
    assert not SignInLink.objects.exists()


def test_only_languages_that_we_speak(amal: User) -> None:
    actions.choose_language(user=amal, language="ar")
    amal.refresh_from_db()
    assert amal.language == "ar"
    with pytest.raises(InputError, match="language-unknown"):
        actions.choose_language(user=amal, language="xx")


def test_an_unknown_user_is_named(db: None) -> None:
    with pytest.raises(InputError, match="username-unknown"):
        user_named("nobody")
