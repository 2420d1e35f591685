"""What leaves: a bag (BagIt 1.0, RFC 8493) that proves itself by a script of eighty lines.

    data/<item>/      an object as OCFL has it; of a sealed item that was opened, its files
    log.jsonl         a line for each entry of the log: shown, or its commitment alone
    proofs/<n>.json   that entry n stands in the log, for ``check-proof`` and everybody else
    checkpoint, key   the root of the log, signed
    stamps/, witnesses/
    verify.py, ed25519.py, README.txt

Of what is withheld there is nothing but commitments, which nobody can guess. That there are some,
and that nothing else was changed, everybody sees.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from marfa.crypto.agefiles import decrypt_stream, read_identities
from marfa.crypto.merkle import Rows, inclusion_proof
from marfa.domain.canonical import canonical_json
from marfa.domain.handling import HandlingMark
from marfa.domain.ids import new_reference
from marfa.methods.archive.durable import (
    copy_with_digests,
    digest_of_file,
    make_folders,
    new_file,
    open_regular,
    remove_tree,
    sync_folder,
    sync_tree,
    write_file,
)
from marfa.methods.archive.entries import Body, Entry, read_chunks
from marfa.methods.archive.intake import DESCRIPTION, SEALED
from marfa.methods.archive.inventory import INVENTORY, NAMASTE, SIDECAR
from marfa.methods.archive.layout import CHECKPOINT, KEY, STAMPS, WITNESSES, object_path
from marfa.methods.archive.log_reader import LogView, newest_checkpoint, read_log
from marfa.methods.archive.problems import Report
from marfa.methods.archive.store import archive_around, read_key
from marfa.methods.archive.witnesses import SEEN
from marfa.methods.archive.words import read_id, refused
from marfa.methods.archive.writer import open_writer

SCRIPTS = Path(__file__).with_name("bag")
"""What goes along, as it is."""


@dataclass(frozen=True)
class Export:
    """What left. export: its reference, in the log and in the bag."""

    export: str
    items: list[str]
    withheld: int
    entry: int
    opened: bool


@dataclass
class _Bag:
    """A bag while it is filled: each file with its SHA-512."""

    folder: Path
    payload: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def write(self, name: str, data: bytes) -> None:
        make_folders((self.folder / name).parent)
        write_file(self.folder / name, data, sync=False)
        self._note(name, hashlib.sha512(data).hexdigest(), len(data))

    def copy(self, source: Path, name: str) -> str:
        """A file; returns its SHA-512."""
        make_folders((self.folder / name).parent)
        with open_regular(source, follow=False) as origin, new_file(self.folder / name) as target:
            found = copy_with_digests(origin, target)
        self._note(name, found.sha512, found.size)
        return found.sha512

    def _note(self, name: str, digest: str, size: int) -> None:
        if name.startswith("data/"):
            self.payload[name] = digest
            self.size += size
        else:
            self.tags[name] = digest

    def finish(self, reference: str, now: datetime, body: str) -> None:
        """body: the kind of body that hands it over, for the handling mark."""
        (self.folder / "data").mkdir(exist_ok=True)
        self.write("manifest-sha512.txt", _manifest(self.payload))
        self.write("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        about = {
            "Bagging-Date": now.date().isoformat(),
            "External-Identifier": reference,
            "Payload-Oxum": f"{self.size}.{len(self.payload)}",
            "Marfa-Handling": str(HandlingMark(body, "evidence", now, "evidence", "command")),
        }
        lines = "".join(f"{name}: {value}\n" for name, value in about.items())
        self.write("bag-info.txt", lines.encode())
        write_file(self.folder / "tagmanifest-sha512.txt", _manifest(self.tags), sync=False)


def _manifest(files: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items())).encode()


def export_items(
    folder: Path,
    out: Path,
    now: Callable[[], datetime],
    *,
    items: Sequence[str] | None = None,
    withhold: Sequence[str] = (),
    identities: str | None = None,
) -> Export:
    """Hand items over as a new folder, whole or not at all; that they leave is logged before.

    items: None for all. withhold: of these nothing leaves. identities: text of an identity file of
    age, with which sealed items are opened; without it they leave as they are stored.
    Raises InputError, and for what does not hold in the archive too: nothing leaves then.
    """
    keys = _identities(identities)
    if out.exists() or out.is_symlink() or not out.parent.is_dir():
        raise refused("out-taken", file=str(out))
    if archive_around(out) is not None:
        raise refused("inside-archive", file=str(out))
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.new")
    try:
        with open_writer(folder, now) as writer:
            chosen = _chosen(_view(folder), items, withhold)
            if keys and not writer.settings.sealed:
                raise refused("not-sealed", field="--identity")
            reference = new_reference()
            entry = writer.record_export(chosen, reference)
            view = _view(folder)
            beside.mkdir(mode=0o700)
            bag = _Bag(beside)
            for item in chosen:
                _add_item(bag, folder, item, view, keys)
            shown = _add_log(bag, folder, view, set(chosen))
        _add_scripts(bag, folder)
        bag.finish(reference, now(), writer.settings.body)
        sync_tree(beside)
        beside.rename(out)
    except BaseException:
        remove_tree(beside)
        raise
    sync_folder(out.parent)
    return Export(reference, chosen, view.head.size - shown, entry, bool(keys))


def _identities(text: str | None) -> list[str]:
    try:
        return read_identities(text) if text is not None else []
    except ValueError:
        raise refused("identity-odd", field="--identity") from None


def _view(folder: Path) -> LogView:
    key, report = read_key(folder), Report()
    end = newest_checkpoint(folder, key, report)
    if end is None:
        raise refused("log-damaged", file=str(folder))
    view = read_log(folder, key, end, report)
    if not report.valid:
        raise refused("not-whole", file=str(folder))
    return view


def _chosen(view: LogView, items: Sequence[str] | None, withhold: Sequence[str]) -> list[str]:
    for item in [*(items or ()), *withhold]:
        if read_id(item) in view.disposed:
            raise refused("id-disposed", field=item)
        if item not in view.items:
            raise refused("no-such-item", field=item)
    out = set(withhold)
    chosen: dict[str, str] = {}
    for item in items or view.items:
        other = chosen.setdefault(item.casefold(), item) if item not in out else item
        if other != item:
            raise refused("ids-alike", field=item, other=other)
    return list(chosen.values())


def _add_item(bag: _Bag, folder: Path, item: str, view: LogView, keys: list[str]) -> None:
    base, place = folder / object_path(item), f"data/{item}"
    inventory = (base / INVENTORY).read_bytes()
    if hashlib.sha512(inventory).hexdigest() != view.items[item].inventory:
        raise refused("item-damaged", field=item, path=INVENTORY)
    manifest = json.loads(inventory)["manifest"]
    paths = {path: digest for digest, found in manifest.items() for path in found}
    if keys:
        _open_item(bag, base, item, paths, keys)
        return
    for name in (NAMASTE, INVENTORY, SIDECAR):
        bag.copy(base / name, f"{place}/{name}")
    for path, digest in paths.items():
        if bag.copy(base / path, f"{place}/{path}") != digest:
            raise refused("item-damaged", field=item, path=path)


def _open_item(bag: _Bag, base: Path, item: str, paths: dict[str, str], keys: list[str]) -> None:
    """The files of a sealed item as they were received, under the names they are stored by."""
    found = {path.rpartition("/content/")[2].removesuffix(SEALED): path for path in paths}
    for name, path in found.items():
        if digest_of_file(base / path, "sha512")[0] != paths[path]:
            raise refused("item-damaged", field=item, path=path)
        target = bag.folder / "data" / item / name
        make_folders(target.parent)
        _decrypt(base / path, target, item, keys)
        digest, size = digest_of_file(target, "sha512")
        bag._note(f"data/{item}/{name}", digest, size)
    told = json.loads((bag.folder / "data" / item / DESCRIPTION).read_bytes())
    for file in told["files"]:
        place = bag.folder / "data" / item / file["stored"].removesuffix(SEALED)
        if digest_of_file(place, "sha256")[0] != file["sha256"]:
            raise refused("item-damaged", field=item, path=file["stored"])


def _decrypt(source: Path, target: Path, item: str, keys: list[str]) -> None:
    for key in keys:
        try:
            with source.open("rb") as sealed, target.open("wb") as opened:
                decrypt_stream(sealed, opened, key)
            return
        except ValueError:
            target.unlink(missing_ok=True)
    raise refused("identity-other", field=item)


def _add_log(bag: _Bag, folder: Path, view: LogView, items: set[str]) -> int:
    """Every entry, shown or withheld, and a proof for each that is shown; returns how many are."""
    lines, shown, rows = [], 0, view.rows(folder)
    for entry in _entries(folder, view.head.size):
        if not _may_be_shown(entry.body, items):
            hidden = {"commitment": entry.commitment.hex(), "entry": entry.number}
            lines.append(canonical_json(hidden) + "\n")
            continue
        shown += 1
        lines.append(entry.line().decode("ascii"))
        bag.write(f"proofs/{entry.number}.json", _proof(entry, rows, view))
        for name in (entry.body or {}).get("files", ()):
            bag.copy(folder / name, name)
    bag.write("log.jsonl", "".join(lines).encode("ascii"))
    bag.write(CHECKPOINT, str(view.note).encode())
    return shown


def _entries(folder: Path, size: int) -> Iterator[Entry]:
    for _chunk, lines in read_chunks(folder):
        yield from (e for e in lines if isinstance(e, Entry) and e.number < size)


def _may_be_shown(body: Body | None, items: set[str]) -> bool:
    """What is about items that leave and about no others, and stamps and witnesses."""
    if body is None:
        return False
    if "files" in body:
        own = (STAMPS + "/", WITNESSES + "/")
        return all(n.startswith(own) and f"/{SEEN}" not in n for n in body["files"])
    about = {body["item"]} if "item" in body else set(body.get("items", ()))
    return bool(about) and about <= items


def _proof(entry: Entry, rows: Rows, view: LogView) -> bytes:
    path = inclusion_proof(entry.number, len(rows), rows.root)
    proof: dict[str, Any] = {
        "leafIdx": entry.number,
        "treeSize": len(rows),
        "root": base64.b64encode(view.head.root).decode(),
        "leafHash": base64.b64encode(entry.leaf).decode(),
        "proof": [base64.b64encode(step).decode() for step in path],
    }
    return json.dumps(proof, indent=1).encode() + b"\n"


def _add_scripts(bag: _Bag, folder: Path) -> None:
    for name in ("verify.py", "ed25519.py", "README.txt"):
        bag.copy(SCRIPTS / name, name)
    bag.copy(folder / KEY, KEY)
