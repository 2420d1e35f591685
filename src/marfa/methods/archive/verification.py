"""The whole of an archive held against its log, and the log against what was kept elsewhere."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from marfa.crypto.notes import Checkpoint, SignedNote, VerifierKey
from marfa.methods.archive.commit import read_intent
from marfa.methods.archive.index import read_index, sum_lines
from marfa.methods.archive.inventory import ROOT_NAMASTE
from marfa.methods.archive.layout import (
    ARCHIVE,
    FILES,
    FOLDERS,
    INDEX,
    KEY,
    OBJECTS,
    README,
    STAMPS,
    WITNESSES,
    object_path,
)
from marfa.methods.archive.log_reader import LogView, newest_checkpoint, read_log
from marfa.methods.archive.objects import ObjectCheck
from marfa.methods.archive.problems import Report
from marfa.methods.archive.store import ROOT_FILES, read_key, read_settings
from marfa.methods.archive.words import refused

DIGESTS = ("sha512", "sha256")


def verify_archive(
    folder: Path,
    *,
    key: VerifierKey | None = None,
    checkpoint: bytes | None = None,
    digest: str = "sha512",
) -> Report:
    """Hold an archive against its log. It needs nothing but the folder, and writes nothing.

    key: the archive's key as it was given elsewhere; without it the one that lies in the folder.
    checkpoint: a signed note of this archive that was kept elsewhere.
    Raises InputError for a folder that is no archive, and for a checkpoint that is none.
    """
    own = read_key(folder)
    kept = _kept(checkpoint)
    report = Report()
    if key is not None and key != own:
        report.add("key-replaced", path=KEY)
        # The rest is held against the key that is there, so that it is told whether it fits.
    settings = read_settings(folder, own)
    if settings is None:
        report.add("signature", path=ARCHIVE)
    else:
        _check_readme(folder, settings.readme, report)
    end = newest_checkpoint(folder, own, report)
    if end is None:
        report.add("log-cut", entry=0)
        return report
    view = read_log(folder, own, end, report)
    if kept is not None:
        _check_kept(folder, *kept, view, key or own, report)
    _check_objects(folder, view, report, digest)
    _check_files(folder, view, report)
    _check_foreign(folder, view, own, report)
    _check_names(folder, report)
    _check_index(folder, view, report)
    report.items, report.entries = len(view.items), view.head.size
    report.disposed = sorted(view.disposed)
    return report


def _kept(checkpoint: bytes | None) -> tuple[SignedNote, Checkpoint] | None:
    if checkpoint is None:
        return None
    try:
        note = SignedNote.read(checkpoint)
        return note, Checkpoint.read(note.text)
    except ValueError:
        raise refused("checkpoint-odd", field="--checkpoint") from None


def _check_kept(
    folder: Path,
    note: SignedNote,
    head: Checkpoint,
    view: LogView,
    key: VerifierKey,
    report: Report,
) -> None:
    """What was kept elsewhere must be the beginning of what is here."""
    if not note.is_signed_by(key):
        report.add("signature", path="--checkpoint")
        return
    if head.size > view.head.size:
        report.add("log-cut", entry=view.head.size)
    elif view.root_at(folder, head.size) != head.root:
        report.add("entry-changed", entry=max(0, head.size - 1))


def _check_files(folder: Path, view: LogView, report: Report) -> None:
    """Files that entries name, held against their digests there; others beside them."""
    for place, digest in view.files.items():
        code = "stamp" if place.startswith(STAMPS) else "changed"
        try:
            found = hashlib.sha512((folder / place).read_bytes()).hexdigest()
        except OSError:
            report.add(code if code == "stamp" else "missing", path=place)
            continue
        if found != digest:
            report.add(code, path=place)


def _check_foreign(folder: Path, view: LogView, own: VerifierKey, report: Report) -> None:
    """Stamps and witnesses; what they need is loaded where there are some."""
    if _holds_something(folder / STAMPS):
        from marfa.methods.archive.stamps import check_stamps

        check_stamps(folder, view, own, report)
    if _holds_something(folder / WITNESSES):
        from marfa.methods.archive.witnesses import check_witnesses

        check_witnesses(folder, view, own, report)


def _holds_something(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _check_readme(folder: Path, digest: str, report: Report) -> None:
    try:
        found = (folder / README).read_bytes()
    except OSError:
        report.add("missing", path=README)
        return
    if hashlib.sha256(found).hexdigest() != digest:
        report.add("changed", path=README)


def _check_objects(folder: Path, view: LogView, report: Report, digest: str) -> None:
    places = {}
    check = ObjectCheck(folder, report, digest)
    for item, known in view.items.items():
        place = object_path(item)
        places[place] = item
        check.check(item, place, known.inventory)
    strays = [place for place in _object_places(folder, report) if place not in places]
    if strays:
        _explain_strays(folder, strays, view, report)


def _object_places(folder: Path, report: Report) -> list[str]:
    """The folders in which objects stand; what else lies about is told of."""
    found = []
    root = folder / OBJECTS
    for name in sorted(os.listdir(root)) if root.is_dir() else []:
        if name in (ROOT_NAMASTE, "ocfl_layout.json", "extensions"):
            continue
        if not (root / name).is_dir() or (root / name).is_symlink():
            report.add("extra", path=f"{OBJECTS}/{name}")
            continue
        found += [f"{OBJECTS}/{name}/{each}" for each in os.listdir(root / name)]
    for place, content in ROOT_FILES.items():
        path = folder / place
        if not path.is_file():
            report.add("missing", path=place)
        elif path.read_bytes() != content:
            report.add("changed", path=place)
    for path in (root / "extensions").rglob("*"):
        if not path.is_dir() and str(path.relative_to(folder)) not in ROOT_FILES:
            report.add("extra", path=str(path.relative_to(folder)))
    return found


def _explain_strays(folder: Path, strays: list[str], view: LogView, report: Report) -> None:
    """Objects of which the log tells nothing: of a commit that goes on, or was cut off, or put
    there by somebody."""
    intent = read_intent(folder)
    going = {target for _source, target in intent.moves} if intent else set()
    going |= set(intent.removals) if intent else set()
    now = newest_checkpoint(folder, read_key(folder), Report())
    if now is not None and now[1].size > view.head.size:
        going |= {
            object_path(item) for item in read_log(folder, read_key(folder), now, Report()).items
        }
    for place in strays:
        if place in going:
            report.unfinished.append(place)
        else:
            report.add("extra", path=place)


def _check_names(folder: Path, report: Report) -> None:
    for name in sorted(os.listdir(folder)):
        if name not in FILES | FOLDERS:
            report.add("extra", path=name)


def _check_index(folder: Path, view: LogView, report: Report) -> None:
    """A list that hides an item would be believed. One of another size is not read by anybody, and
    where entries were changed the list does not follow from them."""
    if any(problem.entry is not None for problem in report.problems):
        return
    lines = read_index(folder, view.head.size)
    if lines is not None and sum_lines(lines) != view.listed:
        report.add("changed", path=INDEX)
