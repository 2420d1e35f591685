"""What nobody takes is not read."""

from __future__ import annotations

from itertools import islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.platform.slices import in_slices

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8])
def test_all_rows_come_in_their_order(size: int) -> None:
    for number in range(7):
        create_user(username=f"user{number}", display_name="Somebody")
    rows = User.objects.order_by("username")
    assert list(in_slices(rows, size)) == list(rows)


def test_one_statement_reads_what_is_taken() -> None:
    for number in range(7):
        create_user(username=f"user{number}", display_name="Somebody")
    rows = User.objects.order_by("username").values_list("username", flat=True)
    with CaptureQueriesContext(connection) as asked:
        taken = list(islice(in_slices(rows, 3), 2))
    assert taken == ["user0", "user1"]
    assert len(asked) == 1
    assert "LIMIT 3" in asked.captured_queries[0]["sql"]
