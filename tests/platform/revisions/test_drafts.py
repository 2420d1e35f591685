"""Drafts: sealed, one person's, gone after their time, and no page overwrites another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.crypto.errors import NotAuthenticError
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.revisions.drafts import delete_expired, discard_draft, open_draft, save_draft
from marfa.platform.revisions.errors import DraftMovedError
from marfa.platform.revisions.models import Draft
from marfa.platform.rowsecurity.ownership import INSTALLATION

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTENT = {"name": "Layla", "born": date(2010, 2, 28), "links": ["post_conflict"]}


@pytest.fixture
def user(db: None) -> User:
    return create_user(username="samir", display_name="Samir")


def test_a_draft_comes_back_and_is_stored_sealed(user: User) -> None:
    subject = new_id()
    save_draft(
        user=user.pk,
        form="person",
        subject=subject,
        content=CONTENT,
        base_version=3,
        owner=INSTALLATION,
    )
    found = open_draft(user=user.pk, form="person", subject=subject)
    assert found is not None
    assert (found.content, found.base_version) == (CONTENT, 3)
    sealed = bytes(Draft.objects.get().sealed)
    assert b"Layla" not in sealed
    assert b"post" not in sealed


def test_a_draft_belongs_to_one_person_form_and_subject(user: User) -> None:
    subject = new_id()
    save_draft(user=user.pk, form="person", subject=subject, content=CONTENT, owner=INSTALLATION)
    other = create_user(username="other", display_name="Other")
    assert open_draft(user=other.pk, form="person", subject=subject) is None
    assert open_draft(user=user.pk, form="screening", subject=subject) is None
    assert open_draft(user=user.pk, form="person", subject=None) is None
    # Moved to somebody else in the database, it does not open.
    Draft.objects.update(user=other)
    with pytest.raises(NotAuthenticError):
        open_draft(user=other.pk, form="person", subject=subject)


def test_two_pages_do_not_overwrite_each_other(user: User) -> None:
    def save(seen: int, text: str) -> int:
        content = {"note": text}
        return save_draft(
            user=user.pk, form="f", subject=None, content=content, seen=seen, owner=INSTALLATION
        )

    assert save(0, "one") == 1
    assert save(1, "two") == 2
    for seen in (0, 1):
        with pytest.raises(DraftMovedError) as caught:
            save(seen, "three")
        assert (caught.value.version, caught.value.content) == (2, {"note": "two"})
    assert save(2, "four") == 3
    assert discard_draft(user=user.pk, form="f", subject=None)
    assert not discard_draft(user=user.pk, form="f", subject=None)
    # A page that still shows the draft keeps what is typed on it.
    assert save(3, "five") == 1


def test_a_draft_ends_with_its_time_even_if_nothing_swept(user: User) -> None:
    with clock.set_to(NOON):
        save_draft(
            user=user.pk,
            form="f",
            subject=None,
            content=CONTENT,
            keep_for=timedelta(days=2),
            owner=INSTALLATION,
        )
    with clock.set_to(clock.advance(NOON, hours=47)):
        assert open_draft(user=user.pk, form="f", subject=None)
        assert delete_expired() == 0
    with clock.set_to(clock.advance(NOON, hours=48)):
        assert open_draft(user=user.pk, form="f", subject=None) is None
        assert save_draft(user=user.pk, form="f", subject=None, content={}, owner=INSTALLATION) == 1
    with clock.set_to(clock.advance(NOON, days=60)):
        assert delete_expired() == 1
    assert not Draft.objects.exists()


def test_equal_drafts_are_not_seen_to_be_equal(user: User) -> None:
    for form in ("a", "b"):
        save_draft(user=user.pk, form=form, subject=None, content=CONTENT, owner=INSTALLATION)
    first, second = (bytes(draft.sealed) for draft in Draft.objects.all())
    assert first != second
    assert len(first) % 2 == len(second) % 2 == 1, "the length is that of a bucket and a header"
