"""A speech service on loopback, over real TLS, that speaks the protocol gTTS speaks, and can play every fault.

Its certificate comes from an authority of its own. What it says for a text is a tone as long as speech would be.
"""

import base64
import contextlib
import datetime
import functools
import ipaddress
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lameenc
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FAULTS = (
    "429", "429 after 3", "500", "503", "close", "cut short", "base64", "utf-8", "cut off", "too short", "not mp3",
    "no sound", "slow", "drip",
)  # fmt: skip
"""Faults that another try mends."""

REFUSALS = ("403", "404", "429 after 3600", "consent", "empty", "redirect", "huge")
"""Faults that no other try mends."""


class Service:
    """The service, its `authority` file, what it was asked, and the faults it will play, one a request."""

    def __init__(self, folder: Path, *, self_signed: bool = False) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.always = ""
        self.authority = folder / "authority.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder, self.authority, self_signed))
        service = self

        class Handler(_Handler):
            of = service

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])

    @contextlib.contextmanager
    def serving(self) -> Iterator["Service"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def url(self, tld: str = "com", path: str = "") -> str:
        """Stands in for gTTS's own."""
        return f"https://localhost:{self.port}/{path}"


class _Handler(BaseHTTPRequestHandler):
    of: Service
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # a client that refuses our certificate, or waits no longer
            super().handle()

    def do_GET(self) -> None:
        self.of.asked.append("GET")
        self.answer(200, b"<html>consent</html>")

    def do_POST(self) -> None:
        body = unquote(self.rfile.read(int(self.headers["Content-Length"])).decode())
        text = json.loads(json.loads(body.removeprefix("f.req=").rstrip("&"))[0][0][1])[0]
        self.of.asked.append(text)
        fault = self.of.always or (self.of.faults.pop(0) if self.of.faults else "")
        if re.match("[345]", fault):
            status, _, after = fault.partition(" after ")
            self.answer(int(status), b"no", {"Retry-After": after} if after else {})
        elif fault == "redirect":
            self.answer(302, b"", {"Location": self.of.url(path="consent")})
        elif fault in ("consent", "empty", "huge"):
            self.answer(
                200, {"consent": b"<html>Before you continue</html>", "empty": b"", "huge": b" " * 3_000_000}[fault]
            )
        elif fault == "close":
            self.close_connection = True
        elif fault == "slow":
            time.sleep(0.35)
        elif fault in ("cut short", "drip"):
            whole = spoken_answer(text)
            self.send_response(200)
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            for at in range(0, len(whole) // 2, 200):
                self.wfile.write(whole[at : at + 200])
                time.sleep(0.001 if fault == "drip" else 0)
            self.close_connection = True
        else:
            self.answer(200, spoken_answer(text, fault))

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def spoken_answer(text: str, fault: str = "") -> bytes:
    """The service's answer, or a damaged one."""
    mp3 = tone(0.1 if fault == "too short" else 0.3 + len(text) / 15)
    if fault == "cut off":
        mp3 = mp3[: len(mp3) * 3 // 4 + 7]
    if fault == "not mp3":
        mp3 = mp3[:1000] + b"\0" * 2000 + mp3[3000:]
    sound = base64.b64encode(mp3).decode()
    if fault == "base64":
        sound = sound[:100] + "!" + sound[102:]
    inside = "null" if fault == "no sound" else f'[\\"{sound}\\"]'
    answer = f')]}}\'\n\n[["wrb.fr","jQ1olc","{inside}",null,null,null,"generic"]]\n'.encode()
    return answer[:200] + b"\xff\xfe" + answer[202:] if fault == "utf-8" else answer


def tone(seconds: float) -> bytes:
    """A tone as the service's kind of MP3: 24 kHz, mono, 64 kbit/s."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(24_000)
    encoder.set_channels(1)
    encoder.silence()
    samples = np.sin(np.arange(round(seconds * 24_000)) / 20) * 9_000
    return bytes(encoder.encode(samples.astype(np.int16).tobytes()) + encoder.flush())


def _certificate(folder: Path, authority: Path, self_signed: bool) -> Path:
    own, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _signed("Test authority", signer, signer, "Test authority", True)
    authority.write_bytes(issuer.public_bytes(serialization.Encoding.PEM))
    if self_signed:
        leaf = _signed("localhost", own, own, "localhost", False)
    else:
        leaf = _signed("localhost", own, signer, "Test authority", False)
    file = folder / "service.pem"
    key = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + key)
    return file


def _signed(
    name: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, issuer: str, authority: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer, hashes.SHA256())
    )
