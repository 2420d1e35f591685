"""``marfa package``: what one installation hands to another, as a file."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Exit,
    Group,
    exit_with_error,
    json_option,
    print_json,
    print_message,
    print_warning,
    report_input_error,
)
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.codelists import codelist
from marfa.domain.doors import BODIES
from marfa.domain.message import Message
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.packages import Content, Opened, PublicKeys

KEYDIR = click.Path(file_okay=False, exists=True, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
PATHS = click.Path(path_type=Path)
NEW_FOLDER, NEW_FILE = OutputFile(dir_okay=True), OutputFile()
KINDS = ("referral", "evidence", "remedy", "overlap", "watchlist", "return", "agreement")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST_VALID = timedelta(days=3660)

passphrase_option = click.option(
    "--passphrase-file",
    type=FILE,
    metavar="FILE",
    help=_("Read the passphrase of the key folder from the first line of a file."),
)


class Time(click.ParamType[timedelta]):
    """A time such as 30d: seconds, minutes, hours, days or weeks."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,9})([smhdw])", str(value).strip())
        found = timedelta(seconds=int(match[1]) * UNITS[match[2]]) if match else timedelta()
        if not timedelta() < found <= LONGEST_VALID:
            self.fail(_("This is no time. Write it as 12h, 30d or 4w."), param, ctx)
        return found


@click.group(
    cls=Group,
    help=_(
        "What one installation hands to another: files that are signed, encrypted to one "
        "recipient, and taken once."
    ),
)
def package() -> None:
    """Keys, packages, answers."""


@package.group("key", cls=Group, help=_("The keys of an installation, and those of others."))
def key() -> None:
    """Group of the commands about keys."""


@key.command(
    "new",
    help=_(
        "Make a key folder. It prints the digits that the other side compares with you by voice, "
        "and where the file lies that you hand to them."
    ),
    examples=('marfa package key new --out keys --name "Harbour Clinic" --kind help',),
)
@click.option(
    "--out", type=NEW_FOLDER, required=True, metavar="KEYDIR", help=_("The folder to make.")
)
@click.option("--name", default="", help=_("What your body is called; the folder's name if none."))
@click.option(
    "--kind",
    type=click.Choice(BODIES),
    default="help",
    show_default=True,
    help=_("What your body is. The other side hears it with the digits."),
)
@passphrase_option
@json_option
def new(out: Path, name: str, kind: str, passphrase_file: Path | None, as_json: bool) -> None:
    """The folder is there whole or not at all."""
    with _refusals(as_json):
        from marfa.methods import packages

        called = _body_name(name or out.resolve().name)
        passphrase = _new_passphrase(passphrase_file, called)
        now = clock.now()
        packages.make_key_folder(out, name=called, kind=kind, passphrase=passphrase, now=now)
        with packages.open_key_folder(out, passphrase) as folder:
            packages.write_key_package(folder.path, folder.own, now)
        _show_key(out, as_json)


@key.command(
    "show",
    help=_("Show the public keys of a key folder, and the digits to compare."),
    examples=(
        "marfa package key show keys",
        "marfa package key show keys --identity | age --decrypt -i - package.age > package.zip",
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.option(
    "--identity",
    is_flag=True,
    help=_("Print the private keys of age instead, for a program of your own. Keep them nowhere."),
)
@passphrase_option
@json_option
def show_key(keydir: Path, identity: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Without the passphrase, what the folder says; with it, also proved."""
    with _refusals(as_json):
        if identity or passphrase_file is not None:
            from marfa.methods.packages import open_key_folder

            with open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
                ages = [pair.age for pair in folder.own.pairs]
        if not identity:
            _show_key(keydir, as_json)
        elif as_json:
            print_json({"identities": ages})
        else:
            click.echo("\n".join(ages))


@key.command(
    "accept",
    help=_(
        "Take the keys of another body. Call a number that you know, let them read out the digits "
        "and say what kind of body they are."
    ),
    examples=(
        'marfa package key accept keys theirs.key --fingerprint "12345 67890 12345 67890 12345 '
        '67890"',
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("file", type=FILE)
@click.option("--fingerprint", metavar="DIGITS", help=_("The digits that they read out."))
@click.option(
    "--without-comparing",
    is_flag=True,
    help=_("Take them uncompared. Every package that goes there says so."),
)
@click.option("--name", default="", help=_("What you call them; their own name if none."))
@passphrase_option
@json_option
def accept(
    keydir: Path,
    file: Path,
    fingerprint: str | None,
    without_comparing: bool,
    name: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Keys that known keys hand over need no digits."""
    with _refusals(as_json):
        from marfa.methods import packages

        now = clock.now()
        keys = packages.read_key_file(file, now)
        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            partner = packages.accept_keys(
                folder,
                keys,
                fingerprint=fingerprint,
                without_comparing=without_comparing,
                name=_body_name(name) if name else "",
                now=now,
            )
        values = {"name": partner.name, "kind": keys.kind, "compared": partner.compared}
        if as_json:
            print_json({**values, "fingerprint": keys.fingerprint})
            return
        values["kind"] = Message(f"domain:body-{keys.kind}")
        print_message(Message("methods.packages:accepted", values))
        if not partner.compared:
            print_warning(Message("methods.packages:warning-not-compared"))


@key.command(
    "rotate",
    help=_("Make new keys, handed over by the old ones, and a file for the other side."),
    examples=("marfa package key rotate keys",),
)
@click.argument("keydir", type=KEYDIR)
@passphrase_option
@json_option
def rotate(keydir: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """The old keys still open what is on its way."""
    with _refusals(as_json):
        from marfa.methods import packages

        passphrase, now = _passphrase(passphrase_file), clock.now()
        packages.rotate_keys(keydir, passphrase, now)
        with packages.open_key_folder(keydir, passphrase) as folder:
            packages.write_key_package(folder.path, folder.own, now)
        _show_key(keydir, as_json)


@key.command(
    "end",
    help=_(
        "End the keys of another body, since they told you that they lost them: nothing goes there "
        "and nothing is taken from there until new ones are compared."
    ),
    examples=('marfa package key end keys "Harbour Clinic"',),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("name")
@passphrase_option
@json_option
def end(keydir: Path, name: str, passphrase_file: Path | None, as_json: bool) -> None:
    """It is written down, and not taken back."""
    with _refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            partner = packages.end_keys(folder, name, clock.now())
        if as_json:
            print_json({"name": partner.name, "ended": True})
        else:
            print_message(Message("methods.packages:ended", {"name": partner.name}))


@package.command(
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
    with _refusals(as_json):
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
        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            made = packages.make_package(
                folder, to=to, kind=kind, terms=agreed, sources=sources, out=out, now=clock.now()
            )
        if as_json:
            print_json(_made_json(made))
        else:
            print_message(
                Message("methods.packages:made", {"file": str(made.file), "size": made.size})
            )


@package.command(
    "open",
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
    with _refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            opened = packages.open_package(folder, file, out=out, now=clock.now())
        if as_json:
            print_json(_opened_json(opened, out))
        else:
            _tell_opened(opened, out)


@package.command(
    help=_("Say what can be known of a package without a key: how large it is."),
    examples=("marfa package show package.age",),
)
@click.argument("file", type=FILE)
@passphrase_option
@json_option
def show(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """At once, however large it is. A key package is no secret, and shows its digits."""
    with _refusals(as_json):
        from marfa.methods.packages import file_size_of, read_key_file

        size = file_size_of(file)
        with file.open("rb") as stream:
            is_key = stream.read(4) == b"PK\x03\x04"
        keys = None
        if is_key:
            keys = read_key_file(file, clock.now())
        if as_json:
            print_json({"size": size, **({"key": _key_json(keys)} if keys else {})})
            return
        print_message(Message("methods.packages:size", {"size": size}))
        if keys is not None:
            _tell_key(keys)


@package.command(
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
    with _refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            made = packages.make_receipt(
                folder, package_id, out=out, now=clock.now(), answer=answer or ""
            )
        if as_json:
            print_json({**_made_json(made), "package": package_id, "answer": answer})
        else:
            values = {"file": str(made.file), "size": made.size}
            print_message(Message("methods.packages:made", values))


@package.command(
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
    with _refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
            made = packages.make_recall(folder, package_id, reason=reason, out=out, now=clock.now())
        if as_json:
            print_json({**_made_json(made), "package": package_id, "reason": reason})
        else:
            values = {"file": str(made.file), "size": made.size}
            print_message(Message("methods.packages:made", values))


@package.command(
    "list",
    help=_("List what a key folder remembers: bodies, packages, answers, and what never came."),
    examples=("marfa package list keys", "marfa package list keys --json"),
)
@click.argument("keydir", type=KEYDIR)
@passphrase_option
@json_option
def list_all(keydir: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Without the passphrase, what the folder says; with it, also proved."""
    with _refusals(as_json):
        from marfa.methods import packages

        if passphrase_file is None:
            book = packages.book_of(keydir)
        else:
            with packages.open_key_folder(keydir, _passphrase(passphrase_file)) as folder:
                book = folder.book
        listed = _list_json(book)
        if as_json:
            print_json(listed)
        else:
            _tell_list(listed)


@contextmanager
def _refusals(as_json: bool) -> Iterator[None]:
    """A refusal: its code as JSON where that was asked for, its sentence always; exit code 1."""
    if find_spec("pyrage") is None:
        exit_with_error(Message("methods.packages:no-exchange"))
    from marfa.methods.packages import RefusedError

    try:
        yield
    except RefusedError as error:
        if as_json:
            print_json(error.as_json())
        report_input_error(error)
        sys.exit(Exit.PROBLEMS)


def _passphrase(file: Path | None, *, fresh: bool = False) -> str:
    """From the file, the terminal, or standard input."""
    if file is not None:
        text = (file.read_text(encoding="utf-8", errors="replace").splitlines() or [""])[0]
    elif sys.stdin.isatty():
        asked = _("New passphrase") if fresh else _("Passphrase of the key folder")
        again = _("The same once more") if fresh else False
        text = click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if not text.strip():
        raise click.UsageError(_("This needs the passphrase of the key folder."))
    return str(text)


def _new_passphrase(file: Path | None, name: str) -> str:
    from marfa.crypto.passphrases import passphrase_weakness
    from marfa.methods.packages import Refusal, RefusedError

    passphrase = _passphrase(file, fresh=True)
    weakness = passphrase_weakness(passphrase, known=name.split())
    if weakness is not None:
        raise RefusedError(Refusal.PASSPHRASE, str(weakness))
    return passphrase


def _body_name(name: str) -> str:
    from marfa.methods.packages.keys import clean_name

    try:
        return clean_name(name)
    except ValueError:
        raise click.UsageError(_("This cannot be the name of a body.")) from None


def _show_key(keydir: Path, as_json: bool) -> None:
    from marfa.methods.packages import key_file_of, public_keys_of

    keys, file = public_keys_of(keydir), key_file_of(keydir)
    if as_json:
        print_json({**_key_json(keys), "file": str(file) if file else None})
        return
    _tell_key(keys)
    if file is not None:
        print_message(Message("methods.packages:key-file", {"file": str(file)}))


def _key_json(keys: PublicKeys) -> dict[str, Any]:
    return {**keys.as_json(), "fingerprint": keys.fingerprint}


def _tell_key(keys: PublicKeys) -> None:
    values = {"name": keys.name, "kind": Message(f"domain:body-{keys.kind}")}
    print_message(Message("methods.packages:key-of", values))
    click.echo(f"signing      {keys.signing}\nage          {keys.age}")
    click.echo(f"fingerprint  {keys.fingerprint}")


def _contents_json(contents: tuple[Content, ...]) -> list[dict[str, Any]]:
    return [asdict(content) for content in contents]


def _made_json(made: Any) -> dict[str, Any]:
    return {
        "id": made.manifest.id,
        "file": str(made.file),
        "size": made.size,
        "kind": made.manifest.kind,
        "sequence": made.manifest.sequence,
        "valid_until": made.manifest.valid_until.isoformat(),
        "contents": _contents_json(made.contents),
    }


def _opened_json(opened: Opened, out: Path) -> dict[str, Any]:
    manifest = opened.manifest
    return {
        "id": manifest.id,
        "kind": manifest.kind,
        "sender": opened.partner.name,
        "sender_kind": opened.partner.keys[0].kind,
        "sender_key": manifest.sender_key,
        "purpose": manifest.purpose,
        "ground": manifest.ground,
        "agreement": manifest.agreement,
        "onward": manifest.onward,
        "made_at": manifest.made_at.isoformat(),
        "valid_until": manifest.valid_until.isoformat(),
        "sequence": manifest.sequence,
        "contents": _contents_json(opened.contents),
        "warnings": [warned.as_json() for warned in opened.warnings],
        "package": opened.about or None,
        "answer": opened.answer or None,
        "folder": str(out),
    }


def _tell_opened(opened: Opened, out: Path) -> None:
    manifest = opened.manifest
    values = {
        "kind": codelist("door_contents").label(manifest.kind, terminal_language()),
        "sender": opened.partner.name,
        "agreement": manifest.agreement,
        "purpose": codelist("purposes").label(manifest.purpose, terminal_language()),
        "folder": str(out),
    }
    print_message(Message("methods.packages:opened", values, count=len(opened.contents)))
    if opened.manifest.kind == "recall":
        print_warning(Message("methods.packages:recall-says", {"package": opened.about}))
    onward = "onward-yes" if manifest.onward else "onward-no"
    print_message(Message(f"methods.packages:{onward}"))
    for warned in opened.warnings:
        print_warning(warned.message)


def _list_json(book: Any) -> dict[str, Any]:
    names = {body: partner.name for body, partner in book.partners.items()}
    sent = [
        {
            "id": row.id,
            "kind": row.kind,
            "to": names[row.body],
            "sequence": row.sequence,
            "at": row.at,
            "valid_until": row.valid_until,
            "receipt_at": row.receipt_at or None,
            "recalled": row.recalled,
            "answer": row.answer or None,
        }
        for row in book.sent.values()
        if row.state != "dropped"
    ]
    received = [
        {
            "id": row.id,
            "kind": row.kind,
            "sender": names[row.body],
            "sequence": row.sequence,
            "at": row.at,
            "agreement": row.agreement,
            "purpose": row.purpose,
            "recalled": book.recalled.get(row.id) == row.body,
        }
        for row in book.received.values()
    ]
    bodies = [
        {
            "name": partner.name,
            "kind": partner.keys[0].kind,
            "fingerprint": partner.keys[0].fingerprint,
            "compared": partner.compared,
            "ended": partner.ended,
        }
        for partner in book.partners.values()
    ]
    missing = [
        {"sender": partner.name, "sequences": numbers}
        for body, partner in book.partners.items()
        if (numbers := book.missing(body))
    ]
    return {"sent": sent, "received": received, "bodies": bodies, "missing": missing}


def _tell_list(listed: dict[str, Any]) -> None:
    """A line each, with tabs: an id is copied whole from it, however narrow the terminal."""
    titles = {
        "bodies": _("Bodies"),
        "sent": _("Sent"),
        "received": _("Received"),
        "missing": _("Never came"),
    }
    for part, title in titles.items():
        rows = listed[part]
        if rows:
            click.echo(title)
            click.echo("\t".join(rows[0]))
        for row in rows:
            click.echo("\t".join("" if value is None else str(value) for value in row.values()))
    if not any(listed.values()):
        click.echo(_("Nothing yet."))
