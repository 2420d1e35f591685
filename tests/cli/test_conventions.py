"""What holds for every command: JSON, help with an example, and a word for each option."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from marfa.cli.base import Command
from marfa.cli.main import marfa
from tests.support.outside import outside_installations


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


with outside_installations():
    ALL = dict(commands(marfa, ("marfa",)))


def test_there_are_commands() -> None:
    assert "marfa serve" in ALL
    assert "marfa codes show" in ALL
    assert "marfa watchlist screen" in ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_keeps_the_conventions(name: str) -> None:
    command = ALL[name]
    options = [option for parameter in command.params for option in parameter.opts]
    assert "--json" in options, f"{name} has no --json"
    assert command.help, f"{name} has no help"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.help, f"{name} says nothing about {parameter.opts}"
    assert isinstance(command, Command)
    assert command.examples, f"{name} shows no example"
    assert all(example.startswith(name) for example in command.examples)


@pytest.mark.parametrize("name", sorted(ALL))
def test_help_is_shown_and_ends_with_the_example(name: str) -> None:
    with outside_installations():
        shown = CliRunner().invoke(marfa, [*name.split()[1:], "--help"])
    assert shown.exit_code == 0
    command = ALL[name]
    assert isinstance(command, Command)
    words = "".join(command.examples[0].split())
    assert words in "".join(shown.output.split())
