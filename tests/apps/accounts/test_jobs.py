"""Traces of who came in when go by the clock, while the server runs on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from marfa.apps.accounts.actions import create_user, issue_sign_in_link, use_sign_in_link
from marfa.apps.accounts.models import SignInLink
from marfa.apps.accounts.one_time_codes import begin_authenticator
from marfa.platform import clock
from marfa.platform.jobs.worker import Worker

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def session(key: str, *, hours: int) -> None:
    end = clock.advance(NOON, hours=hours)
    Session.objects.create(session_key=key, session_data="", expire_date=end)


@pytest.mark.django_db(transaction=True)
def test_ended_sessions_and_used_links_are_deleted() -> None:
    session("short", hours=2)
    session("long", hours=9)
    amal, samir, huda = (
        create_user(username=name, display_name="") for name in ("amal", "samir", "huda")
    )
    with clock.set_to(NOON):
        used = issue_sign_in_link(user=amal, valid_for=timedelta(days=1))
        good = issue_sign_in_link(user=samir, valid_for=timedelta(days=1))
        issue_sign_in_link(user=huda, valid_for=timedelta(minutes=15))
        assert use_sign_in_link(secret=used) == amal
        Worker().work(until_empty=True)
        begin_authenticator(user=amal)
    assert SignInLink.objects.count() == 3, "the first tick is the next one"
    later = clock.advance(NOON, hours=3)
    with clock.set_to(later):
        Worker().work(until_empty=True)
        assert {each.session_key for each in Session.objects.all()} == {"long"}
        assert SignInLink.objects.get().user == samir
        assert use_sign_in_link(secret=good) == samir
        assert amal.authenticators.exists()
    with clock.set_to(clock.advance(NOON, hours=26)):
        Worker().work(until_empty=True)
        assert not amal.authenticators.exists(), "an app that was never confirmed"
