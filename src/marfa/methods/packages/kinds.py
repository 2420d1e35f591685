"""The kinds of package, each with what must be in it.

Which kind of body may send which kind to which is no matter of this file: ``marfa.domain.doors``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from marfa.domain.codelists import codelist
from marfa.domain.ids import is_reference
from marfa.methods.packages.refusals import Refusal, RefusedError

LARGEST_DOCUMENT = 8 * 1024 * 1024
"""Bytes of a document that a program reads: names, keys, receipts, and the like."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of package.

    document: the file that a program reads, whose ``format`` is ``marfa.<code>``.
    needed: whether it must be there. check: raises ValueError for a document of another shape.
    beside: whether other files may stand beside it. fixed: further names that keep their name in
    the ZIP file. folders: whether whole folders may be put in.
    """

    code: str
    document: str
    needed: bool = False
    check: Callable[[Document], None] = lambda document: None
    beside: bool = True
    fixed: Collection[str] = ()
    folders: bool = True

    @property
    def names(self) -> frozenset[str]:
        """Names of files that every package of this kind calls the same."""
        return frozenset({self.document, *self.fixed})

    def check_files(self, paths: Collection[str]) -> None:
        """Raises RefusedError (schema) where a file is missing or one too many."""
        if not paths or (self.needed and self.document not in paths):
            raise RefusedError(Refusal.SCHEMA, "document", file=self.document)
        if not self.beside and set(paths) != {self.document}:
            raise RefusedError(Refusal.SCHEMA, "beside", file=self.document)

    def check_document(self, text: bytes) -> Document:
        """The document as read. Raises RefusedError (schema)."""
        try:
            found = json.loads(text.decode("utf-8"))
            if not isinstance(found, dict):
                raise ValueError
            if found.get("format") != f"marfa.{self.code}" or found.get("version") != 1:
                raise ValueError
            self.check(found)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise RefusedError(Refusal.SCHEMA, "shape", file=self.document) from None
        return found


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """Make a kind known. Raises ValueError for one that the code list ``door_contents`` does not
    have, or that is known already."""
    if kind.code not in codelist("door_contents") or kind.code in KINDS:
        raise ValueError(f"no new kind of package: {kind.code}")
    KINDS[kind.code] = kind
    return kind


def _texts(document: Document, *names: str) -> None:
    if any(not isinstance(document.get(name), str) or not document[name] for name in names):
        raise ValueError("a text is missing")


def _code_in(value: object, name: str) -> None:
    if not isinstance(value, str) or value not in codelist(name):
        raise ValueError("a code that the list does not have")


def _reference(value: object) -> None:
    if not isinstance(value, str) or not is_reference(value):
        raise ValueError("a package is named by its id")


def _check_referral(document: Document) -> None:
    _texts(document, "reference", "kind", "purpose")
    _code_in(document["purpose"], "purposes")


def _check_receipt(document: Document) -> None:
    _reference(document.get("package"))
    _texts(document, "manifest", "received_at", "by")
    answer = document.get("answer")
    if answer is not None:
        _code_in(answer, "recall_answers")
    for content in document["contents"]:
        _texts(content, "sha256")


def _check_recall(document: Document) -> None:
    _reference(document.get("package"))
    _code_in(document.get("reason"), "recall_reasons")
    if set(document) != {"format", "version", "package", "reason", "made_at"}:
        raise ValueError("a recall says no more, and names nobody")


def _check_watchlist(document: Document) -> None:
    _texts(document, "publisher", "list", "published_at", "source")


REFERRAL = register_kind(
    Kind("referral", "referral.json", check=_check_referral, fixed=("referral.html",))
)
EVIDENCE = register_kind(Kind("evidence", "evidence.json", folders=False))
REMEDY = register_kind(Kind("remedy", "remedy.json"))
OVERLAP = register_kind(Kind("overlap", "overlap.json"))
WATCHLIST = register_kind(Kind("watchlist", "watchlist.json", True, _check_watchlist))
RETURN = register_kind(Kind("return", "return.json"))
AGREEMENT = register_kind(Kind("agreement", "agreement.json"))
KEY = register_kind(Kind("key", "key.json", True, beside=False))
RECEIPT = register_kind(Kind("receipt", "receipt.json", True, _check_receipt, beside=False))
RECALL = register_kind(Kind("recall", "recall.json", True, _check_recall, beside=False))

BY_HAND = tuple(code for code in KINDS if code not in {"key", "receipt", "recall"})
"""Kinds that somebody makes out of files of their own; the others have commands of their own."""
