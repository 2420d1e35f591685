"""Erasing a member of staff: the row stays for what they wrote, and names nobody."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from marfa.apps.accounts.models import User
from marfa.safeguards.fields.footprint import Footprint
from marfa.safeguards.fields.shredder import Shredder


class StaffShredder(Shredder):
    """Empties the account of names; passwords, passkeys and sessions go as rows about them."""

    code = "accounts"
    handles = frozenset({"accounts.User"})
    redacts = frozenset({"accounts.User"})

    def found(self, footprint: Footprint) -> int:
        return len(footprint.of("accounts.User"))

    def shred(self, footprint: Footprint) -> int:
        users = User.objects.filter(pk__in=footprint.of("accounts.User"))
        for user in users:
            name = f"erased-{user.reference}"
            User.objects.filter(pk=user.pk).update(
                username=name,
                username_key=name.casefold(),
                display_name="",
                language="",
                is_active=False,
                last_login=None,
                password=make_password(None),
            )
        return len(footprint.of("accounts.User"))
