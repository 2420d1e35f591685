"""What the commands of packages print."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.language import _, terminal_language
from marfa.domain.codelists import codelist
from marfa.domain.message import Message

if TYPE_CHECKING:
    from marfa.methods.packages import Content, Opened, PublicKeys


def show_keys(keydir: Path, as_json: bool) -> None:
    from marfa.methods.packages import key_file_of, public_keys_of

    keys, file = public_keys_of(keydir), key_file_of(keydir)
    if as_json:
        print_json({**key_json(keys), "file": str(file) if file else None})
        return
    tell_key(keys)
    if file is not None:
        print_message(Message("methods.packages:key-file", {"file": str(file)}))


def key_json(keys: PublicKeys) -> dict[str, Any]:
    return {**keys.as_json(), "fingerprint": keys.fingerprint}


def tell_key(keys: PublicKeys) -> None:
    values = {"name": keys.name, "kind": Message(f"domain:body-{keys.kind}")}
    print_message(Message("methods.packages:key-of", values))
    click.echo(f"signing      {keys.signing}\nage          {keys.age}")
    click.echo(f"fingerprint  {keys.fingerprint}")


def contents_json(contents: tuple[Content, ...]) -> list[dict[str, Any]]:
    return [asdict(content) for content in contents]


def made_json(made: Any) -> dict[str, Any]:
    return {
        "id": made.manifest.id,
        "file": str(made.file),
        "size": made.size,
        "kind": made.manifest.kind,
        "sequence": made.manifest.sequence,
        "valid_until": made.manifest.valid_until.isoformat(),
        "contents": contents_json(made.contents),
    }


def opened_json(opened: Opened, out: Path) -> dict[str, Any]:
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
        "contents": contents_json(opened.contents),
        "warnings": [warned.as_json() for warned in opened.warnings],
        "package": opened.about or None,
        "answer": opened.answer or None,
        "folder": str(out),
    }


def tell_opened(opened: Opened, out: Path) -> None:
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


def list_json(book: Any) -> dict[str, Any]:
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


def tell_list(listed: dict[str, Any]) -> None:
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
