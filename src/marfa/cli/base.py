"""What every command shares: exit codes, ``--json``, help with an example, errors in sentences."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from enum import IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_message, render_problem
from marfa.domain.message import InputError, Message, Problem

if TYPE_CHECKING:
    from rich.console import Console

F = TypeVar("F", bound=Callable[..., Any])


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    PROBLEMS = 1
    WRONG_USE = 2


def error_console() -> Console:
    """The console for progress and errors; results alone go to standard output."""
    from rich.console import Console  # most commands show none, and it takes long to load

    return Console(stderr=True, highlight=False, soft_wrap=True)


class Command(click.Command):
    """A command whose help ends with at least one example, as the user would type it."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        if not self.examples:
            return
        with formatter.section(_("Examples")):
            for example in self.examples:
                formatter.write_text(example)


class Group(click.Group):
    """A group of commands, loaded when one of them is asked for.

    lazy: name of the command -> ``"module:attribute"``.
    """

    command_class = Command

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._lazy, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _colon, attribute = self._lazy[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._lazy[cmd_name]} is not a command")
        return command


Group.group_class = Group


def json_option(function: F) -> F:
    """Every command takes ``--json``: the result as one JSON document on standard output."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))(
        function
    )


def print_json(data: object) -> None:
    """One JSON document on standard output; text stays readable in its own script."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def print_message(message: Message) -> None:
    """A message to standard output, in the language of the terminal."""
    click.echo(render_message(message, terminal_language()))


def print_warning(message: Message) -> None:
    """A message to standard error, in the language of the terminal."""
    click.echo(render_message(message, terminal_language()), err=True)


def exit_with_error(problem: Problem | Message, *, code: Exit = Exit.PROBLEMS) -> NoReturn:
    """End with a sentence on standard error and an exit code."""
    problem = Problem(problem) if isinstance(problem, Message) else problem
    click.echo(_("Error: ") + render_problem(problem, terminal_language()), err=True)
    sys.exit(code)


def report_input_error(error: InputError) -> None:
    """Each problem of a wrong input on a line of its own, with its place."""
    for problem in error.problems:
        click.echo(_("Error: ") + render_problem(problem, terminal_language()), err=True)
