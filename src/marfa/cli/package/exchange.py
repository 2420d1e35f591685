"""Packages made, opened, answered and called back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Command,
    json_option,
    print_json,
    print_message,
)
from marfa.cli.language import _
from marfa.domain.codelists import codelist
from marfa.domain.message import Message
from marfa.platform import clock

if TYPE_CHECKING:
    pass

from marfa.cli.package.options import (
    FILE,
    KEYDIR,
    KINDS,
    NEW_FILE,
    NEW_FOLDER,
    PATHS,
    Time,
    passphrase_option,
    read_passphrase,
    refusals,
)
from marfa.cli.package.output import (
    key_json,
    list_json,
    made_json,
    opened_json,
    tell_key,
    tell_list,
    tell_opened,
)


@click.command(
    cls=Command,
    help=_("Make a package of files and folders for one recipient."),
    examples=(
        'marfa package make keys --to "Harbour Clinic" --kind referral --agreement MOU-7 --purpose '
        "assistance --ground consent referral.json --out outbox",
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("paths", type=PATHS, nargs=-1, required=True, metavar="PATH...")
@click.option("--to", required=True, metavar="NAME", help=_("Whose keys you took."))
@click.option("--kind", required=True, type=click.Choice(KINDS), help=_("What it is."))
@click.option("--agreement", required=True, metavar="REF", help=_("Under which agreement."))
@click.option(
    "--purpose",
    required=True,
    type=click.Choice(codelist("purposes").codes),
    help=_("What they may use it for."),
)
@click.option(
    "--ground",
    required=True,
    type=click.Choice(codelist("legal_bases").codes),
    help=_("On what ground it is given."),
)
@click.option(
    "--valid",
    type=Time(),
    default="30d",
    show_default=True,
    help=_("How long it may be opened: s, m, h, d or w."),
)
@click.option("--no-onward", is_flag=True, help=_("They may hand it on to nobody."))
@click.option(
    "--out", type=NEW_FOLDER, required=True, metavar="DIR", help=_("Where to put the file.")
)
@passphrase_option
@json_option
def make(
    keydir: Path,
    paths: tuple[Path, ...],
    to: str,
    kind: str,
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
    **terms: Any,
) -> None:
    """The file has a random name and appears whole, or not at all."""
    with refusals(as_json):
        from marfa.methods import packages

        agreed = packages.Terms(
            terms["agreement"],
            terms["purpose"],
            terms["ground"],
            terms["valid"],
            onward=not terms["no_onward"],
        )
        for path in paths:
            if not path.exists() and not path.is_symlink():
                raise click.UsageError(_("There is no such file: {path}").format(path=path))
        sources = packages.sources_of(paths, folders=packages.KINDS[kind].folders)
        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            made = packages.make_package(
                folder, to=to, kind=kind, terms=agreed, sources=sources, out=out, now=clock.now()
            )
        if as_json:
            print_json(made_json(made))
        else:
            print_message(
                Message("methods.packages:made", {"file": str(made.file), "size": made.size})
            )


@click.command(
    "open",
    cls=Command,
    help=_("Check a package and put what it holds into a new folder."),
    examples=("marfa package open keys package.age --out came",),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("file", type=FILE)
@click.option("--out", type=NEW_FOLDER, required=True, metavar="DIR", help=_("The folder to make."))
@passphrase_option
@json_option
def open_one(
    keydir: Path, file: Path, out: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """The folder appears whole; of a package that is refused nothing is left."""
    if out.is_symlink() or out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise click.UsageError(_("The folder is there already: {path}").format(path=out))
    with refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            opened = packages.open_package(folder, file, out=out, now=clock.now())
        if as_json:
            print_json(opened_json(opened, out))
        else:
            tell_opened(opened, out)


@click.command(
    cls=Command,
    help=_("Say what can be known of a package without a key: how large it is."),
    examples=("marfa package show package.age",),
)
@click.argument("file", type=FILE)
@passphrase_option
@json_option
def show(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """At once, however large it is. A key package is no secret, and shows its digits."""
    with refusals(as_json):
        from marfa.methods.packages import file_size_of, read_key_file

        size = file_size_of(file)
        with file.open("rb") as stream:
            is_key = stream.read(4) == b"PK\x03\x04"
        keys = None
        if is_key:
            keys = read_key_file(file, clock.now())
        if as_json:
            print_json({"size": size, **({"key": key_json(keys)} if keys else {})})
            return
        print_message(Message("methods.packages:size", {"size": size}))
        if keys is not None:
            tell_key(keys)


@click.command(
    cls=Command,
    help=_("Say that a package came, and to a recall what was done, as a package for its sender."),
    examples=(
        "marfa package receipt keys b8m7c2k0qj4x5t9w1v3z --out receipt.age",
        "marfa package receipt keys b8m7c2k0qj4x5t9w1v3z --answer deleted --out receipt.age",
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("package_id", metavar="ID")
@click.option("--out", type=NEW_FILE, required=True, metavar="FILE", help=_("The file to make."))
@click.option(
    "--answer",
    type=click.Choice(codelist("recall_answers").codes),
    default=None,
    help=_("What was done about a recall."),
)
@passphrase_option
@json_option
def receipt(
    keydir: Path,
    package_id: str,
    out: Path,
    answer: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Digests and times, and no name."""
    with refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            made = packages.make_receipt(
                folder, package_id, out=out, now=clock.now(), answer=answer or ""
            )
        if as_json:
            print_json({**made_json(made), "package": package_id, "answer": answer})
        else:
            values = {"file": str(made.file), "size": made.size}
            print_message(Message("methods.packages:made", values))


@click.command(
    cls=Command,
    help=_("Ask the recipient of a package to delete what it held, as a package. It names nobody."),
    examples=(
        "marfa package recall keys b8m7c2k0qj4x5t9w1v3z --reason consent_withdrawn --out r.age",
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("package_id", metavar="ID")
@click.option(
    "--reason",
    required=True,
    type=click.Choice(codelist("recall_reasons").codes),
    help=_("Why it is called back."),
)
@click.option("--out", type=NEW_FILE, required=True, metavar="FILE", help=_("The file to make."))
@passphrase_option
@json_option
def recall(
    keydir: Path,
    package_id: str,
    reason: str,
    out: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """What was recalled before it was opened is not opened any more."""
    with refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            made = packages.make_recall(folder, package_id, reason=reason, out=out, now=clock.now())
        if as_json:
            print_json({**made_json(made), "package": package_id, "reason": reason})
        else:
            values = {"file": str(made.file), "size": made.size}
            print_message(Message("methods.packages:made", values))


@click.command(
    "list",
    cls=Command,
    help=_("List what a key folder remembers: bodies, packages, answers, and what never came."),
    examples=("marfa package list keys", "marfa package list keys --json"),
)
@click.argument("keydir", type=KEYDIR)
@passphrase_option
@json_option
def list_all(keydir: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Without the passphrase, what the folder says; with it, also proved."""
    with refusals(as_json):
        from marfa.methods import packages

        if passphrase_file is None:
            book = packages.book_of(keydir)
        else:
            with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
                book = folder.book
        listed = list_json(book)
        if as_json:
            print_json(listed)
        else:
            tell_list(listed)
