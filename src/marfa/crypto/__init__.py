"""Envelope primitives: keys that do not show themselves, sealing, wrapping, streams, padding.

Pure functions over ``cryptography``, and the only place that imports it. Which key seals what
is decided above. A wrong key, another place and a changed bit are one exception here,
NotAuthenticError.
"""

from marfa.crypto.context import Context
from marfa.crypto.derive import derive
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.keys import KEY_BYTES, Key
from marfa.crypto.padding import pad, unpad
from marfa.crypto.sealing import open_sealed, seal
from marfa.crypto.stream import CHUNK, StreamOpener, StreamSealer, sealed_size
from marfa.crypto.wrapping import unwrap, wrap

__all__ = [
    "CHUNK",
    "KEY_BYTES",
    "Context",
    "Key",
    "NotAuthenticError",
    "StreamOpener",
    "StreamSealer",
    "UnknownVersionError",
    "derive",
    "open_sealed",
    "pad",
    "seal",
    "sealed_size",
    "unpad",
    "unwrap",
    "wrap",
]
