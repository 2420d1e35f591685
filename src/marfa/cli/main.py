"""Entry point of the command ``marfa``."""

from __future__ import annotations

import sys

import click

from marfa import __version__
from marfa.cli.base import Exit, Group, report_input_error
from marfa.cli.language import _
from marfa.domain.message import InputError

COMMANDS: dict[str, str] = {
    "anonymity": "marfa.cli.tables:anonymity",
    "audit": "marfa.cli.tables:audit",
    "table": "marfa.cli.tables:table",
}


@click.group(
    cls=Group,
    lazy=COMMANDS,
    help=_("Software for those who fight trafficking in persons in armed conflict."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="marfa")
def marfa() -> None:
    """The root of all commands."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a user's mistake ends in a sentence and an exit code, never a traceback."""
    try:
        marfa.main(args=arguments, prog_name="marfa", standalone_mode=False)
    except InputError as error:
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.WRONG_USE if isinstance(error, click.UsageError) else Exit.PROBLEMS)
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("Stopped."), err=True)
        sys.exit(Exit.PROBLEMS)
    except BrokenPipeError:
        # The reader of our output closed it, as `head` does; that is not an error of ours.
        sys.stderr.close()
        sys.exit(Exit.DONE)
