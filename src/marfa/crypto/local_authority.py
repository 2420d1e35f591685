"""A certificate authority for one host: X.509 (RFC 5280) on ECDSA P-256, which every phone knows.

Its certificate names, critically, the one host name and the addresses for which it may sign
(section 4.2.1.10), so that who steals its key can stand in for no other host. Its names tell
nothing of who uses it or what for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = IPv4Address | IPv6Address

AUTHORITY_LIFE = timedelta(days=5 * 365)
SERVER_LIFE = timedelta(days=7)
EARLIER = timedelta(days=2)
"""A certificate is good since then: clocks of phones and of machines without a battery are off."""
NOBODY = [x509.IPAddress(ip_network(each)) for each in ("0.0.0.0/0", "::/0")]
ALL_BUT_SIGNING = {
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True)
class Certified:
    """A certificate and the key to it. certificate: PEM. key: PKCS#8, DER."""

    certificate: bytes
    key: bytes = field(repr=False)

    @property
    def life(self) -> timedelta:
        """For how long it was made."""
        found = x509.load_pem_x509_certificate(self.certificate)
        return found.not_valid_after_utc - found.not_valid_before_utc - EARLIER

    @property
    def pem(self) -> bytes:
        """Both as a server reads them."""
        key = serialization.load_der_private_key(self.key, password=None)
        return self.certificate + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


@dataclass(frozen=True)
class Named:
    """What a certificate of an authority says. name, addresses: for which it may sign."""

    name: str
    addresses: tuple[Address, ...]
    begins: datetime
    ends: datetime


def make_authority(name: str, addresses: Sequence[Address], now: datetime) -> Certified:
    """A new authority for a host name and its addresses, and for no other."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name(
        # The number tells one installation's from another's in a phone's list.
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Local network {_number(key.public_key())}")]
    )
    permitted: list[x509.GeneralName] = [x509.DNSName(name)]
    permitted += [x509.IPAddress(ip_network(each)) for each in addresses]
    made = (
        _begun(own, own, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False, key_cert_sign=True, crl_sign=False, **ALL_BUT_SIGNING
            ),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.NameConstraints(
                permitted_subtrees=permitted,
                excluded_subtrees=None if addresses else NOBODY,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return _certified(made, key)


def certify_server(
    authority: Certified, name: str, addresses: Sequence[Address], now: datetime
) -> Certified:
    """A short-lived certificate for a server with a new key. It asks nobody what the authority may
    sign for: whoever is shown it does."""
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    signing = serialization.load_der_private_key(authority.key, password=None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key of an authority")
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    names += [x509.IPAddress(each) for each in addresses]
    made = (
        _begun(own, issuer.subject, key.public_key(), now, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=False, crl_sign=False, **ALL_BUT_SIGNING
            ),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
        .sign(signing, hashes.SHA256())
    )
    return _certified(made, key)


def read_authority(certificate: bytes) -> Named:
    """For whom an authority may sign, and when; raises ValueError for what is none."""
    found = x509.load_pem_x509_certificate(certificate)
    try:
        permitted = found.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise ValueError("no authority for one host") from None
    named = permitted.permitted_subtrees or []
    hosts = [each.value for each in named if isinstance(each, x509.DNSName)]
    if len(hosts) != 1:
        raise ValueError("no authority for one host")
    addresses = tuple(
        ip_address(each.value.network_address)
        for each in named
        if isinstance(each, x509.IPAddress)
        and not isinstance(each.value, IPv4Address | IPv6Address)
    )
    return Named(hosts[0], addresses, found.not_valid_before_utc, found.not_valid_after_utc)


def in_der(certificate: bytes) -> bytes:
    """A certificate in the form that phones install."""
    return x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate, as phones show it: pairs of capital digits."""
    return hashlib.sha256(in_der(certificate)).digest().hex(":").upper()


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _number(public: ec.EllipticCurvePublicKey) -> str:
    digest = x509.SubjectKeyIdentifier.from_public_key(public).digest
    return digest.hex()[:4].upper()


def _certified(made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Certified:
    return Certified(
        made.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
