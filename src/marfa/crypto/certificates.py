"""Signatures with certificates of web sites, checked without a network: who signed a web archive.

Source: Webrecorder, "WACZ Signing and Verification" 0.1.0. What is signed is a short text. Roots
are given; where none are, those of the system are taken.
"""

from __future__ import annotations

import ssl
import warnings
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.utils import CryptographyDeprecationWarning

DEEPEST = 10


def is_signed_with_key(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature holds for a public key (DER): ECDSA or RSA with SHA-256; of ECDSA also
    in the form of browsers, two numbers one after the other."""
    try:
        key = load_der_public_key(public)
    except ValueError:
        return False
    return _holds(key, message, signature)


def is_signed_with_certificate(chain: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature was made with the key of the first certificate of a chain in PEM."""
    found = _certificates(chain)
    return bool(found) and _holds(found[0].public_key(), message, signature)


def names_of(chain: bytes) -> list[str]:
    """The names of web sites for which the first certificate stands."""
    found = _certificates(chain)
    try:
        names = found[0].extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (IndexError, x509.ExtensionNotFound, ValueError):
        return []
    return names.value.get_values_for_type(x509.DNSName)


def is_trusted(chain: bytes, roots: bytes, at: datetime) -> bool:
    """Whether a chain in PEM leads to a root, and all in it were valid at a time."""
    with warnings.catch_warnings():
        # Among the roots of a system are old ones with odd numbers; they are trusted all the same.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        found, trusted = _certificates(chain), _certificates(roots)
    anchors = {each.subject.public_bytes(): each for each in trusted}
    for depth, each in enumerate(found[:DEEPEST]):
        if depth and not _issued(each, found[depth - 1]):
            return False
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
            return False
        anchor = anchors.get(each.issuer.public_bytes())
        if each in trusted or (anchor is not None and _issued(anchor, each)):
            return True
    return False


def system_roots() -> bytes:
    """The certificates that this machine trusts, in PEM; nothing where it has none."""
    paths = ssl.get_default_verify_paths()
    for name in (paths.cafile, paths.openssl_cafile):
        if name and Path(name).is_file():
            return Path(name).read_bytes()
    return b""


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        return []


def _issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _holds(key: object, message: bytes, signature: bytes) -> bool:
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            size = (key.curve.key_size + 7) // 8
            if len(signature) == 2 * size:
                numbers = (signature[:size], signature[size:])
                signature = encode_dss_signature(*(int.from_bytes(n, "big") for n in numbers))
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
            return True
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            return True
    except (InvalidSignature, ValueError):
        return False
    return False
