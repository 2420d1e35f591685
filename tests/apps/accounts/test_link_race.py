"""Two clicks on one link at the same time: one of them wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from marfa.apps.accounts.actions import create_user, issue_sign_in_link, use_sign_in_link


@pytest.mark.django_db(transaction=True)
def test_one_of_many_wins() -> None:
    user = create_user(username="amal", display_name="Amal")
    secret = issue_sign_in_link(user=user, valid_for=timedelta(minutes=5))

    def click(_: int) -> bool:
        try:
            return use_sign_in_link(secret=secret) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(8))) == 1
