"""What the app brings to the shell."""

from __future__ import annotations

from marfa.apps.manifest import Middleware, Module, Slot

MODULE = Module(
    name="accounts",
    urls=((None, "marfa.apps.accounts.urls"),),
    middleware=(
        Middleware(Slot.SESSION, "marfa.apps.accounts.middleware:live_sessions"),
        Middleware(Slot.CONFINED, "marfa.apps.accounts.device_handover:OnlyWhatWasHanded"),
    ),
    colleagues=("marfa.apps.accounts.queries:keys_of_users",),
    erasure=("marfa.apps.accounts.erasure:StaffShredder",),
    key_holders=(
        "marfa.apps.accounts.keyholders:PASSWORDS",
        "marfa.apps.accounts.keyholders:SEEDS",
    ),
    jobs=("marfa.apps.accounts.jobs",),
)
