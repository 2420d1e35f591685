"""What one side answers: that something came, that it be deleted, and what was done about that."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from marfa.methods.packages.book import Received, Sent
from marfa.methods.packages.creation import Made, Terms, make_document
from marfa.methods.packages.folder import KeyFolder
from marfa.methods.packages.manifest import moment_text
from marfa.methods.packages.refusals import Refusal, RefusedError

VALID = timedelta(days=366)
"""Of an answer: it is of use for as long as anybody asks."""

PURPOSE, GROUND = "data_protection", "legal_obligation"
"""Of a recall: whoever has somebody's data has to delete them when asked so."""


def make_receipt(
    folder: KeyFolder, package: str, *, out: Path, now: datetime, answer: str = ""
) -> Made:
    """Say what came, with digests, when and by which installation.

    package: id of a package that was opened here. answer: to a recall, a code of
    ``recall_answers``.
    Raises RefusedError: unknown-package, kind, there, schema for an answer to anything else.
    """
    came = _came(folder, package)
    if answer and came.kind != "recall":
        raise RefusedError(Refusal.SCHEMA, "no-recall")
    document: dict[str, object] = {
        "format": "marfa.receipt",
        "version": 1,
        "package": came.id,
        "manifest": came.manifest,
        "contents": [{"sha256": sha256} for sha256 in came.sums],
        "received_at": came.at,
        "by": folder.own.public.body,
        "answer": answer or None,
    }
    return make_document(
        folder,
        partner=folder.book.partner(came.body),
        kind="receipt",
        terms=Terms(came.agreement, came.purpose, came.ground, VALID, onward=False),
        document=document,
        about=came.id,
        target=out,
        now=now,
    )


def make_recall(folder: KeyFolder, package: str, *, reason: str, out: Path, now: datetime) -> Made:
    """Ask that what a package held be deleted. It names nobody.

    package: id of a package that was made here. reason: a code of ``recall_reasons``.
    Raises RefusedError: unknown-package, kind, there, schema for a reason that is none.
    """
    sent = _sent(folder, package)
    document: dict[str, object] = {
        "format": "marfa.recall",
        "version": 1,
        "package": sent.id,
        "reason": reason,
        "made_at": moment_text(now),
    }
    return make_document(
        folder,
        partner=folder.book.partner(sent.body),
        kind="recall",
        terms=Terms(sent.agreement, PURPOSE, GROUND, VALID, onward=False),
        document=document,
        about=sent.id,
        target=out,
        now=now,
    )


def _came(folder: KeyFolder, package: str) -> Received:
    row = folder.book.received.get(package)
    if row is None:
        raise RefusedError(Refusal.UNKNOWN_PACKAGE)
    return row


def _sent(folder: KeyFolder, package: str) -> Sent:
    row = folder.book.sent.get(package)
    if row is None or row.state == "dropped":
        raise RefusedError(Refusal.UNKNOWN_PACKAGE)
    return row
