"""Time stamps of foreign authorities, by request and response files (RFC 3161).

The only importer of rfc3161-client (extra ``archive``). It checks signature and chain at the time
that the stamp names; what it leaves open is checked here: that the certificate that signed is the
one the signer meant (RFC 5816), that nobody put others beside it, and that none had ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse


class Reason(StrEnum):
    """Why a stamp is refused."""

    RESPONSE_ODD = "response-odd"
    REQUEST_ODD = "request-odd"
    ROOTS_ODD = "roots-odd"
    REJECTED = "rejected"
    OTHER_REQUEST = "other-request"
    INJECTED_CERTIFICATE = "injected-certificate"
    EXPIRED = "expired"
    USAGE = "usage"
    UNTRUSTED = "untrusted"


class StampError(ValueError):
    """A stamp that does not hold."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Stamp:
    """What a stamp that holds says. ends: when the first certificate of its chain ends; it wants
    to be stamped again before."""

    at: datetime
    authority: str
    digest: bytes
    ends: datetime


def stamp_request(data: bytes) -> bytes:
    """A request over SHA-512 of the data, with a nonce, that asks for the certificates."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return (
        TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA512).build().as_bytes()
    )


def digest_asked(request: bytes) -> bytes:
    """The digest that a request wants stamped. Raises StampError."""
    return _request(request).message_imprint.message


def stamped_at(response: bytes) -> datetime:
    """The time that a response names, unchecked. Raises StampError."""
    return _response(response).tst_info.gen_time


def is_answer(response: bytes, request: bytes) -> bool:
    """Whether a response answers a request; nothing else is checked. Raises StampError."""
    return _answers(_response(response), _request(request))


def check_stamp(response: bytes, request: bytes, roots: bytes, at: datetime) -> Stamp:
    """What a response says, where it holds at a time. roots: the certificates that are trusted, in
    PEM. Raises StampError."""
    from rfc3161_client import VerificationError, VerifierBuilder

    asked, answer, trusted = _request(request), _response(response), _roots(roots)
    if not _answers(answer, asked):
        raise StampError(Reason.OTHER_REQUEST)
    chain = _chain(answer, trusted)
    made = answer.tst_info.gen_time
    # At the moment of checking only the end counts: the clock of an offline site may be behind.
    if any(
        not each.not_valid_before_utc <= made <= each.not_valid_after_utc
        or at > each.not_valid_after_utc
        for each in chain
    ):
        raise StampError(Reason.EXPIRED)
    if not _is_for_stamps(chain[0]):
        raise StampError(Reason.USAGE)
    verifier = VerifierBuilder(roots=trusted, nonce=asked.nonce, policy_id=asked.policy).build()
    try:
        verifier.verify(answer, asked.message_imprint.message)
    except (VerificationError, ValueError):
        raise StampError(Reason.UNTRUSTED) from None
    return Stamp(
        made,
        chain[0].subject.rfc4514_string(),
        asked.message_imprint.message,
        min(each.not_valid_after_utc for each in chain),
    )


def check_detached_stamp(response: bytes, data: bytes, chain: bytes) -> datetime:
    """The time of a stamp over some data whose certificates stand beside it, the signer's first
    and its root last. Whether that root is to be trusted is another question. Raises StampError.
    """
    from rfc3161_client import VerificationError, VerifierBuilder

    answer, certificates = _response(response), _roots(chain)
    if not certificates or not _is_meant(answer, certificates[0]):
        raise StampError(Reason.INJECTED_CERTIFICATE)
    if not _is_for_stamps(certificates[0]):
        raise StampError(Reason.USAGE)
    verifier = VerifierBuilder(
        roots=certificates[-1:], intermediates=certificates[1:-1], tsa_certificate=certificates[0]
    ).build()
    try:
        verifier.verify_message(answer, data)
    except (VerificationError, ValueError):
        raise StampError(Reason.UNTRUSTED) from None
    return answer.tst_info.gen_time


def _request(data: bytes) -> TimeStampRequest:
    from rfc3161_client._rust import parse_timestamp_request

    try:
        found: TimeStampRequest = parse_timestamp_request(data)
        return found
    except ValueError:
        raise StampError(Reason.REQUEST_ODD) from None


def _response(data: bytes) -> TimeStampResponse:
    from rfc3161_client import PKIStatus, decode_timestamp_response

    try:
        found = decode_timestamp_response(data)
        if found.status != PKIStatus.GRANTED:
            raise StampError(Reason.REJECTED)
        found.tst_info.message_imprint.message  # noqa: B018 - a token that is none says so here
    except StampError:
        raise
    except ValueError:
        raise StampError(Reason.RESPONSE_ODD) from None
    return found


def _roots(data: bytes) -> list[x509.Certificate]:
    try:
        return list(dict.fromkeys(x509.load_pem_x509_certificates(data)))
    except ValueError:
        raise StampError(Reason.ROOTS_ODD) from None


def _answers(answer: TimeStampResponse, asked: TimeStampRequest) -> bool:
    given, wanted = answer.tst_info.message_imprint, asked.message_imprint
    return (
        given.message == wanted.message
        and given.hash_algorithm == wanted.hash_algorithm
        and (asked.nonce is None or answer.tst_info.nonce == asked.nonce)
        and (asked.policy is None or answer.tst_info.policy == asked.policy)
    )


def _chain(answer: TimeStampResponse, trusted: list[x509.Certificate]) -> list[x509.Certificate]:
    """The certificate that signed and those above it, up to a trusted one.

    Certificates beside a token are not covered by its signature: anybody can add some. All of
    them must be the signer's or have issued one of these.
    """
    signers = list(answer.signed_data.signer_infos)
    given = [x509.load_der_x509_certificate(each) for each in answer.signed_data.certificates]
    if len(signers) != 1 or not given:
        raise StampError(Reason.UNTRUSTED)
    named = (signers[0].issuer, signers[0].serial_number)
    leaves = [each for each in given if (each.issuer, each.serial_number) == named]
    if len(leaves) != 1 or not _is_meant(answer, leaves[0]):
        raise StampError(Reason.INJECTED_CERTIFICATE)
    related, todo = [leaves[0]], [leaves[0]]
    while todo:
        below = todo.pop()
        above = [each for each in given if each not in related and _issued(each, below)]
        related += above
        todo += above
    if len(related) != len(set(given)):
        raise StampError(Reason.INJECTED_CERTIFICATE)
    return _up_to_trust(leaves[0], related, trusted)


def _up_to_trust(
    leaf: x509.Certificate, given: list[x509.Certificate], trusted: list[x509.Certificate]
) -> list[x509.Certificate]:
    chain = [leaf]
    while chain[-1] not in trusted:
        anchor = next((each for each in trusted if _issued(each, chain[-1])), None)
        above = anchor or next(
            (each for each in given if each not in chain and _issued(each, chain[-1])), None
        )
        if above is None:
            raise StampError(Reason.UNTRUSTED)
        chain.append(above)
    return chain


def _issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_for_stamps(leaf: x509.Certificate) -> bool:
    """RFC 3161, 2.3: its one use is time stamping, and that is critical."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


_SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910020c")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_SEQUENCE, _SET, _OCTETS, _OID = 0x30, 0x31, 0x04, 0x06
_HASHES = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


def _is_meant(answer: TimeStampResponse, leaf: x509.Certificate) -> bool:
    """Whether the signed attributes name this certificate by its digest (RFC 2634, RFC 5816)."""
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = leaf.public_bytes(Encoding.DER)
    token = answer.time_stamp_token()
    for mark, usual in ((_SIGNING_CERTIFICATE_V2, "sha256"), (_SIGNING_CERTIFICATE, "sha1")):
        at = token.rfind(mark)
        if at < 0:
            continue
        name, digest = _named_certificate(token[at + len(mark) :], usual)
        return hashlib.new(name, certificate, usedforsecurity=False).digest() == digest
    return False


def _named_certificate(attribute: bytes, usual: str) -> tuple[str, bytes]:
    """The digest of the first certificate that the attribute names, and by which algorithm.

    SET { SigningCertificate { certs { ESSCertID { [hashAlgorithm], certHash ... } } } }
    """
    inside = attribute
    for tag in (_SET, _SEQUENCE, _SEQUENCE, _SEQUENCE):
        found, inside, _rest = next(_der(inside), (0, b"", b""))
        if found != tag:
            return usual, b""
    name = usual
    for tag, content, _rest in _der(inside):
        if tag == _SEQUENCE:
            oid = next((c for t, c, _ in _der(content) if t == _OID), b"")
            name = _HASHES.get(oid, usual)
        elif tag == _OCTETS:
            return name, content
    return usual, b""


def _der(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and rest of each value, one after the other (X.690, definite lengths)."""
    while len(data) >= 2:
        tag, length, head = data[0], data[1], 2
        if length & 0x80:
            head += length & 0x7F
            length = int.from_bytes(data[2:head], "big")
        if head + length > len(data):
            return
        yield tag, data[head : head + length], data[head + length :]
        data = data[head + length :]
