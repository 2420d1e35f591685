"""Entry point of the command ``marfa``."""

from __future__ import annotations

import os
import signal
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click

from marfa import __version__
from marfa.cli.base import Exit, Group, report_input_error
from marfa.cli.dev.checkout import find_checkout
from marfa.cli.firewall import is_withheld
from marfa.cli.language import _
from marfa.domain.message import InputError

COMMANDS: dict[str, str] = {
    "anonymity": "marfa.cli.tables:anonymity",
    "archive": "marfa.cli.archive:archive",
    "audit": "marfa.cli.tables:audit",
    "codes": "marfa.cli.codes:codes",
    "estimate": "marfa.cli.estimate:estimate",
    "flows": "marfa.cli.flows:flows",
    "htcds": "marfa.cli.htcds:htcds",
    "log": "marfa.cli.log:log",
    "instruments": "marfa.cli.instruments:instruments",
    "link": "marfa.cli.link:link",
    "names": "marfa.cli.names:names",
    "network": "marfa.cli.network:network",
    "package": "marfa.cli.package:package",
    "release": "marfa.cli.release:release",
    "screen": "marfa.cli.screen:screen",
    "table": "marfa.cli.tables:table",
    "warn": "marfa.cli.warn:warn_group",
    "watchlist": "marfa.cli.watchlist:watchlist",
}
"""Commands of the base install: name -> module:attribute, one line each."""

SERVER_COMMANDS = {
    "backup": "marfa.cli.server.backup:backup",
    "access": "marfa.cli.server.access:access",
    "charter": "marfa.cli.server.charter:charter",
    "demo": "marfa.cli.server.serve:demo",
    "desks": "marfa.cli.server.desks:desks",
    "facts": "marfa.cli.server.facts:facts",
    "forms": "marfa.cli.server.forms:forms",
    "init": "marfa.cli.server.create:init",
    "key": "marfa.cli.server.key:key",
    "lan": "marfa.cli.server.lan:lan",
    "migrate": "marfa.cli.server.serve:migrate",
    "privacy": "marfa.cli.server.privacy:privacy",
    "restore": "marfa.cli.server.backup:restore",
    "recovery": "marfa.cli.server.recovery:recovery",
    "organisations": "marfa.cli.server.organisations:organisations",
    "serve": "marfa.cli.server.serve:serve",
    "service": "marfa.cli.server.service:service",
    "sheets": "marfa.cli.server.sheets:sheets",
    "teams": "marfa.cli.server.teams:teams",
    "users": "marfa.cli.server.users:users",
    "vault": "marfa.cli.server.vault:vault",
    "worker": "marfa.cli.server.worker:worker",
    "finder": "marfa.cli.server.finder:finder",
}
"""Commands of an installation; shown where the server extra is installed."""

DEV_COMMANDS = {"dev": "marfa.cli.dev.commands:dev"}
"""For whoever writes Marfa; shown in a checkout of its source, where the server extra is too."""

SERVER_IS_INSTALLED = find_spec("django") is not None


def commands_here() -> dict[str, str]:
    """The commands that there are, where Marfa is installed as it is."""
    if not SERVER_IS_INSTALLED:
        return COMMANDS
    return COMMANDS | SERVER_COMMANDS | (DEV_COMMANDS if find_checkout() else {})


class Commands(Group):
    """All commands but those that an installation which protects people does not have."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in super().list_commands(ctx) if not is_withheld(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return None if is_withheld(cmd_name) else super().get_command(ctx, cmd_name)


@click.group(
    cls=Commands,
    lazy=commands_here(),
    help=_("Software for those who fight trafficking in persons in armed conflict."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="marfa")
def marfa() -> None:
    """The root of all commands."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a user's mistake ends in a sentence and an exit code, never a traceback."""
    _stop_when_told()
    try:
        marfa.main(args=arguments, prog_name="marfa", standalone_mode=False)
    except InputError as error:
        if _told:
            _end_stopped()
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)
    except click.ClickException as error:
        error.show()
        _hint_at_absence(arguments if arguments is not None else sys.argv[1:])
        sys.exit(Exit.WRONG_USE if isinstance(error, click.UsageError) else Exit.PROBLEMS)
    except BrokenPipeError:
        # The reader of our output closed it, as `head` does; that is not an error of ours.
        sys.stderr.close()
        sys.exit(Exit.DONE)
    except (click.Abort, KeyboardInterrupt):
        _end_stopped()
    except Exception as error:
        from marfa.platform.disk_space import is_full  # what seldom happens is not waited for

        if is_full(error):
            _end(_("The disk is full. Nothing was changed; make room and try again."))
        if os.environ.get("MARFA_TRACEBACK"):
            raise
        _end(_own_fault(error))


def _stop_when_told() -> None:
    """A terminal that closes or a machine that shuts down stops a command as Ctrl-C does.

    What the caller had ignored stays so: under ``nohup`` a command outlives its terminal.
    """
    _told.clear()
    if threading.current_thread() is threading.main_thread():
        sys.unraisablehook = _pass_over_a_stop
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(name) != signal.SIG_IGN:
                signal.signal(name, _stop)


_told: list[int] = []
"""Numbers of the signals that came since the command began."""


def _stop(number: int, frame: object) -> NoReturn:
    _told.append(number)
    raise KeyboardInterrupt


def _pass_over_a_stop(unraisable: sys.UnraisableHookArgs) -> None:
    """Compiled code that calls back, as pydantic does for a pattern, swallows the exception and
    fails in a way of its own; the signal is remembered, so that nothing but it is told."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


def _own_fault(error: Exception) -> str:
    """What to say of an error nobody foresaw: its kind and place, not its text, which may
    hold what was being worked on."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or ''}: {error.strerror}".lstrip(": ")
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    values = {"kind": type(error).__name__, "place": f"{Path(place.filename).name}:{place.lineno}"}
    text = _("This is a fault of Marfa's own: {kind} at {place}. MARFA_TRACEBACK=1 shows more.")
    return text.format(**values)


def _hint_at_absence(arguments: list[str]) -> None:
    if not SERVER_IS_INSTALLED and arguments and arguments[0] in SERVER_COMMANDS:
        click.echo(_("This command belongs to the server: pip install 'marfa[server]'"), err=True)
    if arguments and is_withheld(arguments[0]):
        text = _("This installation protects people: whoever receives help is not screened.")
        click.echo(text, err=True)


def _end_stopped() -> NoReturn:
    click.echo(_("Stopped."), err=True)
    sys.exit(Exit.PROBLEMS)


def _end(sentence: str) -> NoReturn:
    click.echo(_("Error: ") + sentence, err=True)
    sys.exit(Exit.PROBLEMS)
