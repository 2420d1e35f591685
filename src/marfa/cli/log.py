"""``marfa log``: the log of an installation. Verifying needs no installation."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import click

from marfa.cli.base import (
    Command,
    Exit,
    Group,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.language import _
from marfa.domain.message import InputError, Message
from marfa.safeguards.audit.heads import Head, HeadError, read_heads
from marfa.safeguards.audit.verification import ChainFault, Fault, Report, verify_export

SERVER = {
    "export": "marfa.cli.server.log:export",
    "fork": "marfa.cli.server.log:fork",
    "heads": "marfa.cli.server.log:heads",
    "key": "marfa.cli.server.log:key",
    "show": "marfa.cli.server.log:show",
}
HEAD_ERRORS = {
    "damaged": "head-damaged",
    "installation": "head-installation",
    "order": "head-order",
    "shrunk": "head-shrunk",
    "signature": "head-signed-otherwise",
}
FAULTS = {
    Fault.LINE: "fault-line",
    Fault.CHANGED: "fault-changed",
    Fault.MISSING: "fault-missing",
    Fault.ORDER: "fault-order",
    Fault.BROKEN: "fault-broken",
    Fault.CUT: "fault-cut",
    Fault.REPLACED: "fault-replaced",
}


@click.group(
    "log",
    cls=Group,
    lazy=SERVER if find_spec("django") else {},
    help=_("The log of what was done, which shows when it was changed."),
)
def log() -> None:
    """Group of the commands about the log."""


@log.command(
    "verify",
    cls=Command,
    help=_(
        "Verify an exported log (- reads standard input) against its signed heads. It needs no "
        "installation: give it the heads and the public key that you kept elsewhere."
    ),
    examples=(
        "marfa log verify log.jsonl --heads heads.jsonl --key log.pub",
        "marfa log verify - --heads heads.jsonl --key log.pub --json < log.jsonl",
    ),
)
@click.argument("export", type=click.File("r", encoding="ascii", errors="replace"))
@click.option(
    "--heads",
    "heads_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("File of signed heads. Without it a tail that was cut is not noticed."),
)
@click.option(
    "--key",
    "key_text",
    help=_("Public key of the log: 64 hexadecimal digits, or a file that holds them."),
)
@json_option
def check(export: IO[str], heads_file: Path | None, key_text: str | None, as_json: bool) -> None:
    """Exit code 1 where anything is wrong; the first faults are named with their places."""
    if heads_file is not None and key_text is None:
        raise InputError.at(Message("safeguards.audit:key-needed"), field="--key")
    public = _public_key(key_text) if key_text else None
    try:
        with _lines(heads_file) as lines:
            report = verify_export(export, read_heads(lines, public))
    except HeadError as error:
        message = Message(f"safeguards.audit:{HEAD_ERRORS[error.what]}", {"line": error.line})
        raise InputError.at(message, file=str(heads_file)) from None
    if as_json:
        print_json(_as_json(report))
    else:
        _say(report)
    if not report.whole:
        sys.exit(Exit.PROBLEMS)


def _lines(file: Path | None) -> AbstractContextManager[Iterable[str]]:
    return file.open(encoding="ascii", errors="replace") if file else nullcontext(())


def _public_key(text: str) -> bytes:
    path = Path(text)
    try:
        digits = path.read_text(encoding="ascii").split()[0] if path.is_file() else text
        public = bytes.fromhex(digits)
    except (ValueError, IndexError, OSError):
        public = b""
    if len(public) != 32:
        raise InputError.at(Message("safeguards.audit:key-odd"), field="--key")
    return public


def _say(report: Report) -> None:
    for found in report.faults:
        print_warning(Message(f"safeguards.audit:{FAULTS[found.fault]}", _values(found)))
    if report.newest is None:
        print_warning(Message("safeguards.audit:without-heads"))
    else:
        print_message(
            Message(
                "safeguards.audit:covered", {"number": report.newest.number, "at": report.newest.at}
            )
        )
        if report.beyond:
            print_message(Message("safeguards.audit:beyond", count=report.beyond))
    if report.forks:
        print_message(Message("safeguards.audit:lost", {"forks": report.forks}, count=report.lost))
    if report.whole:
        print_message(Message("safeguards.audit:whole", count=report.entries))


def _values(found: ChainFault) -> dict[str, int]:
    parts = {"lane": found.lane, "sequence": found.sequence, "line": found.line, "head": found.head}
    return {name: value if value is not None else 0 for name, value in parts.items()}


def _as_json(report: Report) -> dict[str, object]:
    newest: Head | None = report.newest
    return {
        "whole": report.whole,
        "entries": report.entries,
        "beyond": report.beyond,
        "lost": report.lost,
        "heads": report.heads,
        "forks": report.forks,
        "newest": newest and {"number": newest.number, "at": newest.at, "root": newest.root},
        "faults": [_fault(found) for found in report.faults],
    }


def _fault(found: ChainFault) -> dict[str, object]:
    parts = {
        "fault": found.fault.value,
        "lane": found.lane,
        "sequence": found.sequence,
        "line": found.line,
        "head": found.head,
    }
    return {name: value for name, value in parts.items() if value is not None}
