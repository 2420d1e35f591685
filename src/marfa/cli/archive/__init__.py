"""``marfa archive``: evidence that outlives the software that keeps it."""

from __future__ import annotations

import click

from marfa.cli.base import Group
from marfa.cli.language import _

COMMANDS = {
    "add": "marfa.cli.archive.store:add",
    "check": "marfa.cli.archive.checks:check",
    "check-proof": "marfa.cli.archive.checks:check_proof",
    "dispose": "marfa.cli.archive.store:dispose",
    "event": "marfa.cli.archive.store:event",
    "export": "marfa.cli.archive.store:export",
    "hold": "marfa.cli.archive.store:hold",
    "init": "marfa.cli.archive.store:init",
    "list": "marfa.cli.archive.store:list_items",
    "timestamp": "marfa.cli.archive.foreign:timestamp",
    "verify": "marfa.cli.archive.checks:verify",
    "witness": "marfa.cli.archive.foreign:witness",
}


@click.group(
    "archive",
    cls=Group,
    lazy=COMMANDS,
    help=_("Evidence that outlives the software: kept sealed, logged, and checked by anybody."),
)
def archive() -> None:
    """Group of the commands of an archive in a folder."""
