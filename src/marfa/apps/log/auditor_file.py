"""The log for an auditor: lines that can be verified, what that takes, and a table to read.

All of it is of one moment. The table says what the lines say, in words; it names nobody.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from shutil import copyfileobj
from typing import IO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.log.action_words import words_of
from marfa.apps.log.reasons import why_of
from marfa.crypto.signatures import public_key
from marfa.domain.spreadsheets import TableWriter
from marfa.safeguards.audit import headfile, installation_heads
from marfa.safeguards.audit.encoding import encode_moment
from marfa.safeguards.audit.export import line_of
from marfa.safeguards.audit.models import Entry

LINES, HEADS, KEY, TABLE, READ_ME = (
    *("log.jsonl", "heads.jsonl", "log.pub"),
    *("table.csv", "READ-ME.txt"),
)
COMMAND = f"marfa log verify {LINES} --heads {HEADS} --key {KEY}"


@dataclass
class Covered:
    """Which part of the log a file has. listed: how many entries stand in the table."""

    entries: int = 0
    listed: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def take(self, entry: Entry, listed: bool) -> None:
        """Count an entry; they come by lane, so not by time."""
        self.entries += 1
        self.listed += listed
        self.first = min(self.first or entry.at, entry.at)
        self.last = max(self.last or entry.at, entry.at)


def write_auditor_file(target: IO[bytes], since: datetime | None) -> Covered:
    """Write the file. since: from when on entries stand in the table too; None for all.

    Raises InputError where the log is shorter than its newest head says, or the folder for heads
    outside is not there.
    """
    installation_heads.sign_head()
    # Read before the entries: an export that is older than a head looks as if it was cut.
    heads = headfile.read_lines(installation_heads.inner_heads_file(settings.FOLDER))
    public = public_key(installation_heads.log_key(settings.FOLDER))
    with (
        tempfile.TemporaryFile(dir=settings.FOLDER.path) as table,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        with package.open(_member(LINES), "w", force_zip64=True) as lines:
            covered = _write_entries(lines, table, since)
        table.seek(0)
        with package.open(_member(TABLE), "w", force_zip64=True) as member:
            copyfileobj(table, member)
        package.writestr(_member(HEADS), "".join(f"{line}\n" for line in heads))
        package.writestr(_member(KEY), f"{public.hex()}\n")
        package.writestr(_member(READ_ME), read_me(covered, since))
    return covered


def _member(name: str) -> zipfile.ZipInfo:
    """A part without the clock and the account of the machine."""
    found = zipfile.ZipInfo(name)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _write_entries(lines: IO[bytes], table: IO[bytes], since: datetime | None) -> Covered:
    covered, references = Covered(), dict(User.objects.values_list("pk", "reference"))
    rows = io.TextIOWrapper(table, encoding="utf-8-sig", newline="", write_through=True)
    writer = TableWriter(rows)
    writer.writerow(_headings())
    for entry in Entry.objects.order_by("place").iterator(chunk_size=2000):
        listed = since is None or entry.at >= since
        lines.write(f"{line_of(entry)}\n".encode())
        covered.take(entry, listed)
        if listed:
            writer.writerow(_row(entry, references))
    rows.detach()
    return covered


def _headings() -> list[str]:
    return [
        *(_("When (UTC)"), _("Action"), _("Code of the action"), _("Outcome"), _("Why")),
        *(_("Kind of actor"), _("Reference of the colleague"), _("To what"), _("About a person")),
        *(_("Rows"), _("Lane"), _("Place in the lane")),
    ]


def _row(entry: Entry, references: dict[UUID, str]) -> list[object]:
    return [
        *(encode_moment(entry.at), words_of(entry.action), entry.action, entry.outcome),
        *(why_of(entry), entry.actor_kind, references.get(entry.actor_id, ""), entry.object_kind),
        *(_("yes") if entry.subject_id else _("no"), entry.rows, entry.lane, entry.sequence),
    ]


def read_me(covered: Covered, since: datetime | None) -> str:
    """What the file covers, how it is verified, and what it does not show."""
    values = {
        "lines": LINES,
        "table": TABLE,
        "heads": HEADS,
        "key": KEY,
        "entries": covered.entries,
        "listed": covered.listed,
        "first": encode_moment(covered.first) if covered.first else "-",
        "last": encode_moment(covered.last) if covered.last else "-",
        "since": encode_moment(since) if since else "",
    }
    part = (
        _("%(table)s shows those since %(since)s: %(listed)s.")
        if since
        else _("%(table)s shows all of them.")
    )
    said = (
        _("What this file covers"),
        _("%(lines)s is the whole log, from %(first)s to %(last)s (UTC). Entries: %(entries)s."),
        part,
        _("That this file was made is the next entry of the log, and not in it."),
        "",
        _("How to verify it"),
        _("Install Marfa on a machine of your own. It needs no database of anyone. Run:"),
        COMMAND,
        _(
            "Who owns the installation could make %(heads)s and %(key)s anew. Compare the key with "
            "one that was kept elsewhere, and use heads from elsewhere where there are any."
        ),
        _(
            "Only %(lines)s is verified. %(table)s says the same in words; where the two differ, "
            "believe the lines. Each row names its lane and place, as each line does."
        ),
        "",
        _("What it does not show"),
        _("Colleagues appear by reference alone, and people in care not at all."),
        _(
            "Keys in %(lines)s lead to people for anyone who has the database: keep this file as "
            "safe as a backup."
        ),
        _("It does not prove that what was logged happened, or that everything was logged."),
    )
    return "\n".join(text % values if text else "" for text in said) + "\n"
