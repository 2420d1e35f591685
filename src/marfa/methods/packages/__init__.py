"""What one installation hands to another: files that are signed, encrypted to one recipient, and
taken once.

    with open_key_folder(Path("keys"), passphrase) as folder:
        made = make_package(folder, to="Clinic", kind="referral", terms=terms, sources=files,
                            out=Path("out"), now=now)
        opened = open_package(folder, Path("theirs.age"), out=Path("came"), now=now)

``docs/platform/packages.md`` gives the format, so that another program can read and write it.
"""

from marfa.methods.packages.answers import make_recall, make_receipt
from marfa.methods.packages.book import Book, Partner, Received, Sent
from marfa.methods.packages.creation import HandedOut, Made, Terms, hand_out, make_package
from marfa.methods.packages.extraction import Opened, Warned, file_size_of, open_package
from marfa.methods.packages.folder import (
    KeyFolder,
    book_of,
    change_passphrase,
    make_key_folder,
    open_key_folder,
    public_keys_of,
    rotate_keys,
)
from marfa.methods.packages.keys import PublicKeys
from marfa.methods.packages.kinds import BY_HAND, KINDS, Kind, register_kind
from marfa.methods.packages.manifest import Content, Manifest
from marfa.methods.packages.partners import (
    accept_keys,
    end_keys,
    key_file_of,
    read_key_file,
    write_key_package,
)
from marfa.methods.packages.refusals import Refusal, RefusedError
from marfa.methods.packages.sources import Source, sources_of

__all__ = [
    "BY_HAND",
    "KINDS",
    "Book",
    "Content",
    "HandedOut",
    "KeyFolder",
    "Kind",
    "Made",
    "Manifest",
    "Opened",
    "Partner",
    "PublicKeys",
    "Received",
    "Refusal",
    "RefusedError",
    "Sent",
    "Source",
    "Terms",
    "Warned",
    "accept_keys",
    "book_of",
    "change_passphrase",
    "end_keys",
    "file_size_of",
    "hand_out",
    "key_file_of",
    "make_key_folder",
    "make_package",
    "make_recall",
    "make_receipt",
    "open_key_folder",
    "open_package",
    "public_keys_of",
    "read_key_file",
    "register_kind",
    "rotate_keys",
    "sources_of",
    "write_key_package",
]
