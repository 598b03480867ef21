"""A certification authority of a test's own, and a certificate for servers on this machine."""

import datetime as dt
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


_AUTHORITY = _name("A test's authority")
_CA = x509.BasicConstraints(ca=True, path_length=None)
_HERE = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])


@dataclass(frozen=True)
class Certificates:
    """Files: the authority's certificate, and the server's key and certificate, apart and in one."""

    ca: Path
    key: Path
    certificate: Path
    both: Path


def certificates(folder: Path) -> Certificates:
    """Fresh ones, good for an hour, for localhost."""
    authority, own = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    ca = _signed(_builder(_AUTHORITY, authority, authority).add_extension(_CA, critical=True), authority)
    mine = _signed(
        _builder(_name("localhost"), own, authority).add_extension(_HERE, critical=False), authority
    )
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found = Certificates(*(folder / name for name in ("ca.pem", "key.pem", "certificate.pem", "both.pem")))
    for path, content in zip(vars(found).values(), (ca, key, mine, key + mine), strict=True):
        path.write_bytes(content)
    return found


def _builder(
    subject: x509.Name, key: EllipticCurvePrivateKey, authority: EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(
        _AUTHORITY,
        subject,
        key.public_key(),
        x509.random_serial_number(),
        now - dt.timedelta(minutes=1),
        now + dt.timedelta(hours=1),
    )
    # Python 3.13 wants certificates to name the keys of both.
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    return builder.add_extension(known, critical=False).add_extension(issuer, critical=False)


def _signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> bytes:
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
