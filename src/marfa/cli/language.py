"""The language of the terminal: ``MARFA_LANGUAGE``, else the locale of the environment."""

from __future__ import annotations

import os

from marfa.domain.catalogue import LANGUAGES, SOURCE_LANGUAGE, translator_for


def terminal_language() -> str:
    """One of LANGUAGES; English where the environment names none that we speak."""
    for name in ("MARFA_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").replace("-", "_").split("_")[0].split(".")[0].lower()
        if value in LANGUAGES:
            return value
    return SOURCE_LANGUAGE


# A process speaks one language, so texts are translated when the commands are defined.
_ = translator_for("cli", terminal_language())
