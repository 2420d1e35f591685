"""A condition on many keys finds what a list of them finds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.apps.accounts.models import User
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.many_keys import FEW, among

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("more", [0, 1, FEW + 1])
def test_it_is_what_a_list_says(more: int) -> None:
    now = clock.now()
    users = [
        User.objects.create(username=f"u{each}", username_key=f"u{each}", created_at=now)
        for each in range(4)
    ]
    keys = [users[0].pk, users[2].pk, *(new_id() for _ in range(more))]
    for condition in (among("pk", keys), among("pk", set(keys))):
        assert set(User.objects.filter(condition)) == {users[0], users[2]}
        assert set(User.objects.exclude(condition)) == {users[1], users[3]}
    assert not User.objects.filter(among("pk", keys[2:])).exists()
    assert not User.objects.filter(among("pk", [])).exists()


def test_it_asks_with_one_parameter() -> None:
    keys = [new_id() for _ in range(5000)]
    with CaptureQueriesContext(connection) as asked:
        assert list(User.objects.filter(among("pk", keys))) == []
    assert asked[0]["sql"].count(",") < 5000 + 100
    assert "json_each" in asked[0]["sql"] or "string_to_array" in asked[0]["sql"]
