"""Judge a certificate chain: may it sign for Alexa now?

In: PEM bytes, the trusted roots and the time. Out: a `Signer` (the leaf's key and the moment the chain stops being
valid); or `Refused("certificate chain")`.
"""

import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.web.errors import Refused

SIGNER_NAME = "echo-api.amazon.com"
_MOST_CERTIFICATES = 8
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Signer:
    """Who may sign."""

    key: RSAPublicKey
    """The leaf's public key."""
    expires: datetime
    """The earliest end of validity in the chain (aware, UTC)."""

    def check(self, signature: bytes, body: bytes) -> None:
        """Return if `signature` is this signer's over `body` (RSA PKCS#1 v1.5, SHA-256); else raise `Refused`."""
        try:
            self.key.verify(signature, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Refused("signature") from None


@cache
def public_roots() -> Store:
    """The roots of certifi, read once, when the application is made.

    Six of them have the serial number 0, an old one of Amazon's too (Starfield Services G2). cryptography warns of
    them today and will refuse them one day: the warning is nothing an operator can mend, so it is not shown, and when
    that day comes these six are left out and the others (Amazon Root CA 1 to 4) still serve.
    """
    with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
        return Store(_certificates(Path(certifi.where()).read_bytes()))


def _certificates(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a file that can be read; one that cannot is no reason to lose the others."""
    found = []
    for block in _PEM.findall(pem):
        with suppress(ValueError, Warning):  # Warning: where warnings are errors
            found.append(x509.load_pem_x509_certificate(block))
    return found


def signer_of(pem: bytes, roots: Store, now: datetime) -> Signer:
    """The signer that a PEM chain (leaf first) proves. Raises `Refused`.

    The leaf's names are compared once more after the chain is verified, because a wildcard (*.amazon.com) passes there
    and Amazon's rule wants the very name. A key that may not make signatures is refused, as Amazon's verifier does.
    """
    try:
        leaf, *others = _certificates(pem)
        if len(others) >= _MOST_CERTIFICATES:
            raise Refused("certificate chain")
        policy = PolicyBuilder().store(roots).time(now)
        chain = policy.build_server_verifier(x509.DNSName(SIGNER_NAME)).verify(leaf, others)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = leaf.public_key()
    except (ValueError, VerificationError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Refused("certificate chain") from error
    if SIGNER_NAME not in (name.lower() for name in names.get_values_for_type(x509.DNSName)):
        raise Refused("certificate chain")
    if not isinstance(key, RSAPublicKey) or not _may_sign(leaf):
        raise Refused("certificate chain")
    return Signer(key=key, expires=min(certificate.not_valid_after_utc for certificate in chain))


def _may_sign(leaf: x509.Certificate) -> bool:
    try:
        return leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True  # without the extension every use is allowed
