"""``marfa vault``: versions of the key, what lies under them, and the erased list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from marfa.cli.base import (
    Group,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.language import _
from marfa.cli.server.installation import check_heads, data_option, open_for_work, open_installation
from marfa.cli.server.key import acting_on_key, new_passphrase
from marfa.domain.message import Message
from marfa.platform.datafolder import DataFolder, instance_key_file, read_private
from marfa.platform.keyproviders import (
    ByCommand,
    ByFile,
    ByPassphrase,
    Protection,
    Provider,
    command_of,
    provider_of,
)
from marfa.web.database import Connects


@click.group("vault", cls=Group, help=_("What seals people's data, and who was erased."))
def vault() -> None:
    """Group of the commands about the vault."""


@vault.command(
    "status",
    help=_("Say which versions of the key there are and what lies under each."),
    examples=("marfa vault status", "marfa vault status --json"),
)
@data_option
@json_option
def status(data: Path | None, as_json: bool) -> None:
    """Counts alone; nothing is opened."""
    open_installation(data, Connects.OWNER)
    from marfa.platform.keys.instance import current_version
    from marfa.safeguards.vault.erasedlist import erased_list
    from marfa.safeguards.vault.models import RecordKey, SubjectKey

    versions, found = _versions(), erased_list()
    told = {
        "present": current_version(),
        "versions": [asdict(version) for version in versions],
        "persons": SubjectKey.objects.count(),
        "records": RecordKey.objects.count(),
        "erased": len(found.read()),
        "erased_list": str(found.file),
    }
    if as_json:
        print_json(told)
        return
    for version in versions:
        values = {"number": version.number, "at": datetime.fromisoformat(version.made_at)}
        things = sum(version.under_it.values())
        print_message(Message(f"cli.server:vault-version-{version.state}", values, count=things))
    print_message(Message("cli.server:vault-persons", count=SubjectKey.objects.count()))
    print_message(
        Message("cli.server:vault-erased", {"path": str(found.file)}, count=len(found.read()))
    )


@dataclass(frozen=True)
class Version:
    """One version of the key. key: whether it is there. under_it: holder -> how many things."""

    number: int
    made_at: str
    retired_at: str | None
    key: bool
    under_it: Mapping[str, int]

    @property
    def state(self) -> str:
        return ("retired" if self.retired_at else "used") if self.key else "gone"


def _versions() -> list[Version]:
    from marfa.platform.keys import rotation
    from marfa.platform.keys.instance import instance_keys
    from marfa.platform.keys.models import KeyVersion

    rotation.note_versions()
    under, there = rotation.count_by_holder(), instance_keys().versions()
    return [
        Version(
            row.number,
            row.made_at.isoformat(),
            row.retired_at.isoformat() if row.retired_at else None,
            row.number in there,
            {name: counts[row.number] for name, counts in under.items() if row.number in counts},
        )
        for row in KeyVersion.objects.order_by("number")
    ]


@vault.command(
    "rotate",
    help=_(
        "Make a new version of the key and wrap everything anew under it. When it was cut off, the "
        "same command goes on."
    ),
    examples=("marfa vault rotate", "marfa vault rotate --destroy-old --json"),
)
@click.option(
    "--destroy-old",
    is_flag=True,
    help=_(
        "Also destroy the keys of versions under which nothing is left. Backups from before cannot "
        "be restored then."
    ),
)
@data_option
@json_option
def rotate(destroy_old: bool, data: Path | None, as_json: bool) -> None:
    """The server is stopped for the first step alone; what was cut off goes on beside it."""
    folder = open_installation(data, Connects.OWNER)
    from marfa.platform.keys import rotation
    from marfa.platform.keys.instance import current_version

    continued = rotation.is_unfinished()
    if not continued:
        protection = _as_before(folder)
        with acting_on_key("keys.rotate") as act:
            act.note(version=rotation.switch_key(protection))
    done = _bring_everything()
    with acting_on_key("keys.rotate") as act:
        retired = rotation.destroy_retired() if destroy_old else rotation.retire_versions()
        act.note(version=current_version(), wrapped=done, retired=len(retired))
    if as_json:
        print_json(
            {
                "version": current_version(),
                "continued": continued,
                "wrapped": done,
                "retired": list(retired),
                "destroyed": destroy_old,
            }
        )
        return
    print_message(Message("cli.server:vault-rotated", {"version": current_version()}, count=done))
    if destroy_old:
        print_message(Message("cli.server:vault-old-destroyed"))
    if (folder.path / "recovery.json").exists() and not continued:
        print_warning(Message("cli.server:vault-shares-old"))


@vault.command(
    "settle",
    help=_(
        "Bring the database and the erased list together, as every start does. With --list-lost a "
        "new list is made of what is still known."
    ),
    examples=("marfa vault settle", "marfa vault settle --list-lost"),
)
@click.option(
    "--list-lost",
    is_flag=True,
    help=_("The erased list is lost for good: begin a new one from the database."),
)
@data_option
@json_option
def settle(list_lost: bool, data: Path | None, as_json: bool) -> None:
    """The only command that starts where the list is missing."""
    # A database that is older than the log's heads would make a list that forgets the newest.
    check_heads(open_for_work(data, Connects.OWNER))
    from marfa.safeguards.vault.reconciliation import begin_new_list, settle_at_start

    entries = begin_new_list() if list_lost else None
    settled = settle_at_start()
    if as_json:
        print_json(
            {"erased_again": settled.erased_again, "listed": settled.listed, "new_list": entries}
        )
        return
    if entries is not None:
        print_message(Message("cli.server:vault-list-begun", count=entries))
    print_message(Message("cli.server:vault-settled", count=settled.erased_again))


def _as_before(folder: DataFolder) -> Protection:
    """The new key is protected as the present one is; a passphrase is asked for."""
    text = read_private(instance_key_file(folder.path))
    provider = provider_of(text)
    if provider is Provider.PASSPHRASE:
        return ByPassphrase(new_passphrase())
    return ByCommand(command_of(text)) if provider is Provider.COMMAND else ByFile()


def _bring_everything() -> int:
    from marfa.platform.keys import rotation
    from marfa.platform.keys.instance import current_version

    present = current_version()
    state = rotation.count_by_holder().values()
    total = sum(n for counts in state for version, n in counts.items() if version < present)
    done = 0
    with Progress(console=error_console(), transient=True) as bar:
        task = bar.add_task("", total=total)

        def show(name: str, more: int) -> None:
            nonlocal done
            done += more
            bar.update(task, completed=done, description=name)

        rotation.bring_everything(show)
    return done
