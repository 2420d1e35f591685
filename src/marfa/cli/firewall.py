"""Commands that an installation which protects people does not have (charter, rule 7).

Names of those who receive help are not screened. Where the usual data folder is an installation of
reception or protection, ``marfa watchlist`` does not exist; a folder or file within any such
installation is refused wherever the command runs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from marfa.domain.desks import KEEPS, Desk
from marfa.domain.message import InputError, Message

WITHHELD = frozenset({"watchlist"})
"""Commands that such an installation does not have."""
PROTECTS = frozenset({"protection"})
"""Whose data an installation works with (``KEEPS``) that has none of them."""
INSTANCE_FILE = "instance.json"


def is_withheld(command: str) -> bool:
    """Whether a command does not exist here."""
    return command in WITHHELD and protects_people(_usual_folder())


def protects_people(folder: Path) -> bool:
    """Whether a folder is an installation that works with people who receive help; one of which
    nobody can tell what it is counts as one."""
    file = folder / INSTANCE_FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, UnicodeDecodeError):
        return True
    try:
        desks = json.loads(text)["desks"]
        return any(KEEPS.get(Desk(desk)) in PROTECTS for desk in desks)
    except (ValueError, KeyError, TypeError, RecursionError):
        return True


def check_place(path: Path) -> None:
    """Raises InputError for a file or folder within an installation that protects people."""
    place = Path(os.path.realpath(path))
    for folder in (place, *place.parents):
        if protects_people(folder):
            message = Message("methods.watchlists:place-protected", {"folder": folder.name})
            raise InputError.at(message, file=path.name)


def _usual_folder() -> Path:
    """As ``marfa.platform.datafolder`` has it, which the base install cannot import."""
    if given := os.environ.get("MARFA_DATA"):
        return Path(os.path.expanduser(given))
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(os.path.expanduser(base)) / "marfa"
