"""``marfa finder``: hold the names for finding, apart from the server or as its child."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from marfa.cli.base import Command, json_option, print_json, print_message, print_warning
from marfa.cli.language import _
from marfa.cli.server.installation import check_app, check_role, data_option, open_installation
from marfa.domain.message import InputError, Message
from marfa.web.database import Connects

if TYPE_CHECKING:
    from marfa.apps.name_search.process import Finder


@click.command(
    "finder",
    cls=Command,
    help=_(
        "Hold the names of people in memory, so that they are found, until Ctrl-C. marfa serve "
        "starts it by itself."
    ),
    examples=("marfa finder --data /srv/marfa", "marfa finder --state --json"),
)
@data_option
@click.option("--state", is_flag=True, help=_("Only say how far the one that runs is."))
@click.option("--rebuild", is_flag=True, help=_("Have the one that runs read all names anew."))
@click.option("--parent", type=int, hidden=True)
@json_option
def finder(
    data: Path | None, state: bool, rebuild: bool, parent: int | None, as_json: bool
) -> None:
    """Run the process in which names are found. With --parent it ends when that is no more."""
    folder = open_installation(data, Connects.WORKER)
    check_app("name_search")
    if state or rebuild:
        _ask(folder.path, rebuild, as_json)
        return
    check_role()
    from marfa.platform.memorylock import guard_memory

    guarded = guard_memory()
    if not guarded.locked:
        print_warning(Message("cli.server:finder-not-locked"))
    if not guarded.undumped:
        print_warning(Message("cli.server:finder-dumps"))
    if not as_json and parent is None:
        print_message(Message("cli.server:finder-runs", {"path": str(folder.path)}))
    _serve(folder.path, parent)
    if as_json:
        print_json({"data": str(folder.path), "locked": guarded.locked})


def _serve(folder: Path, parent: int | None) -> None:
    from marfa.apps.name_search.changes import NAMES
    from marfa.apps.name_search.client import socket_key
    from marfa.apps.name_search.entries import name_sources
    from marfa.apps.name_search.process import Finder, RunsAlreadyError

    made = Finder(
        folder, socket_key(), name_sources, around=_reading, warmed=lambda: NAMES.job.enqueue()
    )
    _stop_on_signals(made)
    try:
        made.serve(lambda: parent is None or os.getppid() == parent, wait=parent is not None)
    except RunsAlreadyError:
        raise InputError.at(Message("cli.server:finder-runs-already")) from None


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """A thread of the process with the database: the rows of all organisations."""
    from django.db import connections

    from marfa.platform.rowsecurity.context import every_organisation

    try:
        with every_organisation():
            yield
    finally:
        connections.close_all()


def _ask(folder: Path, rebuild: bool, as_json: bool) -> None:
    from marfa.apps.name_search.client import FinderDownError, finder_client

    try:
        if rebuild:
            finder_client().rebuild()
        state = finder_client().state()
    except FinderDownError:
        raise InputError.at(Message("cli.server:finder-down")) from None
    if as_json:
        print_json({"data": str(folder), "warm": state.warm, "percent": state.percent})
    elif state.warm:
        print_message(Message("cli.server:finder-warm", count=state.held))
    else:
        print_message(Message("cli.server:finder-cold", {"percent": state.percent}))


def _stop_on_signals(made: Finder) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        made.stop()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) != signal.SIG_IGN:
            signal.signal(name, stop)
