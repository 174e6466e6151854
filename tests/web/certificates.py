"""Certificates of our own making, and a real server on loopback that hands them out.

`Authority` makes roots, intermediates and leaves; `ChainServer` is an HTTPS server that proves to be s3.amazonaws.com
to whoever trusts its authority; `signed` signs a body as Amazon would. Keys are made once per process.
"""

import ssl
import tempfile
import threading
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Store

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
"""The day on which the tests of chains play, whatever the machine's clock says."""
DAY = timedelta(days=1)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """The RSA key called `name`, always the same in one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """The EC key called `name`, always the same in one run."""
    return ec.generate_private_key(ec.SECP256R1())


def pem(*certificates: x509.Certificate) -> bytes:
    """Certificates one after the other, as the file at Amazon's store has them."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def signed(body: bytes, key_name: str = "amazon") -> str:
    """What `Signature-256` holds."""
    return b64encode(rsa_key(key_name).sign(body, padding.PKCS1v15(), SHA256())).decode()


def _usage(*, sign: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=not sign,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Authority:
    """A certificate that may issue others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def root(cls, name: str = "Test Root") -> Self:
        key = ec_key(name)
        return cls(_issue(name, key, None, authority=True, start=NOW - 3650 * DAY, end=NOW + 3650 * DAY), key)

    def intermediate(self, name: str = "Test Intermediate", end: datetime = NOW + 300 * DAY) -> "Authority":
        key = ec_key(name)
        return Authority(_issue(name, key, self, authority=True, start=NOW - 300 * DAY, end=end), key)

    def leaf(
        self,
        names: tuple[str, ...] = ("echo-api.amazon.com",),
        *,
        key: Key | None = None,
        start: datetime = NOW - 30 * DAY,
        end: datetime = NOW + 30 * DAY,
        may_sign: bool | None = True,
    ) -> x509.Certificate:
        return _issue(names[0], key or rsa_key("amazon"), self, names=names, start=start, end=end, may_sign=may_sign)

    @property
    def store(self) -> Store:
        return Store([self.certificate])


def _issue(
    subject: str,
    key: Key,
    issuer: Authority | None,
    *,
    names: tuple[str, ...] = (),
    authority: bool = False,
    start: datetime,
    end: datetime,
    may_sign: bool | None = True,
) -> x509.Certificate:
    issuing = issuer.key if issuer else key
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(issuer.certificate.subject if issuer else title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()),
            critical=False,
        )
    )
    if may_sign is not None:
        usage = _usage(sign=may_sign and not authority, authority=authority)
        builder = builder.add_extension(usage, critical=True)
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        ).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuing, SHA256())


Behaviour = Callable[[BaseHTTPRequestHandler], None]


def sends(data: bytes, status: int = 200, **headers: str) -> Behaviour:
    """A path that answers with `data`."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        with suppress(OSError):  # who hangs up early has seen enough
            handler.wfile.write(data)

    return behave


@dataclass
class ChainServer:
    """An HTTPS server on loopback. `paths` say how each path behaves (others: 404); `asked` lists what was fetched."""

    paths: dict[str, Behaviour] = field(default_factory=dict)
    name: str = "s3.amazonaws.com"
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.paths.get(self.path, sends(b"", 404))(self)

            def log_message(self, *_: object) -> None:
                pass

        self.authority = Authority.root("Test Web Root")
        now = datetime.now(UTC)  # TLS reads the machine's clock
        key = ec_key("web server")
        leaf = self.authority.leaf((self.name,), key=key, start=now - DAY, end=now + DAY)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "server.pem"
            file.write_bytes(
                key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
                + pem(leaf, self.authority.certificate)
            )
            context.load_cert_chain(file)
        self.server = _QuietServer(("127.0.0.1", 0), Handler)
        # The handshake belongs to the request's own thread, or one silent client would hold up all.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def dial(self, host: str, port: int, timeout: float) -> socket:
        """For `Fetcher(dial=…)`: whoever wants Amazon's store gets here."""
        assert (host, port) == ("s3.amazonaws.com", 443)
        return create_connection(("127.0.0.1", self.port), timeout)

    def trust(self) -> ssl.SSLContext:
        """For `Fetcher(tls=…)`."""
        return ssl.create_default_context(cadata=pem(self.authority.certificate).decode())

    def drips(self, handler: BaseHTTPRequestHandler) -> None:
        """A path that sends one byte now and then and never ends."""
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.over.wait(0.05):
                handler.wfile.write(b"x")

    def waits(self, handler: BaseHTTPRequestHandler) -> None:
        """A path that says nothing at all."""
        self.over.wait(30)


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the handshake is what some tests are about."""
