"""Sessions of people who came in by a link. There is no password to guess."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from marfa.apps.accounts.models import User


class LinkBackend(BaseBackend):
    """Finds the user of a session, so that blocking someone bites at their next request."""

    def get_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
