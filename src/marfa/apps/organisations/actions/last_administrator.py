"""There is always somebody who can let others in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import lasting_administrators
from marfa.domain.message import InputError, Message


@contextlib.contextmanager
def keeping_an_administrator(concerned: bool) -> Iterator[None]:
    """Within a transaction: refuse what would leave nobody who administers without an end.

    Two administrators who end each other's role at once come here one after the other, and the
    second finds what the first has done. The lock does not hold up who refers to the organisation.
    concerned: whether the change touches an administrator at all.
    Raises InputError after the change, so that the transaction takes it back.
    """
    if concerned:
        held = Organisation.objects.select_for_update(no_key=True)
        held.get(kind=Organisation.Kind.CONTROLLER)
    yield
    if concerned and not lasting_administrators().exists():
        raise InputError.at(Message("apps.organisations:last-administrator"), field="username")
