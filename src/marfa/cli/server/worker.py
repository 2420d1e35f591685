"""``marfa worker``: do what waits, apart from the server or as its child."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from marfa.cli.base import Command, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import check_role, data_option, open_installation
from marfa.domain.message import Message
from marfa.web.database import Connects

if TYPE_CHECKING:
    from marfa.platform.jobs.worker import Worker


@click.command(
    "worker",
    cls=Command,
    help=_(
        "Do the work that waits, until Ctrl-C. marfa serve starts one by itself; further ones may "
        "run beside it."
    ),
    examples=("marfa worker --data /srv/marfa", "marfa worker --until-empty --json"),
)
@data_option
@click.option("--until-empty", is_flag=True, help=_("Stop as soon as nothing is due any more."))
@click.option("--parent", type=int, hidden=True)
@json_option
def worker(data: Path | None, until_empty: bool, parent: int | None, as_json: bool) -> None:
    """Run a worker in this process. With --parent it ends when that process is no more."""
    folder = open_installation(data, Connects.WORKER)
    check_role()
    from django.db import connections

    from marfa.platform.jobs.worker import Worker

    made = Worker(alive=lambda: parent is None or os.getppid() == parent)
    stop_on_signals(made, insist=parent is None)
    if not as_json and not until_empty:
        print_message(Message("cli.server:worker-runs", {"path": str(folder.path)}))
    try:
        made.work(until_empty=until_empty)
    finally:
        connections.close_all()
    if as_json:
        print_json({"data": str(folder.path), "jobs": made.did})
    else:
        print_message(Message("cli.server:worker-done", count=made.did))


def stop_on_signals(made: Worker, *, insist: bool) -> None:
    """The first Ctrl-C, SIGTERM or SIGHUP lets what runs come to its end; the second rolls it back.

    insist: whether there is a second. A server's worker is told twice by whoever stops all
        processes of a service at once, and by its server; the server kills it in the end.
    """
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if asked and insist:
            raise KeyboardInterrupt
        asked.append(number)
        made.stop()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) != signal.SIG_IGN:
            signal.signal(name, stop)
