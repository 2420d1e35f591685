"""Where the rows are: SQLite in the data folder, or PostgreSQL by one setting."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.platform.settings import Settings

BUSY_SECONDS = 20


class Connects(StrEnum):
    """As whom a process connects to PostgreSQL."""

    APPLICATION = "application"
    WORKER = "worker"
    OWNER = "owner"


_connects = Connects.APPLICATION


def connect_as(who: Connects) -> None:
    """Choose for this process; before Django is set up."""
    global _connects
    _connects = who


def address_of(settings: Settings, who: Connects | None = None) -> str:
    """The database's address for a process; the same for all where no roles are set."""
    own = {
        Connects.APPLICATION: settings.database,
        Connects.WORKER: settings.database_worker,
        Connects.OWNER: settings.database_owner,
    }
    return own[who or _connects] or settings.database


def user_in(address: str) -> str:
    """The role in a PostgreSQL address; empty where it names none."""
    user = postgresql_settings(address)["USER"]
    return str(user)


def sqlite_settings(file: Path) -> dict[str, Any]:
    """WAL so that reading never waits for writing; FULL since power fails in the field;
    IMMEDIATE so that a transaction that will write waits at its start and never fails midway."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
        },
    }


def postgresql_settings(address: str) -> dict[str, Any]:
    """Connection settings from a PostgreSQL address; raises InputError without the driver."""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise InputError.at(Message("web:postgres-driver"), field="database") from None
    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError:
        raise InputError.at(Message("platform:setting-database"), field="database") from None
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    known = {ours: str(parts.pop(theirs, "") or "") for theirs, ours in names.items()}
    port = str(parts.pop("port", "") or "")
    # What the charter and row security ask makes statements long, and compiling one takes seconds
    # where running it takes a fraction; what the address says goes first.
    parts["options"] = f"-c jit=off {parts.get('options') or ''}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }


def database_settings(address: str, file: Path) -> dict[str, Any]:
    """Django's settings for the database of an installation."""
    return postgresql_settings(address) if address else sqlite_settings(file)
