"""Copies of the database: SQLite's own, and PostgreSQL's by its own programs.

All of these see one state of the database, while others go on writing.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from marfa.domain.message import InputError, Message
from marfa.platform.rowsecurity.policies import EVERYTHING

PAGES_AT_ONCE = 2000
PIECE = 1 << 20
PROGRAMS = Path("/usr/lib/postgresql")
SERVICE = "marfa"
# The setting that PostgreSQL names in every language where a transaction holds too many locks.
TOO_FEW_LOCKS = b"max_locks_per_transaction"
Completed = subprocess.CompletedProcess[Any]
# What belongs to the role that restores goes; the dump brings all of it anew.
EMPTY = """
DO $$
DECLARE each record;
BEGIN
  FOR each IN SELECT c.oid::regclass::text AS name, c.relkind FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE',
      CASE each.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
      each.name);
  END LOOP;
  FOR each IN SELECT c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
  LOOP EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', each.name); END LOOP;
  FOR each IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', each.name); END LOOP;
END $$;
"""


def copy_sqlite(source: Path, target: Path, progress: Callable[[float], None]) -> None:
    """A copy of one moment, in a new file of mode 0600, looked through for damage.

    progress: is told what share is done. Raises InputError for a damaged database.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    reading = sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True, isolation_level=None)
    writing = sqlite3.connect(target)
    try:
        # Held open, so that what others write meanwhile does not make it begin again.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()

        def show(_status: int, remaining: int, total: int) -> None:
            progress(1 - remaining / max(total, 1))

        reading.backup(writing, pages=PAGES_AT_ONCE, progress=show)
        found = writing.execute("PRAGMA quick_check(1)").fetchone()[0]
        writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) not in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        ):
            raise
        found = "corrupt"
    finally:
        reading.close()
        writing.close()
    if found != "ok":
        raise InputError.at(Message("platform:backup-database-damaged", {"path": str(source)}))


def dump_postgresql(parts: Mapping[str, Any], target: Path) -> None:
    """A dump of one moment in PostgreSQL's own format, in a new file of mode 0600.

    parts: the address of the owner of the tables, as psycopg reads it. Raises InputError where
    the program is missing or fails.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, _connected(parts) as environment:
            command = [_program("pg_dump"), "--format=custom", "--no-owner"]
            _run([*command, "--enable-row-security"], environment, stdout=out)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def migrations_in(dump: Path) -> set[tuple[str, str]]:
    """App and name of each migration that the database of a dump has; raises InputError."""
    command = [_program("pg_restore"), "--data-only", "--table=django_migrations", "--file=-"]
    found = _run([*command, str(dump)], dict(os.environ), stdout=subprocess.PIPE, text=True)
    _head, _copy, rows = found.stdout.partition("\nCOPY public.django_migrations ")
    named = itertools.takewhile(lambda line: line != "\\.", rows.splitlines()[1:])
    return {(app, name) for _key, app, name, _at in (line.split("\t") for line in named)}


def restore_postgresql(parts: Mapping[str, Any], source: Path, *, grants: bool) -> None:
    """Put a dump in the place of all that the database holds, in one transaction.

    grants: whether what other roles may is put back too; these roles must be there.
    Raises InputError where it fails; the database is then as it was.
    """
    restore = [_program("pg_restore"), "--no-owner", "--file=-", str(source)]
    restore += [] if grants else ["--no-acl"]
    with (
        _connected(parts) as environment,
        tempfile.TemporaryFile() as said,
        subprocess.Popen(_psql(), env=environment, stdin=subprocess.PIPE, stderr=said) as writing,
    ):
        try:
            assert writing.stdin is not None  # noqa: S101 - it was asked for
            writing.stdin.write(EMPTY.encode())
            reading = subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=_stderr())
            with reading:
                assert reading.stdout is not None  # noqa: S101 - likewise
                shutil.copyfileobj(reading.stdout, writing.stdin, PIECE)
            if reading.returncode != 0:
                raise _failed("pg_restore", reading.returncode)
        except BrokenPipeError:
            writing.wait()
            raise _failed("psql", writing.returncode, said) from None
        except BaseException:
            # An end of its input would be taken for the end of the work, and committed.
            writing.kill()
            raise
        with contextlib.suppress(BrokenPipeError):
            writing.stdin.close()
        if writing.wait() != 0:
            raise _failed("psql", writing.returncode, said)


def empty_postgresql(parts: Mapping[str, Any]) -> None:
    """Drop all that the database holds; raises InputError where that fails."""
    with _connected(parts) as environment:
        _run(_psql(), environment, input=EMPTY, text=True)


def _psql() -> list[str]:
    """In one transaction, and nothing of it where one statement fails."""
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
    return [*command, "--set=ON_ERROR_STOP=1", "--output=/dev/null"]


@contextlib.contextmanager
def _connected(parts: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The environment in which PostgreSQL's programs find the database.

    Through a service file that the owner alone reads: an argument or a variable with the password
    would show in the list of processes or stay in the environment of others.
    """
    lines = {name: str(value) for name, value in parts.items() if value}
    # A backup is of everybody's rows (row security).
    lines["options"] = f"{lines.get('options', '')} -c {EVERYTHING}=on".strip()
    lines["options"] += " -c client_min_messages=warning"
    with tempfile.TemporaryDirectory(prefix="marfa-") as folder:
        file = Path(folder) / "pg_service.conf"
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        file.touch(mode=0o600)
        file.write_text(f"[{SERVICE}]\n{text}")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        yield {**kept, "PGSERVICEFILE": str(file), "PGSERVICE": SERVICE}


def _run(command: list[str], environment: dict[str, str], **more: Any) -> Completed:
    found = subprocess.run(command, env=environment, stderr=_stderr(), check=False, **more)
    if found.returncode != 0:
        raise _failed(Path(command[0]).name, found.returncode)
    return found


def _stderr() -> int | None:
    """What these programs say of an error may hold rows; it is shown to those who ask for it."""
    return None if os.environ.get("MARFA_TRACEBACK") else subprocess.DEVNULL


def _program(name: str) -> str:
    newest = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda file: _number(file.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise InputError.at(Message("platform:backup-program-missing", {"program": name}))
    return found


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _failed(program: str, code: int | None, said: IO[bytes] | None = None) -> InputError:
    """said: what the program wrote of its errors, where that was kept."""
    words = b""
    if said is not None:
        said.seek(0)
        words = said.read()
    if os.environ.get("MARFA_TRACEBACK"):
        sys.stderr.write(words.decode(errors="replace"))
    if TOO_FEW_LOCKS in words:
        return InputError.at(Message("platform:backup-too-few-locks"))
    values = {"program": program, "code": code if code is not None else -1}
    return InputError.at(Message("platform:backup-program-failed", values))


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
