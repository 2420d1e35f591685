"""Somebody calls all services again, for tests that travel in time."""

from __future__ import annotations

from marfa.apps.directory.demo import call_all, find_caller
from marfa.platform.rowsecurity.context import every_organisation


def call_services() -> None:
    """Nothing has changed there: who took people still does."""
    caller = find_caller()
    assert caller is not None
    with every_organisation():
        call_all(caller)
