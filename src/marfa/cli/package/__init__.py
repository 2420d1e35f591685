"""``marfa package``: what one installation hands to another, as a file."""

from __future__ import annotations

import click

from marfa.cli.base import Group
from marfa.cli.language import _

COMMANDS = {
    "key": "marfa.cli.package.keys:key",
    "list": "marfa.cli.package.exchange:list_all",
    "make": "marfa.cli.package.exchange:make",
    "open": "marfa.cli.package.exchange:open_one",
    "recall": "marfa.cli.package.exchange:recall",
    "receipt": "marfa.cli.package.exchange:receipt",
    "show": "marfa.cli.package.exchange:show",
}


@click.group(
    "package",
    cls=Group,
    lazy=COMMANDS,
    help=_(
        "What one installation hands to another: files that are signed, encrypted to one "
        "recipient, and taken once."
    ),
)
def package() -> None:
    """Keys, packages, answers."""
