"""Views say what they ask the charter; the access matrix holds each to it."""

from __future__ import annotations

from django.urls import get_resolver

from marfa.apps.access import asked_by
from marfa.apps.manifest import Desk
from tests.web.matrix.addresses import addresses


def test_many_views_ask() -> None:
    """That who gets in is who they say is asked of everybody by the matrix of access."""
    asking = [each for each in addresses(get_resolver().url_patterns) if asked_by(each.view)]
    assert len(asking) > len(Desk)
