"""Drafts go when their time is over, although nobody asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marfa.apps.accounts.actions import create_user
from marfa.platform import clock
from marfa.platform.jobs.worker import Worker
from marfa.platform.revisions.drafts import save_draft
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.ownership import INSTALLATION

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_expired_drafts_are_deleted_within_the_hour() -> None:
    user = create_user(username="amal", display_name="Amal").pk
    with clock.set_to(NOON):
        for form, days in (("short", 2), ("long", 4)):
            keep = timedelta(days=days)
            save_draft(
                user=user,
                form=form,
                subject=None,
                content={"note": "x"},
                keep_for=keep,
                owner=INSTALLATION,
            )
    for hours, left in ((0, {"short", "long"}), (47, {"short", "long"}), (49, {"long"})):
        with clock.set_to(clock.advance(NOON, hours=hours)):
            Worker().work(until_empty=True)
        assert set(Draft.objects.values_list("form", flat=True)) == left
