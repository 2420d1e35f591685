"""What the commands of packages share."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Exit,
    exit_with_error,
    print_json,
    report_input_error,
)
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.domain.message import Message

if TYPE_CHECKING:
    pass

KEYDIR = click.Path(file_okay=False, exists=True, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
PATHS = click.Path(path_type=Path)
NEW_FOLDER, NEW_FILE = OutputFile(dir_okay=True), OutputFile()
KINDS = ("referral", "evidence", "remedy", "overlap", "watchlist", "return", "agreement")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST_VALID = timedelta(days=3660)

passphrase_option = click.option(
    "--passphrase-file",
    type=FILE,
    metavar="FILE",
    help=_("Read the passphrase of the key folder from the first line of a file."),
)


class Time(click.ParamType[timedelta]):
    """A time such as 30d: seconds, minutes, hours, days or weeks."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,9})([smhdw])", str(value).strip())
        found = timedelta(seconds=int(match[1]) * UNITS[match[2]]) if match else timedelta()
        if not timedelta() < found <= LONGEST_VALID:
            self.fail(_("This is no time. Write it as 12h, 30d or 4w."), param, ctx)
        return found


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """A refusal: its code as JSON where that was asked for, its sentence always; exit code 1."""
    if find_spec("pyrage") is None:
        exit_with_error(Message("methods.packages:no-exchange"))
    from marfa.methods.packages import RefusedError

    try:
        yield
    except RefusedError as error:
        if as_json:
            print_json(error.as_json())
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)


def read_passphrase(file: Path | None, *, fresh: bool = False) -> str:
    """From the file, the terminal, or standard input."""
    if file is not None:
        text = (file.read_text(encoding="utf-8", errors="replace").splitlines() or [""])[0]
    elif sys.stdin.isatty():
        asked = _("New passphrase") if fresh else _("Passphrase of the key folder")
        again = _("The same once more") if fresh else False
        text = click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if not text.strip():
        raise click.UsageError(_("This needs the passphrase of the key folder."))
    return str(text)


def new_passphrase(file: Path | None, name: str) -> str:
    from marfa.crypto.passphrases import passphrase_weakness
    from marfa.methods.packages import Refusal, RefusedError

    passphrase = read_passphrase(file, fresh=True)
    weakness = passphrase_weakness(passphrase, known=name.split())
    if weakness is not None:
        raise RefusedError(Refusal.PASSPHRASE, str(weakness))
    return passphrase


def body_name(name: str) -> str:
    from marfa.methods.packages.keys import clean_name

    try:
        return clean_name(name)
    except ValueError:
        raise click.UsageError(_("This cannot be the name of a body.")) from None
