"""``marfa desks``: the desks of an installation; one is added, or taken away."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from marfa.apps.house import apps_of, read_manifests
from marfa.apps.paths import resolve_path
from marfa.cli.base import Group, json_option, print_json, print_message, print_warning
from marfa.cli.language import _
from marfa.cli.server.installation import (
    all_or_nothing,
    check_belonging,
    check_database_there,
    check_heads,
    copy_database,
    data_option,
    migrate_database,
    migration_state,
    place_of,
    quote_path,
    set_up,
)
from marfa.domain.desks import Desk, check_desks
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.platform.datafolder import DataFolder, Instance, look_at, write_instance
from marfa.platform.occupancy import occupy_alone, occupy_installation
from marfa.web.database import Connects


@click.group("desks", cls=Group, help=_("The desks of an installation."))
def desks() -> None:
    """Group of the commands about desks."""


def desk_argument(function: Any) -> Any:
    return click.argument("desk", type=click.Choice([str(each) for each in Desk]))(function)


@desks.command(
    "list",
    help=_("List the desks that are here, and those that can be added."),
    examples=("marfa desks list --json",),
)
@data_option
@json_option
def list_desks(data: Path | None, as_json: bool) -> None:
    """What the folder says; the database is not asked."""
    folder = place_of(data)
    instance = look_at(folder)
    here = _in_order(instance.desks)
    more = [desk for desk in Desk if desk not in here and _may_stand({*here, desk})]
    if as_json:
        told = {"desks": here, "can_be_added": more, "unfinished": list(instance.unfinished)}
        print_json(told)
        return
    print_message(Message("cli.server:desks-here", {"desks": ", ".join(here)}))
    if more:
        print_message(Message("cli.server:desks-more", {"desks": ", ".join(more)}))
    if instance.unfinished:
        print_warning(
            Message("cli.server:desks-unfinished", {"apps": ", ".join(instance.unfinished)})
        )


@desks.command(
    "add",
    help=_("Add a desk: its tables are made, after a copy of the database."),
    examples=("marfa desks add reporting --data /srv/marfa",),
)
@desk_argument
@data_option
@json_option
def add(desk: str, data: Path | None, as_json: bool) -> None:
    """The folder says last that the desk is there: until then the installation starts without it,
    and the command can be given again."""
    path = place_of(data)
    before = look_at(path)
    if desk in before.desks:
        raise InputError.at(Message("cli.server:desk-here", {"desk": desk}), field="DESK")
    after = _in_order({*before.desks, desk})
    check_desks(after, Place(field="DESK"))
    coming = [app for app in apps_of(after) if app not in apps_of(before.desks)]
    with _alone(path, before, after) as folder:
        _clear({app for app in before.unfinished if app not in coming})
        copy = copy_database(folder) if coming else None
        write_instance(path, replace(before, unfinished=tuple(coming)))
        with _saying_where_it_stands(path, copy):
            if coming:
                with all_or_nothing():
                    migrate_database()
            _tell_log("desks.add", desk)
            write_instance(path, replace(before, desks=after, unfinished=()))
    if as_json:
        print_json({"desks": after, "apps": coming, "copy": str(copy) if copy else None})
        return
    print_message(Message("cli.server:desk-added", {"desk": desk, "path": quote_path(path)}))
    if copy:
        print_message(Message("cli.server:desk-copy", {"copy": str(copy)}))


@desks.command(
    "remove",
    help=_("Take a desk away that nobody works at and whose tables hold no rows."),
    examples=("marfa desks remove reporting --data /srv/marfa",),
)
@desk_argument
@data_option
@json_option
def remove(desk: str, data: Path | None, as_json: bool) -> None:
    """The folder says first that the desk is gone: from then on the installation starts without
    it. Its empty tables go after that, or when the command is given again."""
    path = place_of(data)
    before = look_at(path)
    if desk not in before.desks and not before.unfinished:
        values = {"desk": desk, "desks": ", ".join(before.desks)}
        raise InputError.at(Message("cli.server:desk-not-here", values), field="DESK")
    after = _in_order({each for each in before.desks if each != desk})
    check_desks(after, Place(field="DESK"))
    going = [app for app in apps_of(before.desks) if app not in apps_of(after)]
    leaving = (*going, *(app for app in before.unfinished if app not in going))
    with _alone(path, before, before.desks):
        _refuse_held(Desk(desk), going)
        _tell_log("desks.remove", desk)
        write_instance(path, replace(before, desks=after, unfinished=leaving))
        with _saying_where_it_stands(path, None):
            _clear(leaving)
            write_instance(path, replace(before, desks=after, unfinished=()))
    if as_json:
        print_json({"desks": after, "apps": list(leaving)})
    else:
        print_message(Message("cli.server:desk-removed", {"desk": desk}))


def _in_order(chosen: Collection[str]) -> tuple[str, ...]:
    return tuple(str(desk) for desk in Desk if desk in chosen)


def _may_stand(chosen: Collection[str]) -> bool:
    try:
        check_desks(chosen)
    except InputError:
        return False
    return True


@contextlib.contextmanager
def _alone(path: Path, before: Instance, loaded: Collection[str]) -> Iterator[DataFolder]:
    """The installation with nobody else at it, its database there and of this version.

    loaded: the desks with which this process works. Raises InputError where it is not as it was
    when the command looked at it.
    """
    set_up(path, Connects.OWNER, loaded)
    from django.conf import settings

    folder: DataFolder = settings.FOLDER
    occupy_installation(folder.path)
    check_database_there(folder)
    _check_version(path, before)
    check_belonging(folder)
    check_heads(folder)
    with occupy_alone(folder.path):
        if look_at(path) != before:
            raise InputError.at(Message("cli.server:desks-changed"))
        yield folder


def _check_version(path: Path, before: Instance) -> None:
    """As ``check_version``; the tables of a desk that is coming are not missed."""
    unknown, waiting = migration_state()
    if unknown:
        raise InputError.at(Message("cli.server:database-newer", {"path": str(path)}))
    absent = read_manifests().keys() - set(apps_of(before.desks))
    if any(migration.app_label not in absent for migration, _backwards in waiting):
        raise InputError.at(Message("cli.server:database-older", {"path": quote_path(path)}))


@contextlib.contextmanager
def _saying_where_it_stands(path: Path, copy: Path | None) -> Iterator[None]:
    """Where it stops in the middle, say that the installation starts, and what to do."""
    try:
        yield
    except BaseException:
        print_warning(Message("cli.server:desks-stopped", {"path": quote_path(path)}))
        if copy:
            print_warning(Message("cli.server:desk-copy", {"copy": str(copy)}))
        raise


def _clear(apps: Collection[str]) -> None:
    """Take the empty tables of apps away that no desk brings, and the work that waits for them."""
    from marfa.platform.jobs.actions import forget_jobs
    from marfa.platform.jobs.registry import names_within
    from marfa.platform.migration.removal import RowsHeldError, drop_tables

    if not apps:
        return
    try:
        drop_tables(apps, among=read_manifests())
    except RowsHeldError:
        raise InputError.at(Message("cli.server:desk-rows-left")) from None
    forget_jobs(name for app in apps for name in names_within(f"marfa.apps.{app}"))


def _refuse_held(desk: Desk, going: Collection[str]) -> None:
    """Raise InputError, with every reason, while somebody works at a desk or an app of it holds
    rows. Which rows these are is not said."""
    from marfa.apps.organisations.queries import grants_left_at
    from marfa.platform.migration.removal import tables_of_apps
    from marfa.platform.rowsecurity.context import every_organisation

    with all_or_nothing(), every_organisation():
        grants = grants_left_at(desk).count()
        tables = tables_of_apps(going, among=read_manifests())
        held = {app: _count_held(app, tables[app]) for app in going}
    problems = [
        Message("cli.server:desk-holds-rows", {"desk": desk, "app": app, "count": count})
        for app, count in held.items()
        if count
    ]
    if grants:
        problems.append(Message("cli.server:desk-has-roles", {"desk": desk, "count": grants}))
    if problems:
        raise InputError(*(Problem(message, Place(field="DESK")) for message in problems))


def _count_held(app: str, tables: Collection[str]) -> int:
    """Rows in the tables of an app, what was typed into its forms and not sent, and its deadlines
    that are open."""
    from marfa.platform.deadlines.queries import open_deadlines
    from marfa.platform.migration.removal import count_rows
    from marfa.platform.revisions.models import Draft

    module = read_manifests()[app]
    forms = [kind.form for kind in module.drafts]
    kinds = [resolve_path(path).name for path in module.deadlines]
    drafts = Draft.objects.filter(form__in=forms).count()
    return count_rows(tables) + drafts + open_deadlines().filter(kind__in=kinds).count()


def _tell_log(code: str, desk: str) -> None:
    """Before the last step: no desk comes or goes without an entry, and one that was cut off and
    is asked for again has two."""
    from marfa.domain.ids import new_id
    from marfa.safeguards.actions import log_events
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.audit.event import Event
    from marfa.safeguards.words import Purpose

    actor = Actor(new_id(), ActorKind.COMMAND)
    log_events(
        Event(action=code, actor=actor, purpose=Purpose.ADMINISTRATION, detail={"desk": desk})
    )
