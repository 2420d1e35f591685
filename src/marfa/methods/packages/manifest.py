"""What a package says of itself, ``package.json``: canonical JSON (RFC 8785), which is signed.

Who gives what to whom, under which agreement, for what and how long, which number it is, and each
file with its digest. It holds no name, title or subject: bodies are named by a random reference,
files by a number, and what they are called stands among the contents (``names.json``).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from marfa.domain.canonical import LARGEST, canonical_json
from marfa.domain.codelists import codelist
from marfa.domain.ids import is_reference
from marfa.methods.packages.file_names import check_paths, is_safe_path
from marfa.methods.packages.kinds import KINDS, LARGEST_DOCUMENT
from marfa.methods.packages.refusals import Refusal, RefusedError

FORMAT, VERSION = "marfa.package", 1
MANIFEST, SIGNATURE, PADDING, NAMES = "package.json", "package.sig", "padding", "names.json"
RESERVED = (MANIFEST, SIGNATURE, PADDING)
SIGNATURE_SIZE = 64
MOST_FILES = 10_000

_HEX_32 = re.compile("[0-9a-f]{64}")
_AGE_KEY = re.compile("age1[02-9ac-hj-np-z]{58}")
AGREEMENT = re.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
_TYPE = re.compile("[a-z]+/[a-z0-9.+-]{1,100}")
PLACE = re.compile(r"contents/\d{5}\.[a-z0-9]{1,8}")
"""Where a file stands whose name is told in ``NAMES`` alone."""
_CODE = re.compile("[a-z][a-z0-9_]{0,39}")
_MARK = re.compile(r"marfa_handling:1( [a-z_]+=[A-Za-z0-9_.:+-]{0,100}){1,12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Content:
    """One file of a package.

    path: in the ZIP file. size: in bytes. sha256: hexadecimal. root: of a file of lines, the root
    of the Merkle tree over them (RFC 6962), by which one row can be shown without the others.
    """

    path: str
    size: int
    sha256: str
    media_type: str
    root: str | None = None


@dataclass(frozen=True)
class Manifest:
    """All that is signed.

    id: random, the name of the file. sender: reference of the body; sender_key: with which it
    signed. recipient_key: of age; None where words open it. sequence: which package from this
    sender to this recipient, from 1; previous: the id of the one before. onward: whether it may be
    handed on. compared: whether the keys of the recipient were compared by voice. handling: the
    mark of whoever made it (``domain.handling``), which stays in what is decrypted.
    """

    id: str
    kind: str
    sender: str
    sender_key: str
    recipient_key: str | None
    agreement: str
    purpose: str
    ground: str
    made_at: datetime
    valid_until: datetime
    sequence: int
    previous: str | None
    onward: bool
    compared: bool
    handling: str
    contents: tuple[Content, ...]

    def encode(self) -> bytes:
        """The bytes that are signed."""
        values = {
            **asdict(self),
            "format": FORMAT,
            "version": VERSION,
            "made_at": moment_text(self.made_at),
            "valid_until": moment_text(self.valid_until),
            "contents": [asdict(content) for content in self.contents],
        }
        return canonical_json(values).encode("ascii")


def read_manifest(text: bytes) -> Manifest:
    """A manifest from its bytes. Raises RefusedError: version of a later one, kind of one that is
    not known, path, and schema for everything else that is not as ``encode`` writes it."""
    try:
        found = json.loads(text.decode("ascii"))
        _check_version(found)
        if canonical_json(found).encode("ascii") != text:
            raise ValueError("another spelling")
        made = _manifest(found)
    except RefusedError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RefusedError(Refusal.SCHEMA) from None
    check_paths([*RESERVED, *(content.path for content in made.contents)])
    return made


def moment_text(moment: datetime) -> str:
    """To the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: object) -> datetime:
    """Raises ValueError for what ``moment_text`` did not write."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError("no moment")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _check_version(found: Any) -> None:
    if not isinstance(found, dict) or found["format"] != FORMAT:
        raise ValueError("another format")
    version = found["version"]
    if type(version) is int and version > VERSION:
        raise RefusedError(Refusal.VERSION, version=version, known=VERSION)
    if type(version) is not int or version != VERSION:
        raise ValueError("no version")
    kind = found["kind"]
    if isinstance(kind, str) and _CODE.fullmatch(kind) and kind not in KINDS:
        raise RefusedError(Refusal.KIND, "unknown", kind=kind)


def _manifest(found: dict[str, Any]) -> Manifest:
    values = {name: value for name, value in found.items() if name not in {"format", "version"}}
    contents = values["contents"]
    if not isinstance(contents, list) or not 0 < len(contents) <= MOST_FILES:
        raise ValueError("no contents, or too many")
    values["contents"] = tuple(_content(each) for each in contents)
    for name in ("made_at", "valid_until"):
        values[name] = read_moment(values[name])
    # Fields that are missing or one too many are a TypeError here.
    made = Manifest(**values)
    if not _is_sound(made):
        raise ValueError("a value of another kind")
    fixed = {NAMES, *KINDS[made.kind].names}
    if not all(each.path in fixed or PLACE.fullmatch(each.path) for each in made.contents):
        raise ValueError("a name outside of the contents")
    documents = {NAMES, KINDS[made.kind].document}
    if any(each.path in documents and each.size > LARGEST_DOCUMENT for each in made.contents):
        # Read whole, where all else goes by.
        raise RefusedError(Refusal.BOMB, "document")
    return made


def _is_sound(made: Manifest) -> bool:
    return (
        all(map(is_reference, (made.id, made.sender)))
        and (made.previous is None or is_reference(made.previous))
        and made.kind in KINDS
        and bool(_HEX_32.fullmatch(made.sender_key))
        and (made.recipient_key is None or bool(_AGE_KEY.fullmatch(made.recipient_key)))
        and bool(AGREEMENT.fullmatch(made.agreement))
        and made.purpose in codelist("purposes")
        and made.ground in codelist("legal_bases")
        and made.made_at < made.valid_until
        and (type(made.sequence), type(made.onward), type(made.compared)) == (int, bool, bool)
        and 0 < made.sequence <= LARGEST
        and bool(_MARK.fullmatch(made.handling))
    )


def _content(found: Any) -> Content:
    made = Content(**found)
    if not (
        is_safe_path(made.path)
        and type(made.size) is int
        and 0 <= made.size <= LARGEST
        and _HEX_32.fullmatch(made.sha256)
        and _TYPE.fullmatch(made.media_type)
        and (made.root is None or _HEX_32.fullmatch(made.root))
    ):
        raise ValueError("no content")
    return made
