"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.accounts.erasure import StaffShredder
from marfa.apps.accounts.queries import keys_of_users
from marfa.apps.manifest import Module

MODULE = Module(
    name="accounts",
    urls=((None, "marfa.apps.accounts.urls"),),
    erasure=(StaffShredder(),),
    subjects=(keys_of_users,),
)
