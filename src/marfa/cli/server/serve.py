"""``marfa serve``, ``marfa demo`` and ``marfa migrate``."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from marfa.cli.base import Command, json_option, print_json, print_message, print_warning
from marfa.cli.language import _
from marfa.cli.server.companion import Companion
from marfa.cli.server.create import fill_installation, prepare_django
from marfa.cli.server.demo_progress import Progress
from marfa.cli.server.installation import (
    all_or_nothing,
    check_belonging,
    check_role,
    check_whose,
    copy_database,
    data_option,
    has_app,
    migrate_database,
    migration_state,
    open_installation,
    place_of,
    quote_path,
    set_up,
    settle_erasures,
)
from marfa.cli.server.listening import LanServer, choose_lan, listen_at
from marfa.domain.desks import Desk
from marfa.domain.message import InputError, Message, Problem
from marfa.platform.datafolder import DataFolder, InstallationKind, default_folder, new_folder
from marfa.platform.disk_space import is_full
from marfa.platform.occupancy import occupy_alone, occupy_installation, serve_alone
from marfa.platform.settings import Settings
from marfa.web.database import Connects

DEMONSTRATED = (
    Desk.RECEPTION,
    Desk.PROTECTION,
    Desk.REPORTING,
    Desk.COORDINATION,
    Desk.ADMINISTRATION,
)
"""The desks of a demonstration: it is one installation like any other."""

MOST_PROCESSES = 4
# What is being answered has so long when the server is stopped; a browser may never end its half.
PATIENCE_SECONDS = 10


def port_option(function: Any) -> Any:
    return click.option(
        "--port",
        type=click.IntRange(1, 65535),
        help=_("Port to listen on; it wins over the setting."),
    )(function)


@click.command(
    "serve",
    cls=Command,
    help=_("Start the installation and serve it until Ctrl-C."),
    examples=(
        "marfa serve",
        "marfa serve --data /srv/marfa --port 8080",
        "marfa serve --lan --data /srv/marfa",
    ),
)
@data_option
@port_option
@click.option(
    "--lan",
    is_flag=True,
    help=_("Serve phones on this site's own network too, with a certificate authority of its own."),
)
@click.option(
    "--no-worker",
    is_flag=True,
    help=_("Start no worker; the work that waits is left to marfa worker."),
)
@click.option(
    "--no-finder",
    is_flag=True,
    help=_("Start no process that finds names; that is left to marfa finder."),
)
@json_option
def serve(
    data: Path | None,
    port: int | None,
    lan: bool,
    no_worker: bool,
    no_finder: bool,
    as_json: bool,
) -> None:
    """Serve a real installation."""
    _check_built()
    _choose_port(port)
    if lan:
        choose_lan(data)
    folder = open_installation(data)
    if folder.instance.kind is InstallationKind.DEMONSTRATION:
        raise InputError.at(
            Message("cli.server:is-demonstration", {"path": quote_path(folder.path)})
        )
    check_role()
    beside = {"worker": not no_worker, "finder": not no_finder}
    run_server(
        folder,
        link_for=_first_administrator(),
        as_json=as_json,
        beside=tuple(name for name, wanted in beside.items() if wanted),
    )


@click.command(
    "demo",
    cls=Command,
    help=_("Open the demonstration: a fictional operation. It is made if it is not there yet."),
    examples=("marfa demo --data var/demo", "marfa demo --data var/small --people 0"),
)
@data_option
@port_option
@click.option(
    "--people",
    type=click.IntRange(0),
    default=5000,
    show_default=True,
    help=_("How many people came in the year that is made up; 0: only those written by hand."),
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=2388,
    show_default=True,
    help=_("The same number makes the same people and stories."),
)
@json_option
def demo(data: Path | None, port: int | None, people: int, seed: int, as_json: bool) -> None:
    """Serve the demonstration; never over an installation that is real."""
    _check_built()
    _choose_port(port)
    path = place_of(data or default_folder().with_name("marfa-demonstration"))
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        _make_demonstration(path, people, seed)
        _begin_anew(path, port, as_json)
    folder = open_installation(path)
    if folder.instance.kind is not InstallationKind.DEMONSTRATION:
        raise InputError.at(Message("cli.server:is-live", {"path": quote_path(path)}))
    if _typed("people", "seed"):
        print_warning(Message("cli.server:demonstration-there", {"path": quote_path(path)}))
    run_server(folder, link_for="administration", as_json=as_json)


@click.command(
    "migrate",
    cls=Command,
    help=_("Bring the database to this version, after a copy of it has been made."),
    examples=("marfa migrate --data /srv/marfa",),
)
@data_option
@json_option
def migrate(data: Path | None, as_json: bool) -> None:
    """Migrate an older database, with nobody else at it; a newer one is left alone."""
    path = place_of(data)
    set_up(path, Connects.OWNER)
    from django.conf import settings

    folder: DataFolder = settings.FOLDER
    occupy_installation(folder.path)
    unknown, waiting = migration_state()
    if unknown or waiting:
        check_whose(folder)
    if unknown:
        raise InputError.at(Message("cli.server:database-newer", {"path": str(path)}))
    copy = _migrate(folder) if waiting else None
    settle_erasures()
    if as_json:
        print_json(
            {"data": str(path), "applied": len(waiting), "copy": str(copy) if copy else None}
        )
    elif copy:
        print_message(Message("cli.server:migrated", {"copy": str(copy)}))
    elif waiting:
        print_message(Message("cli.server:migrated-postgresql"))
    else:
        print_message(Message("cli.server:up-to-date"))


def _migrate(folder: DataFolder) -> Path | None:
    """Bring the database to this version; where the copy of what it was before lies, if there is
    one. Raises InputError while others have the installation open: what they write after the copy
    would be lost to whoever goes back to it."""
    with occupy_alone(folder.path):
        copy = copy_database(folder)
        with _naming(copy), all_or_nothing():
            migrate_database()
            check_belonging(folder)
    return copy


@contextmanager
def _naming(copy: Path | None) -> Iterator[None]:
    """Where SQLite stops between two migrations, say so, and where the copy lies."""
    try:
        yield
    except BaseException as error:
        if copy is None:
            raise
        stopped = Message("cli.server:migration-stopped", {"copy": str(copy)})
        if is_full(error, copy.parent):
            full = Problem(Message("cli.server:migration-full"))
            raise InputError(full, Problem(stopped)) from None
        print_warning(stopped)
        raise


def run_server(
    folder: DataFolder,
    *,
    link_for: str | None,
    as_json: bool,
    beside: tuple[str, ...] = ("worker", "finder"),
) -> None:
    """Listen, say where, and serve until stopped; raises InputError if the port is in use, or the
    installation is served already and its database is one file.

    beside: commands that run as processes of their own, as long as this one. Where nobody works
        with people, no names are held.
    """
    from django.conf import settings
    from django.db import connection
    from gunicorn.app.base import BaseApplication

    from marfa.apps.accounts.actions import forget_past_sign_ins
    from marfa.apps.contributions import refuse_unresolved
    from marfa.web.connections import OPTIONS
    from marfa.web.wsgi import application

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return served

    refuse_unresolved()
    if not settings.MARFA.database:
        serve_alone(folder.path)
    if not has_app("name_search"):
        beside = tuple(command for command in beside if command != "finder")
    lan = LanServer.of(folder, settings.MARFA)
    listening = lan.listen() if lan else [listen_at(settings.MARFA.listen, settings.MARFA.port)]
    served = lan.around(application) if lan else application
    options: dict[str, Any] = {
        "bind": [f"fd://{each.fileno()}" for each in listening],
        "workers": processes_of(settings.MARFA),
        **OPTIONS,
        "threads": settings.MARFA.threads,
        "proc_name": "marfa",
        "graceful_timeout": PATIENCE_SECONDS,
        "loglevel": "warning",
        "logger_class": "marfa.web.server_log.QuietLogger",
        "control_socket_disable": True,
    }
    companions: list[Companion] = []

    def begin(process: Any) -> None:
        """In each process that answers requests. One of them has those beside the server: whatever
        ends it ends them."""
        # A terminal that closes is the master's affair; what is being answered is answered.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if lan:
            lan.secure(process)
        for command in beside if process.leads else ():
            companions.append(Companion(folder.path, command))
            companions[-1].start()

    def end(_server: Any, _process: Any) -> None:
        for companion in companions:
            companion.tell()
        for companion in companions:
            companion.stop()

    # Before anything is announced: a disk that is full shows itself here.
    forget_past_sign_ins()
    link = _link(link_for)
    connection.close()
    ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN

    def ready(server: Any) -> None:
        """Whoever was told that the server is there may stop it at once: it hears signals by now,
        also where it was started with these ignored."""
        _stop_on_hangup(server, ignored)
        _announce(folder, settings.MARFA.public_origin, link, lan, as_json)

    options |= {
        "when_ready": ready,
        "pre_fork": _choose_leader,
        "post_worker_init": begin,
        "worker_exit": end,
    }
    Server().run()


def processes_of(given: Settings) -> int:
    """How many processes answer requests. One keeps one core busy; SQLite has one writer."""
    if given.processes:
        return given.processes
    return min(_cores(), MOST_PROCESSES) if given.database else 1


def _cores() -> int:
    """How many this process may use; not every system says."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _choose_leader(server: Any, process: Any) -> None:
    """Whether a new process is to have those beside the server: where no other has them. The one
    that takes the place of a leader that died leads in its turn."""
    process.leads = not any(other.leads for other in server.WORKERS.values())


def _stop_on_hangup(server: Any, ignored: bool) -> None:
    """A terminal that closes stops the server; gunicorn alone would start it over, without one.

    ignored: under ``nohup``, where it goes on.
    """

    def stop(_number: int, frame: object) -> None:
        server.signal(signal.SIGTERM, frame)

    signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else stop)


def _choose_port(port: int | None) -> None:
    if port is not None:
        os.environ["MARFA_PORT"] = str(port)


def _announce(
    folder: DataFolder, origin: str, link: str | None, lan: LanServer | None, as_json: bool
) -> None:
    if as_json:
        url = f"{origin}{link}" if link else None
        told = {"url": origin, "sign_in": url, "data": str(folder.path)}
        print_json({**told, **(lan.told() if lan else {})})
    else:
        print_message(Message("cli.server:open", {"url": origin}))
        if lan:
            lan.print_enrolment()
        if link:
            print_message(Message("cli.server:link", {"url": f"{origin}{link}"}))
        print_message(Message("cli.server:stop"))
    sys.stdout.flush()


def _link(username: str | None) -> str | None:
    if username is None:
        return None
    from django.conf import settings
    from django.urls import reverse

    from marfa.apps.accounts.actions import issue_sign_in_link
    from marfa.apps.accounts.queries import user_named

    valid_for = timedelta(minutes=settings.MARFA.link_minutes)
    secret = issue_sign_in_link(user=user_named(username), valid_for=valid_for)
    return reverse("accounts:link", args=[secret])


def _first_administrator() -> str | None:
    """Whom to print a link for: the administrator, until somebody has signed in.

    Only on a terminal: a link must not end up in the log of a service.
    """
    if not sys.stdout.isatty():
        return None
    from marfa.apps.accounts.models import User

    if User.objects.exclude(last_login=None).exists():
        return None
    first = User.objects.filter(is_active=True).order_by("created_at").first()
    return first.username if first else None


def _check_built() -> None:
    """Raises InputError where the package was installed without scripts, styles and texts of
    pages, which need Node to be built: an installation of the libraries alone."""
    package = files("marfa")
    manifest = package / "web" / "static" / "built" / "manifest.json"
    catalogue = package / "web" / "locale" / "ar" / "LC_MESSAGES" / "django.mo"
    if not (manifest.is_file() and catalogue.is_file()):
        raise InputError.at(Message("cli.server:pages-not-built"))


def _typed(*options: str) -> bool:
    """Whether one of the options was given, and is not what it is without."""
    source = click.get_current_context().get_parameter_source
    return any(source(each) is ParameterSource.COMMANDLINE for each in options)


def _begin_anew(path: Path, port: int | None, as_json: bool) -> None:
    """Django was set up on a folder that has moved since: start over in the right one."""
    # -P: what lies in the current folder is not to be imported.
    command = [sys.executable, "-P", "-m", "marfa", "demo", "--data", str(path)]
    command += ["--port", str(port)] if port else []
    command += ["--json"] if as_json else []
    os.execv(sys.executable, command)  # noqa: S606


def _make_demonstration(path: Path, people: int, seed: int) -> None:
    progress = Progress(people, sys.stderr.isatty())
    progress.begin("tables")
    with new_folder(path, kind=InstallationKind.DEMONSTRATION, desks=DEMONSTRATED) as making:
        prepare_django(making.folder)
        from marfa.demo.build import build_demo
        from marfa.demo.operation import Scale

        scale = Scale.of(people, seed) if people else None
        fill_installation(
            making, lambda: _hurried(lambda: build_demo(scale=scale, tell=progress.tell))
        )
        progress.begin("storing")
    progress.begin("made")


def _hurried(work: Callable[[], None]) -> None:
    """Let SQLite not wait for the disk at each step: the folder is written to the disk as a whole
    before it is moved, or thrown away."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    work()
