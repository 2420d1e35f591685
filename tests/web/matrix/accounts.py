"""Who may open the pages of accounts."""

from __future__ import annotations

from tests.web.matrix.rules import ANYBODY, FILE, SIGNED_IN, Url, each

URLS = {
    "accounts:sign_in": Url(ANYBODY),
    "accounts:link": Url(ANYBODY, ("x" * 43,)),
    **each("accounts", ("passkey", "passkey_options"), Url(ANYBODY, answer=405)),
    "accounts:second": Url(ANYBODY, answer=302),
    **each(
        "accounts",
        ("step_up", "security", "add_passkey", "add_app", "password", "sessions"),
        Url(SIGNED_IN),
    ),
    **each(
        "accounts",
        (
            "step_up_passkey",
            "step_up_options",
            "add_options",
            "remove_app",
            "remove_password",
            "end_others",
        ),
        Url(SIGNED_IN, answer=405),
    ),
    **each("accounts", ("remove_passkey", "end_session"), Url(SIGNED_IN, FILE, answer=405)),
    "accounts:recovery": Url(SIGNED_IN, answer=302),
    **each("accounts", ("sign_out", "language"), Url(ANYBODY, post=True)),
}
